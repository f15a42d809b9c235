"""In what pieces time is rented: slots, hours, extra time."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import Chapter, Row, Sentence, Table, cell, chapter, section, table
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.days import say_days
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, around, named, say, together

_DASH = Words("—", "—")


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
    run = take.one("run")
    parts += [_run(run)] if run else []
    return chapter(key, title, section(NOTHING, take.path, *parts, *take.rest()))


def _slots(slots: list[Taking], path: tuple[str | int, ...]) -> Table:
    columns = {
        "days": (Words("貸す日", "Days"), [one.words("days") for one in slots], Words("毎日", "Every day")),
        "cases": (Words("場合", "Case"), [conditions(one) for one in slots], _DASH),
        "combines": (Words("まとめる区分", "Combines"), [one.words("combines") for one in slots], _DASH),
    }
    shown = [column for column in columns.values() if any(column[1])]
    rows: list[Row] = []
    for place, one in enumerate(slots):
        cells = [cell(named(one.part), heading=True), cell(figures.span(one.get("time")))]
        rows.append(one.row(*cells, *(cell(words[place] or empty) for _, words, empty in shown)))
    head = (Words("区分", "Slot"), Words("時間", "Time"), *(title for title, _, _ in shown))
    return table(Words("区分", "Slots"), head, rows, path)


def _hours(take: Taking) -> Sentence:
    counted = take.get("counted_from")
    words = [
        around("{it}ごとに貸します", "Lent in steps of {it}", take.words("step")),
        around("始まりは{it}ごとです", "beginning every {it}", take.words("start_step")),
        Words("刻みは時計の0時から数えます", "counted from midnight") if counted == "clock" else NOTHING,
        around("一回は{it}以上です", "at least {it} each time", take.words("minimum")),
        around("一回は{it}までです", "at most {it} each time", take.words("maximum")),
        around(
            "{it}に満たない時間は、{it}と数えます",
            "a part of {it} counts as a whole one",
            take.words("counts_as"),
        ),
    ]
    return take.sentence(_where(take) + together(words, "。", "; ") + Words("。", "."))


def _where(take: Taking) -> Words:
    """On which days, at what hours, in which cases a rule of time holds."""
    days, time = say_days(take.get("days") or (), take.names), take.words("time")
    where = together([days, time, conditions(take)], "で、", ", ")
    return say("{where}: ", "{where}: ", where=where) if where else NOTHING


def _extension(take: Taking) -> Sentence:
    before, after, counts = take.get("before"), take.get("after", True), take.get("counts", "up")
    words = [
        around("延長は{it}ごとです", "Extra time in steps of {it}", take.words("step")),
        around("額は{it}です", "price: {it}", _price(take)),
        take.words("counts") if counts != "up" else NOTHING,
        around("{it}まで延ばせます", "at most {it}", take.words("maximum")),
        around("{it}より前にはできません", "not before {it}", take.words("since")),
        around("{it}を過ぎることはできません", "not beyond {it}", take.words("until")),
        _SIDES.get((bool(before), bool(after)), NOTHING),
    ]
    return take.sentence(_where(take) + together(words, "。", "; ") + Words("。", "."))


_SIDES = {
    (True, True): Words("使い始めを早めることもできます", "also before the use"),
    (True, False): Words("使い始めを早めるときだけです", "only before the use"),
    (False, False): Words("前にも後にもできません", "neither before nor after"),
}


def _price(take: Taking) -> Words:
    share, yen = take.get("share"), take.get("yen")
    of = take.words("share_of") if share is not None else NOTHING
    prices = [
        say("{of}の{share}", "{share} of {of}", of=of, share=figures.share(share)) if of else NOTHING,
        figures.yen(yen) if yen is not None else NOTHING,
    ]
    return together(prices) or Words("額の定めなし", "no price is written")


def _run(take: Taking) -> Sentence:
    least, most, step = take.get("minimum"), take.get("maximum"), take.get("step")
    starts, ends = (say_days(take.get(one) or (), take.names) for one in ("starts", "ends"))
    words = [
        Words("日を続けて使えます", "Days in a row"),
        say("{n}日以上です", "at least {n} days", n=least) if least else NOTHING,
        say("{n}日までです", "at most {n} days", n=most) if most else NOTHING,
        say("{n}日ごとです", "in steps of {n} days", n=step) if step and step > 1 else NOTHING,
        say("始められるのは{days}です", "beginning on {days}", days=starts) if starts else NOTHING,
        say("終われるのは{days}です", "ending on {days}", days=ends) if ends else NOTHING,
    ]
    return take.sentence(together(words, "。", "; ") + Words("。", "."))
