"""How much staff take off where the rules leave it to them, and whether the rules let them. Pure."""

from __future__ import annotations

from booking.exempting.errors import MeasureByRules, MeasureMissing, MeasureTooHigh
from booking.exempting.grounds import Ground
from facilities.ordinance import Grant


def measured(ground: Ground, *, percent: int | None, yen: int | None) -> Grant:
    """Return what is granted under a ground: what the rules say, or the percent or yen staff decided.

    Raises MeasureMissing, MeasureByRules, MeasureTooHigh.
    """
    if not ground.left_to_staff:
        if percent is not None or yen is not None:
            raise MeasureByRules
        return Grant(ground.key)
    if (percent is None) == (yen is None):
        raise MeasureMissing
    if percent is not None and not 1 <= percent <= ground.most_percent:
        raise MeasureTooHigh(most_percent=ground.most_percent)
    if yen is not None and (yen < 1 or (ground.most_yen is not None and yen > ground.most_yen)):
        raise MeasureTooHigh(most_yen=ground.most_yen)
    return Grant(ground.key, percent, yen)
