"""One cell at a time: telephone numbers, postcodes, ids, times, coordinates, as spreadsheets leave them behind.

Each function returns the repaired value and the codes of what was done to it (``sentences.SENTENCES``); an empty
value means that what stood there could not be read for certain.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from facilities.opendata.folding import hyphens, narrow

# Latitudes and longitudes of Japan with its remotest islands (沖ノ鳥島, 与那国島, 弁天島, 南鳥島), a little widened.
SOUTH, NORTH, WEST, EAST = 20.0, 46.0, 122.0, 154.5
# Prefectures whose postcodes begin with 0: 北海道, 青森, 岩手, 秋田.
_ZERO_POSTCODES = {"01", "02", "03", "05"}
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_WHOLE_AS_DECIMAL = re.compile(r"([0-9]+)\.0+")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_JAPANESE_DATE = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日")
_FULL_DATE = re.compile(r"(?:19|20)[0-9]{2}[/-]([0-9]{1,2})[/-]([0-9]{1,2})(?:0:00(?::00)?)?")
_ENGLISH_DATE = re.compile(r"([0-9]{1,2})-([a-z]{3})", re.IGNORECASE)
_DEGREES = re.compile(
    r"([0-9]{2,3})[°度]([0-9]{1,2})['′’分](?:([0-9]{1,2}(?:\.[0-9]+)?)(?:\"|''|′′|”|秒))?[NE]?"
)
_CLOCK = re.compile(
    r"(午前|午後|am|pm)?([0-9]{1,2})(?:[:時]([0-9]{1,2})?分?(?::[0-9]{2})?|(?<=[0-9])([0-9]{2}))?", re.I
)
_FIRST_PHONE = re.compile(r"[、,;/\n]|または|又は|\(内|内線|代表|\(代")


class Cell(NamedTuple):
    """A value as it will be used, and what was done to it."""

    value: str
    notes: tuple[str, ...] = ()


def _widened(text: str, plain: str) -> tuple[str, ...]:
    return ("width",) if any(sign.isdigit() and not sign.isascii() for sign in text) and plain else ()


def read_id(text: str) -> Cell:
    """An id: 1.32E+11 and dates have lost what they were; 12.0 was 12."""
    plain = narrow(text)
    if _SCIENTIFIC.fullmatch(plain):
        return Cell("", ("id_scientific",))
    if undo_date(text):
        return Cell("", ("id_date",))
    whole = _WHOLE_AS_DECIMAL.fullmatch(plain)
    return Cell(whole[1] if whole else plain, _widened(text, plain))


def undo_date(text: str) -> str:
    """Return the block number a spreadsheet took for a date (1月2日, 2-Jan, 2026/1/2 → 1-2); empty if it is none."""
    plain = narrow(text)
    found = _JAPANESE_DATE.fullmatch(plain) or _FULL_DATE.fullmatch(plain)
    if found:
        return f"{int(found[1])}-{int(found[2])}"
    english = _ENGLISH_DATE.fullmatch(plain)
    if english and english[2].lower() in _MONTHS:
        return f"{_MONTHS[english[2].lower()]}-{int(english[1])}"
    return ""


def read_phone(text: str) -> Cell:
    """A telephone number: the first one if there are several; a lost first zero comes back."""
    if not text:
        return Cell("")
    first, *rest = _FIRST_PHONE.split(hyphens(narrow(text)).removeprefix("TEL").removeprefix(":"), maxsplit=1)
    notes = (
        *_widened(text, first),
        *(("phone_first",) if rest and any(sign.isdigit() for sign in rest[0]) else ()),
    )
    whole = _WHOLE_AS_DECIMAL.fullmatch(first)
    number = _in_groups(whole[1] if whole else first)
    digits = "".join(sign for sign in number if sign.isdigit())
    if set(number) - set("0123456789-+") or _SCIENTIFIC.fullmatch(first):
        return Cell("", ("phone_unreadable",))
    if number.startswith("+"):
        return (
            Cell(number, notes)
            if 11 <= len(digits) <= 15 and len(number) <= 20
            else Cell("", ("phone_unreadable",))
        )
    if not digits.startswith("0") and len(digits) in {9, 10} and _can_have_lost_zero(digits):
        number, digits, notes = f"0{number}", f"0{digits}", (*notes, "phone_zero")
    fits = len(digits) in {10, 11} and digits.startswith("0") and len(number) <= 20
    return Cell(number, notes) if fits else Cell("", ("phone_unreadable",))


def _can_have_lost_zero(digits: str) -> bool:
    """Nine digits are a landline or 0120 without its zero, ten a mobile or IP telephone (090, 080, 070, 050)."""
    return len(digits) == 9 or digits[:2] in {"90", "80", "70", "50"}


def _in_groups(number: str) -> str:
    """(042)558-1111 and 042(558)1111 with hyphens."""
    return re.sub(r"-+", "-", re.sub(r"[().]", "-", number)).strip("-")


def read_postcode(text: str, own_code: str) -> Cell:
    """A postcode as seven digits. Lost zeros come back only where postcodes begin with one."""
    plain = hyphens(narrow(text)).removeprefix("〒").replace("-", "")
    whole = _WHOLE_AS_DECIMAL.fullmatch(plain)
    plain = whole[1] if whole else plain
    if not plain:
        return Cell("")
    if plain.isdigit() and len(plain) == 7:
        return Cell(plain, _widened(text, plain))
    if plain.isdigit() and len(plain) in {5, 6} and own_code[:2] in _ZERO_POSTCODES:
        return Cell(plain.zfill(7), ("postcode_zero",))
    return Cell("", ("postcode_unreadable",))


def read_clock(text: str) -> Cell:
    """A time as 09:00, from 9:00, 0900, ９時, 午後5時 or the fraction of a day (0.375)."""
    plain = narrow(text)
    if not plain:
        return Cell("")
    if re.fullmatch(r"0?\.[0-9]+", plain):
        minutes = round(float(plain) * 1440)
        return Cell(f"{minutes // 60:02}:{minutes % 60:02}", ("time_fraction",))
    found = _CLOCK.fullmatch(plain)
    if found is None:
        return Cell("", ("time_unreadable",))
    half, hour, minute = (found[1] or "").lower(), int(found[2]), int(found[3] or found[4] or 0)
    hour += 12 if half in {"午後", "pm"} and hour < 12 else 0
    good = (hour < 24 and minute < 60) or (hour, minute) == (24, 0)
    return Cell(f"{hour:02}:{minute:02}") if good else Cell("", ("time_unreadable",))


def read_place(latitude: str, longitude: str) -> tuple[str, str, tuple[str, ...]]:
    """Return latitude and longitude with six decimals, and what was done. Both are empty unless both are in Japan."""
    if not latitude and not longitude:
        return "", "", ()
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None:
        return "", "", ("place_half" if not latitude or not longitude else "place_unreadable",)
    notes = ("width",) if _widened(latitude + longitude, "1") else ()
    if _in_japan(north, east):
        return f"{north:.6f}", f"{east:.6f}", notes
    if _in_japan(east, north):
        return f"{east:.6f}", f"{north:.6f}", (*notes, "place_swapped")
    return "", "", ("place_zero" if north == east == 0 else "place_outside",)


def _in_japan(north: float, east: float) -> bool:
    return SOUTH <= north <= NORTH and WEST <= east <= EAST


def _degrees(text: str) -> float | None:
    plain = narrow(text).removeprefix("北緯").removeprefix("東経")
    found = _DEGREES.fullmatch(plain)
    if found:
        return int(found[1]) + int(found[2]) / 60 + float(found[3] or 0) / 3600
    if re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,20})?", plain):
        return float(plain)
    return None
