"""What is known of an application when rules are asked whether they fit it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from facilities.ordinance.document.clauses import NUMBERS_IN_CONDITIONS, Conditional, When
from facilities.ordinance.document.values import DateSpan, NumberSpan
from facilities.ordinance.holidays import DayBook

Given = str | bool | int
NUMBERS = (
    "headcount",
    "minutes",
    "slots",
    "run_day",
    "run_days",
    "days_ahead",
    "days_since_booking",
    "rooms",
    "room_number",
    "slot_number",
    "quantity",
    "capacity",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One use as conditions see it. What is None or empty is not known, and fits no condition.

    `slot` is the one that is priced, `slots` all of the time applied for. `numbers` are those of NUMBERS;
    `answers` those to the document's questions, `later` the questions that
    staff answer after the use.
    """

    book: DayBook
    who: str = ""
    purpose: str | None = None
    channel: str | None = None
    room: str | None = None
    with_room: Sequence[str] = ()
    with_extra: Collection[str] = ()
    exempted: Collection[str] = ()
    slot: str | None = None
    slots: Sequence[str] = ()
    day: date | None = None
    span: tuple[int, int] | None = None
    booked: date | None = None
    paid: date | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Given] = field(default_factory=dict)
    later: Collection[str] = ()

    def fits(self, cases: Sequence[When]) -> bool:
        """Whether any of the cases is this one."""
        return any(map(self._fits, cases))

    def meets(self, rule: Conditional) -> bool:
        """Whether the rule holds here: one of its `when` fits (or none is written), and no `unless`."""
        return (not rule.when or self.fits(rule.when)) and not (rule.unless and self.fits(rule.unless))

    def may_fit(self, case: When) -> bool:
        """Whether a case fits this one as far as it is known: what the time applied for decides may still fit."""
        numbers = self.numbers
        unknown: dict[str, Any] = {key: None for key in NUMBERS_IN_CONDITIONS if key not in numbers}
        known = (self.day, self.span, self.slot or self.slots or None)
        unknown |= {
            key: () for key, one in zip(("days", "within", "slot"), known, strict=True) if one is None
        }
        if not self.with_room:
            unknown["with_room"] = ()
        written = {key: getattr(case, key) for key in When.model_fields}
        return self._fits(When.model_construct(**{**written, **case.answers, **unknown}))

    def number(self, key: str) -> int | None:
        """A number that is known by its key: headcount and the like, or the answer to a question."""
        found = self.numbers[key] if key in self.numbers else self.answers.get(key)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def of_use(self, day: date, span: tuple[int, int], with_room: Sequence[str]) -> Facts:
        """These facts, of a use at a time."""
        return replace(self, day=day, span=span, with_room=with_room)

    def _fits(self, case: When) -> bool:
        if not (self._fits_words(case) and self._fits_time(case)):
            return False
        for key in case.numbers_written:
            if not self._in(key, getattr(case, key)):
                return False
        answers = case.__pydantic_extra__
        return not answers or all(self._answered(key, wanted) for key, wanted in answers.items())

    def _fits_words(self, case: When) -> bool:
        return not (
            (case.who and self.who not in case.who)
            or (case.purpose and self.purpose not in case.purpose)
            or (case.channel and self.channel not in case.channel)
            or (case.room and self.room not in case.room)
            or (case.slot and set(case.slot).isdisjoint((self.slot,) if self.slot else self.slots))
            or (case.with_room and not set(case.with_room) & set(self.with_room))
            or (case.with_extra and not set(case.with_extra) & set(self.with_extra))
            or (case.exempted and not set(case.exempted) & set(self.exempted))
        )

    def _fits_time(self, case: When) -> bool:
        if case.days and (self.day is None or not self.book.means(case.days, self.day)):
            return False
        if case.within and not (
            self.span and any(start <= self.span[0] and self.span[1] <= end for start, end in case.within)
        ):
            return False
        return _dated(case.booked, self.booked) and _dated(case.paid, self.paid)

    def _in(self, key: str, span: NumberSpan | None) -> bool:
        number = self.numbers.get(key)
        return span is None or (number is not None and span.holds(number))

    def _answered(self, key: str, wanted: Sequence[str | bool | NumberSpan]) -> bool:
        answer = self.answers.get(key)
        if answer is None:
            return False
        for one in wanted:
            if isinstance(one, NumberSpan):
                if not isinstance(answer, (bool, str)) and one.holds(answer):
                    return True
            elif one == answer and type(one) is type(answer):
                return True
        return False


def _dated(spans: Sequence[DateSpan], day: date | None) -> bool:
    return not spans or (day is not None and any(span.holds(day) for span in spans))


NOTHING = Facts(DayBook(()))
"""Facts of which nothing is known."""
