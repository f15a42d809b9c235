"""What one quote is asked for, and what is known of each of its uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from facilities.ordinance.answers import Use
from facilities.ordinance.days.timetables import count_slots, slot_keys
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.rules import FacilityRules, Rules

_LONGEST_BREAK = 31


@dataclass(slots=True)
class Request:
    """All that one quote is asked for."""

    rules: Rules
    facility: FacilityRules
    uses: Sequence[Use]
    applicant_class: str
    headcount: int | None
    answers: Mapping[str, Given]
    booked_on: date | None
    paid_on: date | None
    channel: str | None
    exempted: Sequence[str]
    seen: set[tuple[str, str, object]] = field(default_factory=set)


def in_order(hall: FacilityRules, uses: Sequence[Use]) -> Sequence[Use]:
    """Uses by time and room, so that no price depends on the order in which they were put together."""
    if len(uses) < 2:
        return uses
    rank = {key: index for index, key in enumerate(hall.rooms)}
    return sorted(uses, key=lambda use: (use.day, use.starts, rank.get(use.room, 0), use.ends))


def first_in(request: Request, period: str, what: str, use: Use) -> bool:
    """Whether this is the first use for which something is charged that is charged once for several."""
    when = what, period, _period(period, request, use)
    first = when not in request.seen
    request.seen.add(when)
    return first


def same_period(period: str, request: Request, one: Use, other: Use) -> bool:
    """Whether two uses lie in the same day, month, run or reservation."""
    return _period(period, request, one) == _period(period, request, other)


def _period(period: str, request: Request, use: Use) -> object:
    if period == "day":
        return use.day
    if period == "month":
        return use.day.year, use.day.month
    if period == "run":
        return use.room, _run_starts(request, use)
    return None


def facts_of(request: Request, use: Use | None) -> Facts:
    """What conditions see of a use, or (None) of what belongs to no room."""
    numbers = {} if request.headcount is None else {"headcount": request.headcount}
    if use is None:
        return Facts(
            request.rules.book,
            request.applicant_class,
            channel=request.channel,
            exempted=request.exempted,
            booked=request.booked_on,
            paid=request.paid_on,
            numbers=numbers,
            answers=request.answers,
            later=request.rules.answered_later,
        )
    numbers["minutes"] = use.ends - use.starts
    numbers["run_day"], numbers["run_days"] = _run(request, use)
    numbers["rooms"], numbers["room_number"] = _rooms_of_day(request, use)
    room = request.rules.room(request.facility.facility.key, use.room)
    if request.booked_on:
        numbers["days_ahead"] = (use.day - request.booked_on).days
    if room.room.capacity is not None:
        numbers["capacity"] = room.room.capacity
    pieces = room.pieces_of(request.rules.book, use.day, use.starts, use.ends) if room.time.slots else ()
    slot = None
    if room.time.slots:
        numbers["slots"] = count_slots(pieces)
        if len(pieces) == 1 and not pieces[0].combines:
            slot, numbers["slot_number"] = pieces[0].key, 1
    return Facts(
        request.rules.book,
        request.applicant_class,
        use.purpose,
        request.channel,
        use.room,
        with_room=rooms_beside(request.uses, use),
        with_extra=use.extras,
        exempted=request.exempted,
        slot=slot,
        slots=slot_keys(pieces) if pieces else (),
        day=use.day,
        span=(use.starts, use.ends),
        booked=request.booked_on,
        paid=request.paid_on,
        numbers=numbers,
        answers={**request.answers, **use.answers} if use.answers else request.answers,
        later=request.rules.answered_later,
    )


def rooms_beside(uses: Sequence[Use], use: Use) -> tuple[str, ...]:
    """Other rooms of the same reservation that are used for the whole time of this use."""
    return tuple(
        one.room
        for one in uses
        if one.day == use.day and one.room != use.room and one.starts <= use.starts and use.ends <= one.ends
    )


def _run(request: Request, use: Use) -> tuple[int, int]:
    """Which day of a run of one room a use is on, and how long the run is: its days used one after the other,
    closed days left out."""
    if len(request.uses) == 1:
        return 1, 1
    days = sorted({one.day for one in request.uses if one.room == use.room})
    runs: list[list[date]] = [[]]
    for day in days:
        if runs[-1] and not _follows(request, use.room, runs[-1][-1], day):
            runs.append([])
        runs[-1].append(day)
    run = next(one for one in runs if use.day in one)
    return run.index(use.day) + 1, len(run)


def _run_starts(request: Request, use: Use) -> date:
    """The first day of the run of a use."""
    before = [one.day for one in request.uses if one.room == use.room and one.day <= use.day]
    number = _run(request, use)[0]
    return sorted(set(before))[-number]


def _follows(request: Request, room: str, before: date, day: date) -> bool:
    """Whether a day comes after another with none but closed days between."""
    between = (before + timedelta(days=number) for number in range(1, (day - before).days))
    calendar = request.facility.rooms[room].calendar
    return (day - before).days <= _LONGEST_BREAK and not any(calendar.is_open(one) for one in between)


def _rooms_of_day(request: Request, use: Use) -> tuple[int, int]:
    """How many rooms are used on the day, and which of them this is, in the document's order."""
    if len(request.uses) == 1:
        return 1, 1
    used = {one.room for one in request.uses if one.day == use.day}
    ordered = [key for key in request.facility.rooms if key in used]
    return len(used), ordered.index(use.room) + 1
