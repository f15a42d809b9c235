"""What the engine answers: frozen values. Times are minutes of the municipality's day, money whole yen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from facilities.ordinance.reasons import Reason


@dataclass(frozen=True, slots=True)
class OpenDay:
    """When a room's hall is open on a day: half-open periods in order; `closed` says why there are none."""

    periods: tuple[tuple[int, int], ...]
    closed: Reason | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of time that can be rented. `combines` are the keys of the slots it stands for together."""

    key: str
    name_ja: str
    name_en: str
    starts: int
    ends: int
    combines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DaySlots:
    """The pieces in which a room is lent on a day.

    kind "slots": named slots and their combinations. kind "hours": `slots` are cells of `step` minutes;
    a booking joins cells, from `minimum` to `maximum` minutes (None: as long as it is open).
    """

    kind: Literal["slots", "hours"]
    slots: tuple[Slot, ...]
    step: int | None = None
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an application is taken now. `opens_at` is when it is (or was) first taken,
    `closes_at` the first moment it no longer is, `last_day` the last day on which it is."""

    allowed: bool
    reasons: tuple[Reason, ...]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a quote: quantity times unit_yen is yen."""

    label_ja: str
    label_en: str
    quantity: int
    unit_yen: int
    yen: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Quote:
    """A price: lines that add up to total_yen."""

    lines: tuple[QuoteLine, ...]
    total_yen: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it, to be frozen with a reservation."""
        return {
            "lines": [{**asdict(line), "reason": line.reason.to_dict()} for line in self.lines],
            "total_yen": self.total_yen,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Quote:
        """The quote that `to_dict` wrote."""
        lines = tuple(
            QuoteLine(**{**line, "reason": Reason.from_dict(line["reason"])}) for line in data["lines"]
        )
        return cls(lines, data["total_yen"])


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Whether residents may cancel by themselves, until when, and what comes back (None: staff decide)."""

    allowed: bool
    deadline: datetime | None
    refund_yen: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """Whether a ground can reduce the fee; `rate` in percent, None when staff decide or it is no ground."""

    eligible: bool
    rate: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A worked case of a document, run."""

    id: str
    kind: str
    passed: bool
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    got: Mapping[str, Any]
