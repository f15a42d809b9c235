"""Who may have what they ask for, beyond hours and windows: the one check every way of booking passes.

It counts under locks and therefore comes before any space is locked (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from booking.applications import Assessed
from booking.errors import GroupNotRegistered, OutsideRules
from booking.limits import exceeded
from booking.parties import Party
from booking.penalties.suspending import suspended
from booking.standing import unregistered
from booking.stock import out_of_stock
from booking.waiting.barring import taken_back
from booking.waiting.errors import TakingBack
from tenants.errors import Refusal


def admit(
    cursor: Any, assessed: Assessed, party: Party, *, now: datetime, besides: Collection[int] = ()
) -> None:
    """Refuse one application that a limit, a suspension or the like speaks against; see ``turned_away``."""
    for refusal in turned_away(cursor, [assessed], party, now=now, besides=besides).values():
        raise refusal


def foresee(assessed: Assessed, party: Party, *, now: datetime, besides: Collection[int] = ()) -> None:
    """Tell before the last step what ``admit`` would refuse now; it locks nothing and decides nothing."""
    with connection.cursor() as cursor:
        found = turned_away(cursor, [assessed], party, now=now, besides=besides, lock=False)
    for refusal in found.values():
        raise refusal


def turned_away(
    cursor: Any,
    wanted: Sequence[Assessed],
    party: Party,
    *,
    now: datetime,
    besides: Collection[int] = (),
    lock: bool = True,
) -> Mapping[int, Refusal]:
    """Return what of several things applied for at once is refused, by its place; the rest may be booked together.

    Locks whatever is counted until the transaction ends; ``lock`` False tells beforehand and decides nothing.
    ``besides``: reservations that are being changed and do not count.
    """
    over = exceeded(cursor, wanted, party, now=now, besides=besides, lock=lock)
    refused: dict[int, Refusal] = {place: OutsideRules(reasons) for place, reasons in over.items()}
    refused |= suspended(cursor, wanted, party, now=now)
    refused |= {place: TakingBack() for place in taken_back(cursor, wanted, party)}
    left = {place: one for place, one in enumerate(wanted) if place not in refused}
    lacking = out_of_stock(cursor, left, now=now, besides=besides, lock=lock)
    refused |= {place: OutsideRules(reasons) for place, reasons in lacking.items()}
    return refused | {place: GroupNotRegistered() for place in unregistered(wanted, party)}


def lend(
    cursor: Any, assessed: Assessed, *, now: datetime, besides: Collection[int], lock: bool = True
) -> None:
    """Refuse what asks for equipment the hall has no more of: all that is asked of who is owed a change."""
    lacking = out_of_stock(cursor, {0: assessed}, now=now, besides=besides, lock=lock)
    for reasons in lacking.values():
        raise OutsideRules(reasons)
