"""One use under two sets of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from booking.repricing.days import Calendar
from booking.repricing.uses import PastUse
from facilities.ordinance import OrdinanceError, Quote, Reason, Rules, Use, quote_uses
from facilities.ordinance.applying.windows import against_use

Verdict = Literal["compared", "gone", "unpriced", "baseless"]
"""What became of a use: ``compared``: priced under both rules. ``gone``: the tried rules do not lend this room at this
time (closed, no such time, no such room, a purpose they refuse). ``unpriced``: they lend it and give no price (staff
decide, or an answer is missing). ``baseless``: already the rules it had give no price."""

# A program's application counts as one over the internet.
_CHANNELS = {"api": "web"}
_NO_ROOM = {"unknown_facility", "unknown_room"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What rules say of one use on one day: its price, or the code of why there is none; and what speaks against the
    time itself."""

    quote: Quote | None
    code: str
    against: tuple[Reason, ...]

    @property
    def in_short(self) -> tuple[int | None, int | None, str, bool]:
        """What counts when two days are to be the same to the rules."""
        found = self.quote
        return (
            found.total_yen if found else None,
            found.before_exemption_yen if found else None,
            self.code,
            bool(self.against),
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """A use, the day on which both rules were asked, their answers, and why it is not compared (``code``)."""

    use: PastUse
    day: date
    old: Answer
    new: Answer
    verdict: Verdict
    code: str = ""
    reasons: tuple[Reason, ...] = ()

    @property
    def difference_yen(self) -> int:
        """What the use costs more (negative: less) under the tried rules; 0 where it is not compared."""
        if self.verdict != "compared" or self.old.quote is None or self.new.quote is None:
            return 0
        return self.new.quote.total_yen - self.old.quote.total_yen


class Trial:
    """Rules that are tried on past uses."""

    def __init__(self, *, old: Mapping[int, Rules], new: Rules, first: date | None = None) -> None:
        """``old`` are the rules by the id of their version (one that is missing cannot be read any more); ``first``:
        when the new ones begin, unless their document says so."""
        self._old = old
        self._new = new
        self.first = first or new.effective_from
        self._calendar = Calendar(new.book, self.first)

    def compare(self, use: PastUse) -> Comparison:
        """Price a use under the rules it had and under the tried ones, on the same day.

        Of the corresponding days the first is taken on which the rules it had say the same as on the real day: so a
        closure or a season that merely fell elsewhere is not taken for a change of the rules. Where there is none
        (their own prices change by date), the most similar day.
        """
        rules = self._old.get(use.rule_version_id)
        if rules is None:
            unread = Answer(None, "rules_unreadable", ())
            return Comparison(use, use.day, unread, unread, "baseless", unread.code)
        asked = ask(rules, use, use.day)
        days = self._calendar.days_like(use.day)
        day, old = use.day, asked
        if days != (use.day,):
            answers = ((one, ask(rules, use, one)) for one in days)
            fits = (pair for pair in answers if pair[1].in_short == asked.in_short)
            day, old = next(fits, None) or (days[0], ask(rules, use, days[0]))
        new = ask(self._new, use, day)
        verdict, code, reasons = _judge(old, new)
        return Comparison(use, day, old, new, verdict, code, reasons)


def ask(rules: Rules, use: PastUse, day: date) -> Answer:
    """Ask rules about a use as if it were on ``day``; the day of booking moves with it. Never raises."""
    moved = Use(
        use.room,
        day,
        use.starts + use.early_minutes,
        use.ends - use.extension_minutes,
        use.purpose,
        use.early_minutes,
        use.extension_minutes,
        use.extras,
    )
    facts: dict[str, Any] = {
        "facility": use.facility,
        "applicant_class": rules.class_of(use.applicant_class),
        "channel": _CHANNELS.get(use.channel, use.channel),
        "booked_on": _moved(use.booked_on, day - use.day),
        "headcount": use.headcount,
        "answers": use.answers,
    }
    try:
        against = against_use(rules, use=moved, **facts)
    except OrdinanceError as error:  # no such hall, no such room
        return Answer(None, error.code, ())
    try:
        quote = quote_uses(rules, uses=(moved,), grants=use.grants, **facts)
    except OrdinanceError as error:
        return Answer(None, error.code, against)
    return Answer(quote, "", against)


def _moved(day: date, shift: timedelta) -> date:
    try:
        return day + shift
    except OverflowError:
        return day


def _judge(old: Answer, new: Answer) -> tuple[Verdict, str, tuple[Reason, ...]]:
    if new.code in _NO_ROOM:
        return "gone", new.code, ()
    if (
        new.against and not old.against
    ):  # what staff took against the old rules too is not lost by the new ones
        return "gone", "outside_rules", new.against
    if old.quote is None:
        return "baseless", old.code, ()
    if new.quote is None:
        return "unpriced", new.code, ()
    return "compared", "", ()
