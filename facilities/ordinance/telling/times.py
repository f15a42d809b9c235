"""In what pieces time is rented: slots, hours, extra time."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Row, Sentence, Table, cell, chapter, section, table
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, say, together


def time_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each way to rent time."""
    return chapters_of("times", document.times, Words("貸す時間", "Time to rent"), names, _chapter)


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    slots, hours, extension = (list(take.each(field)) for field in ("slots", "hours", "extension"))
    parts: list[Sentence | Table] = []
    if slots:
        parts.append(_slots(slots, (*take.path, "slots")))
    parts += [_hours(one) for one in hours]
    parts += [_extension(one) for one in extension]
    return chapter(key, title, section(NOTHING, take.path, *parts, *take.rest()))


def _slots(slots: list[Taking], path: tuple[str | int, ...]) -> Table:
    days, combined = (any(one.words(field) for one in slots) for field in ("days", "combines"))
    head = [Words("区分", "Slot"), Words("時間", "Time")]
    head += [Words("貸す日", "Days")] if days else []
    head += [Words("まとめる区分", "Combines")] if combined else []
    rows: list[Row] = []
    for one in slots:
        cells = [cell(named(one.part), heading=True), cell(figures.span(one.get("time")))]
        cells += [cell(one.words("days") or Words("毎日", "Every day"))] if days else []
        cells += [cell(one.words("combines") or Words("—", "—"))] if combined else []
        rows.append(one.row(*cells))
    return table(Words("区分", "Slots"), tuple(head), rows, path)


def _hours(take: Taking) -> Sentence:
    step, least, most, whole = (take.get(one) for one in ("step", "minimum", "maximum", "counts_as"))
    words = [
        say("{it}ごとに貸します", "Lent in steps of {it}", it=figures.minutes(step)),
        say("一回は{it}以上です", "at least {it} each time", it=figures.minutes(least)) if least else NOTHING,
        say("一回は{it}までです", "at most {it} each time", it=figures.minutes(most)) if most else NOTHING,
        say(
            "{it}に満たない時間は{it}と数えます",
            "a part of {it} counts as a whole one",
            it=figures.minutes(whole),
        ),
    ]
    return take.sentence(together(words, "。", "; ") + Words("。", "."))


def _extension(take: Taking) -> Sentence:
    most, until, before = take.get("maximum"), take.get("until"), take.get("before")
    share, yen = take.get("share"), take.get("yen")
    of = take.words("share_of") if share is not None else NOTHING
    prices = [
        say("{of}の{share}", "{share} of {of}", of=of, share=figures.share(share)) if of else NOTHING,
        figures.yen(yen) if yen is not None else NOTHING,
    ]
    price = together(prices) or Words("額の定めなし", "no price is written")
    words = [
        say(
            "延長は{it}ごとで、{price}です",
            "Extra time in steps of {it}: {price}",
            it=take.words("step"),
            price=price,
        ),
        say("{it}まで延ばせます", "at most {it}", it=figures.minutes(most)) if most else NOTHING,
        say("{it}を過ぎることはできません", "not beyond {it}", it=figures.clock(until))
        if until is not None
        else NOTHING,
        Words("使い始めを早めることもできます", "also before the use") if before else NOTHING,
    ]
    return take.sentence(together(words, "。", "; ") + Words("。", "."))
