"""What conditions see of an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from facilities.ordinance.days.timetables import count_slots, slot_keys
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.rules import RoomRules, Rules


def known_facts(
    rules: Rules,
    room: str,
    applicant_class: str,
    channel: str,
    purpose: str | None,
    answers: Mapping[str, Given] | None,
    numbers: Mapping[str, int],
) -> Facts:
    """What is known of an application before its time is chosen."""
    known = {**rules.usual_answers, **answers} if answers else rules.usual_answers
    return Facts(rules.book, applicant_class, purpose, channel, room, numbers=numbers, answers=known)


def facts_of_application(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    ends: int,
    applicant_class: str,
    channel: str,
    now: datetime,
    purpose: str | None = None,
    answers: Mapping[str, Given] | None = None,
    with_rooms: Sequence[str] = (),
    numbers: Mapping[str, int | None] | None = None,
) -> Facts:
    """What conditions see of an application for a time: what `may_apply` and `limits_of` decide by.

    `numbers` are headcount, run_days and run_day, where they are known. Raises UnknownFacility or UnknownRoom.
    """
    room_rules, today = rules.room(facility, room), now.astimezone(rules.zone).date()
    known = {"minutes": ends - starts, "rooms": 1 + len(with_rooms), "days_ahead": (day - today).days}
    known |= {key: number for key, number in (numbers or {}).items() if number is not None}
    facts = Facts(
        rules.book,
        applicant_class,
        purpose,
        channel,
        room,
        with_room=tuple(with_rooms),
        day=day,
        span=(starts, ends),
        booked=today,
        numbers=known,
        answers={**rules.usual_answers, **answers} if answers else rules.usual_answers,
    )
    return with_slots(rules, room_rules, facts, known) if room_rules.time.slots else facts


def with_slots(rules: Rules, room: RoomRules, facts: Facts, numbers: dict[str, int]) -> Facts:
    """Facts of a time that is rented by the slot: which ones, and how many."""
    if not room.time.slots or facts.day is None or facts.span is None:
        return facts
    pieces = room.pieces_of(rules.book, facts.day, *facts.span, facts)
    numbers["slots"] = count_slots(pieces)
    return replace(facts, slots=slot_keys(pieces))
