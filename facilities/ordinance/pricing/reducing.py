"""What granted exemptions take off the items of a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from facilities.ordinance.document.fee_clauses import ExemptionGround
from facilities.ordinance.document.values import say_share
from facilities.ordinance.pricing.adjusting import ALL, FEE
from facilities.ordinance.pricing.items import Change, Item
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import FacilityRules

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Grant:
    """A ground (its key) under which exemption is granted; what staff decided where the document leaves it to
    them: `percent`, or an amount in `yen`. `before` is how often it was granted already in its period."""

    ground: str
    percent: int | None = None
    yen: int | None = None
    before: int = 0


@dataclass(slots=True)
class Reduction:
    """A ground of exemption: a share that is taken off (None: an amount). `left` is what it may still take
    off in yen, `uses` for how many uses it still holds (None: without end), `decided` the yen staff decided."""

    ground: ExemptionGround
    share: Fraction | None
    left: Fraction | None
    uses: int | None
    decided: int | None = None

    def holds(self, item: Item) -> bool:
        """Whether it reduces an item."""
        ground, covers = self.ground, self.ground.covers or FEE
        covered = item.kind in covers or (ALL in covers and item.kind not in ground.excludes)
        in_number = self.uses is None or item.use < self.uses
        return covered and in_number and not item.deposit and item.facts.meets(ground)

    def takes(self, amount: Fraction) -> Fraction:
        """What it takes off an amount."""
        wanted = amount if self.share is None else amount * self.share
        return wanted if self.left is None else min(wanted, self.left)


def granted_share(ground: ExemptionGround, percent: int | None) -> Fraction | None:
    """What a ground takes off: its own share, or what staff decided (percent) as far as they may."""
    if ground.take is not None:
        return ground.take
    decided = ground.percent if ground.percent is not None else percent
    if decided is None or not 0 < decided <= (ground.at_most_percent or 100):
        return None
    return Fraction(decided, 100)


def granted(hall: FacilityRules, grants: Sequence[Grant]) -> list[Reduction]:
    """The reductions of what was granted, each ground once; a ground the facility does not know reduces nothing."""
    found = []
    for key, grant in {one.ground: one for one in reversed(grants)}.items():
        ground = hall.grounds.get(key)
        if ground is None:
            continue
        decided = grant.yen if ground.left_to_staff else None
        share = granted_share(ground, grant.percent if decided is None else ground.at_most_percent or 100)
        if ground.take_yen is not None:
            share = None
        elif share is None:
            continue
        bounds = [one for one in (ground.take_yen, ground.at_most_yen, decided) if one is not None]
        times = ground.at_most_times
        uses = None if times is None else max(0, times - grant.before)
        found.append(Reduction(ground, share, Fraction(min(bounds)) if bounds else None, uses, decided))
    return sorted(found, key=lambda one: list(hall.grounds).index(one.ground.key))


def reduce(items: Sequence[Item], reductions: Sequence[Reduction]) -> bool:
    """Take off every item what holds for it; whether there was anything to take off.

    Of grounds that stand alone the one that takes off most counts; others add to it, or multiply.
    """
    touched: dict[str, list[Item]] = {}
    for item in items:
        holding = [one for one in reductions if one.holds(item)]
        alone = [one for one in holding if one.ground.stack == "most"]
        full = item.worth()
        if alone:
            holding = [
                one
                for one in holding
                if one.ground.stack != "most" or one is max(alone, key=lambda each: each.takes(full))
            ]
        for one in sorted(holding, key=lambda each: ("most", "add", "multiply").index(each.ground.stack)):
            now = item.worth()
            amount = min(now, one.takes(now if one.ground.stack == "multiply" else full))
            if one.left is not None:
                one.left -= amount
            item.changes.append(_change(one, -amount))
            touched.setdefault(one.ground.key, []).append(item)
    for one in reductions:
        _leave(one, touched.get(one.ground.key, ()))
    return bool(touched)


def _leave(one: Reduction, items: Sequence[Item]) -> None:
    """What remains to be paid is not less than the ground says, nor more than it was before."""
    least = one.ground.at_least
    if least is None or not items:
        return
    remaining = sum((item.worth() for item in items), _NOTHING)
    taken = sum((-item.changes[-1].yen for item in items), _NOTHING)
    back = min(Fraction(least) - remaining, taken)
    if back > 0:
        reason = reason_of("fee_at_least", one.ground, yen=least)
        labels = "減免後の最低額", "Least that remains"
        items[-1].changes.append(Change(back, *labels, reason, "exemption"))


def _change(one: Reduction, yen: Fraction) -> Change:
    ground = one.ground
    labels = f"減免 {ground.name}", f"Exemption: {ground.name_en or ground.name}"
    return Change(yen, *labels, _reason(one), "exemption", rounding=ground.rounding)


def _reason(one: Reduction) -> Reason:
    ground = one.ground
    name, english = ground.name, ground.name_en or ground.name
    if one.share is None or one.decided is not None:
        yen = ground.take_yen if one.decided is None else one.decided
        return reason_of("exempt_yen", ground, name=name, name_en=english, yen=yen or 0)
    said = say_share(one.share)
    return reason_of("exempt_share", ground, name=name, name_en=english, share=said)
