"""What people at home keep for themselves: what they were told they have, what they paid and what they got back.

Nothing here is read from the product's tables; it is the first of the three ledgers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass
class Wish:
    """One booking, as its applicant knows it. ``said``: the last clear answer; None while none came."""

    who: str
    key: str
    place: tuple[Any, ...]
    ref: UUID | None = None
    said: str | None = None
    in_doubt: bool = False


@dataclass
class Purse:
    """One person's money: what left it and what came back, in yen, by what it went through."""

    paid: Counter[str] = field(default_factory=Counter)
    back: Counter[str] = field(default_factory=Counter)

    def gone(self, way: str) -> int:
        """What has left it this way and not come back."""
        return self.paid[way] - self.back[way]


@dataclass
class Clients:
    """Everybody's wishes and purses."""

    wishes: list[Wish] = field(default_factory=list)
    purses: dict[str, Purse] = field(default_factory=dict)

    def purse(self, who: str) -> Purse:
        """Somebody's purse."""
        return self.purses.setdefault(who, Purse())

    def has(self) -> list[Wish]:
        """The bookings that exist for all their applicants know."""
        return [wish for wish in self.wishes if wish.ref]
