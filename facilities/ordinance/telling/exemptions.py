"""Grounds of exemption and reduction."""

from __future__ import annotations

from facilities.ordinance.document import Ordinance
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
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, say, together


def exemption_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each set of grounds."""
    return lists_of("exemptions", document.exemptions, Words("減免", "Exemptions"), names, _chapter)


def _chapter(key: str, title: Words, path: Path, grounds: list[Taking]) -> Chapter:
    cases = [conditions(one) for one in grounds]
    rows: list[Row] = []
    for place, one in enumerate(grounds):
        cells = [cell(named(one.part), heading=True)]
        cells += [cell(cases[place] or Words("—", "—"))] if any(cases) else []
        cells += [cell(_reduction(one)), cell(one.words("covers") or KNOWN["fee"])]
        rows.append(one.row(*cells))
    head = [Words("だれが・何が", "Ground"), *([Words("場合", "Case")] if any(cases) else [])]
    head += [Words("減らす割合", "Reduction"), Words("減らすもの", "Covers")]
    parts: list[Sentence | Table] = (
        [table(Words("減免", "Exemptions"), tuple(head), rows, path)] if rows else []
    )
    return chapter(key, title, section(NOTHING, path, *parts))


def _reduction(take: Taking) -> Words:
    percent, share, most = take.get("percent"), take.get("take"), take.get("at_most_percent")
    text = take.get("discretionary")
    text_en = take.get("discretionary_en") if text else None
    full = Words("全部（100%）", "all (100%)")
    found = [
        (full if percent == 100 else say("{n}%", "{n}%", n=percent)) if percent is not None else NOTHING,
        figures.share(share) if share is not None else NOTHING,
        say("{n}%まで、職員が決める", "up to {n}%, staff decide", n=most) if most is not None else NOTHING,
        say("職員が決める: {it}", "staff decide: {it}", it=Words(text, text_en or text)) if text else NOTHING,
    ]
    return together(found) or Words("職員が決める", "staff decide")
