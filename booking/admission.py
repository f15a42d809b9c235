"""Who may have what they ask for, beyond hours and windows: the one check every way of booking passes.

It counts under locks and therefore comes before any space is locked (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from booking.applications import Assessed
from booking.errors import OutsideRules
from booking.limits import foresee_over_limit, refuse_over_limit
from booking.parties import Party
from tenants.errors import Refusal


def admit(
    cursor: Any, assessed: Assessed, party: Party, *, now: datetime, besides: Collection[int] = ()
) -> None:
    """Refuse one application that a limit, a suspension or the like speaks against; see ``turned_away``."""
    for refusal in turned_away(cursor, [assessed], party, now=now, besides=besides).values():
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
    refused: dict[int, Refusal] = {}
    for place, assessed in enumerate(wanted):
        try:
            besides_one = next(iter(besides), None)
            if lock:
                refuse_over_limit(
                    cursor, assessed, resident_id=party.resident_id, now=now, besides=besides_one
                )
            else:
                foresee_over_limit(assessed, resident_id=party.resident_id, now=now, besides=besides_one)
        except OutsideRules as refusal:
            refused[place] = refusal
    return refused
