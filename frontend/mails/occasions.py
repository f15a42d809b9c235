"""What happened, as far as a message needs to know it: read again when the worker gets to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.models import Group, GroupInvitation, Resident
from accounts.notices.kinds import Kind
from booking.queries import ReservationView
from booking.told import last_step, owner_of_series, reservations_about
from facilities.models import GroupRegistration


@dataclass(frozen=True, slots=True)
class Event:
    """What a job carries: the kind, whose ids, and plain facts (accounts.notices.telling.FACTS)."""

    kind: str
    occasion: str
    happened_at: datetime
    reservation_ref: UUID | None = None
    application_ref: UUID | None = None
    series_ref: UUID | None = None
    group_ref: UUID | None = None
    resident_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> UUID | None:
        """What staff look at to see the messages about it."""
        return self.reservation_ref or self.application_ref or self.series_ref or self.group_ref


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event with everything it is about. ``views`` are the reservations of which it is still true."""

    event: Event
    views: tuple[ReservationView, ...]
    resident: Resident | None
    group: Group | None
    registration: GroupRegistration | None
    invitation: GroupInvitation | None
    reason: str
    # The member of staff who did it: they know.
    staff_id: int | None


def occasion_of(event: Event, kind: Kind) -> Occasion | None:
    """Read what an event is about; None when it is about nothing any more, or no longer true."""
    views = reservations_about(reservation_ref=event.reservation_ref, application_ref=event.application_ref)
    true = tuple(one for one in views if not kind.true_while or one.status in kind.true_while)
    if (event.reservation_ref or event.application_ref) and not true:
        return None
    resident_id, group_id = _whose(event, true)
    registration = _registration(event)
    reason, staff_id = last_step(true[0].id) if event.reservation_ref else ("", None)
    return Occasion(
        event=event,
        views=true,
        resident=_resident(resident_id),
        group=Group.objects.filter(pk=group_id).first() if group_id else _group(event),
        registration=registration,
        invitation=_invitation(event),
        reason=registration.reason if registration else reason,
        staff_id=staff_id,
    )


def _whose(event: Event, views: tuple[ReservationView, ...]) -> tuple[int | None, int | None]:
    """The resident whose matter it is, and the group they act for."""
    if views:
        return views[0].resident.id, views[0].group.id if views[0].group else None
    owner = owner_of_series(event.series_ref) if event.series_ref else None
    return owner or (event.resident_id, None)


def _resident(resident_id: int | None) -> Resident | None:
    if resident_id is None:
        return None
    return Resident.objects.select_related("line_friend").filter(pk=resident_id).first()


def _group(event: Event) -> Group | None:
    return Group.objects.filter(ref=event.group_ref).first() if event.group_ref else None


def _registration(event: Event) -> GroupRegistration | None:
    number = event.facts.get("registration", "")
    found = GroupRegistration.objects.select_related("group", "rule_book")
    return found.filter(pk=int(number)).first() if number.isdecimal() else None


def _invitation(event: Event) -> GroupInvitation | None:
    number = event.facts.get("invitation", "")
    found = GroupInvitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return found.filter(pk=int(number)).first() if number.isdecimal() else None
