"""Reads of series: what became of every date, for its people and for staff."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from accounts.actors import Actor
from booking.models import Reservation, Series, SeriesDate
from booking.parties import theirs
from booking.series.planning import Plan, plan_of, visible_series
from booking.whys import Why, read_whys
from facilities.periods import local, local_end
from facilities.queries import RoomFacts, rooms_among

State = SeriesDate.State
# What a date with a reservation is, by the reservation's status.
AS_SHOWN = {
    "confirmed": "booked",
    "applied": "applied",
    "cancelled": "cancelled",
    "refused": "not_permitted",
    "expired": "cancelled",
}


@dataclass(frozen=True, slots=True)
class DateView:
    """A date of a series as people see it: the reservation's room and time where there is one, else the wish's.

    ``state``: booked, applied (審査中), cancelled, not_permitted, intention, refused, left_out.
    """

    id: int
    planned_room: RoomFacts
    room: RoomFacts
    day: date
    starts: int
    ends: int
    state: str
    whys: tuple[Why, ...]
    opens_at: datetime | None
    reservation: Reservation | None
    is_over: bool
    planned_day: date
    planned_starts: int
    planned_ends: int

    @property
    def is_live(self) -> bool:
        """Whether the date is booked, or will be tried, and still to come."""
        return not self.is_over and self.state in {"booked", "applied", "intention"}

    @property
    def may_be_added(self) -> bool:
        """Whether one can ask for the date again: it was left out, refused or cancelled, and is still to come."""
        return not self.is_over and self.state in {"refused", "left_out", "cancelled"}

    @property
    def differs(self) -> bool:
        """Whether the reservation lies in another room than was planned."""
        return self.room.id != self.planned_room.id


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with all its dates, day by day."""

    series: Series
    plan: Plan
    dates: tuple[DateView, ...]

    def those(self, *states: str) -> list[DateView]:
        """The dates in one of these states."""
        return [one for one in self.dates if one.state in states]

    @property
    def coming(self) -> list[DateView]:
        """The dates that are booked or will be tried, and still to come."""
        return [one for one in self.dates if one.is_live]


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in a list."""

    series: Series
    first: date | None
    last: date | None
    booked: int
    waiting: int


def series_view(*, ref: UUID, actor: Actor, now: datetime) -> SeriesView:
    """Return a series as the actor may see it; for staff, the caller checks the halls. Raises SeriesNotFound."""
    series = visible_series(ref, actor)
    rows = list(SeriesDate.objects.filter(series=series).select_related("reservation"))
    booked = [row.reservation.room_id for row in rows if row.reservation]
    rooms = rooms_among({row.room_id for row in rows} | set(booked))
    return SeriesView(series, plan_of(series), tuple(date_views(rows, rooms, now)))


def date_views(
    rows: Iterable[SeriesDate], rooms: Mapping[int, RoomFacts], now: datetime
) -> Iterable[DateView]:
    """Return rows as people see them."""
    return [_view(row, rooms, now) for row in rows]


def series_of(*, resident_id: int) -> list[SeriesLine]:
    """Return the series a resident sees, their own and their groups', newest first."""
    return _lines(Q(theirs(resident_id)))


def series_at(*, facility_ids: Collection[int] | None) -> list[SeriesLine]:
    """Return the series at these halls (None: at all), newest first."""
    return _lines(Q() if facility_ids is None else Q(rooms__facility_id__in=facility_ids))


def halls_of(series: Series) -> set[int]:
    """Return the ids of the halls a series has rooms in."""
    return set(series.rooms.values_list("facility_id", flat=True))


def _lines(which: Q) -> list[SeriesLine]:
    ids = Series.objects.filter(which, state=Series.State.OPEN).values("id")
    booked = Q(dates__state=State.BOOKED, dates__reservation__status__in=["confirmed", "applied"])
    rows = (
        Series.objects.filter(id__in=ids)
        .select_related("resident", "group")
        .annotate(
            first_day=Min("dates__day"),
            last_day=Max("dates__day"),
            booked=Count("dates", filter=booked),
            waiting=Count("dates", filter=Q(dates__state=State.INTENTION)),
        )
        .order_by("-created_at", "-id")[:100]
    )
    return [SeriesLine(row, row.first_day, row.last_day, row.booked, row.waiting) for row in rows]


def _view(row: SeriesDate, rooms: Mapping[int, RoomFacts], now: datetime) -> DateView:
    planned, reservation = rooms[row.room_id], row.reservation
    room, day, starts, ends, state = planned, row.day, row.starts, row.ends, str(row.state)
    if reservation:
        room = rooms[reservation.room_id]
        day, starts = local(reservation.starts_at, room.zone)
        ends = local_end(reservation.ends_at, day, room.zone)
        state = AS_SHOWN.get(reservation.status, "booked")
    today, minutes = local(now, room.zone)
    return DateView(
        id=row.pk,
        planned_room=planned,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        state=state,
        whys=read_whys(row.reasons),
        opens_at=row.opens_at,
        reservation=reservation,
        is_over=(day, starts) <= (today, minutes),
        planned_day=row.day,
        planned_starts=row.starts,
        planned_ends=row.ends,
    )
