"""Grounds of exemption and reduction."""

from __future__ import annotations

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import (
    Chapter,
    Path,
    Row,
    Sentence,
    Table,
    cell,
    chapter,
    section,
    table,
)
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.naming import KNOWN, Names
from facilities.ordinance.telling.sets import lists_of
from facilities.ordinance.telling.taking import Taking, with_more
from facilities.ordinance.telling.words import NOTHING, Words, around, flag, named, say, together


def exemption_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of grounds."""
    return lists_of("exemptions", document.exemptions, Words("減免", "Exemptions"), names, _chapter)


def _chapter(key: str, title: Words, path: Path, grounds: list[Taking]) -> Chapter:
    cases = [conditions(one) for one in grounds]
    rows: list[Row] = []
    for place, one in enumerate(grounds):
        cells = [cell(named(one.part), heading=True)]
        cells += [cell(cases[place] or Words("—", "—"))] if any(cases) else []
        cells += [cell(_reduction(one)), cell(_covers(one))]
        rows.append(one.row(*cells))
    head = [Words("だれが・何が", "Ground"), *([Words("場合", "Case")] if any(cases) else [])]
    head += [Words("減らす割合", "Reduction"), Words("減らすもの", "Covers")]
    parts: list[Sentence | Table] = (
        [table(Words("減免", "Exemptions"), tuple(head), rows, path)] if rows else []
    )
    return chapter(key, title, section(NOTHING, path, *parts))


def _covers(take: Taking) -> Words:
    covers, excludes = take.words("covers") or KNOWN["fee"], take.words("excludes")
    return with_more(covers, say("{it}を除く", "except {it}", it=excludes) if excludes else NOTHING)


def _reduction(take: Taking) -> Words:
    percent, share, yen = take.get("percent"), take.get("take"), take.get("take_yen")
    most, text = take.get("at_most_percent"), take.get("discretionary")
    text_en = take.get("discretionary_en") if text else None
    full = Words("全部（100%）", "all (100%)")
    found = [
        (full if percent == 100 else say("{n}%", "{n}%", n=percent)) if percent is not None else NOTHING,
        figures.share(share) if share is not None else NOTHING,
        figures.yen(yen) if yen is not None else NOTHING,
        say("{n}%まで、職員が決める", "up to {n}%, staff decide", n=most) if most is not None else NOTHING,
        say("職員が決める: {it}", "staff decide: {it}", it=Words(text, text_en or text)) if text else NOTHING,
    ]
    return with_more(together(found) or Words("職員が決める", "staff decide"), _limits(take))


def _limits(take: Taking) -> Words:
    most, least, times = take.words("at_most_yen"), take.words("at_least"), take.words("at_most_times")
    stack, per = take.get("stack", "most"), take.get("per", "fiscal_year")
    period = NOTHING if per == "fiscal_year" and not times else take.words("per")
    often = say("{per}に{n}回まで", "at most {n} times {per}", per=period, n=times) if times else period
    found = [
        around("減らすのは{it}まで", "at most {it} is taken off", most),
        around("{it}は払う", "{it} remain to be paid", least),
        often,
        _STACKS.get(stack) or (take.words("stack") if stack != "most" else NOTHING),
        around("端数: {it}", "fractions: {it}", take.words("rounding")),
        flag(take.get("automatic"), "申請しなくても減免する", "granted without an application"),
    ]
    return together(found)


_STACKS = {
    "add": Words("ほかの減免に割合を足す", "its share is added to that of other grounds"),
    "multiply": Words("ほかの減免の後の額から減らす", "taken off what other grounds leave"),
}
