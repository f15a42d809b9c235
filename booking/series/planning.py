"""What a series asks for, before anything is booked: rooms, days, one time of day, and what was said of the use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.actors import Actor
from booking.applications import check_purpose
from booking.errors import NotForGroup
from booking.models import Series
from booking.parties import Party, acts_for, theirs
from booking.saying import read_details, write_details
from booking.series.errors import BadSeries, SeriesApplied, SeriesEmpty, SeriesNotFound, SeriesTooLong
from booking.series.recurrence import BadRecurrence, Recurrence, TooManyDays, read_rule
from booking.transactions import one_transaction
from booking.wishes import Wish
from facilities.details import NO_DETAILS, Details
from facilities.ordinance.document.values import LATEST
from facilities.queries import RoomFacts, rooms_among

MOST_DATES_OF_SERIES = 700
MOST_ROOMS = 10
DRAFT_DAYS = 7


def key_of(room_id: int, day: date) -> str:
    """Return how forms and answers name a date of a series: ``12-2027-04-06``."""
    return f"{room_id}-{day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a series asks for. ``said`` is by room."""

    rooms: tuple[RoomFacts, ...]
    recurrence: Recurrence
    first: date
    starts: int
    ends: int
    said: Mapping[int, Details]
    party: Party
    channel: str

    @property
    def days(self) -> list[date]:
        """The days, in order."""
        return self.recurrence.days(self.first)

    @property
    def wishes(self) -> list[Wish]:
        """Every room on every day, day by day."""
        return [self.wish(room, day) for day in self.days for room in self.rooms]

    def wish(self, room: RoomFacts, day: date) -> Wish:
        """One room on one day, as planned."""
        return Wish(room, day, self.starts, self.ends, self.said.get(room.id, NO_DETAILS))


def plan_of(series: Series) -> Plan:
    """Return what a series asks for."""
    ids = list(series.rooms.values_list("id", flat=True))
    return Plan(
        rooms=tuple(rooms_among(ids).values()),
        recurrence=read_rule(series.rule),
        first=series.first,
        starts=series.starts,
        ends=series.ends,
        said={int(key): read_details(said) for key, said in series.said.items()},
        party=Party(series.resident_id, series.group_id),
        channel=series.channel,
    )


def visible_series(ref: UUID, actor: Actor, *, lock: bool = False, act: bool = False) -> Series:
    """Return a series if the actor may see it; with ``act``, if they may change it: a group's viewers may not.

    The caller has checked that staff work at its halls. Raises SeriesNotFound, NotForGroup.
    """
    rows = Series.objects.select_related("resident", "group").filter(ref=ref)
    if actor.kind == "resident":
        rows = rows.filter(theirs(actor.id), staff=None) | rows.filter(theirs(actor.id), state="open")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    series = rows.first()
    if series is None:
        raise SeriesNotFound
    is_resident = act and actor.kind == "resident" and series.group_id
    if is_resident and not acts_for(resident_id=actor.id, group_id=series.group_id or 0):
        raise NotForGroup
    return series


def plan_series(
    *,
    room_ids: Sequence[int],
    rule: str,
    first: date,
    starts: int,
    ends: int,
    resident_id: int,
    channel: str,
    actor: Actor,
    now: datetime,
    group_id: int | None = None,
    early_minutes: int = 0,
    extension_minutes: int = 0,
    ref: UUID | None = None,
) -> Series:
    """Keep what a series is to be, as a draft; with ``ref``, write an earlier draft anew. Nothing is booked.

    ``rule`` is an RRULE over days from ``first``; ``starts`` to ``ends`` are minutes of the day, what lengthens the
    time included. Raises BadSeries, SeriesEmpty (no day at all), SeriesTooLong, NotForGroup, SeriesNotFound,
    SeriesApplied.
    """
    recurrence, rooms = _checked(rule, first, starts, ends, room_ids)
    acting = actor.is_staff or group_id is None or acts_for(resident_id=resident_id, group_id=group_id)
    if not acting:
        raise NotForGroup
    longer = Details(early_minutes=early_minutes, extension_minutes=extension_minutes)
    with one_transaction():
        draft = visible_series(ref, actor, lock=True, act=True) if ref else Series(created_at=now)
        if draft.state != Series.State.DRAFT:
            raise SeriesApplied
        draft.resident_id, draft.group_id = resident_id, group_id
        draft.staff_id = actor.id if actor.is_staff else None
        draft.channel, draft.rule, draft.first = channel, recurrence.rule, first
        draft.starts, draft.ends = starts, ends
        known = draft.said
        draft.said = {str(room): known.get(str(room)) or write_details(longer) for room in rooms}
        draft.save()
        draft.rooms.set(rooms)
    return draft


def say_of_series(
    *, ref: UUID, purpose: str, said: Mapping[int, Details], actor: Actor, now: datetime
) -> Series:
    """Keep what a draft's rooms are for, in the applicant's own words and as the rules ask, by room.

    How much longer the time was made stays as it was planned. Raises PurposeUnfit, SeriesNotFound, SeriesApplied,
    NotForGroup.
    """
    check_purpose(purpose)
    with one_transaction():
        draft = visible_series(ref, actor, lock=True, act=True)
        if draft.state != Series.State.DRAFT:
            raise SeriesApplied
        draft.purpose = purpose
        draft.said = {
            key: write_details(said[int(key)]) | _longer(planned) if int(key) in said else planned
            for key, planned in draft.said.items()
        }
        draft.save(update_fields=["purpose", "said"])
    return draft


def forget_drafts(*, now: datetime) -> int:
    """Delete what was planned and never applied for, after a week. Returns how many."""
    old = Series.objects.filter(state=Series.State.DRAFT, created_at__lt=now - timedelta(days=DRAFT_DAYS))
    return old.delete()[0]


def _longer(planned: Mapping[str, object]) -> dict[str, object]:
    return {key: planned[key] for key in ("early_minutes", "extension_minutes") if key in planned}


def _checked(
    rule: str, first: date, starts: int, ends: int, room_ids: Sequence[int]
) -> tuple[Recurrence, list[int]]:
    rooms = [room.id for room in rooms_among(set(room_ids)).values() if room.is_open]
    if not 0 <= starts < ends <= LATEST or not rooms or len(rooms) < len(set(room_ids)):
        raise BadSeries
    try:
        recurrence = read_rule(rule)
        days = recurrence.days(first)
    except TooManyDays as error:
        raise SeriesTooLong from error
    except BadRecurrence as error:
        raise BadSeries from error
    if not days:
        raise SeriesEmpty
    if len(rooms) > MOST_ROOMS or len(days) * len(rooms) > MOST_DATES_OF_SERIES:
        raise SeriesTooLong
    return recurrence, rooms
