"""The least and the most: of one price, of a use, of a day, of a reservation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from facilities.ordinance.answers import Use
from facilities.ordinance.document.fee_clauses import Charge, Total
from facilities.ordinance.pricing.adjusting import ALL, FEE
from facilities.ordinance.pricing.items import Change, Item
from facilities.ordinance.reasons import reason_of


def worth(items: Sequence[Item]) -> Fraction:
    """What items come to, before rounding."""
    return items[0].worth() if len(items) == 1 else sum((item.worth() for item in items), Fraction(0))


def bound_price(one: Charge, span: tuple[int, int], items: Sequence[Item]) -> None:
    """Bring the items of a price within its ceilings by time of day, its least and its most."""
    touched = [each.yen for each in one.ceilings if each.time[0] < span[1] and span[0] < each.time[1]]
    bounds = list[tuple[str, int | None]]()
    if touched:
        bounds.append(("fee_ceiling", sum(touched)))
    bounds += [("fee_at_least", one.at_least), ("fee_at_most", one.at_most)]
    _bound(one, bounds, items)


def bound_totals(
    items: Sequence[Item], uses: Sequence[Use], totals: Sequence[Total], *, after_exemption: bool
) -> None:
    """Bring what uses, days or the reservation come to within the bounds of the document."""
    for total in totals:
        if total.after_exemption != after_exemption:
            continue
        groups: dict[object, list[Item]] = {}
        covers = total.covers or FEE
        for item in items:
            covered = item.kind in covers or ALL in covers
            if covered and not item.deposit and item.facts.meets(total):
                groups.setdefault(_group(total, item, uses), []).append(item)
        for group in groups.values():
            _bound(total, [("fee_at_least", total.at_least), ("fee_at_most", total.at_most)], group)


def _group(total: Total, item: Item, uses: Sequence[Use]) -> object:
    if total.per == "reservation":
        return None
    if total.per == "day":
        return uses[item.use].day if item.use >= 0 else None
    return item.use


def _bound(rule: Charge | Total, bounds: Sequence[tuple[str, int | None]], items: Sequence[Item]) -> None:
    """One bound after the other, each as a line that shows the difference."""
    for code, yen in bounds:
        exact = worth(items)
        if not items or yen is None or (exact >= yen if code == "fee_at_least" else exact <= yen):
            continue
        kind, first = items[-1].kind, items[-1].lines[0]
        labels = f"{first.label_ja} 上限・下限", f"{first.label_en}: limit"
        reason = reason_of(code, rule, yen=yen)
        _spread(items, Change(yen - exact, *labels, reason, kind, plain=True))


def _spread(items: Sequence[Item], change: Change) -> None:
    """Put a change of several items on the last of them, and what that cannot bear on those before it."""
    left = change.yen
    for item in reversed(items):
        amount = max(left, -item.worth())
        if amount:
            item.changes.append(replace(change, yen=amount))
        left -= amount
