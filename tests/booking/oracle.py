"""What booking must do, said as simply as possible: sets of intervals and counters.

It knows spaces, hours and one limit; no database, no rules document. The machine asks it before every operation which
refusals would be right, and compares everything with it at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIVING = frozenset({"confirmed", "applied"})


@dataclass
class Use:
    """Spaces for a time, by somebody (``owner``) or closed (no owner)."""

    spaces: frozenset[int]
    begins: datetime
    ends: datetime
    owner: str = ""
    resident: str = ""
    status: str = "confirmed"
    held_until: datetime | None = None

    @property
    def week(self) -> tuple[int, int]:
        """The ISO week of its local day: the limit's period, Monday to Sunday."""
        year, week, _ = self.begins.isocalendar()
        return year, week

    def overlaps(self, other: Use) -> bool:
        """Whether both want a space at one time."""
        return bool(self.spaces & other.spaces) and self.begins < other.ends and other.begins < self.ends


@dataclass
class Oracle:
    """All uses by their name, and when it is."""

    now: datetime
    at_most: int
    most_holds: int
    uses: dict[str, Use] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)

    def lives(self, use: Use) -> bool:
        """Whether it occupies its spaces now."""
        if use.status == "hold":
            return use.held_until is not None and use.held_until > self.now
        return use.status in LIVING

    def against_booking(self, wish: Use, *, besides: Collection[str] = ()) -> set[str]:
        """The refusals that would be right for taking this time now."""
        return self._taken(wish, besides) | self._over(wish, besides)

    def against_holding(self, wish: Use) -> set[str]:
        """The refusals that would be right for holding this time now."""
        found = self.against_booking(wish)
        mine = [use for use in self.uses.values() if use.resident == wish.resident and use.status == "hold"]
        if sum(self.lives(use) for use in mine) >= self.most_holds:
            found.add("too_many_holds")
        return found

    def against_closing(self, wish: Use) -> set[str]:
        """The refusal that would be right for closing spaces now."""
        return {"rooms_in_use"} if self._taken(wish, ()) else set()

    def against_all(self, wishes: Iterable[Use]) -> dict[int, str]:
        """Which of several wishes at once cannot be had, and why: taken ones first, then the limit in their order."""
        found: dict[int, str] = {}
        kept: dict[int, Use] = {}
        for place, wish in enumerate(wishes):
            if self._taken(wish, ()):
                found[place] = "slot_taken"
                continue
            if any(wish.overlaps(other) for other in kept.values()):
                found[place] = "slot_taken"
                continue
            kept[place] = wish
        counted: list[Use] = []
        for place, wish in kept.items():
            there = sum(one.week == wish.week for one in counted)
            if self._count(wish, ()) + there >= self.at_most:
                found[place] = "outside_rules"
                continue
            counted.append(wish)
        return found

    def occupied(self) -> set[tuple[int, datetime, datetime]]:
        """Every space that is taken now, with its time."""
        return {
            (space, use.begins, use.ends)
            for use in self.uses.values()
            if self.lives(use)
            for space in use.spaces
        }

    def pass_time(self, minutes: int) -> None:
        """Let minutes pass."""
        self.now += timedelta(minutes=minutes)

    def _taken(self, wish: Use, besides: Collection[str]) -> set[str]:
        others = (use for name, use in self.uses.items() if name not in besides and self.lives(use))
        return {"slot_taken"} if any(wish.overlaps(other) for other in others) else set()

    def _over(self, wish: Use, besides: Collection[str]) -> set[str]:
        return {"outside_rules"} if self._count(wish, besides) >= self.at_most else set()

    def _count(self, wish: Use, besides: Collection[str]) -> int:
        return sum(
            use.owner == wish.owner and use.week == wish.week and self.lives(use)
            for name, use in self.uses.items()
            if name not in besides and use.owner
        )
