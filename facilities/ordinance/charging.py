"""What one price of the document makes for one use: items with their lines, before anything changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from facilities.ordinance.answers import Use
from facilities.ordinance.calendar_clauses import HourTime, SlotTime
from facilities.ordinance.document import Room
from facilities.ordinance.errors import MissingAnswer, NoPrice, NotSettled
from facilities.ordinance.facts import Facts
from facilities.ordinance.fee_clauses import Charge, Fee, Rate
from facilities.ordinance.items import Change, Item, line
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import RoomRules
from facilities.ordinance.timetables import hours_for, slots_of_day
from facilities.ordinance.values import write_span

_HOUR = HourTime()


@dataclass(frozen=True, slots=True)
class Priced:
    """What is priced: a use of a room (None: an extra without a room), as which kind and name.

    `base` is the fee of the use and `adjusted` what the adjustments make of it, for prices that are a
    share of them.
    """

    use: Use
    room: RoomRules | None
    facts: Facts
    kind: str
    name: str
    name_en: str
    quantity: int = 1
    base: Fraction | int = 0
    adjusted: Fraction | int = 0

    def item(self, quantity: int, unit_yen: int, reason: Reason, span: str = "") -> Item:
        """An item of one line."""
        ja, en = (f"{self.name} {span}", f"{self.name_en}, {span}") if span else (self.name, self.name_en)
        one = line(self.kind, ja, en, quantity * self.quantity, unit_yen, reason)
        return Item(self.kind, [one], one.yen, self.facts)


def charge(fee: Fee, priced: Priced) -> list[Item]:
    """The items of a price. Raises NoPrice where the table has no row or the time no price."""
    if not fee.table:
        return _one_charge(fee, priced)
    rows = [row for row in fee.table if priced.facts.meets(row)]
    if not rows:
        raise NoPrice
    if fee.choose == "first":
        return _one_charge(rows[0], priced)
    choose = max if fee.choose == "dearest" else min
    return choose((_one_charge(row, priced) for row in rows), key=_sum)


def _sum(items: list[Item]) -> Fraction:
    return Fraction(0) + sum(item.exact for item in items)


def _one_charge(found: Charge, priced: Priced) -> list[Item]:
    if found.per is not None:
        number = priced.facts.number(found.per)
        if number is None:
            raise MissingAnswer
        priced = replace(priced, quantity=priced.quantity * number)
    items = list(_items(found, priced))
    if found.ceilings or found.at_least is not None or found.at_most is not None:
        _bound(found, priced, items)
    return items


def _items(one: Charge, priced: Priced) -> Iterator[Item]:
    if one.yen_per_slot is not None:
        yield from _slots(one, priced, one.yen_per_slot)
    elif one.rates:
        yield from _rates(one, priced)
    elif one.yen_per_hour is not None:
        yield from _hours(one, priced, one.yen_per_hour)
    elif one.every is not None:
        count = -(-_minutes(priced) // one.every.minutes)
        reason = reason_of("fee_per_unit", one, yen=one.every.yen, minutes=one.every.minutes)
        yield priced.item(count, one.every.yen, reason)
    elif one.every_days is not None:
        if ((priced.facts.number("run_day") or 1) - 1) % one.every_days.days == 0:
            reason = reason_of("fee_per_days", one, yen=one.every_days.yen, days=one.every_days.days)
            yield priced.item(1, one.every_days.yen, reason)
    elif one.percent is not None:
        yield _share_of_number(one, priced, one.percent)
    else:
        yield _flat(one, priced)


def _minutes(priced: Priced) -> int:
    return priced.use.ends - priced.use.starts


def _unit(priced: Priced) -> HourTime:
    """The way in which hours are lent for the use."""
    span = (priced.use.starts, priced.use.ends)
    time, facts = (priced.room.time, priced.facts) if priced.room else (None, priced.facts)
    return (hours_for(time, facts.book, priced.use.day, facts, span) if time else None) or _HOUR


def _hours(one: Charge, priced: Priced, yen: int) -> Iterator[Item]:
    use, minutes = priced.use, _minutes(priced)
    unit = _unit(priced)
    unit_yen, fraction = divmod(yen * unit.counts_as, 60)
    if fraction:
        raise NoPrice
    span = write_span((use.starts, use.ends)) if priced.room else ""
    if one.first:
        first = reason_of("fee_first", one, yen=one.first.yen, minutes=one.first.minutes)
        yield priced.item(1, one.first.yen, first, span)
        minutes -= one.first.minutes
        if minutes <= 0:
            return
    if unit.counts_as != 60:
        reason = reason_of("fee_per_unit", one, yen=unit_yen, minutes=unit.counts_as)
    else:
        code = "fee_per_hour" if minutes % unit.counts_as == 0 else "fee_per_started_hour"
        reason = reason_of(code, one, yen=yen)
    yield priced.item(-(-minutes // unit.counts_as), unit_yen, reason, span)


def _rates(one: Charge, priced: Priced) -> Iterator[Item]:
    """Started hours, each at the price of the time at which it begins; a band with its own price once."""
    unit = _unit(priced).counts_as
    at, runs = priced.use.starts, list[tuple[Rate, int, int, int]]()
    while at < priced.use.ends:
        rate = _rate_at(one.rates, at)
        if rate is None:
            raise NoPrice
        until = rate.time[1] if rate.time and rate.yen is not None else at + unit
        if runs and runs[-1][0] is rate:
            runs[-1] = (rate, runs[-1][1], until, runs[-1][3] + 1)
        else:
            runs.append((rate, at, until, 1))
        at = until
    for rate, starts, ends, count in runs:
        span = write_span((starts, min(ends, priced.use.ends)))
        if rate.yen is not None:
            yield priced.item(1, rate.yen, reason_of("fee_band", one, band=span, yen=rate.yen), span)
            continue
        unit_yen, fraction = divmod((rate.yen_per_hour or 0) * unit, 60)
        if fraction:
            raise NoPrice
        band = write_span(rate.time) if rate.time else "—"
        reason = reason_of("fee_rate", one, band=band, yen=rate.yen_per_hour or 0)
        yield priced.item(count, unit_yen, reason, span)


def _rate_at(rates: tuple[Rate, ...], at: int) -> Rate | None:
    inside = (rate for rate in rates if rate.time and rate.time[0] <= at < rate.time[1])
    return next(inside, None) or next((rate for rate in rates if rate.time is None), None)


def _slots(one: Charge, priced: Priced, prices: dict[str, int]) -> Iterator[Item]:
    if priced.room is None:
        raise NoPrice
    use = priced.use
    pieces = priced.room.pieces_of(priced.facts.book, use.day, use.starts, use.ends, priced.facts)
    if not pieces:
        raise NoPrice
    today = slots_of_day(priced.room.time, priced.facts.book, use.day, priced.facts)
    named = {slot.key: slot for slot in today}
    for piece in pieces:
        yen = prices.get(piece.key)
        if yen is None:
            raise NoPrice
        english = piece.name_en or piece.name
        reason = _slot_reason(one, piece, named, yen)
        labels = f"{priced.name} {piece.name}", f"{priced.name_en}: {english}"
        made = line(priced.kind, *labels, priced.quantity, yen, reason)
        facts = replace(priced.facts, slot=piece.key)
        yield Item(priced.kind, [made], made.yen, facts)


def _slot_reason(one: Charge, piece: SlotTime, named: dict[str, SlotTime], yen: int) -> Reason:
    english = piece.name_en or piece.name
    if not piece.combines:
        return reason_of("fee_per_slot", one, name=piece.name, name_en=english, yen=yen)
    parts = [named[key] for key in piece.combines]
    return reason_of(
        "fee_combination",
        one,
        name=piece.name,
        name_en=english,
        yen=yen,
        parts="・".join(slot.name for slot in parts),
        parts_en=", ".join(slot.name_en or slot.name for slot in parts),
    )


def _flat(one: Charge, priced: Priced) -> Item:
    if one.yen_per_day is not None:
        return priced.item(1, one.yen_per_day, reason_of("fee_per_day", one, yen=one.yen_per_day))
    if one.yen is None:
        raise NotSettled if one.not_shown else NoPrice
    code = "fee_flat" if one.per is None else "fee_per_number"
    return priced.item(1, one.yen, reason_of(code, one, yen=one.yen, number=priced.quantity))


def _share_of_number(one: Charge, priced: Priced, percent: int) -> Item:
    of_fee = {"fee": priced.base, "adjusted-fee": priced.adjusted}
    whole: Fraction | int | None = of_fee.get(one.of or "", priced.facts.number(one.of or ""))
    if whole is None:
        raise MissingAnswer
    exact = Fraction(whole) * percent / 100 * priced.quantity
    code = "fee_percent_of_fee" if one.of in of_fee else "fee_percent_of_number"
    reason = reason_of(code, one, percent=percent, number=int(whole))
    item = priced.item(1, 0, reason)
    return replace_amount(item, exact)


def replace_amount(item: Item, exact: Fraction) -> Item:
    """The item with an amount that was computed and may have a fraction."""
    shown = int(exact)
    last = replace(item.lines[-1], quantity=1, unit_yen=shown, yen=shown)
    return Item(item.kind, [*item.lines[:-1], last], exact, item.facts, computed=True)


def share_change(fee: Fee, whole: Room, own: str, own_en: str | None) -> Change:
    """The change that makes the price of a room the share of it that `fee` says."""
    percent = fee.percent or 0
    name, english = whole.name, whole.name_en or whole.name
    return Change(
        Fraction(percent - 100, 100),
        f"{own}（{name}の100分の{percent}）",
        f"{own_en or own} ({percent} percent of {english})",
        reason_of("fee_percent", fee, percent=percent, of=name, of_en=english),
        "fee",
    )


def _bound(one: Charge, priced: Priced, items: list[Item]) -> None:
    """Ceilings by time of day, the least and the most of a price, as lines that show the difference."""
    exact = _sum(items)
    touched = [
        ceiling.yen
        for ceiling in one.ceilings
        if ceiling.time[0] < priced.use.ends and priced.use.starts < ceiling.time[1]
    ]
    bounds = []
    if touched:
        bounds.append((min(exact, Fraction(sum(touched))), "fee_ceiling", sum(touched)))
    if one.at_most is not None:
        bounds.append((min(exact, Fraction(one.at_most)), "fee_at_most", one.at_most))
    if one.at_least is not None:
        bounds.append((max(exact, Fraction(one.at_least)), "fee_at_least", one.at_least))
    for target, code, yen in bounds:
        change = target - exact
        if change and items:
            last = items[-1]
            reason = reason_of(code, one, yen=yen)
            shown = int(target) - int(exact)
            labels = f"{priced.name} 上限・下限", f"{priced.name_en}: limit"
            last.lines.append(line(priced.kind, *labels, 1, shown, reason))
            last.exact, last.computed = last.exact + change, False
            exact = target
