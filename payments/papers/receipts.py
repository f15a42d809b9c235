"""Papers about money that came in: receipt (領収書), proof (支払済証明書), qualified invoice (適格請求書)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from payments.errors import NoPaperYet, NotOnOnePaper, NotRegisteredForInvoices
from payments.models import Charge, LedgerEntry, Paper, Payee
from payments.papers.invoices import RATES, tax_within
from payments.papers.issuing import (
    Kind,
    PaperLine,
    PaperWords,
    Value,
    cancel_paper,
    cause_of,
    day_value,
    issue_paper,
    papers_about,
)
from payments.queries import sums_of
from payments.years import today_at

Rows = Sequence[tuple[str, Value]]

# How money came, in the words of papers: by the way of the attempt, else by the gateway.
_WAYS: Mapping[str, str] = {
    "desk_cash": "現金（窓口）",
    "bank_slip": "納付書",
    "card": "クレジットカード",
    "konbini": "コンビニエンスストア",
    "paypay": "PayPay",
    "credit": "ほかの料金からの充当",
}
# A receipt on paper of a business needs a revenue stamp from here on, without tax (印紙税法別表第一 17号).
_STAMP_FROM_YEN = 50_000


def issue_receipt(*, entry: LedgerEntry, actor: Actor, now: datetime, handed_over: bool = False) -> Paper:
    """Issue the paper for a collection: a receipt for cash at the desk, what the payee gives for money that came by a
    provider, and a proof of payment for what the bank or another fee has a receipt for already.

    ``handed_over``: a clerk gives it on paper. The same collection has one such paper, however often it is asked for.
    """
    entry = LedgerEntry.objects.select_related("charge__item__payee", "attempt").get(pk=entry.pk)
    charge, payee = entry.charge, entry.charge.item.payee
    kind = _kind_for(entry, payee)
    way = entry.attempt.way if entry.attempt else entry.gateway
    words = PaperWords(
        lead="つぎのとおり領収しました。"
        if kind == Kind.RECEIPT
        else "つぎのとおり、支払いを受けたことを証明します。",
        rows=[
            ("領収した日" if kind == Kind.RECEIPT else "支払いを確認した日", day_value(today_at(entry.at))),
            ("支払いの方法", _WAYS.get(way, way)),
        ],
        lines=[line_of(charge, entry.yen, facts_of([charge.subject]))],
        taxed=bool(payee.invoice_number),
        more={"handed_over": handed_over, "stamp": handed_over and _needs_stamp(entry, payee)},
    )
    return issue_paper(
        kind=kind,
        cause=f"entry {entry.pk}",
        to=charge.payer,
        words=words,
        actor=actor,
        now=now,
        yen=entry.yen,
        payee=payee,
        charges={charge.pk: entry.yen},
        entry_id=entry.pk,
    )


def receipts_to_issue(subject: UUID) -> list[LedgerEntry]:
    """Return the collections of a subject that stand and have no receipt and no proof yet, the oldest first."""
    papers = Paper.objects.filter(kind__in=[Kind.RECEIPT, Kind.PROOF], entry__charge__subject=subject)
    rows = LedgerEntry.objects.filter(
        charge__subject=subject, kind=LedgerEntry.Kind.COLLECTED, corrected_by__isnull=True
    )
    return list(rows.exclude(pk__in=papers.values("entry_id")))


@transaction.atomic
def issue_receipts(*, subject: UUID, actor: Actor, now: datetime) -> list[Paper]:
    """Issue what a subject's collections still have no paper for. Raises NoPaperYet where nothing was collected."""
    entries = receipts_to_issue(subject)
    if not entries:
        raise NoPaperYet
    return [issue_receipt(entry=entry, actor=actor, now=now) for entry in entries]


@transaction.atomic
def issue_invoice(*, subjects: Sequence[UUID], actor: Actor, now: datetime) -> Paper:
    """Issue a qualified invoice for what these charges ask for, paid or not; all of one payee and of one payer.

    The same charges with the same amounts have one invoice. One that told another amount, or that shares a charge
    with it, is cancelled: tax is never told twice. Raises NotRegisteredForInvoices, NotOnOnePaper, NoPaperYet.
    """
    charges = list(Charge.objects.select_related("item__payee").filter(subject__in=subjects).order_by("pk"))
    payee = _one_payee(charges)
    if not payee.invoice_number:
        raise NotRegisteredForInvoices
    asked = {pk: sums.net for pk, sums in sums_of(one.pk for one in charges).items() if sums.net > 0}
    if not asked:
        raise NoPaperYet
    facts = facts_of([one.subject for one in charges])
    paper = issue_paper(
        kind=Kind.INVOICE,
        cause=cause_of(Kind.INVOICE, "", asked),
        to=charges[0].payer,
        words=PaperWords(
            lead="つぎのとおり請求します。",
            lines=[line_of(one, asked[one.pk], facts) for one in charges if one.pk in asked],
            taxed=True,
            notes=["支払いが済んでいるときは、あらためて支払う必要はありません。"],
        ),
        actor=actor,
        now=now,
        yen=sum(asked.values()),
        payee=payee,
        charges=asked,
    )
    for older in papers_about(subjects):
        if older.kind == Kind.INVOICE and older.pk != paper.pk:
            reason = f"適格請求書 {paper.number} に代わりました"
            cancel_paper(paper_id=older.pk, reason=reason, actor=actor, now=now)
    return paper


def line_of(charge: Charge, yen: int, facts: Mapping[UUID, Rows]) -> PaperLine:
    """Return the line of a paper for a charge."""
    return PaperLine(charge.title, yen, charge.item.tax, facts.get(charge.subject, ()))


def facts_of(subjects: Iterable[UUID]) -> Mapping[UUID, Rows]:
    """Return what papers say of the subjects of charges (settings.CHARGE_FACTS): rows of label and value."""
    found: Mapping[UUID, Rows] = _told().facts_of(list(subjects))
    return found


def appeal_against(subject: UUID) -> Sequence[str]:
    """Return the notice of appeal (教示) for a decision about the charge of a subject (settings.CHARGE_FACTS)."""
    found: Sequence[str] = _told().appeal_against(subject)
    return found


def _told() -> Any:
    return import_module(settings.CHARGE_FACTS)


def _kind_for(entry: LedgerEntry, payee: Payee) -> Paper.Kind:
    if entry.gateway == "desk_cash":
        return Kind.RECEIPT
    return Kind(payee.online_paper) if entry.attempt_id else Kind.PROOF


def _needs_stamp(entry: LedgerEntry, payee: Payee) -> bool:
    """Papers of a municipality need none (印紙税法5条2号)."""
    tax = tax_within(entry.yen, RATES.get(entry.charge.item.tax, 0)) if payee.invoice_number else 0
    return payee.kind == Payee.Kind.MANAGER and entry.yen - tax >= _STAMP_FROM_YEN


def _one_payee(charges: Sequence[Charge]) -> Payee:
    payees = {one.item.payee_id: one.item.payee for one in charges}
    if not payees:
        raise NoPaperYet
    if len(payees) > 1 or len({one.payer for one in charges}) > 1:
        raise NotOnOnePaper
    return next(iter(payees.values()))
