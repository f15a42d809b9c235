"""The pieces of a quote before they are settled: an amount, its lines, and the changes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from facilities.ordinance.answers import Quote, QuoteLine
from facilities.ordinance.document.fee_clauses import Cut, ExtensionPrice, Rounding, Tax
from facilities.ordinance.document.values import say_share
from facilities.ordinance.facts import Facts
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rounding import round_yen, rounding_reason

_NOTHING = Fraction(0)


@dataclass(slots=True)
class Change:
    """An amount grows by `yen` (negative: shrinks); `share` is what that is of the amount at first, where
    unit prices can be shown with the change in them. `rounding` is for fractions at this step. A `plain` one
    leads to an amount of the document, which is not rounded."""

    yen: Fraction
    label_ja: str
    label_en: str
    reason: Reason
    kind: str = "adjustment"
    share: Fraction | None = None
    rounding: Cut | None = None
    plain: bool = False

    def after(self, amount: Fraction) -> Fraction:
        """What it makes of an amount."""
        if self.rounding is None:
            return amount + self.yen
        if self.rounding.of == "result":
            cut = Fraction(round_yen(self.rounding, max(Fraction(0), amount + self.yen)))
            return cut if self.yen > 0 else min(amount, cut)
        size = round_yen(self.rounding, abs(self.yen))
        return amount + (size if self.yen > 0 else -size)


@dataclass(slots=True)
class Item:
    """An amount of one kind with its lines. `exact` may have a fraction of a yen when it is `computed`.

    `use` is the number of the use it belongs to (-1: none), `span` its time, `prices` those of all slots.
    `later` says that more is settled after the use; a `deposit` comes back.
    """

    kind: str
    lines: list[QuoteLine]
    exact: Fraction | int
    facts: Facts
    computed: bool = False
    changes: list[Change] = field(default_factory=list)
    use: int = -1
    span: tuple[int, int] = (0, 0)
    prices: Mapping[str, int] | None = None
    extension: ExtensionPrice | None = None
    later: bool = False
    deposit: bool = False

    def worth(self) -> Fraction:
        """What it comes to with its changes, before the last rounding."""
        amount = Fraction(self.exact)
        if not self.changes:
            return amount if amount > 0 else _NOTHING
        for change in self.changes:
            amount = change.after(amount)
        return max(_NOTHING, amount)


def line(kind: str, label_ja: str, label_en: str, quantity: int, unit_yen: int, reason: Reason) -> QuoteLine:
    """A line whose amount is quantity times unit price."""
    return QuoteLine(label_ja, label_en, quantity, unit_yen, quantity * unit_yen, reason, kind)


def settle(items: Sequence[Item], rounding: Rounding, tax: Tax | None = None) -> Quote:
    """The quote of items: every line whole yen, fractions as the rules say, tax as part of it or on top."""
    if tax and tax.rounding is None:
        items = [_taxed(item, tax) for item in items]
    lines: list[QuoteLine] = []
    groups: dict[int, tuple[Fraction | int, int]] = {}
    for item in items:
        settled, amount = _settle(item, rounding)
        lines += settled
        if rounding.at in ("total", "use") and item.kind not in rounding.excludes and not item.deposit:
            group = item.use if rounding.at == "use" else 0
            exact, shown = groups.get(group, (0, 0))
            groups[group] = exact + amount, shown + sum(one.yen for one in settled)
    for exact, shown in groups.values():
        change = round_yen(rounding, exact) - shown
        if change:
            reason = rounding_reason(rounding)
            lines.append(line("rounding", "端数処理", "Rounding", 1, change, reason))
    if tax and tax.rounding:
        deposits = {item.kind for item in items if item.deposit}
        taxed = sum(one.yen for one in lines if one.kind not in {*tax.excludes, *deposits})
        lines += _tax_line(tax, tax.rounding, taxed)
    return Quote(
        tuple(lines),
        sum(one.yen for one in lines),
        settled_later=any(item.later for item in items),
        deposit_yen=sum(one.yen for item in items if item.deposit for one in item.lines),
    )


def _taxed(item: Item, tax: Tax) -> Item:
    """The item with tax as its last change."""
    if item.kind in tax.excludes or item.deposit or not item.worth():
        return item
    labels = tax.name, tax.name_en or tax.name
    reason = _tax_reason(tax)
    return replace(item, changes=[*item.changes, Change(item.worth() * tax.share, *labels, reason, "tax")])


def _tax_line(tax: Tax, cut: Cut, taxed: int) -> Iterator[QuoteLine]:
    labels = tax.name, tax.name_en or tax.name
    change = Change(taxed * tax.share, *labels, _tax_reason(tax), "tax", rounding=cut)
    yen = int(change.after(Fraction(taxed))) - taxed
    if yen:
        yield line("tax", *labels, 1, yen, change.reason)


def _tax_reason(tax: Tax) -> Reason:
    return reason_of("tax", tax, name=tax.name, name_en=tax.name_en or tax.name, share=say_share(tax.share))


def _settle(item: Item, rounding: Rounding) -> tuple[list[QuoteLine], Fraction | int]:
    if not item.changes and not item.computed:
        return item.lines, item.exact
    cut = _cut_prices(item, rounding)
    if cut:
        return cut, sum(one.yen for one in cut)
    lines, amount = list(item.lines), item.worth()
    written = item.changes and item.changes[-1].plain and amount.denominator == 1
    each = rounding.at in ("line", "unit") and item.kind not in rounding.excludes and not written
    target = _rounded(item, rounding, amount) if each else int(amount)
    if item.computed:
        first = target if not item.changes else int(item.exact)
        lines[-1] = replace(lines[-1], quantity=1, unit_yen=first, yen=first)
    lines += _change_lines(item, rounding, target, sum(one.yen for one in lines))
    return lines, target if each else amount


def _rounded(item: Item, rounding: Rounding, amount: Fraction) -> int:
    """The amount rounded as a whole, or at each unit."""
    count = item.lines[0].quantity if rounding.at == "unit" and len(item.lines) == 1 else 1
    return round_yen(rounding, amount / count) * count if count > 1 else round_yen(rounding, amount)


def _change_lines(item: Item, rounding: Rounding, target: int, shown: int) -> Iterator[QuoteLine]:
    running = Fraction(item.exact)
    for index, change in enumerate(item.changes):
        running = change.after(running)
        reached = target if index == len(item.changes) - 1 else int(max(Fraction(0), running))
        if reached != shown:
            kind = change.kind if item.kind not in rounding.excludes else item.kind
            made = line(kind, change.label_ja, change.label_en, 1, reached - shown, change.reason)
            yield replace(made, of=item.kind)
        shown = reached


def _cut_prices(item: Item, rounding: Rounding) -> list[QuoteLine]:
    """Where a share of another room's price is the only change and gives whole units, the lines carry it."""
    if len(item.changes) != 1 or item.changes[0].share is None or item.computed:
        return []
    part, whole = (1 + item.changes[0].share).as_integer_ratio()
    step = whole * rounding.unit if rounding.at in ("line", "unit") else whole
    if any(one.unit_yen * part % step for one in item.lines):
        return []
    cut = []
    for one in item.lines:
        unit_yen = one.unit_yen * part // whole
        cut.append(
            replace(one, unit_yen=unit_yen, yen=one.quantity * unit_yen, reason=item.changes[0].reason)
        )
    return cut
