"""Cells and headers in one spelling: widths, blanks, control characters, kana, what spreadsheets left behind."""

from __future__ import annotations

import re
import unicodedata

# What a spreadsheet takes for the start of a formula (also the full-width forms some of them accept).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\ufeff]")
_PUNCTUATION = re.compile(r"[\s_()\[\]{}・、,.\-/:;'\"*]")
_REMARK = re.compile(r"【[^】]*】|※.*$", re.DOTALL)
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
_BETWEEN_WIDE = re.compile(r"(?<=[^\x00-\xff])\s*\n\s*(?=[^\x00-\xff])")
_HYPHENS = "-‐‑‒–—―−ーｰ─"
# Hiragana and its katakana are this far apart in Unicode.
_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def safe(text: str) -> str:
    """Return text that a spreadsheet shows and never computes: an apostrophe goes before what looks like a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def unsafe(text: str) -> str:
    """Return text without the apostrophe ``safe`` put before it."""
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(_FORMULA) else text


def fold_header(text: str) -> str:
    """Return a column's name without width, case, blanks, punctuation and remarks (名称_カナ【必須】 → 名称カナ)."""
    plain = unicodedata.normalize("NFKC", _CONTROL.sub("", _REMARK.sub("", text)))
    return _PUNCTUATION.sub("", plain).casefold()


def fold_name(text: str) -> str:
    """Return a name or address for comparing only: no width, no blanks, one kind of hyphen."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join("-" if sign in _HYPHENS else sign for sign in plain if not sign.isspace()).casefold()


def clean(text: str) -> str:
    """Return a cell without control characters and blanks around it; line breaks inside stay."""
    if not text:
        return text
    # Nearly every cell is printable: twenty thousand rows have half a million of them.
    if not text.isprintable():
        text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = text.strip()
    return unsafe(plain).strip() if plain.startswith("'") else plain


def one_line(text: str) -> str:
    """Return a cleaned cell on one line: between Japanese characters a line break is nothing, elsewhere a blank."""
    if "\n" not in text and "\t" not in text:
        return text
    return re.sub(r"\s*[\n\t]\s*", " ", _BETWEEN_WIDE.sub("", text)).strip()


def is_error(text: str) -> bool:
    """Say whether a cell is a spreadsheet's error (#N/A, ＃REF！)."""
    return text.startswith(("#", "＃")) and unicodedata.normalize("NFKC", text).strip().upper() in _ERRORS


def narrow(text: str) -> str:
    """Return a number, code or address of a program in ASCII as far as it goes, without blanks."""
    return text if text.isascii() and text.isalnum() else "".join(unicodedata.normalize("NFKC", text).split())


def hyphens(text: str) -> str:
    """Return text with one kind of hyphen."""
    return "".join("-" if sign in _HYPHENS else sign for sign in text)


def katakana(text: str) -> str:
    """Return a reading in full-width katakana (ﾁｭｳｵｳ, ちゅうおう → チュウオウ)."""
    return unicodedata.normalize("NFKC", text).translate(_TO_KATAKANA)
