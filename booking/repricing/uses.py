"""What a reservation was, as far as a price can depend on it. No names of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from facilities.ordinance import Grant


@dataclass(frozen=True, slots=True)
class PastUse:
    """One reservation of a past period.

    ``starts`` to ``ends`` are minutes of the local ``day`` and the whole time, lengthening included; ``facility`` and
    ``room`` keys of the rules; ``grants`` are exemptions that were granted, with what staff decided.
    ``paid_yen`` is the price that was frozen (None: staff had not decided it).
    """

    id: int
    room_id: int
    facility: str
    room: str
    day: date
    starts: int
    ends: int
    applicant_class: str
    channel: str
    booked_on: date
    rule_version_id: int
    paid_yen: int | None
    purpose: str | None = None
    headcount: int | None = None
    answers: Mapping[str, str | bool | int] = field(default_factory=dict)
    extras: Mapping[str, int] = field(default_factory=dict)
    early_minutes: int = 0
    extension_minutes: int = 0
    grants: tuple[Grant, ...] = ()
