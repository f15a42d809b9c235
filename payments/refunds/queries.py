"""Reads about refunds: where money would go back to, how far each refund is, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from payments.gateways import gateway
from payments.models import Charge, LedgerEntry, Refund
from payments.refunds.bank_accounts import opened
from payments.refunds.deciding import collections_left
from payments.refunds.errors import RefundNotFound
from tenants.sealing import CannotOpen

State = Refund.State
Route = Refund.Route


@dataclass(frozen=True, slots=True)
class BackTo:
    """So many yen would go back by a route; ``way`` is how they were paid (card, konbini, paypay; else the gateway)."""

    yen: int
    route: str
    way: str


def where_back(subject: UUID, yen: int) -> list[BackTo]:
    """Return where ``yen`` of what a charge collected would go back to, as ``decide_refund`` would decide now."""
    charge_id = Charge.objects.filter(subject=subject).values_list("pk", flat=True).first()
    left, found = yen, list[BackTo]()
    for entry_id, key, _year, remaining in collections_left(charge_id) if charge_id else ():
        part = min(left, remaining)
        if part <= 0:
            continue
        found.append(BackTo(part, gateway(key).refund_route, _way(entry_id, key)))
        left -= part
    return _together(found)


def refunds_of(subject: UUID) -> list[Refund]:
    """Return the refunds of a charge that were not withdrawn, the oldest first."""
    return [one for one in all_refunds_of(subject) if one.state != State.WITHDRAWN]


def all_refunds_of(subject: UUID) -> list[Refund]:
    """Return every refund of a charge, the oldest first."""
    rows = Refund.objects.filter(charge__subject=subject)
    return list(rows.select_related("charge", "source__attempt", "credited_to").order_by("pk"))


def refund_of(ref: UUID, facility_ids: Collection[int] | None = None) -> Refund:
    """Return a refund, of these halls where they are given. Raises RefundNotFound."""
    related = ("charge__facility", "charge__item__payee", "source__attempt", "approved_by", "credited_to")
    rows = _of(Refund.objects.select_related(*related), facility_ids)
    found = rows.filter(ref=ref).first()
    if found is None:
        raise RefundNotFound
    return found


def way_of(refund: Refund) -> str:
    """Return how what a refund gives back was paid: card, konbini, paypay, or the gateway's key."""
    return refund.source.attempt.way if refund.source.attempt else refund.source.gateway


def masked_account(refund: Refund) -> str:
    """Return what may be shown of a refund's account; empty where there is none (any more)."""
    if refund.bank_account is None:
        return ""
    try:
        return opened(refund.bank_account, refund_id=refund.pk).masked
    except CannotOpen:
        return ""


def waiting_refunds(facility_ids: Collection[int] | None, group: str) -> QuerySet[Refund]:
    """Return refunds of these halls (None: all), the oldest first: ``approval``, ``desk`` (cash), ``payer`` (what only
    the payer can do), ``bank``, ``way`` (on their way), ``done`` (the latest first)."""
    rows = _of(Refund.objects.select_related("charge__facility", "source__attempt"), facility_ids)
    order = ("-done_at", "-pk") if group == "done" else ("pk",)
    return rows.filter(GROUPS[group]).order_by(*order)


def count_refunds(facility_ids: Collection[int] | None, group: str) -> int:
    """Return how many refunds of these halls are in a group of ``waiting_refunds``."""
    return _of(Refund.objects.filter(GROUPS[group]), facility_ids).count()


GROUPS = {
    "approval": Q(state=State.AWAITING_APPROVAL),
    "desk": Q(state=State.READY, route=Route.DESK_CASH),
    "payer": Q(state__in=[State.AWAITING_ACCOUNT, State.PAYER_ACTION]),
    "bank": Q(state__in=[State.READY, State.PENDING], route=Route.BANK_TRANSFER),
    "way": Q(state__in=[State.READY, State.SENDING, State.PENDING], route=Route.STRIPE),
    "done": Q(state=State.DONE),
}


def _of(rows: QuerySet[Refund], facility_ids: Collection[int] | None) -> QuerySet[Refund]:
    return rows if facility_ids is None else rows.filter(charge__facility_id__in=facility_ids)


def _way(entry_id: int, key: str) -> str:
    entry = LedgerEntry.objects.select_related("attempt").get(pk=entry_id)
    return entry.attempt.way if entry.attempt else key


def _together(parts: Sequence[BackTo]) -> list[BackTo]:
    sums: dict[tuple[str, str], int] = {}
    for one in parts:
        sums[one.route, one.way] = sums.get((one.route, one.way), 0) + one.yen
    return [BackTo(yen, route, way) for (route, way), yen in sums.items()]
