"""Whether a ground can reduce the fee."""

from __future__ import annotations

from facilities.ordinance.answers import Exemption
from facilities.ordinance.calendars import reason_of
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import Rules


def exemption(rules: Rules, *, facility: str, ground: str) -> Exemption:
    """Whether a ground (its key) can reduce the fee, and by how many percent; None when staff decide.

    Raises UnknownFacility.
    """
    found = rules.facility(facility).grounds.get(ground)
    if found is None:
        return Exemption(False, None, (Reason("exempt_unknown", {}),))
    english = found.name_en or found.name
    if found.percent is not None:
        reason = reason_of("exempt_percent", found, name=found.name, name_en=english, percent=found.percent)
        return Exemption(True, found.percent, (reason,))
    text = found.discretionary or ""
    reason = reason_of(
        "exempt_discretionary",
        found,
        name=found.name,
        name_en=english,
        text=text,
        text_en=found.discretionary_en or text,
    )
    return Exemption(True, None, (reason,))
