"""My record of offences: what was recorded, what follows until when, and saying that it is wrong."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.penalties.appealing import file_appeal
from booking.penalties.queries import own_offence, standings_of
from frontend.answers import carry_out
from frontend.resident.forms import AppealForm
from frontend.resident.people import for_resident


@require_safe
@for_resident
def penalties(request: HttpRequest) -> HttpResponse:
    """Points today, what was done when, what follows until when: mine, and of each of my groups."""
    standings = standings_of(resident_id=request.resident.pk, now=timezone.now())  # type: ignore[attr-defined]
    return render(request, "penalties/my.html", {"standings": standings, "section": "my"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def appeal(request: HttpRequest, offence: UUID) -> HttpResponse:
    """Say why an offence should not count."""
    resident, form = request.resident, AppealForm(request.POST or None)  # type: ignore[attr-defined]
    view = own_offence(ref=offence, resident_id=resident.pk)

    def act() -> HttpResponse:
        text = form.cleaned_data["text"]
        file_appeal(offence_ref=offence, text=text, resident_id=resident.pk, now=timezone.now())
        messages.success(request, _("申出を受け付けました。館が確かめて、お知らせします。"))
        return redirect("my-penalties")

    return carry_out(
        request, form, act, "penalties/appeal.html", {"form": form, "view": view, "section": "my"}
    )
