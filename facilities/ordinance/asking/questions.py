"""What an applicant is asked for a room: what some rule that reaches the room can look at, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from facilities.ordinance.answers import Asked, AskedExtra, AskedQuestion, Choice
from facilities.ordinance.document.clauses import Conditional, Named, Question, When
from facilities.ordinance.document.fee_clauses import Adjustment, Charge, Extra, Fee
from facilities.ordinance.rules import FacilityRules, RoomRules, Rules


def asked_of(rules: Rules, *, facility: str, room: str) -> Asked:
    """What an application for a room is asked beyond class, channel and time.

    Questions that the system answers are left out. Raises UnknownFacility or UnknownRoom.
    """
    found = rules.asked.get((facility, room))
    if found is None:
        found = rules.asked[facility, room] = _asked(
            rules, rules.facility(facility), rules.room(facility, room)
        )
    return found


def _asked(rules: Rules, hall: FacilityRules, room: RoomRules) -> Asked:
    document, extras = rules.document, dict(_to_be_had(hall, room))
    kinds = frozenset({"fee", *extras})
    first = Look(room, kinds)
    calendar = document.calendars[room.room.calendar or hall.facility.calendar]
    first.at((room.fee, room.whole.fee, calendar, room.time, room.application, room.adjustment))
    first.at((hall.payment, hall.totals, tuple(hall.grounds.values()), tuple(extras.values())))
    later, anywhere = Look(room, kinds), Look()
    later.at(room.cancellation)
    anywhere.at(document)
    here = first.purposes | later.purposes
    offered = [one for one in document.purposes if one.key in here or one.key not in anywhere.purposes]
    return Asked(
        questions=tuple(asked_questions(document.questions, first.answers)),
        purposes=tuple(_choices(offered)) if here else (),
        extras=tuple(
            AskedExtra(one.key, one.name, one.name_en or one.name, one.unit, one.stock)
            for one, _ in extras.values()
            if not one.when and not one.always
        ),
        headcount="headcount" in first.answers,
        when_cancelling=tuple(asked_questions(document.questions, later.answers - first.answers)),
    )


def _to_be_had(hall: FacilityRules, room: RoomRules) -> Iterator[tuple[str, tuple[Extra, Fee]]]:
    """Extras with a price in this room, and not shut out of it."""
    look = Look(room)
    for key, extra in hall.extras.items():
        fee = room.room.extras.get(key) or extra.fee
        shut_out = any(one.model_fields_set == {"room"} and look.can_fit(one) for one in extra.unless)
        if fee is not None and look.reaches(extra) and not shut_out:
            yield key, (extra, fee)


@dataclass(slots=True)
class Look:
    """Collects what rules look at: keys of questions (and numbers known of every use), and of purposes.

    With a room, only by rules that can hold there; with `kinds`, only by what changes one of them.
    """

    room: RoomRules | None = None
    kinds: frozenset[str] = frozenset()
    answers: set[str] = field(default_factory=set)
    purposes: set[str] = field(default_factory=set)

    def at(self, part: Any) -> None:
        """Look at a piece of the document and all that is in it."""
        if isinstance(part, (tuple, dict)):
            for one in part.values() if isinstance(part, dict) else part:
                self.at(one)
        elif isinstance(part, When):
            if self.can_fit(part):
                self.answers.update(part.answers, part.model_fields_set)
                self.purposes.update(part.purpose)
        elif isinstance(part, BaseModel):
            if isinstance(part, Conditional) and not self.reaches(part):
                return
            if isinstance(part, Charge):
                self.answers.update(key for key in (*part.per, part.of) if key)
            for name in type(part).model_fields:
                self.at(getattr(part, name))

    def reaches(self, rule: Conditional) -> bool:
        """Whether a rule can hold for the room at all."""
        named = rule.to if isinstance(rule, Adjustment) else ()
        if named and self.kinds and not self.kinds & set(named) and "all" not in named:
            return False
        return not rule.when or any(self.can_fit(one) for one in rule.when)

    def can_fit(self, case: When) -> bool:
        """Whether a case can be one of the room's."""
        if self.room is None:
            return True
        key, slots = self.room.room.key, {slot.key for slot in self.room.time.slots}
        return not (
            (case.room and key not in case.room)
            or (case.slot and not slots & set(case.slot))
            or (case.with_room and set(case.with_room) <= {key})
        )


def _choices(named: Iterable[Named]) -> Iterator[Choice]:
    return (Choice(one.key, one.name, one.name_en or one.name) for one in named)


def asked_questions(questions: Sequence[Question], looked_at: Set[str]) -> Iterator[AskedQuestion]:
    """The questions among those that are looked at, as they are asked; what the system knows by itself is not."""
    for one in questions:
        if one.key not in looked_at or one.answered_by == "system":
            continue
        yield AskedQuestion(
            one.key,
            one.name,
            one.name_en or one.name,
            "choice" if one.choices else "number" if one.unit else "yes_no",
            one.unit,
            tuple(_choices(one.choices)),
            one.usual,
            one.answered_by,
        )
