"""What the document says about itself: what was assumed, its worked cases, its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from facilities.ordinance.document.clauses import Part, Rule
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.case_words import say_values
from facilities.ordinance.telling.chapters import Chapter, Path, Row, Sentence, cell, chapter, section, table
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.labels import FIELDS, label
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.places import top_label, where
from facilities.ordinance.telling.words import NOTHING, Words, named, same, say


def parts_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """Every part of a document with its path, in order."""
    if isinstance(value, Part):
        yield path, value
        for field in type(value).model_fields:
            yield from parts_of(getattr(value, field), (*path, field))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from parts_of(one, (*path, key))
    elif isinstance(value, (tuple, list)):
        for place, one in enumerate(value):
            yield from parts_of(one, (*path, place))


def assumed_chapter(document: Ordinance, names: Names) -> Chapter:
    """Everything that was assumed, with the reason why."""
    found = [
        _assumed(document, path, part, names)
        for path, part in parts_of(document)
        if isinstance(part, Rule) and part.assumed
    ]
    return chapter("assumed", Words("仮に決めたこと", "What was assumed"), section(NOTHING, (), *found))


def _assumed(document: Ordinance, path: Path, part: Rule, names: Names) -> Sentence:
    place = where(document, path, names)
    words = (
        say("{where}: {note}", "{where}: {note}", where=place, note=same(part.note)) if part.note else place
    )
    return Sentence(words.ja, words.en, part.article, path, True)


def case_chapter(document: Ordinance, names: Names) -> Chapter:
    """The worked cases as a table."""
    rows: list[Row] = []
    for place, case in enumerate(document.cases):
        kind = fixed_word("kind", case.kind) or same(case.kind)
        given, expected = say_values(case.given, names), say_values(case.expect, names)
        why = same(case.why or "—")
        cells = (cell(same(case.id), heading=True), cell(kind), cell(given), cell(expected), cell(why))
        rows.append(Row(cells, ("cases", place)))
    head = (
        Words("番号", "Number"),
        Words("何を", "What"),
        Words("与えたもの", "Given"),
        Words("答え", "Expected"),
        Words("理由", "Why"),
    )
    title = Words("確かめる例", "Worked cases")
    tables = [table(title, head, rows, ("cases",))] if rows else []
    return chapter("cases", title, section(NOTHING, ("cases",), *tables))


def key_chapter(document: Ordinance, names: Names) -> Chapter:
    """The keys by which records, files and the API name what the document names."""
    rows = [
        Row(
            (cell(same(getattr(part, "key", "")), heading=True), cell(named(part)), cell(_kind(path))),
            (),
        )
        for path, part in parts_of(document)
        if getattr(part, "key", None)
    ]
    head = (Words("記号", "Key"), Words("名前", "Name"), Words("何の", "Of"))
    title = Words("記号の一覧", "Keys")
    tables = [table(title, head, rows, ())] if rows else []
    return chapter("keys", title, section(NOTHING, (), *tables))


def _kind(path: Path) -> Words:
    fields = [step for step in path if isinstance(step, str) and step in FIELDS]
    return (
        top_label(str(path[0]))
        if len(path) < 4 and isinstance(path[-1], int)
        else label((fields or [""])[-1])
    )
