"""A whole list: bytes in, every row with its verdict out. Pure; the counts add up to the rows of the file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from facilities.opendata import columns
from facilities.opendata.decoding import Decoded, decode
from facilities.opendata.folding import clean, fold_name, one_line
from facilities.opendata.rows import Row, Town, read_row, refused, stray_row
from facilities.opendata.sentences import Note

_READ_AS = {",": "read_with_commas", "\t": "read_with_tabs"}
_MOST_UNUSED = 30


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as it was read. ``rows`` are all rows of the file but the headings, in their order."""

    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    @property
    def taken(self) -> tuple[Row, ...]:
        """The rows that are facilities of this municipality."""
        return tuple(row for row in self.rows if row.taken)

    @property
    def refused(self) -> tuple[Row, ...]:
        """The rows that are not taken."""
        return tuple(row for row in self.rows if not row.taken)


def read_list(data: bytes, *, lg_code: str, town: str) -> Reading:
    """Read 公共施設一覧 of the municipality with this code and name.

    Raises ListTooLarge, NotAList, QuoteNotClosed; whatever is wrong with single rows is in their notes.
    """
    decoded = decode(data)
    header = decoded.rows[decoded.header]
    width = max((index + 1 for index, cell in enumerate(header) if clean(cell)), default=0)
    whose = Town(lg_code, town)
    rows = []
    for index, cells in enumerate(decoded.rows):
        raw = [clean(cell) for cell in cells]
        if index != decoded.header:
            stray = stray_row(index + 1, raw, above=index < decoded.header)
            rows.append(stray or read_row(index + 1, raw, decoded.where, width, whose))
    return Reading(tuple(_without_repeats(rows)), _file_notes(decoded))


def _without_repeats(rows: list[Row]) -> list[Row]:
    """Refuse rows that say the same facility again; an id that two facilities share is taken from the later one."""
    by_id: dict[str, Row] = {}
    by_name: dict[tuple[str, str], Row] = {}
    answer = []
    for row in rows:
        answer.append(_not_again(row, by_id, by_name) if row.taken else row)
    return answer


def _not_again(row: Row, by_id: dict[str, Row], by_name: dict[tuple[str, str], Row]) -> Row:
    name, number = fold_name(row.name), fold_id(row.values.get(columns.ID, ""))
    place = (name, fold_name(row.values.get(columns.ADDRESS, "")))
    earlier = by_id.get(number) if number else None
    if earlier and fold_name(earlier.name) == name:
        return refused(
            row.number, "duplicate_id", {columns.NAME: row.name}, line=earlier.number, text=row.name
        )
    again = by_name.get(place)
    if again and (place[1] or not number):
        return refused(
            row.number, "duplicate_name", {columns.NAME: row.name}, line=again.number, text=row.name
        )
    if earlier:
        note = Note("id_not_once", {"before": row.values[columns.ID], "line": earlier.number})
        values = {key: value for key, value in row.values.items() if key != columns.ID}
        row = replace(row, verdict="repaired", values=values, notes=(*row.notes, note))
    elif number:
        by_id[number] = row
    by_name.setdefault(place, row)
    return row


def fold_id(text: str) -> str:
    """Return an id for comparing: without case and the zeros before it, which spreadsheets drop."""
    return text.casefold().lstrip("0") or text


def _file_notes(decoded: Decoded) -> tuple[Note, ...]:
    notes = [Note(_READ_AS[decoded.separator], {"encoding": decoded.encoding})]
    if decoded.damaged:
        notes.append(Note("read_damaged", {"encoding": decoded.encoding}))
    notes.append(Note("header_at", {"line": decoded.header + 1}))
    header = decoded.rows[decoded.header]
    used = set(decoded.where.values())
    unused = [one_line(clean(cell)) for index, cell in enumerate(header) if index not in used and clean(cell)]
    if unused:
        notes.append(Note("columns_unused", {"columns": "、".join(unused[:_MOST_UNUSED])}))
    return tuple(notes)
