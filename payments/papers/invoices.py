"""Qualified invoices (適格請求書): the registration number with its check digit, and tax once per rate and document.

Pure. All amounts are whole yen and include tax, as fees of halls are told (総額表示). The rates are those of
消費税法29条; how a return below a limit needs no paper is 消費税法施行令70条の9第3項2号.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Percent of tax for each kind of RevenueItem.tax that is taxed at all.
RATES = {"standard": 10, "reduced": 8}
# A return of this much or more, with tax, needs a paper of its own (適格返還請求書).
RETURN_INVOICE_FROM_YEN = 10_000

_NUMBER = re.compile(r"T([0-9]{13})")
_BETWEEN = re.compile(r"[\s\-‐‑–—−ー]+")


@dataclass(frozen=True, slots=True)
class TaxedTotal:
    """What a document comes to at one rate, in yen: ``total_yen`` with the tax, ``tax_yen`` of it is tax.

    ``tax`` is a kind of RevenueItem.tax; ``percent`` is 0 where nothing is taxed (非課税, 不課税).
    """

    tax: str
    percent: int
    total_yen: int
    tax_yen: int


def check_digit(base: str) -> int:
    """Return the check digit before the twelve digits of a corporate number (法人番号の検査用数字).

    Nine less the remainder by nine of the digits, each second one from the right doubled.
    Raises ValueError where it is not twelve digits.
    """
    if not re.fullmatch(r"[0-9]{12}", base):
        raise ValueError("twelve digits")
    total = sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(base)))
    return 9 - total % 9


def registration_number(typed: str) -> str | None:
    """Return the registration number (登録番号) somebody typed as it is printed: ``T`` and 13 digits.

    Wide letters, spaces, hyphens and a missing T are forgiven. None: no such number can exist (its length or its
    check digit is wrong).
    """
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    found = _NUMBER.fullmatch(text if text.startswith("T") else f"T{text}")
    if found is None or not found[1].isascii():
        return None
    digits = found[1]
    return f"T{digits}" if int(digits[0]) == check_digit(digits[1:]) else None


def tax_within(total_yen: int, percent: int) -> int:
    """Return the tax that is within a total, in yen; parts of a yen are dropped."""
    return total_yen * percent // (100 + percent)


def taxed_totals(lines: Iterable[tuple[str, int]]) -> tuple[TaxedTotal, ...]:
    """Add up the lines of one document, each a kind of RevenueItem.tax and its yen with tax, by rate.

    The tax is taken, and rounded, once for each rate of the document (消費税法施行令70条の10), never line by line.
    The highest rate comes first, what is not taxed last.
    """
    totals: dict[str, int] = {}
    for tax, yen in lines:
        totals[tax] = totals.get(tax, 0) + yen
    rows = [
        TaxedTotal(tax, RATES.get(tax, 0), yen, tax_within(yen, RATES.get(tax, 0)))
        for tax, yen in totals.items()
        if yen
    ]
    return tuple(sorted(rows, key=lambda row: (-row.percent, row.tax)))


def needs_return_invoice(lines: Iterable[tuple[str, int]]) -> bool:
    """Whether giving back these lines (kind of tax, yen with tax) needs a paper (適格返還請求書)."""
    return sum(yen for tax, yen in lines if tax in RATES) >= RETURN_INVOICE_FROM_YEN
