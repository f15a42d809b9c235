"""Papers about money that goes back: the decision (還付決定通知書), the qualified return invoice (適格返還請求書)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from accounts.actors import SYSTEM
from payments.ledger import lock_by_id
from payments.models import Paper, Payee, Refund
from payments.papers.invoices import needs_return_invoice
from payments.papers.issuing import (
    Kind,
    PaperWords,
    Value,
    cancel_paper,
    cause_of,
    day_value,
    issue_paper,
    yen_value,
)
from payments.papers.receipts import appeal_against, facts_of, line_of
from payments.queries import sums_of
from payments.years import today_at

_ROUTES = {
    Refund.Route.DESK_CASH: "館の窓口で、現金で返します",
    Refund.Route.STRIPE: "支払った方法（カードなど）にもどします",
    Refund.Route.BANK_TRANSFER: "銀行口座に振り込みます",
    Refund.Route.CREDIT: "ほかの料金に充てます",
}
# A manager's own income goes back by its own word: that is no decision of an authority.
_OF_MANAGER = "返金のお知らせ"

# What was decided at once of one charge, by its first refund, where what stands in writing is not what holds. What
# waits for a second person is no decision yet; a return invoice tells the day on which the money was returned.
_MISSING = """
SELECT g.id FROM (
    SELECT min(r.id) AS id, bool_or(r.state = 'awaiting_approval') AS waits,
           bool_and(r.state IN ('done', 'withdrawn')) AS arrived,
           coalesce(sum(r.yen) FILTER (WHERE r.state <> 'withdrawn'), 0) AS yen, min(i.tax) AS tax,
           min(p.invoice_number) AS invoice_number
    FROM payments_refund r
    JOIN payments_charge c ON c.id = r.charge_id
    JOIN payments_revenueitem i ON i.id = c.item_id
    JOIN payments_payee p ON p.id = i.payee_id
    WHERE (r.charge_id, r.created_at) IN (
        SELECT n.charge_id, n.created_at FROM payments_refund n WHERE n.updated_at > %s - interval '40 days')
    GROUP BY r.charge_id, r.created_at
) g
LEFT JOIN LATERAL (
    SELECT coalesce(max(d.yen) FILTER (WHERE d.kind = 'refund_decision'), 0) AS decided,
           coalesce(max(d.yen) FILTER (WHERE d.kind = 'return_invoice'), 0) AS returned
    FROM payments_paper d WHERE d.refund_id = g.id
      AND NOT EXISTS (SELECT 1 FROM payments_paperevent e WHERE e.paper_id = d.id AND e.kind = 'cancelled')
) d ON true
WHERE NOT g.waits AND (
    g.yen <> d.decided
    OR g.arrived AND g.yen >= 10000 AND g.invoice_number <> '' AND g.tax IN ('standard', 'reduced')
       AND d.returned = 0)
ORDER BY 1 LIMIT 500
"""


def refunds_without_papers(*, now: datetime) -> list[int]:
    """Return the first refund of each decision that lacks a paper it should have, or has one that holds no more."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [now])
        return [int(row[0]) for row in cursor.fetchall()]


@transaction.atomic
def issue_refund_papers(*, refund_id: int, now: datetime) -> list[Paper]:
    """Issue what there is to say in writing of the decision a refund belongs to; may run as often as it likes.

    Nothing while a second person has to agree. What was taken back since is told no more: the paper that told it is
    cancelled. The return invoice follows once all of it has arrived, where the payee is registered and it is 10,000
    yen or more with tax.
    """
    charge_id = Refund.objects.values_list("charge_id", flat=True).get(pk=refund_id)
    lock_by_id(charge_id)
    one = Refund.objects.select_related("charge__item__payee").get(pk=refund_id)
    refunds = list(
        Refund.objects.filter(charge_id=charge_id, created_at=one.created_at)
        .select_related("source", "charge__item__payee")
        .order_by("pk")
    )
    if any(refund.state == Refund.State.AWAITING_APPROVAL for refund in refunds):
        return []
    held = [refund for refund in refunds if refund.state != Refund.State.WITHDRAWN]
    made = [_decision(held, refunds[0].pk, now)] if held else []
    payee, tax = one.charge.item.payee, one.charge.item.tax
    arrived = held and all(refund.state == Refund.State.DONE for refund in held)
    if arrived and payee.invoice_number and needs_return_invoice([(tax, _total(held))]):
        made.append(_return_invoice(held, refunds[0].pk, now))
    _cancel_others(refunds[0].pk, made, now)
    return made


def _cancel_others(first_id: int, made: Sequence[Paper], now: datetime) -> None:
    older = Paper.objects.filter(refund_id=first_id, kind=Kind.REFUND_DECISION)
    for paper in older.exclude(pk__in=[one.pk for one in made]).exclude(events__kind="cancelled"):
        cancel_paper(paper_id=paper.pk, reason="還付の決定が取り消されました", actor=SYSTEM, now=now)


def _decision(refunds: Sequence[Refund], first_id: int, now: datetime) -> Paper:
    charge, payee = refunds[0].charge, refunds[0].charge.item.payee
    public = payee.kind == Payee.Kind.PUBLIC
    sums, yen = sums_of([charge.pk])[charge.pk], _total(refunds)
    ways = dict.fromkeys(_ROUTES[Refund.Route(refund.route)] for refund in refunds)
    rows: list[tuple[str, Value]] = [
        ("決定した日", day_value(today_at(refunds[0].created_at))),
        ("納めた金額", yen_value(sums.collected)),
        ("還付する金額" if public else "返す金額", yen_value(yen)),
        ("理由", refunds[0].reason),
        ("根拠", refunds[0].article),
        ("返し方", "、".join(ways)),
    ]
    partly = sums.refund_decided < sums.collected
    words = PaperWords(
        title="" if public else _OF_MANAGER,
        lead="つぎのとおり、還付することを決定しました。" if public else "つぎのとおり、お返しします。",
        rows=[row for row in rows if row[1]],
        lines=[line_of(charge, yen, facts_of([charge.subject]))],
        instruction=appeal_against(charge.subject) if public and partly else (),
    )
    return _issue(Kind.REFUND_DECISION, refunds, first_id, words, now)


def _return_invoice(refunds: Sequence[Refund], first_id: int, now: datetime) -> Paper:
    charge, yen = refunds[0].charge, _total(refunds)
    paid = min(refund.source.at for refund in refunds)
    returned = max(refund.done_at or now for refund in refunds)
    words = PaperWords(
        lead="つぎのとおり、対価を返しました。",
        rows=[
            ("返した日", day_value(today_at(returned))),
            ("もとの支払いの日", day_value(today_at(paid))),
        ],
        lines=[line_of(charge, yen, facts_of([charge.subject]))],
        taxed=True,
    )
    return _issue(Kind.RETURN_INVOICE, refunds, first_id, words, now)


def _issue(
    kind: Paper.Kind, refunds: Sequence[Refund], first_id: int, words: PaperWords, now: datetime
) -> Paper:
    charge, yen = refunds[0].charge, _total(refunds)
    return issue_paper(
        kind=kind,
        cause=cause_of(kind, "refunds ", {one.pk: one.yen for one in refunds}),
        to=charge.payer,
        words=words,
        actor=SYSTEM,
        now=now,
        yen=yen,
        payee=charge.item.payee,
        charges={charge.pk: yen},
        refund_id=first_id,
    )


def _total(refunds: Sequence[Refund]) -> int:
    return sum(refund.yen for refund in refunds)
