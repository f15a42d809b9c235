"""My groups: found one, register it step by step, renew it, and choose for whom to act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import GroupNotFound
from accounts.groups.queries import group_by_ref, members_of, membership_of, open_invitations
from accounts.groups.rosters import roster_counts, viewings_of
from accounts.groups.services import change_group, require_representative
from facilities.groups.applying import begin_group, begin_registration, begin_renewal
from facilities.groups.kinds import kind_chosen, kinds_on
from facilities.groups.queries import registrations_by_group, registrations_of
from facilities.groups.records import registration_by_ref
from frontend.answers import carry_out
from frontend.groups import steps
from frontend.groups.forms import GroupForm, KindForm, NewGroupForm, initial_of
from frontend.groups.steps import Place
from frontend.resident.acting import act_for, acting_group_id, groups_to_act_for, my_groups
from frontend.resident.days import today
from frontend.resident.people import actor_of, for_resident

Step = Callable[..., HttpResponse]


@require_safe
@for_resident
def groups(request: HttpRequest) -> HttpResponse:
    """List the groups I belong to, each with the state of its registration."""
    mine = my_groups(request)
    registrations = registrations_by_group([one.group_id for one in mine], timezone.now())
    rows = [(one, registrations[one.group_id]) for one in mine]
    return render(request, "groups/list.html", {"rows": rows, "section": "groups"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def new(request: HttpRequest) -> HttpResponse:
    """Step 1: what the group is, and as what it is registered."""
    now = timezone.now()
    resident, kinds = request.resident, kinds_on(today(now))  # type: ignore[attr-defined]
    form = NewGroupForm(request.POST or None, kinds=kinds, initial={"phone": resident.phone})

    def act() -> HttpResponse:
        kind, who = kind_chosen(form.choice, now), {"representative_id": resident.pk}
        begun = begin_group(facts=form.facts(), **who, kind=kind, actor=actor_of(resident), now=now)
        return redirect("group-roster", begun.ref)

    facts = {"form": form, "section": "groups", "kinds": kinds, "base": "resident_base.html"}
    return carry_out(request, form, act, "groups/new.html", facts)


@require_safe
@for_resident
def group(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One group: is it registered and until when, who acts for it, who is invited."""
    own = membership_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    facts = {"own": own, "group": group_by_ref(ref), "now": timezone.now(), "section": "groups"}
    facts |= _for_members(own.group_id) | (_for_representative(own.group_id) if own.is_representative else {})
    return render(request, "groups/group.html", facts)


def _for_members(group_id: int) -> dict[str, Any]:
    """What everybody in a group sees of it."""
    return {
        "registrations": registrations_of(group_id, timezone.now()),
        "members": members_of(group_id),
        "more_kinds": _kinds_left(group_id),
    }


def _for_representative(group_id: int) -> dict[str, Any]:
    """What only who represents it sees."""
    return {
        "invitations": open_invitations(group_id),
        "people": roster_counts(group_id)[0],
        "viewings": viewings_of(group_id, limit=20),
    }


def _kinds_left(group_id: int) -> list[Any]:
    """What the group can still be registered as: neither registered nor under way."""
    now = timezone.now()
    taken = {
        (one.registration.rule_book_id, one.registration.kind)
        for one in registrations_of(group_id, now)
        if one.state not in ("ended", "refused")
    }
    return [one for one in kinds_on(today(now)) if (one.book.pk, one.key) not in taken]


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def details(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Change what the group says of itself."""
    found, actor = _represented(request, ref), actor_of(request.resident)  # type: ignore[attr-defined]
    form = GroupForm(request.POST or None, initial=initial_of(found))

    def act() -> HttpResponse:
        change_group(group_id=found.pk, facts=form.facts(), actor=actor)
        messages.success(request, _("団体のことを変更しました。"))
        return redirect("group", ref)

    return carry_out(request, form, act, "groups/details.html", {"form": form, "group": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def register(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Begin one more registration of a group that there is."""
    found, actor, now = _represented(request, ref), actor_of(request.resident), timezone.now()  # type: ignore[attr-defined]
    kinds = _kinds_left(found.pk)
    form = KindForm(request.POST or None, kinds=kinds)

    def act() -> HttpResponse:
        kind = kind_chosen(form.cleaned_data["kind"], now)
        registration = begin_registration(group_id=found.pk, kind=kind, actor=actor, now=now)
        return redirect("group-roster", registration.ref)

    return carry_out(
        request, form, act, "groups/register.html", {"form": form, "group": found, "kinds": kinds}
    )


@require_POST
@for_resident
def renew(request: HttpRequest, registration: UUID) -> HttpResponse:
    """Begin to renew: look the roster through, hand in anew."""
    place = _place(request, registration)
    begun = begin_renewal(ref=registration, actor=place.actor, now=timezone.now())
    return redirect("group-roster", begun.ref)


def _represented(request: HttpRequest, ref: UUID) -> Any:
    """A group of mine that I represent. Raises GroupNotFound, NotRepresentative."""
    own = membership_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    require_representative(own.group_id, actor_of(request.resident))  # type: ignore[attr-defined]
    return group_by_ref(ref)


def _place(request: HttpRequest, ref: UUID) -> Place:
    """A registration of a group that I represent. Raises GroupNotFound, NotRepresentative, RegistrationNotFound."""
    registration = registration_by_ref(ref)
    mine = {one.group_id for one in my_groups(request)}
    if registration.group_id not in mine:
        raise GroupNotFound
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    require_representative(registration.group_id, actor)
    return Place(registration, actor)


def _step(step: Step, *methods: str) -> Step:
    """A step of an application as a resident's page."""

    @require_http_methods(methods or ["GET", "HEAD", "POST"])
    @for_resident
    def view(request: HttpRequest, registration: UUID, **parts: Any) -> HttpResponse:
        return step(request, _place(request, registration), **parts)

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


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def act(request: HttpRequest) -> HttpResponse:
    """Choose for whom to act: for myself, or for one of my groups."""
    choices = groups_to_act_for(request)
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    if request.method == "POST":
        found = [one for one in choices if str(one.ref) == request.POST.get("group")]
        act_for(request, found[0].group_id if found else None)
        return redirect(back)
    facts = {"choices": choices, "chosen": acting_group_id(request), "next": back}
    return render(request, "groups/act.html", facts | {"section": "groups"})
