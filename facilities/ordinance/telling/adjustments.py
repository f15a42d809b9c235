"""Surcharges and discounts by a share, and how several go together."""

from __future__ import annotations

from fractions import Fraction

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Sentence, chapter, section
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, say, together


def adjustment_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of surcharges and discounts."""
    return chapters_of(
        "adjustments", document.adjustments, Words("割増と割引", "Surcharges and discounts"), names, _chapter
    )


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    return chapter(key, title, section(NOTHING, take.path, *_told(take, NOTHING)))


def _told(take: Taking, above: Words) -> list[Sentence]:
    """One adjustment; a group with its rows behind it, each under the group's name."""
    rows = list(take.each("rows"))
    name = named(take.part) if getattr(take.part, "name", None) else NOTHING
    if not rows:
        return [take.sentence(_one(take, together([above, name], " — ", " — ")))]
    title = together([above, name], " — ", " — ")
    stack = take.words("stack")
    how = say(
        "次の{n}つのうち、二つ以上に当たるとき：{stack}。",
        "Where two or more of the next {n} fit: {stack}.",
        n=len(rows),
        stack=stack,
    )
    cases = conditions(take)
    if cases:
        how = say("{cases}。", "{cases}. ", cases=cases) + how
    if title:
        how = say("{title}: {how}", "{title}: {how}", title=title, how=how)
    return [take.sentence(how + _to(take)), *(one for row in rows for one in _told(row, title))]


def _one(take: Taking, name: Words) -> Words:
    cases = conditions(take)
    words = together([_change(take), NOTHING], "、") + _to(take)
    case = cases or Words("いつでも", "always")
    if not name or name.ja == cases.ja:
        return say("{case}は、{words}", "{case}: {words}", case=case, words=words)
    return say("{name}（{case}）は、{words}", "{name} ({case}): {words}", name=name, case=case, words=words)


def _change(take: Taking) -> Words:
    add, less, times, hidden = (take.get(one) for one in ("add", "take", "times", "not_shown"))
    found = [
        say("{it}を加えます。", "{it} is added.", it=figures.surcharge(add)) if add is not None else NOTHING,
        say("{it}を引きます。", "{it} is taken off.", it=figures.surcharge(less))
        if less is not None
        else NOTHING,
        _times(times) if times is not None else NOTHING,
        Words(
            "出典に率が見えないので、職員が決めます。", "the share is not shown in the source; staff decide."
        )
        if hidden
        else NOTHING,
    ]
    return together(found) or Words("額は変わりません。", "the price stays.")


def _times(times: Fraction) -> Words:
    if not times:
        return Words("無料です。", "free of charge.")
    if times == 1:
        return Words("額は変わりません（1倍）。", "the price stays (1 time).")
    share = figures.share(times)
    if times > 1:
        return say(
            "額を{it}にします。",
            "the price is multiplied by {n}.",
            it=share,
            n=share.en.removesuffix(" times"),
        )
    return say("額を{it}にします。", "the price becomes {it}.", it=share)


def _to(take: Taking) -> Words:
    to, during, most = take.words("to"), take.words("during"), take.get("at_most")
    rounding = take.words("rounding")
    found = [
        say("変えるもの: {to}", "changes: {to}", to=to) if to else NOTHING,
        say("{time}の分だけ", "only the part during {time}", time=during) if during else NOTHING,
        say("加えるのは{it}まで", "at most {it} is added", it=figures.surcharge(most))
        if most is not None
        else NOTHING,
        say("端数: {it}", "fractions: {it}", it=rounding) if rounding else NOTHING,
    ]
    more = together(found)
    return say("（{more}）", " ({more})", more=more) if more else NOTHING
