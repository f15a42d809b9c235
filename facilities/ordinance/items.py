"""The pieces of a quote before they are settled: an amount, its lines, and the changes to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from facilities.ordinance.answers import Quote, QuoteLine
from facilities.ordinance.facts import Facts
from facilities.ordinance.fee_clauses import Rounding
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rounding import round_yen, rounding_reason


@dataclass(slots=True)
class Change:
    """An amount grows by `share` of what it was at first (negative: shrinks)."""

    share: Fraction
    label_ja: str
    label_en: str
    reason: Reason
    kind: str = "adjustment"


@dataclass(slots=True)
class Item:
    """An amount of one kind with its lines. `exact` may have a fraction of a yen when it is `computed`."""

    kind: str
    lines: list[QuoteLine]
    exact: Fraction | int
    facts: Facts
    computed: bool = False
    changes: list[Change] = field(default_factory=list)

    @property
    def factor(self) -> Fraction:
        """What the changes make of one yen."""
        return 1 + sum((change.share for change in self.changes), Fraction(0))


def line(kind: str, label_ja: str, label_en: str, quantity: int, unit_yen: int, reason: Reason) -> QuoteLine:
    """A line whose amount is quantity times unit price."""
    return QuoteLine(label_ja, label_en, quantity, unit_yen, quantity * unit_yen, reason, kind)


def settle(items: Sequence[Item], rounding: Rounding) -> Quote:
    """The quote of items: every line whole yen, the total rounded by the rule."""
    lines: list[QuoteLine] = []
    exact: Fraction | int = 0
    for item in items:
        settled, amount = _settle(item, rounding)
        lines += settled
        if item.kind not in rounding.excludes:
            exact += amount
    if rounding.at == "total":
        shown = sum(one.yen for one in lines if one.kind not in rounding.excludes)
        change = round_yen(rounding, exact) - shown
        if change:
            reason = rounding_reason(rounding)
            lines.append(line("rounding", "端数処理", "Rounding", 1, change, reason))
    return Quote(tuple(lines), sum(one.yen for one in lines))


def _settle(item: Item, rounding: Rounding) -> tuple[list[QuoteLine], Fraction | int]:
    if not item.changes and not item.computed:
        return item.lines, item.exact
    cut = _cut_prices(item, rounding)
    if cut:
        return cut, sum(one.yen for one in cut)
    at_line = rounding.at == "line" and item.kind not in rounding.excludes
    lines = list(item.lines)
    if item.computed:
        target = round_yen(rounding, item.exact) if at_line and not item.changes else int(item.exact)
        lines[-1] = replace(lines[-1], unit_yen=target, yen=target)
    lines += _change_lines(item, rounding, at_line, sum(one.yen for one in lines))
    exact = max(Fraction(0), item.exact * item.factor)
    return lines, sum(one.yen for one in lines) if at_line else exact


def _change_lines(item: Item, rounding: Rounding, at_line: bool, shown: int) -> Iterator[QuoteLine]:
    running = Fraction(item.exact)
    for index, change in enumerate(item.changes):
        running += item.exact * change.share
        last = index == len(item.changes) - 1
        amount = max(Fraction(0), running)
        target = round_yen(rounding, amount) if last and at_line else int(amount)
        if target != shown:
            kind = change.kind if item.kind not in rounding.excludes else item.kind
            yield line(kind, change.label_ja, change.label_en, 1, target - shown, change.reason)
        shown = target


def _cut_prices(item: Item, rounding: Rounding) -> list[QuoteLine]:
    """Where a share of another room's price is the only change and gives whole units, the lines carry it."""
    if len(item.changes) != 1 or item.changes[0].kind != "fee" or item.computed:
        return []
    part, whole = (1 + item.changes[0].share).as_integer_ratio()
    step = whole if rounding.at == "total" else whole * rounding.unit
    if any(one.unit_yen * part % step for one in item.lines):
        return []
    cut = []
    for one in item.lines:
        unit_yen = one.unit_yen * part // whole
        cut.append(
            replace(one, unit_yen=unit_yen, yen=one.quantity * unit_yen, reason=item.changes[0].reason)
        )
    return cut
