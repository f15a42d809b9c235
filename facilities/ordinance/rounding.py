"""What happens to fractions of yen."""

from __future__ import annotations

from fractions import Fraction

from facilities.ordinance.document.fee_clauses import Cut, Rounding
from facilities.ordinance.reasons import Reason, reason_of

_ROUNDED = {
    "down": ("切り捨て", "rounded down"),
    "up": ("切り上げ", "rounded up"),
    "half_up": ("四捨五入し", "rounded half up"),
}


def round_yen(rounding: Rounding | Cut, amount: Fraction | int) -> int:
    """The amount (not negative) rounded to a multiple of the rule's unit."""
    units = Fraction(amount) / rounding.unit
    if rounding.mode == "down":
        whole = units.numerator // units.denominator
    elif rounding.mode == "up":
        whole = -(-units.numerator // units.denominator)
    else:
        whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return whole * rounding.unit


def rounding_reason(rounding: Rounding) -> Reason:
    """Which rule rounds."""
    mode, mode_en = _ROUNDED[rounding.mode]
    return reason_of("rounding", rounding, unit=rounding.unit, mode=mode, mode_en=mode_en)
