"""What decides whether a time can be had at all: said before a day is chosen, where the rules of a room look at it."""

from __future__ import annotations

from facilities.ordinance.answers import Asked
from facilities.ordinance.asking.questions import Look, asked_of
from facilities.ordinance.document.calendar_clauses import Calendar
from facilities.ordinance.rules import RoomRules, Rules


def early_questions(rules: Rules, *, facility: str, room: str, channel: str) -> Asked:
    """The part of `asked_of` on which windows of application over a channel, opening hours, closures and slots depend.

    Extras never do. Empty for most rooms. Raises UnknownFacility or UnknownRoom.
    """
    asked = asked_of(rules, facility=facility, room=room)
    look = _deciding(rules, facility, rules.room(facility, room), channel)
    return Asked(
        questions=tuple(
            one for one in asked.questions if one.key in look.answers and one.answered_by == "applicant"
        ),
        purposes=asked.purposes if look.purposes else (),
        extras=(),
        headcount="headcount" in look.answers,
    )


def class_decides(rules: Rules, *, facility: str, room: str, channel: str) -> bool:
    """Whether it depends on the applicant class when a room can be had. Raises UnknownFacility or UnknownRoom."""
    found = rules.room(facility, room)
    by_class = any(
        one.who for one in found.application.windows if not one.channels or channel in one.channels
    )
    return by_class or "who" in _deciding(rules, facility, found, channel).answers


def class_counts(rules: Rules, *, facility: str, room: str) -> bool:
    """Whether any rule of a room looks at the applicant class. Raises UnknownFacility or UnknownRoom."""
    hall, found = rules.facility(facility), rules.room(facility, room)
    look = Look(found)
    look.at((found.fee, found.whole.fee, found.time, found.application, found.adjustment, found.cancellation))
    look.at((_calendar(rules, facility, found), hall.payment, tuple(hall.extras.values())))
    return "who" in look.answers or any(one.who for one in found.application.windows)


def _calendar(rules: Rules, facility: str, room: RoomRules) -> Calendar:
    return rules.document.calendars[room.room.calendar or rules.facility(facility).facility.calendar]


def _deciding(rules: Rules, facility: str, room: RoomRules, channel: str) -> Look:
    look = Look(room)
    windows = room.application.windows
    look.at(tuple(one for one in windows if not one.channels or channel in one.channels))
    look.at((_calendar(rules, facility, room), room.time.slots, room.time.hours))
    return look
