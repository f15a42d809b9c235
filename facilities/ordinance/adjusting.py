"""Additions, reductions and multiples of a fee, stacked as the document says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from facilities.ordinance.errors import NotSettled
from facilities.ordinance.fee_clauses import Adjustment
from facilities.ordinance.items import Change, Item
from facilities.ordinance.reasons import reason_of
from facilities.ordinance.values import say_share

FEE = ("fee",)


def adjust(item: Item, adjustment: Adjustment | None) -> None:
    """Add the changes that hold for an item. Raises NotSettled where the source does not settle them."""
    if adjustment is not None:
        before = item.factor
        for change in _changes(adjustment, item, FEE):
            change.share *= before
            item.changes.append(change)


def _changes(one: Adjustment, item: Item, to: Sequence[str]) -> list[Change]:
    """The changes of a group or a single adjustment, as shares of the same base; empty when it does not fit."""
    to = one.to or to
    if not item.facts.meets(one):
        return []
    if not one.rows:
        if one.not_shown and item.kind in to:
            raise NotSettled
        return [_change(one)] if item.kind in to else []
    fitting = [found for row in one.rows if (found := _changes(row, item, to))]
    if one.stack == "unsettled" and len(fitting) > 1:
        raise NotSettled
    if one.stack == "first":
        fitting = fitting[:1]
    running = Fraction(1)
    for changes in fitting:
        for change in changes if one.stack == "multiply" else ():
            change.share *= running
        running += sum((change.share for change in changes), Fraction(0))
    return [change for changes in fitting for change in changes]


def _change(one: Adjustment) -> Change:
    name = one.name or ""
    english = one.name_en or name
    if one.times is not None:
        share, code, said = one.times - 1, "adjust_times", say_share(one.times)
    elif one.take is not None:
        share, code, said = -one.take, "adjust_take", say_share(one.take)
    else:
        share = one.add or Fraction(0)
        code, said = "adjust_add", say_share(share)
    reason = reason_of(code, one, name=name, name_en=english, share=said)
    return Change(share, name, english, reason)
