"""From the bytes of a file to its rows, without guessing: an encoding is right when the headings can be read in it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from facilities.opendata.columns import columns_of
from facilities.opendata.errors import ListTooLarge, NotAList, QuoteNotClosed

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
_LOOK_AHEAD = 30
_SAMPLE_BYTES = 200_000
_MOST_LINES_IN_A_CELL = 60
# Shown to people, codec. With a byte order mark only its own codec is tried.
_BY_MARK = (
    (codecs.BOM_UTF8, "UTF-8 (BOM)", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "UTF-16LE (BOM)", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16BE (BOM)", "utf-16"),
)
_WITHOUT_MARK = (
    ("UTF-8", "utf-8"), ("Shift_JIS (CP932)", "cp932"), ("UTF-16LE", "utf-16-le"), ("UTF-16BE", "utf-16-be"),
)  # fmt: skip
_SEPARATORS = (",", "\t")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's rows, how it was written, and where its headings are (index of the row, columns by name)."""

    rows: tuple[tuple[str, ...], ...]
    encoding: str
    separator: str
    header: int
    where: dict[str, int]
    damaged: bool


def decode(data: bytes) -> Decoded:
    """Find encoding, separator and headings of a file and return its rows as they stand there.

    Raises ListTooLarge (bytes or rows), NotAList (no headings in any encoding), QuoteNotClosed.
    """
    if len(data) > MOST_BYTES:
        raise ListTooLarge
    marked = [(name, codec) for mark, name, codec in _BY_MARK if data.startswith(mark)]
    tries = [(name, codec, separator) for name, codec in marked or _WITHOUT_MARK for separator in _SEPARATORS]
    # max keeps the first of equals: plain UTF-8 with commas.
    name, codec, separator = max(tries, key=lambda one: _columns_seen(_sample(data, *one[1:])))
    sample = _sample(data, codec, separator)
    if not _columns_seen(sample):
        raise NotAList(found=_first_cells(sample))
    text, damaged = _text(data, codec)
    rows = _rows(text, separator)
    header = next(index for index, row in enumerate(rows) if columns_of(row))
    return Decoded(tuple(rows), name, separator, header, columns_of(rows[header]) or {}, damaged)


def _sample(data: bytes, codec: str, separator: str) -> list[list[str]]:
    """The first rows, as far as they can be read this way."""
    text = data[:_SAMPLE_BYTES].decode(codec, errors="replace")
    rows: list[list[str]] = []
    try:
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _LOOK_AHEAD):
            rows.append(row)
    except csv.Error:
        return rows
    return rows


def _columns_seen(rows: Sequence[Sequence[str]]) -> int:
    return max((len(columns_of(row) or ()) for row in rows), default=0)


def _text(data: bytes, codec: str) -> tuple[str, bool]:
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return data.decode(codec, errors="replace"), True


def _rows(text: str, separator: str) -> list[tuple[str, ...]]:
    """Every row, as many as a spreadsheet shows. Raises ListTooLarge, QuoteNotClosed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[str, ...]] = []
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise QuoteNotClosed(line=len(rows) + 1) from error
        if row is None:
            return rows
        if any(cell.count("\n") > _MOST_LINES_IN_A_CELL for cell in row):
            raise QuoteNotClosed(line=len(rows) + 1)
        rows.append(tuple(row))
        if len(rows) > MOST_ROWS:
            raise ListTooLarge


def _first_cells(rows: Sequence[Sequence[str]]) -> str:
    filled = next(([cell.strip() for cell in row if cell.strip()] for row in rows if any(row)), [])
    text = "、".join(filled[:8])[:80]
    return "".join(sign if sign.isprintable() else "�" for sign in text)
