"""Until when one pays."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, around, named, say, together


def payment_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of due dates."""
    return chapters_of("payments", document.payments, Words("支払い", "Payment"), names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    due = [sentence for one in take.each("due") for sentence in _due(one)]
    return chapter(key, title, section(NOTHING, take.path, *due, *take.rest()))


def _due(take: Taking) -> list[Sentence]:
    cases, parts = conditions(take), list(take.each("instalments"))
    terms = _terms(take)
    words = say("支払いは{it}です。", "Payment: {it}.", it=terms or Words("定めなし", "not written"))
    if parts and not terms:
        words = Words("支払いは、次のように分けます。", "Payment in instalments:")
    if cases:
        words = say("{cases}は、", "{cases}: ", cases=cases) + words
    return [take.sentence(words + _unpaid(take)), *(_instalment(one) for one in parts)]


def _instalment(take: Taking) -> Sentence:
    amount = together([take.words("share"), take.words("yen")]) or Words("残り", "the rest")
    words = say(
        "{name}（{amount}）: {it}。",
        "{name} ({amount}): {it}.",
        name=named(take.part),
        amount=amount,
        it=_terms(take) or Words("期限の定めなし", "no due date"),
    )
    return take.sentence(words + _unpaid(take) + around("（{it}）", " ({it})", conditions(take)))


def _unpaid(take: Taking) -> Words:
    return around("過ぎたら、{it}。", " After that, {it}.", take.unusual("unpaid", "staff"))


def _terms(take: Taking) -> Words:
    """Until when: the earliest of what is written."""
    ends = [
        around(
            "申込みから{it}開館日以内",
            "within {it} open days after booking",
            take.get("open_days_after_booking"),
        ),
        around("申込みから{it}日以内", "within {it} days after booking", take.get("days_after_booking")),
        around("許可から{it}日以内", "within {it} days after approval", take.get("days_after_approval")),
        _month("申込み", "booking", take, "months_after_booking"),
        around("利用から{it}日以内", "within {it} days after the use", take.get("days_after_use")),
        _month("利用", "the use", take, "months_after_use"),
        take.words("closes"),
        Words("利用の後でもよい（後納）", "also after the use (deferred)")
        if take.get("deferred")
        else NOTHING,
    ]
    words = together(ends, "と", " and ")
    if len([one for one in ends if one]) > 1:
        words = say("{it}のうち早いほう", "{it}, whichever is earlier", it=words)
    if not words:
        return words
    moved = [
        around("休館日のときは{it}", "if closed, {it}", take.words("if_closed")),
        around("開館日として数えるのは{it}", "open days are {it}", take.words("open_on")),
    ]
    return with_more(words, together(moved))


def _month(ja: str, en: str, take: Taking, field: str) -> Words:
    months = take.get(field)
    if months is None:
        return NOTHING
    day = take.unusual("day", "same")
    when = say("{n}か月後の月", "{n} months later", n=months) if months else Words("同じ月", "the same month")
    on = say("の{day}まで", ", {day}", day=day) if day else Words("の同じ日まで", ", the same day")
    return say("{of}から{when}{on}", "{of}: {when}{on}", of=Words(ja, en), when=when, on=on)
