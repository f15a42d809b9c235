"""A resident's exemptions: apply for one of a booking, add what proves it, take it back; those of a group."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import GroupNotFound
from accounts.groups.queries import group_by_ref, membership_of
from booking.errors import ReservationNotFound
from booking.exempting.applying import apply_for_exemption, withdraw_exemption
from booking.exempting.errors import ExemptionNotFound
from booking.exempting.evidence import (
    add_evidence,
    add_standing_evidence,
    open_evidence,
    open_standing_evidence,
    remove_evidence,
)
from booking.exempting.queries import (
    ExemptionView,
    StandingView,
    exemption_of,
    exemptions_of,
    may_apply_for,
    standing_of,
    standing_of_group,
)
from booking.exempting.standing import withdraw_standing
from booking.queries import ReservationView, reservation_of
from frontend.answers import carry_out
from frontend.exempting.files import as_download, read_ref, take_in
from frontend.exempting.forms import ApplyForm
from frontend.exempting.groups import StandingChoice, apply_for_group
from frontend.groups.forms import EvidenceForm
from frontend.resident.people import actor_of, for_resident
from frontend.resident.submitting import submit_once

_ANY = ["GET", "HEAD", "POST"]


@require_http_methods(_ANY)
@for_resident
def exempt(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What was applied for and granted for one booking; and applying."""
    view, now = reservation_of(resident_id=_me(request), ref=ref), timezone.now()
    grounds = may_apply_for(view, now)
    form = ApplyForm(request.POST or None, grounds=grounds)

    def act() -> HttpResponse:
        _apply_once(request, ref, form, now)
        messages.success(request, _("減免を申請しました。書類があれば、加えてください。"))
        return redirect("my-exemption", exemptions_of(reservation_id=view.id)[0].ref)

    facts = {"reservation": view, "grounds": grounds, "exemptions": exemptions_of(reservation_id=view.id)}
    return carry_out(request, form, act, "exempting/apply.html", facts | {"form": form, "section": "my"})


@require_http_methods(_ANY)
@for_resident
def exemption(request: HttpRequest, exemption: UUID) -> HttpResponse:
    """One application: where it stands, what was decided and why; while it waits, its files."""
    view, found = _mine(request, exemption)
    actor, now = actor_of(request.resident), timezone.now()  # type: ignore[attr-defined]
    if "remove" in request.POST:
        remove_evidence(ref=found.ref, evidence_ref=read_ref(request.POST["remove"]), actor=actor)
        return redirect("my-exemption", found.ref)
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def act() -> HttpResponse:
        take_in(form, partial(add_evidence, ref=found.ref, actor=actor, now=now))
        messages.success(request, _("書類を加えました。"))
        return redirect("my-exemption", found.ref)

    facts = {"reservation": view, "one": found, "form": form, "section": "my"}
    return carry_out(request, form, act, "exempting/mine.html", facts)


@require_POST
@for_resident
def withdraw(request: HttpRequest, exemption: UUID) -> HttpResponse:
    """Take an application back."""
    view, found = _mine(request, exemption)
    withdraw_exemption(ref=found.ref, actor=actor_of(request.resident), now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("減免の申請を取り下げました。"))
    return redirect("reservation", view.ref)


@require_safe
@for_resident
def file(request: HttpRequest, exemption: UUID, evidence_ref: UUID) -> HttpResponse:
    """One of the files, to be saved."""
    _view, found = _mine(request, exemption)
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    return as_download(
        open_evidence(ref=found.ref, evidence_ref=evidence_ref, actor=actor, now=timezone.now())
    )


@require_http_methods(_ANY)
@for_resident
def of_group(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The standing exemptions of a group; who represents it applies for one."""
    own = membership_of(resident_id=_me(request), ref=ref)
    choice = StandingChoice.of(request, timezone.now()) if own.is_representative else None
    facts: dict[str, Any] = {"group": group_by_ref(ref), "choice": choice, "section": "groups"}
    facts["standing"] = standing_of_group(group_id=own.group_id)
    if choice is None:
        return render(request, "exempting/group.html", facts)

    def act() -> HttpResponse:
        made = apply_for_group(choice, own.group_id, actor_of(request.resident), timezone.now())  # type: ignore[attr-defined]
        messages.success(request, _("団体の減免を申請しました。書類があれば、加えてください。"))
        return redirect("group-exemption", made.ref)

    return carry_out(request, choice.form, act, "exempting/group.html", facts)


@require_http_methods(_ANY)
@for_resident
def one_of_group(request: HttpRequest, standing: UUID) -> HttpResponse:
    """One standing exemption of a group: where it stands; while it waits, its files."""
    found = _of_my_group(request, standing)
    actor, now = actor_of(request.resident), timezone.now()  # type: ignore[attr-defined]
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def act() -> HttpResponse:
        take_in(form, partial(add_standing_evidence, ref=found.ref, actor=actor, now=now))
        messages.success(request, _("書類を加えました。"))
        return redirect("group-exemption", found.ref)

    facts = {"one": found, "form": form, "section": "groups"}
    return carry_out(request, form, act, "exempting/group_one.html", facts)


@require_POST
@for_resident
def withdraw_of_group(request: HttpRequest, standing: UUID) -> HttpResponse:
    """Take a group's application back."""
    found = _of_my_group(request, standing)
    withdraw_standing(ref=found.ref, actor=actor_of(request.resident), now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("減免の申請を取り下げました。"))
    return redirect("group-exemptions", found.group_ref)


@require_safe
@for_resident
def file_of_group(request: HttpRequest, standing: UUID, evidence_ref: UUID) -> HttpResponse:
    """One of the files of a group's application, to be saved."""
    found = _of_my_group(request, standing)
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    return as_download(
        open_standing_evidence(ref=found.ref, evidence_ref=evidence_ref, actor=actor, now=timezone.now())
    )


def _me(request: HttpRequest) -> int:
    return int(request.resident.pk)  # type: ignore[attr-defined]


def _apply_once(request: HttpRequest, ref: UUID, form: ApplyForm, now: datetime) -> None:
    """Apply with what was chosen; a repeat of the same form applies once."""
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    submit_once(
        request,
        scope="exempt",
        now=now,
        act=lambda: apply_for_exemption(ref=ref, **form.cleaned_data, actor=actor, now=now),
    )


def _mine(request: HttpRequest, ref: UUID) -> tuple[ReservationView, ExemptionView]:
    """An exemption of one of my bookings, or of my groups'. Raises ExemptionNotFound."""
    view, found = exemption_of(ref=ref)
    try:
        reservation_of(resident_id=_me(request), ref=view.ref)
    except ReservationNotFound:
        raise ExemptionNotFound from None
    return view, found


def _of_my_group(request: HttpRequest, ref: UUID) -> StandingView:
    """A standing exemption of a group I represent. Raises ExemptionNotFound."""
    found = standing_of(ref=ref)
    try:
        own = membership_of(resident_id=_me(request), ref=found.group_ref)
    except GroupNotFound:
        raise ExemptionNotFound from None
    if not own.is_representative:
        raise ExemptionNotFound
    return found
