"""What the demo's resident and their choir have under way, so that each of their pages shows something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

from accounts.actors import Actor
from accounts.models import Group, Resident
from booking.basket.services import Basket, put_in
from booking.models import Offence, Reservation, Wait
from booking.penalties.appealing import file_appeal
from booking.series.applying import Choices, apply_for_series
from booking.series.planning import plan_series, say_of_series
from booking.services import book_room, record_attendance
from booking.waiting.asking import wait_for_time
from facilities.details import Details
from facilities.models import Facility
from facilities.ordinance import slots
from facilities.penalty_rules import penalty_rules
from facilities.periods import local, moment
from facilities.queries import RoomFacts, rooms_of
from facilities.room_rules import asked_for
from tenants.errors import Refusal

_HEADCOUNT = 5
_WEEKS = 26


class _Own(TypedDict):
    """Who does it, and when."""

    resident_id: int
    actor: Actor
    now: datetime


class _Period(TypedDict):
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class _Time:
    """A time at which a room is lent, in minutes of a day."""

    room: RoomFacts
    day: date
    starts: int
    ends: int

    @property
    def period(self) -> _Period:
        """When it begins and ends, as services want to know it."""
        begins, ends = (moment(self.day, minute, self.room.zone) for minute in (self.starts, self.ends))
        return {"starts_at": begins, "ends_at": ends}

    @property
    def details(self) -> Details:
        """What the rules ask, answered with the first purpose there is."""
        purposes = asked_for(self.room, self.day).purposes
        return Details(purpose=next((one.key for one in purposes), ""), headcount=_HEADCOUNT)


def tell_stories(*, hall: Facility, resident: Resident, clerk_id: int, now: datetime) -> None:
    """Let a resident book for themselves, put something aside, wait; their choir come weekly, and once stay away.

    Each where the hall's rules and what others booked before leave room for it.
    """
    group_id = Group.objects.filter(memberships__resident=resident).values_list("pk", flat=True).first()
    rooms = [room for room in rooms_of(hall.pk) if room.is_open]
    # The first room is often the large hall: clubs meet in the rooms behind it.
    rooms = rooms[len(rooms) // 2 :] + rooms[: len(rooms) // 2]
    own: _Own = {"resident_id": resident.pk, "actor": Actor("resident", resident.pk), "now": now}
    today, _ = local(now, rooms[0].zone)
    _first(_times(rooms, today, range(3, 15)), lambda time: _weekly(time, group_id, own))
    _first(_times(rooms, today, range(4, 15)), lambda time: _book(time, "家族の集まり", own))
    _first(_times(rooms, today, range(5, 15)), lambda time: _put_aside(time, own))
    _wait(hall, own)
    if penalty_rules(hall).offences_on(today):
        _first(
            _times(rooms, today, range(-2, -9, -1)),
            lambda time: _stay_away(time, group_id, Actor("staff", clerk_id), own),
        )


def _times(rooms: Iterable[RoomFacts], today: date, ahead: Iterable[int]) -> Iterator[_Time]:
    """The first time of each room on each day: two hours in the afternoon, or the first slot."""
    for days in ahead:
        day = today + timedelta(days=days)
        for room in rooms:
            lent = slots(room.rules_on(day), facility=room.facility_key, room=room.key, day=day)
            if lent.kind == "slots":
                yield from (_Time(room, day, one.starts, one.ends) for one in lent.slots if not one.combines)
            elif lent.slots:
                yield _Time(room, day, 13 * 60, 15 * 60)


def _first(times: Iterator[_Time], act: Callable[[_Time], object]) -> None:
    """Do something at the first time at which nothing speaks against it."""
    for time in times:
        try:
            act(time)
        except Refusal:
            continue
        return


def _book(time: _Time, purpose: str, own: _Own) -> Reservation:
    return book_room(
        room_id=time.room.id, **time.period, purpose=purpose, details=time.details, channel="web", **own
    )


def _put_aside(time: _Time, own: _Own) -> None:
    basket = Basket(own["resident_id"], None, None)
    put_in(basket, room_id=time.room.id, **time.period, actor=own["actor"], now=own["now"])


def _weekly(time: _Time, group_id: int | None, own: _Own) -> None:
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[time.day.weekday()]
    draft = plan_series(
        room_ids=[time.room.id],
        rule=f"FREQ=WEEKLY;BYDAY={day};COUNT={_WEEKS}",
        first=time.day,
        starts=time.starts,
        ends=time.ends,
        channel="web",
        group_id=group_id,
        **own,
    )
    actor, now = own["actor"], own["now"]
    said = {time.room.id: time.details}
    say_of_series(ref=draft.ref, purpose="合唱の練習", said=said, actor=actor, now=now)
    apply_for_series(ref=draft.ref, choices=Choices(), all_or_nothing=False, actor=actor, now=now)


def _wait(hall: Facility, own: _Own) -> None:
    """Wait for the first time somebody else has, a few days from now."""
    taken = Reservation.objects.filter(
        room__facility=hall, status="confirmed", starts_at__gt=own["now"] + timedelta(days=6)
    ).exclude(resident_id=own["resident_id"])
    for one in taken.order_by("starts_at", "pk")[:20]:
        period: _Period = {"starts_at": one.starts_at, "ends_at": one.ends_at}
        try:
            wait_for_time(room_id=one.room_id, **period, wish=Wait.Wish.OFFER, any_alike=False, **own)
        except Refusal:
            continue
        return


def _stay_away(time: _Time, group_id: int | None, clerk: Actor, own: _Own) -> None:
    """The choir had a room and nobody came; they object, and wait for an answer."""
    booked: _Own = {**own, "now": time.period["starts_at"] - timedelta(days=10)}
    missed = book_room(
        room_id=time.room.id,
        **time.period,
        purpose="合唱の練習",
        details=time.details,
        channel="web",
        group_id=group_id,
        **booked,
    )
    record_attendance(ref=missed.ref, attendance="absent", actor=clerk, now=time.period["ends_at"])
    offence = Offence.objects.get(reservation=missed)
    text = "大雪でバスが止まり、行けませんでした。前の日に、窓口へ電話しました。"
    file_appeal(offence_ref=offence.ref, text=text, resident_id=own["resident_id"], now=own["now"])
