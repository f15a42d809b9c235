"""Who may apply from when until when, lotteries, limits and refusals."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Row, Sentence, Table, cell, chapter, section, table
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.reviews import permit, review
from facilities.ordinance.telling.sets import chapters_of
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.waiting import waiting_terms
from facilities.ordinance.telling.words import NOTHING, Words, around, flag, named, same, say, together

_DASH = Words("—", "—")
_EVERYONE = Words("だれでも", "everyone")
_ANY = Words("すべて", "any")
_IN_ORDER = Words(
    "上から見て、最初に当たったものを使います。どれにも当たらない人や方法は、申し込めません。",
    "The first that fits counts; where none fits, nobody can apply.",
)


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
        section(Words("審査", "Review"), (*path, "reviews"), *map(review, take.each("reviews"))),
        section(
            Words("許可書", "Permit"),
            (*path, "permit"),
            *(told for one in take.each("permit") for told in permit(one)),
        ),
        section(
            Words("空き待ち", "Waiting list"), (*path, "waiting"), *map(waiting_terms, take.each("waiting"))
        ),
        section(Words("そのほか", "Other"), path, *_runs(take), *take.rest()),
    )


def _runs(take: Taking) -> list[Sentence]:
    if take.get("run_from", "first") == "first":
        return []
    words = say("続けて使うときは、{it}。", "Use of several days: {it}.", it=take.words("run_from"))
    return [Sentence(words.ja, words.en, None, (*take.path, "run_from"))]


def _windows(windows: list[Taking], path: tuple[str | int, ...]) -> list[Sentence | Table]:
    if not windows:
        return []
    periods = [each for one in windows for each in (one, *one.each("again"))]
    reception = any(one.get("reception") for one in periods)
    rows: list[Row] = []
    for one in windows:
        who, channels = together([one.words("who"), conditions(one)], "で、", "; "), one.words("channels")
        again = list(one.each("again"))
        rows.append(_window(one, who or _EVERYONE, channels or _ANY, reception))
        more = say("{who}（再び）", "{who} (again)", who=who or _EVERYONE)
        rows += [_window(each, more, channels or _ANY, reception) for each in again]
    head = [
        Words("だれが", "Who"),
        Words("受付の方法", "By"),
        Words("いつから", "From"),
        Words("いつまで", "Until"),
    ]
    head += [Words("受付の時間", "Received")] if reception else []
    shown = table(Words("申込みの期間", "When to apply"), tuple(head), rows, path)
    note = [Sentence(_IN_ORDER.ja, _IN_ORDER.en, None, path)] if len(windows) > 1 else []
    return [shown, *note]


def _window(take: Taking, who: Words, channels: Words, reception: bool) -> Row:
    cells = [cell(who, heading=True), cell(channels), cell(take.words("opens")), cell(take.words("closes"))]
    times = together(_reception(each) for each in take.each("reception")) or _DASH
    return take.row(*cells, *([cell(times)] if reception else []))


def _reception(take: Taking) -> Words:
    days = take.words("days") or Words("毎日", "every day")
    if take.get("open_days"):
        days = say("{days}（開館日だけ）", "{days} (open days only)", days=days)
    words = together([days, take.words("time")], " ", " ")
    source = take.rest()
    extra = [same(text) for one in source for text in (one.article, one.note) if text]
    return together([words, *(Words(one.ja, one.en) for one in source), *extra])


def _lottery(take: Taking) -> list[Sentence]:
    cases = conditions(take)
    priorities = list(take.each("priorities"))
    words = say(
        "{opens}、{closes}の申込みは、先後を問わず{method}で決めます。",
        "Applications {opens} {closes} are of equal rank; decided: {method}.",
        method=_METHODS.get(take.get("method", "lot")) or take.words("method"),
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
    confirm = take.one("confirm")
    told = [take.sentence(words), *(_priority(one, place) for place, one in enumerate(priorities, 1))]
    return [*told, _confirm(confirm)] if confirm else told


_METHODS = {
    "lot": Words("抽選", "by lot"),
    "meeting": Words("申込者の話合い", "at a meeting of the applicants"),
    "staff": Words("職員", "by staff"),
}


def _confirm(take: Taking) -> Sentence:
    days, closes = take.get("days_after"), take.words("closes")
    ends = [around("発表から{it}日以内", "within {it} days after the announcement", days), closes]
    words = around(
        "当選した人は、{it}に確定の手続きをします。", "Winners confirm {it}.", together(ends, "か", " or ")
    )
    words += around("しないと、{it}。", " Else {it}.", take.words("unconfirmed"))
    words += flag(
        take.get("runners_up"), "空いた時間は、次点の人へ回ります。", " Then it goes to the runners-up."
    )
    return take.sentence(words)


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
    return take.sentence(words + around("（数えるのは: {it}）", " (counts: {it})", cases))


def _refusal(take: Taking) -> Sentence:
    words = say("{name}。", "{name}.", name=named(take.part))
    cases = conditions(take)
    return take.sentence(words + around("（断るのは: {it}）", " (refused: {it})", cases))
