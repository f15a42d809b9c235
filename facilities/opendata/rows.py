"""One row of a list: is it a facility of this municipality, and what do its cells say? Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from facilities.opendata import cells, columns
from facilities.opendata.codes import belongs, repair_code
from facilities.opendata.columns import columns_of
from facilities.opendata.folding import fold_name, is_error, katakana, narrow, one_line
from facilities.opendata.sentences import Note

Verdict = Literal["taken", "repaired", "refused"]

# What Facility has room for.
LONGEST = {
    columns.NAME: 100, columns.KANA: 200, columns.ENGLISH: 100, columns.ADDRESS: 200, columns.BUILDING: 100,
    columns.ID: 50, columns.DAYS: 100, columns.URL: 500,
}  # fmt: skip
LONGEST_TEXT = 2000
_MANY_LINES = {columns.OPENING_NOTE, columns.DESCRIPTION, columns.ACCESS, columns.REMARKS}
_VERSION = re.compile(r"ver(?:sion|\.)?[0-9.]+", re.IGNORECASE)
_TOTAL = re.compile(r"(?:合計|総計|小計|計|件数|総数|total)(?:[0-9]+(?:件|施設|箇所)?)?", re.IGNORECASE)
_EXCERPT = 40
# Headings are known by the first of them; no facility's row has three of their names among its first cells.
_HEADINGS_TO_TELL = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it ends: its number as a spreadsheet shows it, its verdict, its values by column, and every note."""

    number: int
    verdict: Verdict
    values: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def taken(self) -> bool:
        """Whether the row is a facility of this municipality, repaired or not."""
        return self.verdict != "refused"

    @property
    def name(self) -> str:
        """The facility's name; empty for a row that is none."""
        return self.values.get(columns.NAME, "")


@dataclass(frozen=True, slots=True)
class Town:
    """Whose list it should be: six-digit code and name."""

    lg_code: str
    name: str


def refused(number: int, code: str, values: Mapping[str, str] | None = None, **params: str | int) -> Row:
    """Return a row that is not taken, with the one reason why."""
    return Row(number, "refused", values or {}, (Note(code, params),))


def stray_row(number: int, raw: Sequence[str], *, above: bool) -> Row | None:
    """Return the verdict on a row of cleaned cells that is no facility (a title, headings again, a total), or None."""
    filled = [cell for cell in raw if cell]
    if not filled:
        return refused(number, "empty_row")
    if above:
        return refused(number, "above_header", text=excerpt(raw))
    if len(filled) >= 3 and columns_of(filled[:_HEADINGS_TO_TELL]) is not None:
        return refused(number, "repeated_header")
    if len(filled) == 1 and _VERSION.fullmatch(narrow(filled[0])):
        return refused(number, "version_row", text=filled[0])
    if _TOTAL.fullmatch(narrow(filled[0])) and len(filled) <= 3:
        return refused(number, "total_row", text=excerpt(raw))
    return None


def read_row(number: int, raw: Sequence[str], where: Mapping[str, int], width: int, town: Town) -> Row:
    """Read a row of cleaned cells that is not stray.

    ``where`` says at which index each column stands, ``width`` how many columns there are.
    """
    if any(raw[width:]):
        return refused(number, "too_many_cells", text=excerpt(raw))
    if any("\ufffd" in cell for cell in raw):
        return refused(number, "broken_characters", text=excerpt(raw))
    reader = _Reader({key: raw[index] if index < len(raw) else "" for key, index in where.items()}, town)
    if not reader.text(columns.NAME):
        return refused(number, "no_name", text=excerpt(raw))
    if len(reader.text(columns.NAME)) > LONGEST[columns.NAME]:
        return refused(number, "name_too_long", limit=LONGEST[columns.NAME], text=excerpt(raw))
    foreign = reader.read_town()
    if foreign:
        return Row(number, "refused", {columns.NAME: reader.text(columns.NAME)}, (foreign,))
    reader.read()
    notes = tuple(reader.notes)
    return Row(number, "repaired" if notes else "taken", {k: v for k, v in reader.values.items() if v}, notes)


def excerpt(raw: Sequence[str]) -> str:
    """Return the beginning of a row to recognise it by."""
    text = "、".join(one_line(cell) for cell in raw if cell)
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"


class _Reader:
    """Reads the cells of one row and keeps what was found and done."""

    def __init__(self, raw: dict[str, str], town: Town) -> None:
        self.raw, self.town = raw, town
        self.values: dict[str, str] = {}
        self.lines: dict[str, str] = {}
        self.notes: list[Note] = []
        self.widened: list[str] = []

    def text(self, key: str) -> str:
        found = self.lines.get(key)
        if found is None:
            found = self.lines[key] = one_line(self.raw.get(key, ""))
        return found

    def read_town(self) -> Note | None:
        """Whose facility it is. Returns why it is somebody else's, or None."""
        before, name = narrow(self.raw.get(columns.CODE, "")), self.text(columns.NAME)
        before = re.sub(r"\.0+$", "", before)
        if before in {"", self.town.lg_code} or is_error(before):
            return self._other_town(name)
        code = repair_code(before, self.town.lg_code)
        if code is None and not self._names_us():
            return Note("code_uncertain", {"code": before, "text": name})
        if code is not None and not belongs(code, self.town.lg_code):
            return Note("other_municipality", {"code": code, "text": name})
        if code != before:
            after = code or self.town.lg_code
            self.notes.append(Note("code_repaired", {"before": before, "after": after}))
        return None

    def _other_town(self, name: str) -> Note | None:
        publisher = self.text(columns.OLD_CITY) or self.text(columns.PUBLISHER)
        ends = publisher[-1:] in {"市", "区", "町", "村"}
        if ends and not self._names_us():
            return Note("other_town", {"town": publisher, "text": name})
        return None

    def _names_us(self) -> bool:
        own = fold_name(self.town.name)
        publisher = fold_name(self.text(columns.OLD_CITY) or self.text(columns.PUBLISHER))
        return bool(publisher) and (publisher.endswith(own) or own in publisher)

    def read(self) -> None:
        """Read every column."""
        self._drop_errors()
        self.values[columns.NAME] = self.text(columns.NAME)
        self._read_kana()
        self._read_id()
        self._read_address()
        self._read_place()
        self._read_contact()
        self._read_hours()
        self._read_rest()
        if self.widened:
            self.notes.append(Note("width", {"column": "、".join(self.widened)}))

    def _drop_errors(self) -> None:
        for key, text in self.raw.items():
            if is_error(text):
                self.notes.append(Note("error_cell", {"column": key, "before": text}))
                self.raw[key] = self.lines[key] = ""

    def _keep(self, key: str, cell: cells.Cell) -> None:
        """Keep a repaired cell, with a note for each thing done to it."""
        self.values[key] = cell.value
        for code in cell.notes:
            if code == "width":
                self.widened.append(key)
            else:
                params = {"column": key, "before": self.text(key), "after": cell.value}
                self.notes.append(Note(code, params))

    def _keep_text(self, key: str, text: str, limit: int) -> None:
        """Keep text as it is if there is room for it."""
        if len(text) > limit:
            self.notes.append(Note("too_long", {"column": key, "limit": limit}))
            text = ""
        self.values[key] = text

    def _read_kana(self) -> None:
        before = self.text(columns.KANA)
        after = katakana(before)
        if after != before:
            self.notes.append(Note("kana", {"after": after}))
        self._keep_text(columns.KANA, after, LONGEST[columns.KANA])
        self._keep_text(columns.ENGLISH, self.text(columns.ENGLISH), LONGEST[columns.ENGLISH])

    def _read_id(self) -> None:
        self._keep(columns.ID, cells.read_id(self.text(columns.ID)))
        if len(self.values[columns.ID]) > LONGEST[columns.ID]:
            self._keep_text(columns.ID, self.values[columns.ID], LONGEST[columns.ID])
        before = re.sub(r"\.0+$", "", narrow(self.text(columns.PLACE_CODE)))
        code = repair_code(before, self.town.lg_code) or ""
        self.values[columns.PLACE_CODE] = code
        if before != code:
            self.notes.append(Note("code_repaired", {"before": before, "after": code}))

    def _read_address(self) -> None:
        block = self.text(columns.BLOCK)
        undone = cells.undo_date(block)
        if undone:
            self.notes.append(Note("block_date", {"before": block, "after": undone}))
        self._keep_text(columns.BLOCK, undone or block, LONGEST[columns.ADDRESS])
        parts = [self.text(key) for key in (columns.PREFECTURE, columns.CITY, columns.TOWN)]
        address = self.text(columns.ADDRESS) or "".join([*parts, undone or block])
        if not address:
            self.notes.append(Note("no_address"))
        self._keep_text(columns.ADDRESS, address, LONGEST[columns.ADDRESS])
        self._keep_text(columns.BUILDING, self.text(columns.BUILDING), LONGEST[columns.BUILDING])

    def _read_place(self) -> None:
        latitude, longitude = self.text(columns.LATITUDE), self.text(columns.LONGITUDE)
        north, east, codes = cells.read_place(latitude, longitude)
        self.values |= {columns.LATITUDE: north, columns.LONGITUDE: east}
        for code in codes:
            if code == "width":
                self.widened.append(columns.LATITUDE)
            else:
                before = "、".join(text for text in (latitude, longitude) if text)
                self.notes.append(Note(code, {"before": before}))

    def _read_contact(self) -> None:
        self._keep(columns.PHONE, cells.read_phone(self.text(columns.PHONE)))
        self._keep(columns.POSTCODE, cells.read_postcode(self.text(columns.POSTCODE), self.town.lg_code))
        for key in (columns.URL, columns.FORM_URL, columns.IMAGE):
            address = narrow(self.text(key))
            if address and not re.fullmatch(r"https?://[^\s<>\"']+", address, re.IGNORECASE):
                self.notes.append(Note("bad_url", {"column": key, "before": address[:_EXCERPT]}))
                address = ""
            self._keep_text(key, address, LONGEST[columns.URL])

    def _read_hours(self) -> None:
        self._keep_text(columns.DAYS, self.text(columns.DAYS), LONGEST[columns.DAYS])
        for key in (columns.STARTS, columns.ENDS):
            self._keep(key, cells.read_clock(self.text(key)))

    def _read_rest(self) -> None:
        for key in self.raw:
            if key not in self.values and key != columns.CODE:
                text = self.raw[key] if key in _MANY_LINES else self.text(key)
                self._keep_text(key, text, LONGEST_TEXT)
