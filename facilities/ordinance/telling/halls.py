"""A hall: where it is, its rooms, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.chapters import (
    Chapter,
    Path,
    Row,
    Section,
    Sentence,
    Table,
    cell,
    chapter,
    section,
    table,
)
from facilities.ordinance.telling.fees import Priced, price_parts
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import SETS, Names
from facilities.ordinance.telling.places import top_label
from facilities.ordinance.telling.rounding import rounding_sentence, tax_sentence, total_sentence
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, capital, named, same, say, together

_DASH = Words("—", "—")
_ROOM = Words("部屋", "Room")
_OWN = ("calendar", "time", "application", "cancellation", "adjustment")


def hall_chapters(document: Ordinance, names: Names) -> list[Chapter]:
    """A chapter for each hall."""
    return [
        _hall(document, Taking(hall, ("facilities", place), names.within(hall)))
        for place, hall in enumerate(document.facilities)
    ]


def _hall(document: Ordinance, take: Taking) -> Chapter:
    rooms = list(take.each("rooms"))
    title, key = named(take.part), str(take.get("key"))
    prohibited = [
        one.sentence(
            say("{name}のためには貸しません。", "Rooms are not lent for {name}.", name=named(one.part))
        )
        for one in take.each("prohibited")
    ]
    rounding, tax = take.one("rounding"), take.one("tax")
    fees = _fees(document, take, rooms)
    fees += [rounding_sentence(rounding)] if rounding else []
    fees += [tax_sentence(tax)] if tax else []
    fees += [total_sentence(one) for one in take.each("totals")]
    extras = _own_extras(document, take, rooms)
    return chapter(
        f"hall-{key}",
        title,
        section(NOTHING, take.path, *_facts(document, take)),
        section(Words("部屋", "Rooms"), (*take.path, "rooms"), *_rooms(take, rooms)),
        section(Words("使用料", "Fees"), (*take.path, "rooms"), *fees),
        *extras,
        section(Words("貸さない目的", "Not lent for"), (*take.path, "prohibited"), *prohibited),
        section(Words("そのほか", "Other"), take.path, *take.rest()),
    )


def _facts(document: Ordinance, take: Taking) -> list[Sentence]:
    facts = [
        say("{label}: {it}", "{label}: {it}", label=capital(label(field)), it=same(take.get(field)))
        for field in ("name_kana", "address", "phone")
        if take.get(field)
    ]
    missing = [label(field) for field, _ in SETS if not take.get(field) and field != "time"]
    if missing:
        facts.append(say("定めがないもの: {it}", "Nothing is written about: {it}", it=together(missing)))
    return [Sentence(one.ja, one.en, None, take.path) for one in facts]


def _rooms(hall: Taking, rooms: Sequence[Taking]) -> list[Sentence | Table]:
    if not rooms:
        text = Words("部屋は書かれていません。", "No rooms are written.")
        return [Sentence(text.ja, text.en, None, (*hall.path, "rooms"))]
    hall.get("spaces")
    columns = {
        "capacity": [_capacity(one) for one in rooms],
        "spaces": [one.words("spaces") for one in rooms],
        "turnaround": [one.words("turnaround") if one.get("turnaround") else NOTHING for one in rooms],
        "own": [_own_rules(one) for one in rooms],
    }
    heads = {"own": Words("この部屋だけの決まり", "Own rules")}
    shown = [name for name, words in columns.items() if any(words)]
    rows: list[Row] = []
    for place, one in enumerate(rooms):
        kana = one.get("name_kana")
        name = together([named(one.part), Words(f"（{kana}）", f" ({kana})") if kana else NOTHING], "", "")
        cells = [cell(columns[column][place] or _DASH) for column in shown]
        one.get("fee"), one.get("extras")
        rows.append(one.row(cell(name, heading=True), *cells))
    if not shown and not any(
        row.note or getattr(row_room.part, "name_kana", None)
        for row, row_room in zip(rows, rooms, strict=True)
    ):
        rooms_are = say("部屋: {names}", "Rooms: {names}", names=together(named(one.part) for one in rooms))
        return [Sentence(rooms_are.ja, rooms_are.en, None, (*hall.path, "rooms")), *_spaces(hall)]
    head = (_ROOM, *(heads.get(name) or label(name) for name in shown))
    return [table(Words("部屋", "Rooms"), head, rows, (*hall.path, "rooms")), *_spaces(hall)]


def _spaces(hall: Taking) -> list[Sentence]:
    return [
        one.sentence(say("場所: {name}", "Space: {name}", name=named(one.part)))
        for one in hall.each("spaces")
    ]


def _capacity(room: Taking) -> Words:
    number = room.get("capacity")
    return say("{n}人", "{n}", n=f"{number:,}") if number else NOTHING


def _own_rules(room: Taking) -> Words:
    """Subjects for which a room has its own rules in place of its hall's."""
    return together(top_label(kind) for field, kind in SETS if field in _OWN and room.get(field))


def _fees(document: Ordinance, hall: Taking, rooms: Sequence[Taking]) -> list[Sentence | Table]:
    things = [
        Priced(named(room.part), fee, _slots(document, hall, room))
        for room in rooms
        if (fee := room.one("fee"))
    ]
    return price_parts(Words("使用料", "Fees"), _ROOM, things, (*hall.path, "rooms"))


def _slots(document: Ordinance, hall: Taking, room: Taking) -> tuple[tuple[str, Words], ...]:
    time = document.times.get(room.get("time") or hall.get("time") or "")
    return tuple(
        (slot.key, say("{name} {time}", "{name} {time}", name=named(slot), time=figures.span(slot.time)))
        for slot in (time.slots if time else ())
    )


def _own_extras(document: Ordinance, hall: Taking, rooms: Sequence[Taking]) -> list[Section]:
    """What is paid beside the fee where rooms have their own prices for it."""
    things: dict[str, list[Priced]] = {}
    for room in rooms:
        for key, fee in (room.get("extras") or {}).items():
            path: Path = (*room.path, "extras", key)
            taking = Taking(fee, path, room.names)
            things.setdefault(key, []).append(Priced(named(room.part), taking, _slots(document, hall, room)))
    sections = []
    for key, priced in things.items():
        title = say("{extra}（部屋ごと）", "{extra} (by room)", extra=hall.names.of("extra", key))
        sections.append(
            section(title, (*hall.path, "rooms"), *price_parts(title, _ROOM, priced, (*hall.path, "rooms")))
        )
    return sections
