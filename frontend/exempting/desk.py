"""Exemptions at work: what waits, deciding it or passing it on, applying for somebody, taking one back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import GroupNotFound
from accounts.groups.queries import group_by_ref
from accounts.roles import StaffMember
from booking.exempting.applying import apply_for_exemption
from booking.exempting.closing import OPEN
from booking.exempting.deciders import may_decide
from booking.exempting.deciding import (
    foresee_grant,
    grant_exemption,
    refuse_exemption,
    relay_exemption,
    revoke_exemption,
)
from booking.exempting.errors import ExemptionNotFound
from booking.exempting.evidence import add_evidence, open_evidence
from booking.exempting.queries import (
    ExemptionView,
    decided_exemptions,
    exemption_of,
    exemptions_of,
    may_apply_for,
    standing_exemptions,
    standing_of_group,
    waiting_exemptions,
)
from booking.queries import ReservationView
from facilities.models import Facility
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.halls import my_halls, my_reservation
from frontend.exempting.files import as_download, take_in
from frontend.exempting.forms import ApplyForm, DecideForm, RevokeForm
from frontend.exempting.groups import StandingChoice, apply_for_group
from frontend.groups.forms import EvidenceForm
from frontend.resident.said import questions_of, said_of

_ANY = ["GET", "HEAD", "POST"]


@desk_page
@require_safe
def exemptions(request: StaffRequest) -> HttpResponse:
    """What waits at my halls, or at the one that was chosen; and the last decisions."""
    halls, now = my_halls(request.staff), clock_now()
    chosen = next((one for one in halls if one.key == request.GET.get("hall")), None)
    where = halls_of(request.staff, chosen)
    facts = {
        "halls": halls,
        "chosen": chosen,
        "waiting": waiting_exemptions(facility_ids=where, now=now),
        "groups": standing_exemptions(facility_ids=where, states=OPEN),
        "decided": decided_exemptions(facility_ids=where),
    }
    return render(request, "exempting/queue.html", facts)


@desk_page
@require_http_methods(_ANY)
def exemption(request: StaffRequest, exemption: UUID) -> HttpResponse:
    """One application: who, what for, what the rules say; grant, refuse, or pass it on."""
    view, found = my_exemption(request.staff, exemption)
    decides = may_decide(request.staff.actor, view.room.facility_id, view.ref)
    initial = {"opinion": found.opinion}
    form = DecideForm(request.POST or None, ground=found.ground, decides=decides, initial=initial)
    facts = _facts(view, found) | {"form": form, "decides": decides}

    def act() -> HttpResponse:
        if form.decision == "look":
            facts["foreseen"] = foresee_grant(ref=found.ref, **form.measure)
            return render(request, "exempting/decide.html", facts)
        _decide(request, found, form, clock_now())
        return redirect("desk:exemption", found.ref)

    return carry_out(request, form, act, "exempting/decide.html", facts)


@desk_page
@require_http_methods(_ANY)
def revoke(request: StaffRequest, exemption: UUID) -> HttpResponse:
    """Take an exemption back that was granted."""
    view, found = my_exemption(request.staff, exemption)
    form = RevokeForm(request.POST or None)

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        revoke_exemption(ref=found.ref, reason=reason, actor=request.staff.actor, now=clock_now())
        messages.success(request, _("減免を取り消しました。"))
        return redirect("desk:exemption", found.ref)

    return carry_out(request, form, act, "exempting/revoke.html", {"view": view, "one": found, "form": form})


@desk_page
@require_http_methods(_ANY)
def apply(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Apply for the person whose booking it is."""
    view, now = my_reservation(request.staff, ref), clock_now()
    grounds = may_apply_for(view, now)
    form = ApplyForm(request.POST or None, grounds=grounds)

    def act() -> HttpResponse:
        made = apply_for_exemption(ref=ref, **form.cleaned_data, actor=request.staff.actor, now=now)
        messages.success(request, _("減免を申請しました。書類があれば、加えてください。"))
        return redirect("desk:exemption", made.ref)

    facts = {"view": view, "grounds": grounds, "form": form}
    facts["exemptions"] = exemptions_of(reservation_id=view.id)
    return carry_out(request, form, act, "exempting/desk_apply.html", facts)


@desk_page
@require_http_methods(["POST"])
def add_file(request: StaffRequest, exemption: UUID) -> HttpResponse:
    """Keep a file somebody brought to the desk."""
    view, found = my_exemption(request.staff, exemption)
    upload = EvidenceForm(request.POST, request.FILES)
    decides = may_decide(request.staff.actor, view.room.facility_id, view.ref)

    def act() -> HttpResponse:
        take_in(upload, partial(add_evidence, ref=found.ref, actor=request.staff.actor, now=clock_now()))
        messages.success(request, _("書類を加えました。"))
        return redirect("desk:exemption", found.ref)

    form = DecideForm(ground=found.ground, decides=decides, initial={"opinion": found.opinion})
    facts = _facts(view, found) | {"form": form, "decides": decides, "upload": upload}
    return carry_out(request, upload, act, "exempting/decide.html", facts)


@desk_page
@require_safe
def file(request: StaffRequest, exemption: UUID, evidence_ref: UUID) -> HttpResponse:
    """One of the files, to be saved; that it was opened is recorded."""
    _view, found = my_exemption(request.staff, exemption)
    actor, now = request.staff.actor, clock_now()
    return as_download(open_evidence(ref=found.ref, evidence_ref=evidence_ref, actor=actor, now=now))


@desk_page
@require_http_methods(_ANY)
def of_group(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The standing exemptions of a group; and applying for one for it."""
    group, choice = group_by_ref(ref), StandingChoice.of(request, clock_now())
    facts: dict[str, Any] = {"group": group, "choice": choice}
    facts["standing"] = standing_of_group(group_id=group.pk)
    if choice is None or group.ended_at:
        if request.method == "POST":
            raise GroupNotFound
        return render(request, "exempting/desk_group.html", facts | {"choice": None})

    def act() -> HttpResponse:
        made = apply_for_group(choice, group.pk, request.staff.actor, clock_now())
        messages.success(request, _("団体の減免を申請しました。"))
        return redirect("desk:standing", made.ref)

    return carry_out(request, choice.form, act, "exempting/desk_group.html", facts)


def my_exemption(staff: StaffMember, ref: UUID) -> tuple[ReservationView, ExemptionView]:
    """Return an exemption at one of this person's halls. Raises ExemptionNotFound."""
    view, found = exemption_of(ref=ref)
    if not staff.works_at(view.room.facility_id):
        raise ExemptionNotFound
    return view, found


def halls_of(staff: StaffMember, chosen: Facility | None) -> list[int] | None:
    """Return the halls whose applications somebody sees; None: all."""
    if chosen is not None:
        return [chosen.pk]
    return None if staff.is_admin else list(staff.facility_ids)


def _decide(request: StaffRequest, found: ExemptionView, form: DecideForm, now: datetime) -> None:
    given, who = form.cleaned_data, {"ref": found.ref, "actor": request.staff.actor, "now": now}
    if form.decision == "relay":
        relay_exemption(opinion=given.get("opinion", ""), **who)  # type: ignore[arg-type]
        messages.success(request, _("進達しました。決まったら、申請した人に知らせます。"))
    elif form.decision == "refuse":
        refuse_exemption(reason=given.get("reason", ""), **who)  # type: ignore[arg-type]
        messages.success(request, _("減免を認めませんでした。申請した人に知らせます。"))
    else:
        grant_exemption(**form.measure, reason=given.get("reason", ""), **who)  # type: ignore[arg-type]
        messages.success(request, _("減免を認めました。料金を下げ、申請した人に知らせます。"))


def _facts(view: ReservationView, found: ExemptionView) -> dict[str, Any]:
    others = [one for one in exemptions_of(reservation_id=view.id) if one.id != found.id]
    return {
        "view": view,
        "one": found,
        "said": said_of(questions_of(view), view.details),
        "others": others,
        "upload": EvidenceForm(),
    }
