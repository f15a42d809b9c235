"""The part of a document that one hall follows."""

from __future__ import annotations

from typing import Any

from facilities.ordinance.document.ordinance import Facility, Ordinance

# The document's named sets of rules, and the field by which a hall or a room names the one it follows.
_SETS = {
    "calendars": "calendar",
    "times": "time",
    "applications": "application",
    "cancellations": "cancellation",
    "exemptions": "exemption",
    "adjustments": "adjustment",
    "extras": "extras",
    "payments": "payment",
    "penalties": "penalty",
    "registrations": "registration",
}


def part_of_hall(document: Ordinance, facility: str) -> Ordinance:
    """The document with one hall and the sets of rules it or a room of it follows; without worked cases."""
    halls = tuple(one for one in document.facilities if one.key == facility)
    named: dict[str, Any] = {
        name: {key: rules for key, rules in getattr(document, name).items() if key in _followed(halls, field)}
        for name, field in _SETS.items()
    }
    return document.model_copy(update={**named, "facilities": halls, "cases": ()})


def _followed(halls: tuple[Facility, ...], field: str) -> set[str]:
    parts = [*halls, *(room for hall in halls for room in hall.rooms)]
    keys = (getattr(part, field, None) for part in parts)
    return {key for key in keys if isinstance(key, str)}
