"""Sums of a trial: plain numbers that add up, whichever way they are grouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from booking.repricing.comparing import Comparison


@dataclass(slots=True)
class Totals:
    """Counts of reservations, and yen.

    ``old_*`` and ``new_*`` are of those that are compared: the price before exemption, the exemption, what is left.
    ``paid`` is what was really charged for them. ``apart_*`` are of those that are not compared (gone, unpriced,
    baseless): the price under their own rules where they give one, and what was really charged.
    """

    count: int = 0
    dearer: int = 0
    same: int = 0
    cheaper: int = 0
    gone: int = 0
    unpriced: int = 0
    baseless: int = 0
    old_before: int = 0
    old_exempt: int = 0
    old: int = 0
    new_before: int = 0
    new_exempt: int = 0
    new: int = 0
    paid: int = 0
    apart_old: int = 0
    apart_paid: int = 0

    def add(self, one: Comparison) -> None:
        """Count one use in."""
        self.count += 1
        paid, old, new = one.use.paid_yen or 0, one.old.quote, one.new.quote
        if one.verdict != "compared" or old is None or new is None:
            setattr(self, one.verdict, getattr(self, one.verdict) + 1)
            self.apart_old += old.total_yen if old else 0
            self.apart_paid += paid
            return
        difference = one.difference_yen
        self.dearer += difference > 0
        self.same += difference == 0
        self.cheaper += difference < 0
        self.paid += paid
        for side, quote in (("old", old), ("new", new)):
            before = quote.total_yen if quote.before_exemption_yen is None else quote.before_exemption_yen
            setattr(self, side, getattr(self, side) + quote.total_yen)
            setattr(self, f"{side}_before", getattr(self, f"{side}_before") + before)
            setattr(self, f"{side}_exempt", getattr(self, f"{side}_exempt") + before - quote.total_yen)

    def __iadd__(self, other: Totals) -> Totals:
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def compared(self) -> int:
        """How many are compared."""
        return self.dearer + self.same + self.cheaper

    @property
    def apart(self) -> int:
        """How many are not."""
        return self.gone + self.unpriced + self.baseless

    @property
    def difference(self) -> int:
        """What comes in more (negative: less), in yen."""
        return self.new - self.old

    @property
    def percent(self) -> float | None:
        """The difference in percent of the old sum, to one digit; None where nothing came in before."""
        return round(100 * self.difference / self.old, 1) if self.old else None

    def to_list(self) -> list[int]:
        """As JSON can hold it, in the order of ``NAMES``."""
        return [getattr(self, name) for name in NAMES]

    @classmethod
    def from_list(cls, numbers: Sequence[int]) -> Totals:
        """The totals that ``to_list`` wrote."""
        return cls(*numbers)


NAMES = tuple(one.name for one in fields(Totals))
