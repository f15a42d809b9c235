"""The list of transfers as files: for people (CSV), and as banks take it (全銀協の総合振込, lines of 120 bytes)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from payments.models import TransferList, TransferTerms
from payments.refunds.bank_accounts import BankAccount, in_bank_kana, opened
from payments.refunds.errors import TransferTermsMissing
from payments.refunds.transfers import refunds_on

# The file is in single bytes: half-width kana are one byte each in this code page.
BANK_ENCODING = "cp932"
_LINE = 120


@dataclass(frozen=True, slots=True)
class Transfer:
    """One line of a list: the refund's number, whose it is, where to, and how much in yen."""

    number: int
    payer: str
    title: str
    yen: int
    account: BankAccount


def transfers_of(found: TransferList) -> list[Transfer]:
    """Return the lines of a list. Those whose account was deleted since (payments.refunds.rerouting) are left out."""
    return [
        Transfer(
            one.pk, one.charge.payer, one.charge.title, one.yen, opened(one.bank_account, refund_id=one.pk)
        )
        for one in refunds_on(found.pk)
        if one.bank_account is not None
    ]


def csv_file(found: TransferList) -> bytes:
    """Return a list for people and spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text)
    heads = (
        "番号",
        "納入者",
        "内容",
        "金額（円）",
        "銀行コード",
        "銀行名",
        "支店コード",
        "支店名",
        "預金種目",
    )
    writer.writerow((*heads, "口座番号", "口座名義", "振込日"))
    for one in transfers_of(found):
        at = one.account
        place = (at.bank_code, at.bank_name, at.branch_code, at.branch_name, _KINDS[at.kind])
        row = (
            one.number,
            one.payer,
            one.title,
            one.yen,
            *place,
            at.number,
            at.holder,
            found.pay_on.isoformat(),
        )
        writer.writerow([_harmless(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def bank_file(found: TransferList) -> bytes:
    """Return a list as the payee's bank takes it. Raises TransferTermsMissing."""
    terms = TransferTerms.objects.filter(payee_id=found.payee_id).first()
    if terms is None:
        raise TransferTermsMissing
    return bank_lines(terms, found.pay_on, transfers_of(found)).encode(BANK_ENCODING)


def bank_lines(terms: TransferTerms, pay_on: date, transfers: Sequence[Transfer]) -> str:
    """Return the records of 総合振込: header (1), one each (2), trailer (8), end (9); each ends with CR LF."""
    head = (
        "1210",
        terms.client_code.rjust(10, "0"),
        _text(terms.client_name, 40),
        f"{pay_on:%m%d}",
        terms.bank_code,
        _text(terms.bank_name, 15),
        terms.branch_code,
        _text(terms.branch_name, 15),
        terms.account_kind,
        terms.account_number,
    )
    total = sum(one.yen for one in transfers)
    records = [
        "".join(head),
        *("".join(_data(one)) for one in transfers),
        f"8{len(transfers):06d}{total:012d}",
        "9",
    ]
    return "".join(record.ljust(_LINE) + "\r\n" for record in records)


_KINDS = {"1": "普通", "2": "当座", "4": "貯蓄"}


def _data(one: Transfer) -> tuple[str, ...]:
    at = one.account
    return (
        "2",
        at.bank_code,
        _text(at.bank_name, 15),
        at.branch_code,
        _text(at.branch_name, 15),
        " " * 4,
        at.kind,
        at.number,
        _text(at.holder, 30),
        f"{one.yen:010d}",
        "0",
        f"{one.number:010d}",
        " " * 10,
        "7",
    )


def _text(text: str, length: int) -> str:
    """A name in the bank's characters, cut or filled up; one with others is left empty, banks go by the codes."""
    return (in_bank_kana(text) or "")[:length].ljust(length)


def _harmless(value: str | int) -> str | int:
    """What a spreadsheet would take for a formula is text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"} else value
