"""API tokens: created here, shown once, revoked here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.queries import api_tokens
from accounts.services import issue_token, revoke_token
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.forms import TokenForm
from tenants.context import current_schema


@never_cache
@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: StaffRequest) -> HttpResponse:
    """List tokens; create one that acts as the admin who makes it, and show its text this once."""
    form = TokenForm(request.POST or None)

    def act() -> HttpResponse:
        token, text = issue_token(
            user_id=request.staff.user_id, name=form.cleaned_data["name"], schema=current_schema()
        )
        return render(request, "console/token.html", {"token": token, "text": text})

    return carry_out(request, form, act, "console/tokens.html", {"form": form, "tokens": api_tokens()})


@console_page
@require_POST
def revoke(request: StaffRequest, token_id: int) -> HttpResponse:
    """Make a token useless."""
    revoke_token(token_id=token_id, now=clock_now())
    messages.success(request, _("APIトークンを無効にしました。"))
    return redirect("console:tokens")
