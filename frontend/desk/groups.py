"""Groups at the desk: what waits for a decision, groups by name, a new one for somebody, deciding, ending."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import GroupNotFound
from accounts.groups.queries import group_by_ref, members_of, open_invitations
from accounts.groups.rosters import roster_counts, viewings_of
from accounts.groups.services import invite_member
from accounts.models import Group, Resident
from accounts.queries import find_residents, resident_by_id
from accounts.roles import StaffMember
from accounts.services import register_resident
from facilities.errors import RegistrationNotFound
from facilities.groups.applying import begin_group, begin_renewal, look_over
from facilities.groups.checking import Findings, checks_from, namesakes_of
from facilities.groups.evidence import evidence_of
from facilities.groups.kinds import Kind, kind_chosen, kinds_on
from facilities.groups.queries import (
    concerns,
    find_groups,
    group_concerns,
    groups_alike,
    registration_view,
    registrations_by_group,
    registrations_of,
    waiting_registrations,
)
from facilities.groups.records import State, registration_by_ref
from facilities.groups.reviewing import (
    approve_registration,
    end_registration,
    refuse_registration,
    return_registration,
)
from facilities.models import GroupRegistration
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.forms import NEW_RESIDENT
from frontend.desk.group_forms import DecisionForm, DeskGroupForm, EndForm, FindForm
from frontend.groups import steps
from frontend.groups.forms import InviteMemberForm
from frontend.groups.steps import Place
from frontend.resident.days import today

Step = Callable[..., HttpResponse]
MOST_FOUND = 50


@desk_page
@require_safe
def groups(request: StaffRequest) -> HttpResponse:
    """What waits for a decision, the longest first; and groups by name."""
    mine, now = _halls_of(request.staff), clock_now()
    form = FindForm(request.GET or None)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    found = find_groups(text=text, facility_ids=mine, limit=MOST_FOUND)
    registrations = registrations_by_group([one.pk for one in found], now)
    facts = {
        "form": form,
        "waiting": waiting_registrations(facility_ids=mine, now=now),
        "found": [(one, registrations[one.pk]) for one in found],
        "most": len(found) >= MOST_FOUND,
    }
    return render(request, "desk/groups.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Enter a group for somebody; roster and papers follow."""
    now = clock_now()
    kinds = [one for one in kinds_on(today(now)) if _at_kind(request.staff, one)]
    residents = _candidates(request.POST.dict())
    looking = request.POST.get("step") == "find"
    typed = {"initial": request.POST.dict()} if looking else {}
    form = DeskGroupForm(
        request.POST if request.POST and not looking else None, kinds=kinds, residents=residents, **typed
    )

    def act() -> HttpResponse:
        return redirect("desk:group-roster", _enter(request.staff, form, now).ref)

    facts = {"form": form, "kinds": kinds, "searched": looking, "residents": residents}
    return carry_out(request, form, act, "desk/group_new.html", facts)


def _candidates(typed: dict[str, str]) -> list[Resident]:
    found = find_residents(text=typed.get("text", ""), limit=10)
    chosen = typed.get("resident", "")
    if chosen.isdecimal() and int(chosen) not in {one.pk for one in found}:
        found.append(resident_by_id(int(chosen)))
    return found


@transaction.atomic
def _enter(staff: StaffMember, form: DeskGroupForm, now: datetime) -> GroupRegistration:
    given = form.cleaned_data
    representative_id = int(given["resident"]) if given["resident"] != NEW_RESIDENT else None
    if representative_id is None:
        representative_id = register_resident(
            name=given["person_name"], name_kana=given["person_kana"], phone=given["person_phone"]
        ).pk
    kind = kind_chosen(form.choice, now)
    facts = form.facts()
    return begin_group(
        facts=facts, representative_id=representative_id, kind=kind, actor=staff.actor, now=now
    )


@desk_page
@require_safe
def group(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One group: its registrations, its people, groups with the same people, and who looked at its roster."""
    found = _my_group(request.staff, ref)
    now = clock_now()
    facts = {
        "group": found,
        "registrations": registrations_of(found.pk, now),
        "members": members_of(found.pk),
        "invitations": open_invitations(found.pk),
        "alike": groups_alike(found.pk),
        "people": roster_counts(found.pk)[0],
        "viewings": viewings_of(found.pk),
        "now": now,
    }
    return render(request, "desk/group.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask somebody by mail to act for a group, also as its representative."""
    found = _my_group(request.staff, ref)
    form = InviteMemberForm(request.POST or None, by_staff=True)

    def act() -> HttpResponse:
        actor, now = request.staff.actor, clock_now()
        invite_member(group_id=found.pk, **form.cleaned_data, actor=actor, now=now)
        messages.success(request, _("招待のメールを送ります。"))
        return redirect("desk:group", ref)

    facts = {"form": form, "group": found, "base": "staff_base.html"}
    return carry_out(request, form, act, "groups/invite.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: StaffRequest, registration: UUID) -> HttpResponse:
    """Everything about an application, what the rules say of it, and the decision."""
    one, now = _my_registration(request.staff, registration), clock_now()
    if one.state != State.APPLIED:
        return render(request, "desk/registration.html", _facts(one, now))
    kind, findings = look_over(one, now)
    form = DecisionForm(request.POST or None, kind=kind, findings=findings)
    facts = {**_facts(one, now), **_for_review(one, kind, findings), "form": form}

    def act() -> HttpResponse:
        messages.success(request, _decide(request, one, form, now))
        return redirect("desk:groups")

    return carry_out(request, form, act, "desk/registration.html", facts)


def _decide(request: StaffRequest, one: GroupRegistration, form: DecisionForm, now: datetime) -> str:
    """Carry the decision out and say so."""
    given = form.cleaned_data
    decision: dict[str, Any] = {"ref": one.ref, "staff_id": request.staff.id, "now": now}
    word = request.POST.get("decide")
    if word == "return":
        return_registration(**decision, reason=given["reason"])
        return _("{name}に、直すところを伝えました。").format(name=one.group.name)
    if word == "refuse":
        refuse_registration(**decision, reason=given["reason"])
        return _("{name}の登録を、断りました。").format(name=one.group.name)
    approve_registration(
        **decision,
        applicant_class=given.get("applicant_class", ""),
        exceptions=form.accepted(),
        valid_until=given.get("valid_until"),
        remark=given["reason"],
    )
    return _("{name}を登録しました。").format(name=one.group.name)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, registration: UUID) -> HttpResponse:
    """End a registration before its time."""
    one, form = _my_registration(request.staff, registration), EndForm(request.POST or None)

    def act() -> HttpResponse:
        end_registration(ref=one.ref, staff_id=request.staff.id, now=clock_now(), **form.cleaned_data)
        messages.success(request, _("登録を終えました。"))
        return redirect("desk:group", one.group.ref)

    facts = {"form": form, "registration": one, "group": one.group}
    return carry_out(request, form, act, "desk/registration_end.html", facts)


@desk_page
@require_POST
def renew(request: StaffRequest, registration: UUID) -> HttpResponse:
    """Begin to renew for somebody who came to the desk."""
    one = _my_registration(request.staff, registration)
    begun = begin_renewal(ref=one.ref, actor=request.staff.actor, now=clock_now())
    return redirect("desk:group-roster", begun.ref)


def _step(step: Step, *methods: str) -> Callable[..., HttpResponseBase]:
    """A step of an application as a page of the desk."""

    @desk_page
    @require_http_methods(methods or ["GET", "HEAD", "POST"])
    def view(request: StaffRequest, /, registration: UUID, **parts: Any) -> HttpResponse:
        one = _my_registration(request.staff, registration)
        place = Place(one, request.staff.actor, prefix="desk:", base="desk/group_base.html")
        return step(request, place, **parts)

    view.__doc__ = step.__doc__
    return view


roster = _step(steps.roster)
person = _step(steps.person)
papers = _step(steps.papers)
evidence = _step(steps.evidence, "POST")
file = _step(steps.file, "GET", "HEAD")
check = _step(steps.check, "GET", "HEAD")
hand_in = _step(steps.hand_in, "POST")
drop = _step(steps.drop, "POST")


def _facts(one: GroupRegistration, now: datetime) -> dict[str, Any]:
    return {
        "registration": one,
        "group": one.group,
        "view": registration_view(one, now),
        "members": members_of(one.group_id),
        "files": evidence_of(one.pk),
        "checks": checks_from(one.findings),
        "people": roster_counts(one.group_id)[0],
        "alike": groups_alike(one.group_id),
        "now": now,
    }


def _for_review(one: GroupRegistration, kind: Kind, findings: Findings) -> dict[str, Any]:
    day = today(clock_now())
    namesakes = namesakes_of(group_id=one.group_id, kind=kind, day=day)
    return {"kind": kind, "findings": findings, "checks": findings.checks, "namesakes": namesakes}


def _halls_of(staff: StaffMember) -> Collection[int] | None:
    """The halls whose rules this person deals with; None for all."""
    return None if staff.is_admin else staff.facility_ids


def _at_kind(staff: StaffMember, kind: Kind) -> bool:
    return any(staff.works_at(hall.pk) for hall in kind.halls)


def _my_registration(staff: StaffMember, ref: UUID) -> GroupRegistration:
    """A registration under the rules of one of this person's halls. Raises RegistrationNotFound."""
    one = registration_by_ref(ref)
    if not concerns(one, _halls_of(staff)):
        raise RegistrationNotFound
    return one


def _my_group(staff: StaffMember, ref: UUID) -> Group:
    """A group that has to do with one of this person's halls. Raises GroupNotFound."""
    found = group_by_ref(ref)
    if not group_concerns(found.pk, _halls_of(staff)):
        raise GroupNotFound
    return found
