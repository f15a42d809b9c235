"""What conditions and moments must keep: they name what the document knows, and can be answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from facilities.ordinance.document.application_clauses import (
    Limit,
    Lottery,
    Moment,
    Need,
    Priority,
    Refusal,
    Until,
    Window,
)
from facilities.ordinance.document.calendar_clauses import Closure, HoursException, HourTime, SlotTime
from facilities.ordinance.document.cancellation_clauses import Offence
from facilities.ordinance.document.clauses import Days, Part, Question, When
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.document.review_clauses import Review
from facilities.ordinance.document.values import Answer, NumberSpan
from facilities.ordinance.reading.mistakes import Mistake, days_mistakes, refers, walk
from facilities.ordinance.reading.problems import Path


def check_conditions(document: Ordinance) -> Iterator[Mistake]:
    """Every `when` and `unless` of a document, and its questions."""
    questions = {one.key: one for one in document.questions}
    purposes = [one.key for one in document.purposes]
    purposes += [one.key for hall in document.facilities for one in hall.prohibited]
    rooms = [room.key for hall in document.facilities for room in hall.rooms]
    known = {
        "who": [one.key for one in document.applicant_classes],
        "purpose": purposes,
        "room": rooms,
        "with_room": rooms,
        "slot": [slot.key for time in document.times.values() for slot in time.slots],
        "with_extra": [extra.key for extras in document.extras.values() for extra in extras],
        "exempted": [ground.key for grounds in document.exemptions.values() for ground in grounds],
    }
    for index, question in enumerate(document.questions):
        yield from _question(question, ("questions", index))
    for part, path in walk(document):
        if isinstance(part, When):
            for name, keys in known.items():
                for key in getattr(part, name):
                    yield from refers(key, keys, (*path, name))
            yield from days_mistakes(part.days, (*path, "days"))
            yield from _answers(part, questions, path)


_OF_TIME = {"who", "purpose", "channel", "room", "with_room", "days", "within", "booked"}
_NUMBERS = {"headcount", "minutes", "run_day", "run_days", "days_ahead", "rooms"}
_APPLYING = _OF_TIME | _NUMBERS | {"slot", "slots"}
_ENTRY = {"who", "purpose", "channel", "room", "days", "within"}
_KNOWN: tuple[tuple[type[Part], set[str]], ...] = (
    (Window, _APPLYING),
    (Refusal, _APPLYING),
    (Review, _APPLYING),
    (Limit, _APPLYING),
    (Lottery, _ENTRY),
    (Priority, _ENTRY - {"channel"}),
    (SlotTime, _OF_TIME | _NUMBERS),
    (HourTime, _OF_TIME | _NUMBERS),
    (HoursException, _APPLYING),
    (Closure, _APPLYING),
    (Offence, {"who", "purpose", "days_ahead"}),
    (Need, {"headcount", "days"}),
)


def check_applying(document: Ordinance) -> Iterator[Mistake]:
    """No condition asks for what is never known where it stands: it would never hold, and nobody would see."""
    for part, path in walk(document):
        known = next((fields for kind, fields in _KNOWN if isinstance(part, kind)), None)
        if known is None:
            continue
        for field in ("when", "unless", "open_for"):
            for index, case in enumerate(getattr(part, field, ())):
                asks = case.model_fields_set & set(When.model_fields) if isinstance(case, When) else ()
                for name in sorted(set(asks) - known):
                    listed = "、".join(sorted(known))
                    yield (
                        (*path, field, index, name),
                        f"ここでは {name} は分かりません。使えるのは {listed} と、文書の questions です。",
                        f"{name} is not known here. Use {', '.join(sorted(known))}, or one of the questions.",
                    )


def check_days(document: Ordinance) -> Iterator[Mistake]:
    """Every `kind` of day is named, names do not lead in a circle, `since` and `until` stand together."""
    for part, path in walk(document):
        if isinstance(part, Days):
            for key in part.kind:
                yield from refers(key, document.day_kinds, (*path, "kind"))
            if bool(part.since) != bool(part.until):
                yield path, "since と until は両方書いてください。", "Write both since and until."
    for name, days in document.day_kinds.items():
        yield from days_mistakes(days, ("day_kinds", name))
        if name in _leads_to(name, document):
            yield (
                ("day_kinds", name),
                f"「{name}」が自分自身を指しています。",
                f"“{name}” leads back to itself.",
            )


def _leads_to(name: str, document: Ordinance) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        for part, _ in walk(document.day_kinds.get(ahead.pop(), ())):
            new = set(part.kind) - found if isinstance(part, Days) else set()
            found |= new
            ahead += new
    return found


_OF_USE = frozenset({"slot", "within", "minutes", "slots", "run_day", "run_days", "slot_number", "quantity"})
_OF_BOOKING = frozenset({"with_room", "with_extra", "exempted", "paid", "rooms", "room_number"})
_NEVER_KNOWN: tuple[tuple[str, frozenset[str]], ...] = (
    ("cancellations", _OF_USE | _OF_BOOKING),
    ("payments", _OF_USE | _OF_BOOKING | {"days_since_booking"}),
    ("adjustments", frozenset({"days_since_booking"})),
    ("exemptions", frozenset({"days_since_booking"})),
    ("totals", frozenset({"days_since_booking"})),
    ("extras", frozenset({"days_since_booking"})),
)


def check_known(document: Ordinance) -> Iterator[Mistake]:
    """No condition looks at what is never known where it stands: it would never fit, and nobody would see."""
    places: list[tuple[Any, frozenset[str], Path]] = [
        (getattr(document, field), unknown, (field,)) for field, unknown in _NEVER_KNOWN
    ]
    for index, hall in enumerate(document.facilities):
        here: Path = ("facilities", index)
        places.append((hall.totals, dict(_NEVER_KNOWN)["totals"], (*here, "totals")))
        for number, room in enumerate(hall.rooms):
            no_fee = frozenset({"days_since_booking", "quantity"})
            places.append((room.fee, no_fee, (*here, "rooms", number, "fee")))
    for parts, unknown, path in places:
        for part, where in walk(parts, path):
            written = part.model_fields_set & unknown if isinstance(part, When) else set()
            for name in sorted(written):
                known = "、".join(one for one in When.model_fields if one not in unknown)
                yield (
                    (*where, name),
                    f"ここでは「{name}」は分かりません。使えるのは {known} と、質問の key です。",
                    f"“{name}” is not known here. There is: {known}, and keys of questions.",
                )


_WAYS = ("months_before", "weeks_before", "days_before", "open_days_before", "each_year")
_BEFORE_START = ("minutes_before_start", "hours_before_start")


def check_moments(document: Ordinance) -> Iterator[Mistake]:
    """Every moment is counted back in exactly one way."""
    for part, path in walk(document):
        if not isinstance(part, Moment):
            continue
        ways = (*_WAYS, *_BEFORE_START) if isinstance(part, Until) else _WAYS
        if sum(getattr(part, one) is not None for one in ways) != 1:
            listed = "、".join(ways)
            yield path, f"{listed} のどれか一つを書いてください。", f"Write one of {', '.join(ways)}."
        yield from days_mistakes(part.on, (*path, "on"))
        yield from days_mistakes(part.open_on, (*path, "open_on"))
        if part.each_year is not None and part.each_year.first != part.each_year.last:
            yield (
                (*path, "each_year"),
                "一つの日を 10-01 の形で書いてください。",
                "Write one day, as 10-01.",
            )


def _question(question: Question, path: Path) -> Iterator[Mistake]:
    if question.key in When.model_fields:
        yield (
            (*path, "key"),
            f"「{question.key}」は初めからある項目なので、質問の key には使えません。",
            f"“{question.key}” is taken; choose another key.",
        )
    if question.choices and question.unit:
        yield path, "choices と unit のどちらか一つにしてください。", "Write either choices or unit."
    if question.usual is not None:
        wanted: Answer = _as_answer(question.usual)
        yield from _one_answer(question, (wanted,), (*path, "usual"))


def _as_answer(usual: str | bool | int) -> Answer:
    return NumberSpan(usual, usual) if isinstance(usual, int) and not isinstance(usual, bool) else usual


def _answers(when: When, questions: dict[str, Question], path: Path) -> Iterator[Mistake]:
    if not when.model_fields_set:
        yield path, "どの場合かを書いてください。", "Say in which cases."
    for key, answers in when.answers.items():
        fields = [*questions, *When.model_fields]
        yield from refers(key, fields, (*path, key))
        if key in questions:
            yield from _one_answer(questions[key], answers, (*path, key))


def _one_answer(question: Question, answers: Sequence[Answer], path: Path) -> Iterator[Mistake]:
    for answer in answers:
        if question.choices:
            yield from refers(str(answer), (one.key for one in question.choices), path)
        elif question.unit and not isinstance(answer, NumberSpan):
            yield path, "数で書いてください (5、1000..2999 など)。", "Write numbers here: 5, 1000..2999."
        elif not question.unit and not isinstance(answer, bool):
            yield path, "true か false で書いてください。", "Write true or false."
