"""What an applicant is asked for a room: the questions of its rules, and the classes they may count themselves to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from facilities.details import Details, unfit_details
from facilities.errors import NoRulesYet
from facilities.models import RuleVersion
from facilities.ordinance import Asked, NoPrice, Rules
from facilities.ordinance.asking.early import class_counts, class_decides, early_questions
from facilities.ordinance.document.clauses import ApplicantClass
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, asked_for, price
from facilities.rules import rules_of

MOST_EXTRAS_PRICED = 200


@dataclass(frozen=True, slots=True)
class Questions:
    """What one applicant is asked for one room: ``classes`` is empty where there is nothing to choose."""

    asked: Asked
    classes: tuple[ApplicantClass, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the rules ask nothing at all."""
        asked = self.asked
        return not (
            self.classes
            or asked.questions
            or asked.purposes
            or asked.extras
            or asked.headcount
            or asked.when_cancelling
        )


NOTHING_ASKED = Questions(Asked((), (), (), False), ())


def questions_for(room: RoomFacts, day: date, *, own_class: str) -> Questions:
    """Return what an applicant of ``own_class`` (as stored) is asked. Raises NoRulesYet."""
    rules, asked = room.rules_on(day), asked_for(room, day)
    counts = class_counts(rules, facility=room.facility_key, room=room.key)
    return Questions(
        replace(asked, questions=tuple(one for one in asked.questions if one.answered_by == "applicant")),
        _to_choose(rules, own_class) if counts else (),
    )


def staff_questions_for(room: RoomFacts, day: date) -> Questions:
    """Return what staff who book for somebody are asked: also what only they know; every class. Raises NoRulesYet."""
    rules = room.rules_on(day)
    counts = class_counts(rules, facility=room.facility_key, room=room.key)
    return Questions(asked_for(room, day), tuple(rules.classes.values()) if counts else ())


def early_questions_for(room: RoomFacts, day: date, *, own_class: str, channel: str) -> Questions:
    """Return what decides whether the room can be had at all: asked before a day is chosen."""
    try:
        rules = room.rules_on(day)
    except NoRulesYet:
        return NOTHING_ASKED
    place = {"facility": room.facility_key, "room": room.key, "channel": channel}
    classes = _to_choose(rules, own_class) if class_decides(rules, **place) else ()
    return Questions(early_questions(rules, **place), classes)


def classes_to_say(rules: Rules, own_class: str) -> tuple[ApplicantClass, ...]:
    """Return the classes an applicant may count themselves to: those staff need not grant, and their own."""
    return tuple(one for one in rules.classes.values() if not one.granted or one.key == own_class)


def fitting_details(room: RoomFacts, day: date, details: Details, *, own_class: str) -> Details:
    """Return what of ``details``, said of another use, fits the room and day: the rest has to be said anew."""
    rules, asked = room.rules_on(day), asked_for(room, day)
    unfit = unfit_details(rules, asked, details, own_class=own_class, by_staff=False)
    wrong = {(one.part, one.key) for one in unfit}
    return replace(
        details,
        purpose="" if ("purpose", details.purpose) in wrong else details.purpose,
        applicant_class=""
        if ("applicant_class", details.applicant_class) in wrong
        else details.applicant_class,
        answers={key: one for key, one in details.answers.items() if ("answers", key) not in wrong},
        extras={key: one for key, one in details.extras.items() if ("extras", key) not in wrong},
    )


def _to_choose(rules: Rules, own_class: str) -> tuple[ApplicantClass, ...]:
    found = classes_to_say(rules, own_class)
    return found if len(found) > 1 else ()


def applicant_classes(day: date) -> tuple[ApplicantClass, ...]:
    """Return every class that some rules of the municipality know on a day, each key once."""
    versions = RuleVersion.objects.filter(withdrawn_at__isnull=True, effective_from__lte=day)
    newest = versions.order_by("rule_book_id", "-effective_from", "-number").distinct("rule_book_id")
    found: dict[str, ApplicantClass] = {}
    for version_id in newest.values_list("id", flat=True):
        for one in rules_of(version_id).document.applicant_classes:
            found.setdefault(one.key, one)
    return tuple(found.values())


def prices_of_extras(room: RoomFacts, day: date, starts: int, ends: int, asker: Asker) -> dict[str, int]:
    """Return what one of each extra costs beside this use, in yen, by key; those without a known price are left out."""
    found = {}
    for extra in asked_for(room, day).extras[:MOST_EXTRAS_PRICED]:
        with_one = replace(asker, details=replace(asker.details, extras={extra.key: 1}))
        try:
            quote = price(room, day, starts, ends, with_one)
        except NoPrice:
            continue
        if quote is not None:
            found[extra.key] = sum(line.yen for line in quote.lines if line.kind == extra.key)
    return found
