"""What the document says about itself: what was assumed, its worked cases, its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from facilities.ordinance.clauses import Part, Rule
from facilities.ordinance.document import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Path, Row, Sentence, cell, chapter, section, table
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.labels import FIELDS, label
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.places import top_label, where
from facilities.ordinance.telling.saying import say_field
from facilities.ordinance.telling.words import NOTHING, Words, named, same, say, together


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


_CASE_LABELS = {
    "facility": ("hall", Words("施設", "hall")),
    "room": ("room", label("room")),
    "rooms": ("room", label("rooms")),
    "slots": ("slot", label("slots")),
    "applicant_class": ("who", label("who")),
    "purpose": ("purpose", label("purpose")),
    "cause": ("cause", Words("理由", "cause")),
    "ground": ("ground", Words("減免の事由", "ground")),
    "channel": ("channel", label("channel")),
    "yen": ("yen", Words("額", "price")),
    "paid": ("yen", Words("払った額", "paid")),
    "date": ("", Words("利用日", "date")),
    "use": ("", Words("利用日", "use")),
    "time": ("", label("time")),
    "apply_on": ("", Words("申込みの日", "applied on")),
    "applicants": ("", Words("申込者", "applicants")),
    "allowed": ("", Words("できる", "allowed")),
    "open": ("", Words("開館", "open")),
    "opens": ("", Words("始まり", "opens")),
    "eligible": ("", Words("当てはまる", "eligible")),
    "rate": ("", Words("率", "rate")),
    "amount": ("", Words("額", "amount")),
    "refund_yen": ("yen", Words("返す額", "refund")),
    "reason": ("", Words("理由", "reason")),
    "hours": ("", Words("時間数", "hours")),
    "minutes": ("", Words("分", "minutes")),
    "days": ("", Words("日数", "days")),
    "decided_by": ("", Words("決めかた", "decided by")),
    "winner": ("", Words("決まった人", "winner")),
    "draw": ("", label("draw")),
    "answers": ("question", Words("答え", "answers")),
    "extras": ("extra", label("extras")),
    "booked_on": ("", label("booked")),
    "paid_on": ("", label("paid")),
    "headcount": ("", label("headcount")),
    "error": ("", Words("まちがい", "mistake")),
}


def say_values(values: Mapping[str, Any], names: Names) -> Words:
    """What a worked case gives, expects or got, in words."""
    found = []
    for key, value in values.items():
        kind, name = _CASE_LABELS.get(key, ("", same(key)))
        found.append(say("{name} {it}", "{name} {it}", name=name, it=_value(kind, value, names)))
    return together(found)


def _value(kind: str, value: Any, names: Names) -> Words:
    if isinstance(value, Mapping):
        of = "choice" if kind == "question" else ""
        pairs = [(names.of(kind, str(key)), _value(of, one, names)) for key, one in value.items()]
        return together(say("{k}={v}", "{k}={v}", k=key, v=one) for key, one in pairs)
    if isinstance(value, (list, tuple)):
        return together(_value(kind, one, names) for one in value)
    if isinstance(value, (bool, int, date)):
        return say_field(kind if kind == "yen" else "", value, names)
    if value is None:
        return same("—")
    return names.of(kind, str(value)) if kind else same(value)


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
