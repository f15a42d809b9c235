"""Connecting the municipality's LINE official account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.line.official_account import account_state, connect_account, disconnect_account
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.forms import PlainForm


class LineForm(PlainForm):
    """Token and secret, as LINE's own pages show them; written here, never shown again."""

    token = forms.CharField(max_length=400, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    secret = forms.CharField(max_length=100, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the fields as LINE does."""
        super().__init__(*args, **kwargs)
        self.fields["token"].label = _("チャネルアクセストークン")
        self.fields["secret"].label = _("チャネルシークレット")
        self._plain_words()


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: StaffRequest) -> HttpResponse:
    """See how the account stands; connect it or change its token."""
    form = LineForm(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse:
        connect_account(**form.cleaned_data, staff_id=request.staff.id, now=clock_now())
        messages.success(
            request, _("保存しました。LINEに確かめています。少し待って、このページを開き直してください。")
        )
        return redirect("console:line")

    webhook = request.build_absolute_uri(reverse("line-webhook"))
    facts = {"form": form, "account": account_state(), "webhook": webhook}
    return carry_out(request, form, act, "console/notices/line.html", facts)


@console_page
@require_POST
def disconnect(request: StaffRequest) -> HttpResponse:
    """Forget token and secret."""
    disconnect_account()
    messages.success(request, _("LINEとのつながりを切りました。お知らせは、メールで送ります。"))
    return redirect("console:line")
