"""Standing exemptions at work: one to decide or pass on, and all there are."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import StaffMember
from booking.exempting.closing import OPEN
from booking.exempting.deciders import may_decide
from booking.exempting.errors import ExemptionNotFound, GroundUnknown
from booking.exempting.evidence import open_standing_evidence
from booking.exempting.grounds import Ground
from booking.exempting.queries import StandingView, standing_exemptions, standing_of
from booking.exempting.standing import (
    grant_standing,
    ground_on,
    refuse_standing,
    relay_standing,
    revoke_standing,
)
from booking.models import StandingExemption
from frontend.access import StaffRequest, console_page, desk_page
from frontend.answers import carry_out
from frontend.exempting.files import as_download
from frontend.exempting.forms import RevokeForm, StandingDecideForm
from frontend.resident.days import today
from payments.services import fiscal_year_of

_ANY = ["GET", "HEAD", "POST"]


@desk_page
@require_http_methods(_ANY)
def standing(request: StaffRequest, standing: UUID) -> HttpResponse:
    """One standing exemption: grant it for a while, refuse it, or pass it on."""
    found, now = _my_standing(request.staff, standing), clock_now()
    decides = may_decide(request.staff.actor, found.facility_id)
    ground = _ground_of(found, today(now))
    initial = {"opinion": found.opinion, "valid_from": today(now), "valid_until": _year_end(today(now))}
    form = StandingDecideForm(request.POST or None, ground=ground, decides=decides, initial=initial)

    def act() -> HttpResponse:
        _decide(request, found, form, now)
        return redirect("desk:standing", found.ref)

    facts = {"one": found, "ground": ground, "decides": decides, "form": form}
    return carry_out(request, form, act, "exempting/standing.html", facts)


@desk_page
@require_http_methods(_ANY)
def revoke(request: StaffRequest, standing: UUID) -> HttpResponse:
    """End a standing exemption that was granted."""
    found, form = _my_standing(request.staff, standing), RevokeForm(request.POST or None)

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        revoke_standing(ref=found.ref, reason=reason, actor=request.staff.actor, now=clock_now())
        messages.success(request, _("団体の減免を終わりにしました。"))
        return redirect("desk:standing", found.ref)

    return carry_out(request, form, act, "exempting/standing_revoke.html", {"one": found, "form": form})


@desk_page
@require_safe
def file(request: StaffRequest, standing: UUID, evidence_ref: UUID) -> HttpResponse:
    """One of the files of a group's application; that it was opened is recorded."""
    found = _my_standing(request.staff, standing)
    actor, now = request.staff.actor, clock_now()
    return as_download(open_standing_evidence(ref=found.ref, evidence_ref=evidence_ref, actor=actor, now=now))


@console_page
@require_safe
def all_standing(request: StaffRequest) -> HttpResponse:
    """Every standing exemption: what waits first, then what holds and until when."""
    waiting = standing_exemptions(facility_ids=None, states=OPEN)
    granted = standing_exemptions(facility_ids=None, states=[StandingExemption.State.GRANTED])
    day = today(clock_now())
    holding = [one for one in granted if one.valid_until is None or one.valid_until >= day]
    over = [one for one in granted if one not in holding]
    sections = [
        (_("決定を待つもの"), waiting),
        (_("いま続いているもの"), holding),
        (_("期限が過ぎたもの"), over),
    ]
    return render(request, "exempting/all_standing.html", {"sections": sections})


def _decide(request: StaffRequest, found: StandingView, form: StandingDecideForm, now: datetime) -> None:
    given, who = form.cleaned_data, {"ref": found.ref, "actor": request.staff.actor, "now": now}
    if form.decision == "relay":
        relay_standing(opinion=given.get("opinion", ""), **who)  # type: ignore[arg-type]
        messages.success(request, _("進達しました。決まったら、申請した団体に知らせます。"))
    elif form.decision == "refuse":
        refuse_standing(reason=given["reason"], today=today(now), **who)  # type: ignore[arg-type]
        messages.success(request, _("減免を認めませんでした。申請した団体に知らせます。"))
    else:
        term = {"valid_from": given["valid_from"], "valid_until": given["valid_until"]}
        grant_standing(**form.measure, **term, reason=given.get("reason", ""), **who)  # type: ignore[arg-type]
        messages.success(request, _("減免を認めました。これからの予約の料金に入ります。"))


def _my_standing(staff: StaffMember, ref: UUID) -> StandingView:
    """A standing exemption at one of this person's halls. Raises ExemptionNotFound."""
    found = standing_of(ref=ref)
    if not any(staff.works_at(hall.pk) for hall in found.halls):
        raise ExemptionNotFound
    return found


def _ground_of(found: StandingView, day: date) -> Ground | None:
    row = StandingExemption.objects.get(pk=found.id)
    try:
        return ground_on(row, day)
    except GroundUnknown:
        return None


def _year_end(day: date) -> date:
    """The last day of the fiscal year."""
    return date(fiscal_year_of(day) + 1, 3, 31)
