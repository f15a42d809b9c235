"""Payment slips (納付書): what is asked for, on a paper the bank takes, with the six fields of 施行令154条3項."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from accounts.actors import Actor
from payments.errors import NoDueDay, NoSlipTerms, NothingToPay
from payments.ledger import lock_by_id
from payments.models import Charge, Instalment, Paper, PaperCharge, Payee, SlipTerms
from payments.papers.issuing import (
    Kind,
    PaperWords,
    Value,
    cancel_paper,
    cause_of,
    day_value,
    issue_paper,
    year_value,
    yen_value,
)
from payments.papers.receipts import Rows, facts_of, line_of
from payments.years import today_at

_REPLACED = "新しい納付書に代わりました"


@transaction.atomic
def issue_slips(
    *, subjects: Sequence[UUID], actor: Actor, now: datetime, due_on: date | None = None
) -> list[Paper]:
    """Issue slips for all that is due of these charges: one for each revenue item, fiscal year and payer.

    ``due_on`` is the last local day to pay; left out, it is the earliest written for the charges. The same charges with
    the same amounts and day have one slip; an older one that shares a charge is cancelled (its money is still matched).
    Raises NothingToPay, NoDueDay, NoSlipTerms.
    """
    rows = Charge.objects.select_related("item__payee").filter(subject__in=subjects).order_by("pk")
    due = {charge.pk: lock_by_id(charge.pk).sums.due for charge in rows}
    together: dict[tuple[int, int, str], list[Charge]] = {}
    for charge in rows:
        if due[charge.pk]:
            together.setdefault((charge.item_id, charge.fiscal_year, charge.payer), []).append(charge)
    if not together:
        raise NothingToPay
    facts = facts_of(subjects)
    return [_issue(charges, due, facts, due_on, actor, now) for charges in together.values()]


def may_issue_slips(*, payee_id: int) -> bool:
    """Whether slips of a payee can be made: where they are paid is known."""
    return SlipTerms.objects.filter(payee_id=payee_id).exists()


def last_due_day(charge_ids: Iterable[int], now: datetime) -> date | None:
    """Return the earliest day written until which these charges are paid, if it is not over; else None."""
    rows = Instalment.objects.filter(charge_id__in=list(charge_ids), due_at__gt=now)
    first = rows.aggregate(first=Min("due_at"))["first"]
    # ``due_at`` is the first moment too late.
    return today_at(first - timedelta(microseconds=1)) if first else None


def number_of_slip(typed: str) -> tuple[int, int] | None:
    """Return fiscal year and serial of a slip's number, however a bank writes it (2026-000123, 2026000123); None: it
    is no such number."""
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    return (int(digits[:4]), int(digits[4:])) if len(digits) == 10 else None


def slip_of_number(typed: str) -> Paper | None:
    """Return the slip with this number, also one that another took the place of; None: there is none."""
    found = number_of_slip(unicodedata.normalize("NFKC", typed))
    if found is None:
        return None
    return Paper.objects.filter(kind=Kind.SLIP, fiscal_year=found[0], serial=found[1]).first()


def _issue(
    charges: Sequence[Charge],
    due: Mapping[int, int],
    facts: Mapping[UUID, Rows],
    due_on: date | None,
    actor: Actor,
    now: datetime,
) -> Paper:
    payee, asked = charges[0].item.payee, {one.pk: due[one.pk] for one in charges}
    terms = SlipTerms.objects.filter(payee=payee).first()
    if terms is None:
        raise NoSlipTerms
    day = due_on or last_due_day(asked, now)
    if day is None or day < today_at(now):
        raise NoDueDay
    words = PaperWords(
        lead="つぎの金額を、納期限までに納めてください。",
        lines=[line_of(one, asked[one.pk], facts) for one in charges],
        notes=[terms.note] if terms.note else [],
        more={"slip": _six_fields(charges[0], sum(asked.values()), day, terms, payee)},
    )
    paper = issue_paper(
        kind=Kind.SLIP,
        cause=cause_of(Kind.SLIP, f"until {day} ", asked),
        to=charges[0].payer,
        words=words,
        actor=actor,
        now=now,
        yen=sum(asked.values()),
        payee=payee,
        charges=asked,
    )
    _replace_older(paper, asked, actor, now)
    return paper


def _six_fields(charge: Charge, yen: int, day: date, terms: SlipTerms, payee: Payee) -> dict[str, Any]:
    """所属年度, 歳入科目, 納入すべき金額, 納期限, 納入場所, 納入の請求の事由. What a manager takes has no items."""
    public = payee.kind == Payee.Kind.PUBLIC
    item = " ".join(part for part in (charge.item.code, str(charge.item)) if part)
    fields: list[tuple[str, Value]] = [
        ("所属年度", year_value(charge.fiscal_year)),
        ("歳入科目" if public else "科目", item if public else "利用料金"),
        ("納入すべき金額", yen_value(yen)),
        ("納期限", day_value(day)),
        ("納入場所", terms.pay_at),
        ("請求の事由", "公共施設の使用料" if public else "公共施設の利用料金"),
    ]
    return {"fields": [list(row) for row in fields], "due_on": day.isoformat()}


def _replace_older(paper: Paper, asked: Iterable[int], actor: Actor, now: datetime) -> None:
    shared = PaperCharge.objects.filter(charge_id__in=list(asked), paper__kind=Kind.SLIP)
    older = Paper.objects.filter(pk__in=shared.values("paper_id")).exclude(pk=paper.pk)
    for one in older.exclude(events__kind="cancelled"):
        cancel_paper(paper_id=one.pk, reason=_REPLACED, actor=actor, now=now)
