"""Until when one pays."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, say, together


def payment_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of due dates."""
    return chapters_of("payments", document.payments, Words("支払い", "Payment"), names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    due = [_due(one) for one in take.each("due")]
    return chapter(key, title, section(NOTHING, take.path, *due, *take.rest()))


def _due(take: Taking) -> Sentence:
    cases = conditions(take)
    open_days, days, closes = (
        take.get(one) for one in ("open_days_after_booking", "days_after_booking", "closes")
    )
    ends = [
        say("申込みから{n}開館日以内", "within {n} open days after booking", n=open_days)
        if open_days is not None
        else NOTHING,
        say("申込みから{n}日以内", "within {n} days after booking", n=days) if days is not None else NOTHING,
        take.words("closes") if closes is not None else NOTHING,
        Words("利用の後でもよい（後納）", "also after the use (deferred)")
        if take.get("deferred")
        else NOTHING,
    ]
    words = together(ends, "と", " and ")
    if len([one for one in ends if one]) > 1:
        words = say("{it}のうち早いほう", "{it}, whichever is earlier", it=words)
    words = say("支払いは{it}です。", "Payment: {it}.", it=words or Words("定めなし", "not written"))
    if cases:
        words = say("{cases}は、", "{cases}: ", cases=cases) + words
    unpaid = take.get("unpaid")
    if unpaid and unpaid != "staff":
        words += say("過ぎたら、{it}。", " After that, {it}.", it=take.words("unpaid"))
    return take.sentence(words)
