"""What is overdue: the letter with a new day (督促, 地方自治法231条の3), and giving up what has lapsed (236条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.actors import Actor
from payments.errors import BadDueDay, ChargeNotFound, ClaimNotLapsed, NothingToPay, NotOverdue
from payments.ledger import Kind, LockedCharge, enter, lock_by_id
from payments.models import Dunning, LedgerEntry, Paper, Payee, RevenueItem
from payments.papers.issuing import PaperLine, PaperWords, day_value, issue_paper, year_value, yen_value
from payments.treasury.unpaid import Unpaid, unpaid_charges
from payments.years import today_at

# Nobody is given less time to pay than this after a letter, in days.
SHORTEST_DAYS = 1
LEAD = "次の料金は、納期限を過ぎても納められていません。新しい納期限までに納めてください。"
NOTES = (
    "この督促は、地方自治法第231条の3第1項によるものです。",
    "行きちがいで、もう納めていただいたときは、お許しください。",
)


@transaction.atomic
def issue_dunning(
    *, charge_ids: Sequence[int], due_on: date, actor: Actor, now: datetime, lead: str = ""
) -> list[Dunning]:
    """Write a letter for each of these charges that is overdue, naming ``due_on`` as the new last day to pay.

    All of them or none. Raises BadDueDay, ChargeNotFound, NothingToPay, NotOverdue.
    """
    if due_on < today_at(now) + timedelta(days=SHORTEST_DAYS):
        raise BadDueDay
    wanted = sorted(set(charge_ids))
    if not wanted:
        raise ChargeNotFound
    locked = [lock_by_id(charge_id) for charge_id in wanted]
    owed = {one.charge_id: one for one in unpaid_charges(charge_ids=wanted, now=now)}
    return [_letter(charge, owed.get(charge.id), due_on, actor, now, lead) for charge in locked]


@transaction.atomic
def write_off(*, charge_id: int, reason: str, actor: Actor, now: datetime) -> LedgerEntry:
    """Give up what is still due of a charge whose claim has lapsed after five years (不納欠損).

    Raises ChargeNotFound, NothingToPay, ClaimNotLapsed.
    """
    charge = lock_by_id(charge_id)
    if charge.sums.due == 0:
        raise NothingToPay
    owed = unpaid_charges(charge_ids=[charge_id], now=now)[0]
    if today_at(now) < owed.lapses_on:
        raise ClaimNotLapsed(lapses_on=owed.lapses_on)
    return enter(charge, Kind.WRITTEN_OFF, charge.sums.due, actor, now, memo=reason)


def _letter(
    charge: LockedCharge, owed: Unpaid | None, due_on: date, actor: Actor, now: datetime, lead: str
) -> Dunning:
    if owed is None or charge.sums.due == 0:
        raise NothingToPay
    if not owed.days_late:
        raise NotOverdue
    made = Dunning.objects.create(
        charge_id=charge.id,
        number=owed.dunnings + 1,
        yen=charge.sums.due,
        due_on=due_on,
        issued_at=now,
        issued_by_id=actor.id,
    )
    item = RevenueItem.objects.get(pk=charge.item_id)
    issue_paper(
        kind=Paper.Kind.DUNNING,
        cause=f"dunning {made.pk}",
        to=charge.payer,
        words=_words(charge, owed, item, due_on, lead),
        actor=actor,
        now=now,
        yen=charge.sums.due,
        payee=Payee.objects.get(items=charge.item_id),
        charges={charge.id: charge.sums.due},
    )
    return made


def _words(charge: LockedCharge, owed: Unpaid, item: RevenueItem, due_on: date, lead: str) -> PaperWords:
    return PaperWords(
        lead=lead or LEAD,
        rows=(
            ("納める金額", yen_value(charge.sums.due)),
            ("新しい納期限", day_value(due_on)),
            ("もとの納期限", day_value(owed.due_on) if owed.due_on else ""),
            ("年度", year_value(charge.fiscal_year)),
            ("歳入科目", str(item)),
        ),
        lines=(PaperLine(words=charge.title, yen=charge.sums.due, tax=item.tax),),
        notes=NOTES,
    )
