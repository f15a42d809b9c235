"""Reads of reservations. What a person may not see is not found: the look-up is the permission."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Staff
from accounts.queries import residents_matching
from booking.admission import foresee
from booking.applications import Assessed, details_of
from booking.cancelling import cancellation_terms
from booking.errors import ClosureNotFound, ReservationNotFound
from booking.models import Closure, Reservation, Transition
from booking.parties import Party, theirs
from booking.services import assess_hold
from booking.standing import classes_among
from facilities.details import Answer, Details
from facilities.ordinance import Cancellation, Quote
from facilities.periods import local, moment
from facilities.queries import RoomFacts, rooms_among, staff_rooms
from facilities.room_rules import under_version
from payments.queries import PaymentState, payment_states
from tenants.context import current_zone

Status = Reservation.Status


@dataclass(frozen=True, slots=True)
class Hirer:
    """Who hires, as far as staff and the hirer themselves see it."""

    id: int
    name: str
    name_kana: str
    phone: str
    email: str
    applicant_class: str
    language: str


@dataclass(frozen=True, slots=True)
class HiringGroup:
    """The group for which a resident hires."""

    id: int
    ref: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ReservationView:
    """A reservation with everything a page, a mail or a calendar needs to show of it.

    ``price_yen`` and ``quote`` are None while staff have still to decide the price.
    """

    id: int
    ref: UUID
    number: str
    status: str
    room: RoomFacts
    starts_at: datetime
    ends_at: datetime
    purpose: str
    headcount: int | None
    channel: str
    attendance: str
    details: Details
    price_yen: int | None
    quote: Quote | None
    held_until: datetime | None
    sequence: int
    created_at: datetime
    updated_at: datetime
    resident: Hirer
    payment: PaymentState
    rule_version_id: int
    group: HiringGroup | None = None
    application_id: int | None = None

    @property
    def agreed_room(self) -> RoomFacts:
        """The room under the rules the reservation was made by, whatever was published since."""
        return under_version(self.room, self.rule_version_id)


def class_of_hirer(view: ReservationView) -> str:
    """Return the applicant class of whoever a reservation is for: the group's, else the resident's own."""
    party = Party(view.resident.id, view.group.id if view.group else None)
    class_of = classes_among(party, view.resident.applicant_class)
    return class_of(view.room, local(view.starts_at, view.room.zone)[0])


def reservations_of(
    *, resident_id: int, now: datetime
) -> tuple[list[ReservationView], list[ReservationView]]:
    """Return what a resident has, for themselves and in their groups: to come (soonest first), past or cancelled
    (latest first).
    """
    rows = Reservation.objects.filter(theirs(resident_id)).exclude(
        Q(status=Status.EXPIRED) | Q(status=Status.HOLD, held_until__lte=now)
    )
    live = Q(status__in=[Status.HOLD, Status.APPLIED, Status.CONFIRMED], ends_at__gt=now)
    coming = _views(rows.filter(live).order_by("starts_at", "id")[:200])
    past = _views(
        rows.exclude(live)
        .filter(transitions__verb__in=["book", "confirm"])
        .order_by("-starts_at", "-id")[:50]
    )
    return coming, past


def reservation_of(*, resident_id: int, ref: UUID) -> ReservationView:
    """Return a reservation of a resident or of one of their groups. Raises ReservationNotFound."""
    return _one(Reservation.objects.filter(theirs(resident_id), ref=ref))


def reservation_for_staff(*, ref: UUID) -> ReservationView:
    """Return any reservation; the caller has checked that the staff member works at its hall."""
    return _one(Reservation.objects.filter(ref=ref))


def reservations_for_staff(*, ids: Sequence[int]) -> list[ReservationView]:
    """Return these reservations, by number; the caller has checked that the staff member works at their halls."""
    return _views(Reservation.objects.filter(pk__in=ids).order_by("pk"))


def reservations_by_refs(refs: Iterable[UUID]) -> list[ReservationView]:
    """Return these reservations, by number; the caller has checked who may see them."""
    return _views(Reservation.objects.filter(ref__in=list(refs)).order_by("pk"))


def last_reservation(*, resident_id: int) -> ReservationView | None:
    """Return what the resident booked last, for "same as last time"; None for a newcomer."""
    rows = Reservation.objects.filter(resident_id=resident_id, status=Status.CONFIRMED)
    views = _views(rows.order_by("-created_at", "-id")[:1])
    return views[0] if views else None


def open_hold(*, resident_id: int, now: datetime) -> ReservationView | None:
    """Return the hold a resident has not finished, newest first; None when there is none."""
    rows = Reservation.objects.filter(resident_id=resident_id, status=Status.HOLD, held_until__gt=now)
    views = _views(rows.order_by("-created_at", "-id")[:1])
    return views[0] if views else None


def hold_with(*, resident_id: int, ref: UUID, details: Details, now: datetime) -> Assessed:
    """Return a resident's held time with what they say now: its price, or why it cannot be had like this.

    A limit that is reached already is told too.
    Raises ReservationNotFound, OutsideRules, RoomNotBookable, TooManyPeople, DetailsMissing, DetailsUnfit.
    """
    rows = Reservation.objects.select_related("resident", "group").filter(theirs(resident_id), ref=ref)
    reservation = rows.first()
    if reservation is None:
        raise ReservationNotFound
    assessed = assess_hold(reservation, details)
    party = Party(reservation.resident_id, reservation.group_id)
    foresee(assessed, party, now=now, besides=[reservation.pk])
    return assessed


def reservation_cancellation(
    *,
    ref: UUID,
    now: datetime,
    cause: str = "own",
    channel: str = "web",
    answers: Mapping[str, Answer] | None = None,
) -> Cancellation:
    """Return what the rules say about cancelling this reservation now. Raises ReservationNotFound, DetailsUnfit."""
    reservation = Reservation.objects.filter(ref=ref).first()
    if reservation is None:
        raise ReservationNotFound
    return cancellation_terms(reservation, cause=cause, now=now, channel=channel, answers=answers)


def search_reservations(
    *,
    facility_ids: Sequence[int] | None = None,
    resident_id: int | None = None,
    text: str = "",
    status: str = "",
    first: date | None = None,
    last: date | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[ReservationView]:
    """Return reservations, latest start first, at most ``limit``: for staff, or one resident's own (``resident_id``).

    ``text``: a number, or part of a name, kana or phone. ``first``/``last``: local days of use, inclusive.
    ``before``: (starts_at, id) of the last row of the page before. ``facility_ids`` None: all halls.
    """
    rows = Reservation.objects.exclude(status=Status.EXPIRED)
    if facility_ids is not None:
        rows = rows.filter(room__facility_id__in=facility_ids)
    if resident_id is not None:
        rows = rows.filter(theirs(resident_id))
    if status:
        rows = rows.filter(status=status)
    if text.strip():
        rows = rows.filter(_matches(text.strip()))
    zone = current_zone()
    if first:
        rows = rows.filter(starts_at__gte=moment(first, 0, zone))
    if last:
        rows = rows.filter(starts_at__lt=moment(last + timedelta(days=1), 0, zone))
    if before:
        rows = rows.filter(Q(starts_at__lt=before[0]) | Q(starts_at=before[0], id__lt=before[1]))
    return _views(rows.order_by("-starts_at", "-id")[:limit])


def count_reservations(*, since: datetime) -> int:
    """Return how many confirmed reservations end after ``since``."""
    return Reservation.objects.filter(status=Status.CONFIRMED, ends_at__gt=since).count()


def _matches(text: str) -> Q:
    text = unicodedata.normalize("NFKC", text).replace("\x00", "")
    number = text.upper().removeprefix("R-")
    people = Q(resident__in=residents_matching(text))
    if number.isascii() and number.isdigit() and len(number) <= 15:
        return Q(pk=int(number)) | people
    return people | Q(purpose__icontains=text)


def _one(rows: QuerySet[Reservation]) -> ReservationView:
    views = _views(rows[:1])
    if not views:
        raise ReservationNotFound
    return views[0]


def _views(rows: Iterable[Reservation]) -> list[ReservationView]:
    if isinstance(rows, QuerySet):
        rows = rows.select_related("resident", "group")
    reservations = list(rows)
    rooms = rooms_among({reservation.room_id for reservation in reservations})
    payments = payment_states([reservation.ref for reservation in reservations])
    return [_view(row, rooms[row.room_id], payments.get(row.ref)) for row in reservations]


def _view(row: Reservation, room: RoomFacts, payment: PaymentState | None) -> ReservationView:
    person = row.resident
    return ReservationView(
        id=row.pk,
        ref=row.ref,
        number=row.number,
        status=row.status,
        room=room,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        purpose=row.purpose,
        headcount=row.headcount,
        channel=row.channel,
        attendance=row.attendance,
        details=details_of(row),
        price_yen=row.price_yen,
        quote=Quote.from_dict(row.quote) if row.quote else None,
        held_until=row.held_until,
        sequence=row.sequence,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resident=Hirer(
            person.pk,
            person.name,
            person.name_kana,
            person.phone,
            person.email,
            person.applicant_class,
            person.language,
        ),
        payment=payment or unpriced(row),
        rule_version_id=row.rule_version_id,
        group=HiringGroup(row.group.pk, row.group.ref, row.group.name) if row.group else None,
        application_id=row.application_id,
    )


def unpriced(row: Reservation) -> PaymentState:
    """Where the money of a reservation without a charge stands: nothing to pay, or not decided yet."""
    open_price = row.status == Status.CONFIRMED and row.price_yen is None
    return PaymentState.undecided() if open_price else PaymentState.nothing()


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a reservation, as staff read it. ``who`` is empty for the hirer and the system."""

    verb: str
    actor_kind: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClosureView:
    """Rooms taken out of use for a time, and by whom. ``rooms`` are the names of those that are fully taken."""

    id: int
    facility_id: int
    facility_key: str
    facility_name: str
    rooms: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    reason: str
    created_by: str
    created_at: datetime
    lifted_at: datetime | None
    kind: str


def reservation_history(*, ref: UUID) -> list[Step]:
    """Return what happened to a reservation, oldest first."""
    steps = list(Transition.objects.filter(reservation__ref=ref).order_by("id"))
    staff_ids = {step.actor_id for step in steps if step.actor_kind == "staff"}
    names = dict(Staff.objects.filter(pk__in=staff_ids).values_list("pk", "name"))
    who = [names.get(step.actor_id, "") if step.actor_kind == "staff" else "" for step in steps]
    return [
        Step(step.verb, step.actor_kind, name, step.at, step.reason)
        for step, name in zip(steps, who, strict=True)
    ]


def closures_for_staff(
    *, facility_ids: Sequence[int] | None = None, until: datetime, lifted: bool = False, limit: int = 200
) -> list[ClosureView]:
    """Return closures that end after ``until``, soonest first; lifted ones only when asked for."""
    rows = Closure.objects.filter(ends_at__gt=until)
    if facility_ids is not None:
        rows = rows.filter(facility_id__in=facility_ids)
    if not lifted:
        rows = rows.filter(lifted_at__isnull=True)
    return _closure_views(rows.order_by("starts_at", "id")[:limit])


def closure_for_staff(*, closure_id: int) -> ClosureView:
    """Return a closure; the caller has checked that the staff member works at its hall. Raises ClosureNotFound."""
    views = _closure_views(Closure.objects.filter(pk=closure_id))
    if not views:
        raise ClosureNotFound
    return views[0]


def _closure_views(rows: QuerySet[Closure]) -> list[ClosureView]:
    closures = list(rows.select_related("facility", "created_by").prefetch_related("claims"))
    rooms = {facility_id: staff_rooms(facility_id) for facility_id in {row.facility_id for row in closures}}
    views = []
    for row in closures:
        taken = {claim.space_id for claim in row.claims.all()}
        names = [
            room.name
            for room in rooms[row.facility_id]
            if room.space_ids and taken.issuperset(room.space_ids)
        ]
        views.append(
            ClosureView(
                row.pk,
                row.facility_id,
                row.facility.key,
                row.facility.name,
                tuple(names),
                row.starts_at,
                row.ends_at,
                row.reason,
                row.created_by.name,
                row.created_at,
                row.lifted_at,
                row.kind,
            )
        )
    return views
