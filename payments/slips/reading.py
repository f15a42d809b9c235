"""Reading a bank's list of what was paid: text, columns, numbers and days as banks write them. Touches no database."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from payments.slips.errors import ColumnMissing, EmptyList, ListTooLarge, WrongEncoding

MOST_BYTES = 4_000_000
MOST_LINES = 20_000
# A municipality's payment beyond this is a column that was read as money and is none.
MOST_YEN = 1_000_000_000
NEEDED = ("number", "yen", "paid_on")
_ERA_BEGINS = {"R": 2018, "令和": 2018, "5": 2018}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT_DAY = re.compile(r"(R|令和)(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ERA_DAY = re.compile(r"(R|5)(\d{2})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of the file: what it says, or (``problem`` not empty) what of it cannot be read: number, yen or day.

    ``identity`` tells this payment from every other one, in whichever file it comes.
    """

    number: int
    raw: tuple[str, ...]
    slip_number: str = ""
    yen: int | None = None
    paid_on: date | None = None
    reference: str = ""
    identity: str = ""
    problem: str = ""


def read_list(
    data: bytes, *, encoding: str, heading_lines: int, columns: Mapping[str, str]
) -> list[ReadLine]:
    """Return the lines of a bank's list, without headings and empty ones.

    ``columns``: the heading, or the number from 1, of each of ``number``, ``yen``, ``paid_on`` and ``reference`` (which
    may be missing). Raises WrongEncoding, ListTooLarge, EmptyList, ColumnMissing.
    """
    rows = list(_rows(data, encoding))
    if len(rows) > MOST_LINES:
        raise ListTooLarge
    headings = rows[heading_lines - 1][1] if 0 < heading_lines <= len(rows) else ()
    places = {
        name: _place(columns.get(name, ""), headings, name in NEEDED) for name in (*NEEDED, "reference")
    }
    lines = [_read(number, row, places) for number, row in rows[heading_lines:] if any(row)]
    if not lines:
        raise EmptyList
    return _identified(lines)


def read_yen(text: str) -> int | None:
    """Return an amount as banks write it (1,200 ￥1200 1200円); None where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("\\").removeprefix("¥")
    plain = plain.removesuffix("円").replace(",", "").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 12):
        return None
    return int(plain) if 0 < int(plain) <= MOST_YEN else None


def read_day(text: str) -> date | None:
    """Return a day as banks write it (2026-12-01, 2026/12/1, 20261201, 令和8年12月1日, R8.12.1, 5081201); else None."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if found := _DAY.fullmatch(plain) or _PLAIN_DAY.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SHORT_DAY.fullmatch(plain) or _ERA_DAY.fullmatch(plain):
        era, number, *rest = found.groups()
        year = _ERA_BEGINS[era] + (1 if number == "元" else int(number))
        month, day = (int(part) for part in rest)
    else:
        return None
    try:
        return date(year, month, day) if 2000 <= year < 2200 else None
    except ValueError:
        return None


def _rows(data: bytes, encoding: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    if len(data) > MOST_BYTES:
        raise ListTooLarge
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise WrongEncoding from None
    if "\0" in text:
        raise WrongEncoding
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            yield number, tuple(cell.strip() for cell in row)
    except csv.Error:
        raise ListTooLarge from None


def _place(wanted: str, headings: Sequence[str], needed: bool) -> int | None:
    """Where a column stands. A heading is looked for before a number is."""
    name = unicodedata.normalize("NFKC", wanted).strip()
    if not name and not needed:
        return None
    known = [unicodedata.normalize("NFKC", heading).strip() for heading in headings]
    if name in known:
        return known.index(name)
    if name.isascii() and name.isdigit() and 0 < int(name) <= 200:
        return int(name) - 1
    raise ColumnMissing(column=wanted)


def _read(number: int, row: tuple[str, ...], places: Mapping[str, int | None]) -> ReadLine:
    def cell(name: str) -> str:
        place = places[name]
        return row[place] if place is not None and place < len(row) else ""

    slip = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", cell("number")))[:40]
    yen, day = read_yen(cell("yen")), read_day(cell("paid_on"))
    problem = "yen" if yen is None else "paid_on" if day is None else ""
    raw = tuple(one[:200] for one in row[:60])
    return ReadLine(number, raw, slip, yen, day, cell("reference")[:80], problem=problem)


def _identified(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The bank's own reference tells payments apart; without one, the same facts a second time in one file are a second
    payment, and in another file the same one."""
    seen: Counter[tuple[object, ...]] = Counter()
    found = []
    for line in lines:
        if line.problem:
            found.append(line)
            continue
        facts = (line.slip_number, line.yen, line.paid_on, line.reference)
        seen[facts] += 1
        nth = 1 if line.reference else seen[facts]
        identity = sha256("|".join(str(one) for one in (*facts, nth)).encode()).hexdigest()
        found.append(
            ReadLine(
                line.number, line.raw, line.slip_number, line.yen, line.paid_on, line.reference, identity
            )
        )
    return found
