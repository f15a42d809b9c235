"""Additions, reductions and multiples of a fee, stacked as the document says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from facilities.ordinance.document.fee_clauses import Adjustment
from facilities.ordinance.document.values import say_share
from facilities.ordinance.errors import NotSettled
from facilities.ordinance.pricing.items import Change, Item
from facilities.ordinance.reasons import reason_of

FEE = ("fee",)
ALL = "all"
_WHOLE = Fraction(1)


def adjust(item: Item, adjustment: Adjustment | None) -> None:
    """Add the changes that hold for an item. Raises NotSettled where the source does not settle them."""
    if adjustment is None or item.deposit:
        return
    shares = _shares(adjustment, item, FEE)
    if shares:
        base = item.worth()
        item.changes += [_change(one, share * base) for share, one in shares]


def _shares(one: Adjustment, item: Item, to: Sequence[str]) -> list[tuple[Fraction, Adjustment]]:
    """What a group or a single adjustment adds, as shares of the same base; empty when it does not fit."""
    to = one.to or to
    if not item.facts.meets(one):
        return []
    part = _part_of_time(one.during, item.span) if one.during else _WHOLE
    if not part:
        return []
    if not one.rows:
        reaches = item.kind in to or ALL in to
        if one.not_shown and reaches:
            raise NotSettled
        return [(_share(one) * part if one.during else _share(one), one)] if reaches else []
    fitting = [found for row in one.rows if (found := _shares(row, item, to))]
    if one.stack == "unsettled" and len(fitting) > 1:
        raise NotSettled
    if one.stack == "first":
        fitting = fitting[:1]
    elif one.stack in ("most", "least") and fitting:
        fitting = [(max if one.stack == "most" else min)(fitting, key=_sum)]
    if one.stack == "multiply":
        fitting = _multiplied(fitting)
    found = [(share * part if one.during else share, row) for shares in fitting for share, row in shares]
    return _at_most(one, found) if one.at_most is not None else found


def _multiplied(
    fitting: Sequence[list[tuple[Fraction, Adjustment]]],
) -> list[list[tuple[Fraction, Adjustment]]]:
    """Each row's shares of what those before it have led to."""
    found, running = list[list[tuple[Fraction, Adjustment]]](), _WHOLE
    for shares in fitting:
        found.append([(share * running, row) for share, row in shares])
        running += _sum(found[-1])
    return found


def _at_most(one: Adjustment, found: list[tuple[Fraction, Adjustment]]) -> list[tuple[Fraction, Adjustment]]:
    """What goes beyond the most that may be added is left off, from the last one on."""
    over = _sum(found) - (one.at_most or 0)
    kept: list[tuple[Fraction, Adjustment]] = []
    for share, row in reversed(found):
        less = min(over, share) if over > 0 and share > 0 else Fraction(0)
        over -= less
        if share - less or not less:
            kept.insert(0, (share - less, row))
    return kept


def _sum(shares: Sequence[tuple[Fraction, Adjustment]]) -> Fraction:
    return sum((share for share, _ in shares), Fraction(0))


def _part_of_time(during: Sequence[tuple[int, int]], span: tuple[int, int]) -> Fraction:
    """How much of a time lies in some bands, by started hours from its beginning."""
    starts = range(span[0], span[1], 60)
    inside = sum(1 for at in starts if any(begins <= at < ends for begins, ends in during))
    return Fraction(inside, len(starts)) if starts else Fraction(0)


def _share(one: Adjustment) -> Fraction:
    if one.times is not None:
        return one.times - 1
    return -one.take if one.take is not None else one.add or Fraction(0)


def _change(one: Adjustment, yen: Fraction) -> Change:
    name = one.name or ""
    english = one.name_en or name
    if one.times is not None:
        code, said = "adjust_times", say_share(one.times)
    elif one.take is not None:
        code, said = "adjust_take", say_share(one.take)
    else:
        code, said = "adjust_add", say_share(one.add or Fraction(0))
    reason = reason_of(code, one, name=name, name_en=english, share=said)
    return Change(yen, name, english, reason, rounding=one.rounding)
