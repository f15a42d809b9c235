"""Reads about drawers: what is in them, what happened, and what waits for somebody's word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q, QuerySet

from payments.models import CashCount, CashMovement, Drawer, HandOver

_BALANCES = """
SELECT d.id, coalesce(sum(CASE WHEN m.target_id = d.id THEN m.yen ELSE -m.yen END), 0)::bigint
FROM payments_drawer d LEFT JOIN payments_cashmovement m ON d.id IN (m.source_id, m.target_id)
WHERE d.id = ANY(%s) GROUP BY d.id
"""
# As many movements as a page shows; the daily report has all of a day.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A drawer (or a safe) and what is in it, in yen."""

    drawer: Drawer
    yen: int


@dataclass(frozen=True, slots=True)
class Step:
    """A movement as its drawer sees it: yen above 0 came in, below 0 went out."""

    movement: CashMovement
    yen: int

    @property
    def kind(self) -> str:
        """The kind of movement, as the daily report tells them apart."""
        if self.movement.kind != CashMovement.Kind.MOVED:
            return self.movement.kind
        return "moved_in" if self.yen > 0 else "moved_out"


def open_drawer_of(staff_id: int) -> Held | None:
    """Return the drawer a person has open, or None."""
    drawer = Drawer.objects.select_related("facility").filter(keeper_id=staff_id, closed_at=None).first()
    return held([drawer])[0] if drawer else None


def safe_at(facility_id: int) -> Held | None:
    """Return a hall's safe, or None where it never had one."""
    safe = Drawer.objects.select_related("facility").filter(facility_id=facility_id, keeper=None).first()
    return held([safe])[0] if safe else None


def open_at(facility_ids: Iterable[int] | None) -> list[Held]:
    """Return all open drawers and safes of these halls (None: of all), by hall, the safe last."""
    found = Drawer.objects.select_related("facility", "keeper").filter(closed_at=None)
    if facility_ids is not None:
        found = found.filter(facility_id__in=list(facility_ids))
    return held(found.order_by("facility_id", "keeper_id"))


def held(drawers: Iterable[Drawer]) -> list[Held]:
    """Return what is in each of these drawers, in one query."""
    wanted = list(drawers)
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [[one.pk for one in wanted]])
        yen = dict(cursor.fetchall())
    return [Held(one, yen[one.pk]) for one in wanted]


def steps_of(drawer: Drawer) -> Sequence[Step]:
    """Return the last movements of a drawer, the latest first."""
    moved = (
        CashMovement.objects.filter(Q(source=drawer) | Q(target=drawer))
        .select_related("staff", "entry__charge")
        .order_by("-pk")[:SHOWN]
    )
    return [Step(one, one.yen if one.target_id == drawer.pk else -one.yen) for one in moved]


def waiting_for(staff_id: int) -> list[HandOver]:
    """Return what colleagues handed to this person and is not confirmed yet."""
    return list(_waiting().filter(receiver_id=staff_id))


def offered_by(drawer: Drawer) -> HandOver | None:
    """Return the hand-over of a drawer nobody has confirmed yet, or None."""
    return _waiting().filter(source=drawer).first()


def differences(facility_ids: Iterable[int] | None = None) -> list[CashCount]:
    """Return the last counts that differed from what their drawer's movements said, the latest first."""
    found = CashCount.objects.exclude(counted_yen=F("expected_yen"))
    if facility_ids is not None:
        found = found.filter(drawer__facility_id__in=list(facility_ids))
    return list(found.select_related("drawer__facility", "drawer__keeper", "staff").order_by("-pk")[:SHOWN])


def _waiting() -> QuerySet[HandOver]:
    return HandOver.objects.select_related("source__keeper", "source__facility", "receiver").filter(
        movement=None, withdrawn_at=None
    )
