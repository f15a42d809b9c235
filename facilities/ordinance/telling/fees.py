"""Prices as tables: room by slot, room by case, and what is paid beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facilities.ordinance.telling import figures
from facilities.ordinance.telling.amounts import beside, per_number, price
from facilities.ordinance.telling.chapters import Cell, Path, Row, Sentence, Table, cell, table
from facilities.ordinance.telling.conditions import conditions
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import NOTHING, Words, named, same, say, together

OTHERWISE = Words("そのほか", "otherwise")
_DASH = Words("—", "—")


@dataclass(frozen=True, slots=True)
class Priced:
    """Something with a price: its name, its fee, and the slots in which it is lent, with their columns' heads."""

    name: Words
    fee: Taking
    slots: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    thing: Priced
    case: Words
    charge: Taking
    source: Taking


def price_parts(caption: Words, what: Words, things: Iterable[Priced], path: Path) -> list[Sentence | Table]:
    """Tables of prices, those by slot apart from the others, and sentences on what holds for a whole fee."""
    lines = [_lines(thing) for thing in things]
    groups: dict[tuple[tuple[str, Words], ...] | None, list[list[_Line]]] = {}
    for found in lines:
        groups.setdefault(_columns(found), []).append(found)
    tables = [_table((caption, what), columns, found, path) for columns, found in groups.items()]
    return [*tables, *(one for found in lines for one in _whole(found[0]) if found)]


def _lines(thing: Priced) -> list[_Line]:
    rows = _rows(thing.fee, NOTHING)
    if not rows:
        return [_Line(thing, together([_own_name(thing.fee), conditions(thing.fee)]), thing.fee, thing.fee)]
    return [_Line(thing, case or OTHERWISE, row, thing.fee) for case, row in rows]


def _rows(fee: Taking, above: Words) -> list[tuple[Words, Taking]]:
    """The rows of a table with their cases; those of a table in a row with the cases of both."""
    found = []
    for row in fee.each("table"):
        case = together([above, _own_name(row), conditions(row)], "で、", "; ")
        choose = row.get("choose", "first")
        if choose != "first":
            case = together([case, fixed_word("choose", choose) or same(choose)], "で、", "; ")
        found += _rows(row, case) or [(case, row)]
    return found


def _own_name(charge: Taking) -> Words:
    return named(charge.part) if getattr(charge.part, "name", None) else NOTHING


def _columns(lines: Sequence[_Line]) -> tuple[tuple[str, Words], ...] | None:
    """The columns of slots where every line has prices by slot; None for prices of other kinds."""
    prices = [getattr(line.charge.part, "yen_per_slot", None) for line in lines]
    if not all(prices):
        return None
    heads = dict(lines[0].thing.slots)
    used = {key: None for one in prices for key in one or {}}
    names = lines[0].charge.names
    order = [key for key in heads if key in used] + [key for key in used if key not in heads]
    return tuple((key, heads.get(key) or names.of("slot", key)) for key in order)


def _table(
    titles: tuple[Words, Words],
    columns: tuple[tuple[str, Words], ...] | None,
    things: list[list[_Line]],
    path: Path,
) -> Table:
    lines = [line for thing in things for line in thing]
    by_case = any(line.case for line in lines)
    remarks = [_remark(line) if columns is not None else NOTHING for line in lines]
    rows: list[Row] = []
    for thing in things:
        for place, line in enumerate(thing):
            cells = [cell(line.thing.name, rows=len(thing), heading=True)] if not place else []
            cells += [cell(line.case or _DASH)] if by_case else []
            cells += _amounts(line, columns)
            cells += [cell(remarks[len(rows)] or _DASH)] if any(remarks) else []
            rows.append(_sourced(line, cells))
    head = [titles[1], *([Words("場合", "Case")] if by_case else [])]
    head += [Words("額", "Price")] if columns is None else [name for _, name in columns]
    return table(titles[0], (*head, *([Words("備考", "Remarks")] if any(remarks) else [])), rows, path)


def _amounts(line: _Line, columns: tuple[tuple[str, Words], ...] | None) -> list[Cell]:
    if columns is None:
        return [cell(price(line.charge))]
    prices = line.charge.get("yen_per_slot")
    return [cell(figures.yen(prices[key]) if key in prices else _DASH, number=True) for key, _ in columns]


def _remark(line: _Line) -> Words:
    """What stands beside prices by slot: per person, at least, at most, ceilings."""
    return together([per_number(line.charge), beside(line.charge)])


def _sourced(line: _Line, cells: list[Cell]) -> Row:
    row = line.charge.row(*cells)
    if line.charge is line.source:
        return row
    article = row.article or line.source.get("article")
    return Row(row.cells, row.path, article, row.assumed or bool(line.source.get("assumed")), row.note)


def _whole(line: _Line) -> tuple[Sentence, ...]:
    """What a fee with a table says about all of its rows."""
    fee = line.source
    if line.charge is fee:
        return ()
    choose = fee.get("choose")
    words = [
        _own_name(fee),
        fixed_word("choose", choose) or same(choose) if choose != "first" else NOTHING,
        per_number(fee),
        beside(fee),
        fee.remaining(),
    ]
    said = together(words)
    note = fee.get("note")
    if not said and not note:
        return ()
    name = line.thing.name
    words_of = say("{name}: {said}", "{name}: {said}", name=name, said=said or Words("注記", "note"))
    return (fee.sentence(words_of),)
