"""Who may apply from when until when, lotteries, limits and refusals."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Row, Sentence, Table, cell, chapter, section, table
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, same, say, together

_DASH = Words("—", "—")
_EVERYONE = Words("だれでも", "everyone")


def application_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each way to apply."""
    return chapters_of(
        "applications", document.applications, Words("申込み", "Applications"), names, _chapter
    )


def _chapter(key: str, title: Words, take: Taking) -> Chapter:
    windows, lottery = list(take.each("windows")), list(take.each("lottery"))
    limits = [_limit(one) for one in take.each("limits")]
    refusals = [_refusal(one) for one in take.each("refuses")]
    path = take.path
    return chapter(
        key,
        title,
        section(
            Words("申込みの期間", "When to apply"), (*path, "windows"), *_windows(windows, (*path, "windows"))
        ),
        section(
            Words("抽選", "Lottery"), (*path, "lottery"), *(told for one in lottery for told in _lottery(one))
        ),
        section(Words("持てる数の限度", "Limits"), (*path, "limits"), *limits),
        section(Words("断る場合", "Refusals"), (*path, "refuses"), *refusals),
        section(Words("そのほか", "Other"), path, *take.rest()),
    )


def _windows(windows: list[Taking], path: tuple[str | int, ...]) -> list[Sentence | Table]:
    reception = any(one.get("reception") for one in windows)
    rows: list[Row] = []
    for one in windows:
        who, cases = one.words("who"), conditions(one)
        cells = [
            cell(together([who, cases], "で、", "; ") or _EVERYONE, heading=True),
            cell(one.words("channels") or Words("すべて", "any")),
            cell(one.words("opens")),
            cell(one.words("closes")),
        ]
        cells += (
            [cell(together(_reception(each) for each in one.each("reception")) or _DASH)] if reception else []
        )
        rows.append(one.row(*cells))
    head = [
        Words("だれが", "Who"),
        Words("受付の方法", "By"),
        Words("いつから", "From"),
        Words("いつまで", "Until"),
    ]
    head += [Words("受付の時間", "Received")] if reception else []
    tables: list[Sentence | Table] = (
        [table(Words("申込みの期間", "When to apply"), tuple(head), rows, path)] if rows else []
    )
    if len(windows) > 1:
        note = Words(
            "上から見て、最初に当たったものを使います。どれにも当たらない人や方法は、申し込めません。",
            "The first that fits counts; where none fits, nobody can apply.",
        )
        tables.append(Sentence(note.ja, note.en, None, path))
    return tables


def _reception(take: Taking) -> Words:
    words = together([take.words("days") or Words("毎日", "every day"), take.words("time")], " ", " ")
    source = take.rest()
    extra = [same(text) for one in source for text in (one.article, one.note) if text]
    return together([words, *(Words(one.ja, one.en) for one in source), *extra])


def _lottery(take: Taking) -> list[Sentence]:
    cases = conditions(take)
    priorities = list(take.each("priorities"))
    words = say(
        "{opens}、{closes}の申込みは、先後を問わず抽選です。",
        "Applications {opens} {closes} are drawn by lot.",
        opens=take.words("opens"),
        closes=take.words("closes"),
    )
    if cases:
        words = say("対象は{cases}です。", "For: {cases}. ", cases=cases) + words
    if getattr(take.part, "name", None):
        words = say("{name}: ", "{name}: ", name=named(take.part)) + words
    for field, ja, en in (
        ("draw", "抽選日: {it}。", " Draw: {it}."),
        ("announced", "発表: {it}。", " Result: {it}."),
    ):
        it = take.words(field)
        words += say(ja, en, it=_point(it)) if it else NOTHING
    return [take.sentence(words), *(_priority(one, place) for place, one in enumerate(priorities, 1))]


def _point(words: Words) -> Words:
    """A moment as such: 2か月前の月の16日, without から."""
    head_ja, _, tail_ja = words.ja.partition("から")
    return Words(head_ja + tail_ja, words.en.removeprefix("from "))


def _priority(take: Taking, place: int) -> Sentence:
    cases = conditions(take)
    words = say("優先{n}: {name}", "Priority {n}: {name}", n=place, name=named(take.part))
    return take.sentence(together([words, cases], "。", "; ") if cases else words)


def _limit(take: Taking) -> Sentence:
    most, of, days, per = take.get("at_most"), take.words("of"), take.get("per_days"), take.words("per")
    cases = conditions(take)
    period = together([per, say("続く{n}日", "any {n} days in a row", n=days) if days else NOTHING])
    words = say(
        "{name}: {period}{n}{of}まで。",
        "{name}: at most {n} {of}{period}.",
        name=named(take.part),
        period=say("{it}に", " {it}", it=period) if period else NOTHING,
        n=f"{most:,}",
        of=of,
    )
    if cases:
        words += say("数えるのは、{cases}。", " Counts: {cases}.", cases=cases)
    return take.sentence(words)


def _refusal(take: Taking) -> Sentence:
    words = say("{name}。", "{name}.", name=named(take.part))
    cases = conditions(take)
    return take.sentence(
        words + say("断るのは、{cases}。", " Refused: {cases}.", cases=cases) if cases else words
    )
