"""Reads about reconciliation: the days compared, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q

from payments.models import Attempt, AttemptCharge, Difference, Movement, Payee, Reconciliation
from payments.online.errors import NoSuchDay
from tenants.context import current_zone


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """A day of an account, whose it is, and how many differences of that day are open."""

    figures: Reconciliation
    payee: Payee | None
    differences: int

    @property
    def agrees(self) -> bool:
        """Whether both books have the same sums, a refund on its way counted as gone."""
        one = self.figures
        refunds = one.refunds_here + one.refunds_under_way
        return (one.payments_there, one.refunds_there, one.disputes_there) == (
            one.payments_here,
            refunds,
            one.disputes_here,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the provider's books, and what it is of in ours: who paid for what; empty where nothing is."""

    movement: Movement
    payer: str
    title: str
    known: bool


def compared_days(*, before: date | None = None, limit: int = 31) -> list[ComparedDay]:
    """Return the days compared last, latest first; ``before``: those before this day."""
    rows = Reconciliation.objects.order_by("-day", "account")
    if before is not None:
        rows = rows.filter(day__lt=before)
    found = list(rows[:limit])
    payees = _payees()
    counts = {
        (row["account"], row["day"]): row["number"]
        for row in Difference.objects.filter(closed_at=None, day__in={one.day for one in found})
        .values("account", "day")
        .annotate(number=Count("pk"))
    }
    return [ComparedDay(one, payees.get(one.account), counts.get((one.account, one.day), 0)) for one in found]


def compared_day(reconciliation_id: int) -> ComparedDay:
    """Return one day. Raises NoSuchDay."""
    figures = Reconciliation.objects.filter(pk=reconciliation_id).first()
    if figures is None:
        raise NoSuchDay
    number = Difference.objects.filter(closed_at=None, account=figures.account, day=figures.day).count()
    return ComparedDay(figures, _payees().get(figures.account), number)


def lines_of(figures: Reconciliation) -> list[Line]:
    """Return what the provider's books have for a day, each with what it is of in ours."""
    zone = current_zone()
    start = datetime.combine(figures.day, time(), zone)
    found = list(
        Movement.objects.select_related("attempt", "refund__charge", "dispute").filter(
            account=figures.account, at__gte=start, at__lt=start + timedelta(days=1)
        )
    )
    ids = [attempt_id for one in found if (attempt_id := _attempt_of(one))]
    charges: dict[int, list[tuple[str, str]]] = {}
    parts = AttemptCharge.objects.filter(attempt_id__in=ids).order_by("charge_id")
    for attempt_id, payer, title in parts.values_list("attempt_id", "charge__payer", "charge__title"):
        charges.setdefault(attempt_id, []).append((payer, title))
    return [_line(one, charges) for one in found]


def differences(*, closed: bool = False, limit: int = 200) -> Sequence[Difference]:
    """Return what differs and nobody has explained, oldest day first; ``closed``: what was explained or settled, latest
    first."""
    rows = Difference.objects.select_related("movement", "attempt", "refund__charge", "closed_by").filter(
        Q(closed_at__isnull=not closed)
    )
    return list(rows.order_by("-closed_at" if closed else "day", "pk")[:limit])


def _line(one: Movement, charges: dict[int, list[tuple[str, str]]]) -> Line:
    if one.refund is not None:
        return Line(one, one.refund.charge.payer, one.refund.charge.title, True)
    attempt_id = _attempt_of(one)
    paid = charges.get(attempt_id or 0, [])
    payer = paid[0][0] if paid else ""
    return Line(one, payer, "、".join(title for _payer, title in paid), attempt_id is not None)


def _attempt_of(one: Movement) -> int | None:
    return one.attempt_id or (one.dispute.attempt_id if one.dispute else None)


def _payees() -> dict[str, Payee]:
    """Whose each account is, also one that its payee used before."""
    used = Attempt.objects.order_by("account", "-pk").distinct("account").select_related("payee")
    found = {attempt.account: attempt.payee for attempt in used}
    found.update({payee.stripe_account: payee for payee in Payee.objects.exclude(stripe_account="")})
    return found
