"""The payer's bank account: checked, written in the characters banks take, and sealed. Never in a log or a ``repr``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass, field

import orjson

from payments.refunds.errors import BankAccountUnfit
from tenants.sealing import seal, unseal

# Kinds of accounts as banks number them: 普通, 当座, 貯蓄.
KINDS = ("1", "2", "4")
# The longest name of a receiver in a bank's file.
LONGEST_HOLDER = 30

_PURPOSE = "bank accounts"
_TABLE = "payments_refund"
_FIELD = "bank_account"

_FULL = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_HALF = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"
_KANA = dict(zip(_FULL, _HALF, strict=True))
# Banks know no small letters, no long mark, and few signs.
_AS = {
    **dict(zip("ァィゥェォャュョッヮヵヶ", "アイウエオヤユヨツワカケ", strict=True)),
    **dict.fromkeys("ー－‐‑–—−", "-"),
    "、": ",",
    "。": ".",
    "・": ".",
    "「": "｢",
    "」": "｣",
    "　": " ",
    "゛": "ﾞ",
    "゜": "ﾟ",
    "¥": "\\",
    "ヰ": "イ",
    "ヱ": "エ",
}
_VOICED = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
_TAKEN = re.compile(r"[0-9A-Zｱ-ﾝｦﾞﾟ ().,\-/\\｢｣]+")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where to transfer to. ``holder`` is the name of the account in the bank's characters (half-width kana)."""

    bank_code: str = field(repr=False)
    bank_name: str = field(repr=False)
    branch_code: str = field(repr=False)
    branch_name: str = field(repr=False)
    kind: str = field(repr=False)
    number: str = field(repr=False)
    holder: str = field(repr=False)

    @property
    def masked(self) -> str:
        """What a page may show of it: the bank, and the last three digits."""
        return f"{self.bank_name} {self.branch_name} ＊＊＊＊{self.number[-3:]}"


def bank_account(
    *, bank_code: str, bank_name: str, branch_code: str, branch_name: str, kind: str, number: str, holder: str
) -> BankAccount:
    """Return the account as banks write it: digits half-width, the number of seven, the holder in half-width kana.

    Raises BankAccountUnfit, which names the fields that cannot be.
    """
    given = {
        "bank_code": _digits(bank_code),
        "bank_name": " ".join(bank_name.split())[:40],
        "branch_code": _digits(branch_code),
        "branch_name": " ".join(branch_name.split())[:40],
        "kind": kind,
        "number": _digits(number),
        "holder": in_bank_kana(holder) or "",
    }
    if given["number"]:
        given["number"] = given["number"].zfill(7)
    fits = {
        "bank_code": len(given["bank_code"]) == 4,
        "bank_name": bool(given["bank_name"]),
        "branch_code": len(given["branch_code"]) == 3,
        "branch_name": bool(given["branch_name"]),
        "kind": kind in KINDS,
        "number": len(given["number"]) == 7,
        "holder": 0 < len(given["holder"]) <= LONGEST_HOLDER,
    }
    if unfit := [name for name, fit in fits.items() if not fit]:
        raise BankAccountUnfit(fields=unfit)
    return BankAccount(**given)


def in_bank_kana(text: str) -> str | None:
    """Return a name in the characters of banks' files, e.g. ``ﾔﾏﾀﾞ ﾊﾅｺ``; None where it has others (kanji)."""
    written = []
    for one in unicodedata.normalize("NFKC", text.strip()).upper():
        kana = chr(ord(one) + 0x60) if "ぁ" <= one <= "ゖ" else one
        for part in unicodedata.normalize("NFD", kana):
            sign = _AS.get(part, part)
            written.append(_VOICED.get(sign) or _KANA.get(sign, sign))
    name = re.sub(r" +", " ", "".join(written))
    return name if _TAKEN.fullmatch(name) else None


def sealed(account: BankAccount, *, refund_id: int) -> bytes:
    """Return an account encrypted for one refund."""
    return seal(
        orjson.dumps(asdict(account)), purpose=_PURPOSE, table=_TABLE, row=str(refund_id), field=_FIELD
    )


def opened(ciphertext: bytes | memoryview, *, refund_id: int) -> BankAccount:
    """Return the account that was sealed for a refund. Raises tenants.sealing.CannotOpen."""
    plain = unseal(ciphertext, purpose=_PURPOSE, table=_TABLE, row=str(refund_id), field=_FIELD)
    return BankAccount(**orjson.loads(plain))


def _digits(text: str) -> str:
    kept = unicodedata.normalize("NFKC", text).replace("-", "").replace(" ", "")
    return kept if kept.isascii() and kept.isdecimal() else ""
