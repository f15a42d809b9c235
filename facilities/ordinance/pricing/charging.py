"""What one price of the document makes for one use: items with their lines, before anything changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from facilities.ordinance.answers import Use
from facilities.ordinance.days.timetables import hours_for, slots_of_day
from facilities.ordinance.document.calendar_clauses import HourTime, SlotTime
from facilities.ordinance.document.fee_clauses import Charge, Pause, Rate
from facilities.ordinance.document.ordinance import Room
from facilities.ordinance.document.values import say_share, write_span
from facilities.ordinance.errors import MissingAnswer, NoPrice, NotSettled
from facilities.ordinance.facts import Facts
from facilities.ordinance.pricing.bounding import bound_price, worth
from facilities.ordinance.pricing.items import Change, Item, line
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import FacilityRules, RoomRules

_HOUR = HourTime()


@dataclass(frozen=True, slots=True)
class Priced:
    """What is priced: a use of a room (None: an extra without a room), as which kind and name.

    `base` is the fee of the use and `adjusted` what the adjustments make of it, for prices that are a
    share of them.
    """

    use: Use
    room: RoomRules | None
    hall: FacilityRules
    facts: Facts
    kind: str
    name: str
    name_en: str
    quantity: int = 1
    base: Fraction | int = 0
    adjusted: Fraction | int = 0

    def item(self, quantity: int, unit_yen: int, reason: Reason, span: tuple[int, int] | None = None) -> Item:
        """An item of one line; `span` is the time it is for, where the line shows it."""
        ja, en = self.name, self.name_en
        if span:
            ja, en = f"{ja} {write_span(span)}", f"{en}, {write_span(span)}"
        one = line(self.kind, ja, en, quantity * self.quantity, unit_yen, reason)
        return Item(self.kind, [one], one.yen, self.facts, span=span or (self.use.starts, self.use.ends))


def charge(found: Charge, priced: Priced) -> list[Item]:
    """The items of a price. Raises NoPrice where the table has no row or the time no price."""
    if found.name:
        english = f"{priced.name_en}: {found.name_en or found.name}"
        priced = replace(priced, name=f"{priced.name} {found.name}", name_en=english)
    number, known = counted(found, priced)
    if number != priced.quantity:
        priced = replace(priced, quantity=number)
    items = _rows(found, priced) if found.table else list(_items(found, priced))
    if not known:
        for item in items:
            item.later = True
    if found.extension is not None:
        for item in items:
            item.extension = item.extension or found.extension
    if found.ceilings or found.at_least is not None or found.at_most is not None:
        bound_price(found, (priced.use.starts, priced.use.ends), items)
    return items


def counted(found: Charge, priced: Priced) -> tuple[int, bool]:
    """How many times a price is taken, and whether that is already known.

    What staff answer after the use counts nothing until then. Raises MissingAnswer.
    """
    quantity = priced.quantity
    if not found.per:
        if found.each == 1 and not found.beyond and found.up_to is None:
            return quantity, True
        return _started(found, quantity), True
    for key in found.per:
        number = priced.facts.number(key)
        if number is None:
            if key not in priced.facts.later:
                raise MissingAnswer
            return 0, False
        quantity *= _started(found, number)
    return quantity, True


def _started(found: Charge, number: int) -> int:
    top = number if found.up_to is None else min(number, found.up_to)
    return -(-max(0, top - found.beyond) // found.each)


def _rows(found: Charge, priced: Priced) -> list[Item]:
    if priced.room and priced.facts.slot is None and found.rows_look_at_slot:
        apart = pieces_of(priced)
        if apart:
            return [item for one in apart for item in _rows(found, one)]
    rows = [row for row in found.table if priced.facts.meets(row)]
    if not rows:
        raise NoPrice
    if found.choose == "first":
        return charge(rows[0], priced)
    priced_rows = [charge(row, priced) for row in rows]
    if found.choose == "sum":
        items = [item for row in priced_rows for item in row]
        return [item for item in items if item.exact or item.later] or items[:1]
    choose = max if found.choose == "dearest" else min
    return choose(priced_rows, key=worth)


def pieces_of(priced: Priced) -> list[Priced]:
    """The same for each slot of the time (a combination is one), for rules that tell slots apart."""
    room, use, facts = priced.room, priced.use, priced.facts
    pieces = room.pieces_of(facts.book, use.day, use.starts, use.ends, facts) if room else ()
    found, number = list[Priced](), 1
    for piece in pieces:
        numbers = {**facts.numbers, "slot_number": number}
        one = replace(facts, slot=piece.key, span=piece.time, numbers=numbers)
        part = replace(use, starts=piece.time[0], ends=piece.time[1])
        found.append(replace(priced, use=part, facts=one))
        number += len(piece.combines) or 1
    return found


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
    elif one.part is not None:
        yield from share_items(one, priced, one.part)
    elif one.later is not None:
        reason = reason_of("fee_later", one, text=one.later, text_en=one.later_en or one.later)
        item = priced.item(1, 0, reason)
        item.later = True
        yield item
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
    span = (use.starts, use.ends) if priced.room else None
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
        span = (starts, min(ends, priced.use.ends))
        if rate.yen is not None:
            reason = reason_of("fee_band", one, band=write_span(span), yen=rate.yen)
            yield priced.item(1, rate.yen, reason, span)
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
    known, number = priced.facts, priced.facts.numbers.get("slot_number", 1)
    before: Item | None = None
    for piece in pieces:
        yen = prices.get(piece.key)
        if yen is None:
            raise NoPrice
        if before is not None and one.pause is not None:
            yield from _pause(one.pause, priced, before, piece.time[0])
        english = piece.name_en or piece.name
        reason = _slot_reason(one, piece, priced, yen)
        labels = f"{priced.name} {piece.name}", f"{priced.name_en}: {english}"
        made = line(priced.kind, *labels, priced.quantity, yen, reason)
        facts = known
        if known.slot != piece.key:
            facts = replace(known, slot=piece.key, numbers={**known.numbers, "slot_number": number})
        before = Item(priced.kind, [made], made.yen, facts, span=piece.time, prices=prices)
        yield before
        number += len(piece.combines) or 1


def _pause(pause: Pause, priced: Priced, before: Item, until: int) -> Iterator[Item]:
    """The time between two slots in a row, by started hours."""
    since = before.span[1]
    hours = -(-(until - since) // 60)
    if hours <= 0:
        return
    exact = Fraction(before.exact) * pause.share if pause.share is not None else None
    yen = int(exact) if exact is not None else pause.yen_per_hour or 0
    reason = reason_of("fee_pause", pause, yen=yen)
    item = priced.item(hours, yen, reason, (since, until))
    yield item if exact is None else replace_amount(item, exact * hours)


def _slot_reason(one: Charge, piece: SlotTime, priced: Priced, yen: int) -> Reason:
    english = piece.name_en or piece.name
    if not piece.combines:
        return reason_of("fee_per_slot", one, name=piece.name, name_en=english, yen=yen)
    time = priced.room.time if priced.room else None
    today = slots_of_day(time, priced.facts.book, priced.use.day, priced.facts) if time else ()
    parts = [slot for slot in today if slot.key in piece.combines]
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
    if one.yen_per_month is not None:
        return priced.item(1, one.yen_per_month, reason_of("fee_per_month", one, yen=one.yen_per_month))
    if one.yen is None:
        raise NotSettled if one.not_shown else NoPrice
    if not one.per:
        return priced.item(1, one.yen, reason_of("fee_flat", one, yen=one.yen))
    return priced.item(1, one.yen, reason_of("fee_per_number", one, yen=one.yen, number=priced.quantity))


def share_items(one: Charge, priced: Priced, part: Fraction) -> Iterator[Item]:
    """A share of another room's price, of the fee, or of a number that was answered. Raises MissingAnswer."""
    other = priced.hall.rooms.get(one.of or "")
    if other is not None:
        yield from _share_of_room(one, priced, other, part)
        return
    of_fee = {"fee": priced.base, "adjusted-fee": priced.adjusted}
    whole: Fraction | int | None = of_fee.get(one.of or "", priced.facts.number(one.of or ""))
    later = whole is None and one.of in priced.facts.later
    if whole is None and not later:
        raise MissingAnswer
    amount = Fraction(whole or 0)
    of_use = one.of in of_fee
    if one.percent is not None:
        code = "fee_percent_of_fee" if of_use else "fee_percent_of_number"
        reason = reason_of(code, one, percent=one.percent, number=int(amount))
    else:
        code = "fee_share_of_fee" if of_use else "fee_share_of_number"
        reason = reason_of(code, one, share=say_share(part), number=int(amount))
    item = replace_amount(priced.item(1, 0, reason), amount * part * priced.quantity)
    item.later = later
    yield item


def _share_of_room(one: Charge, priced: Priced, other: RoomRules, part: Fraction) -> Iterator[Item]:
    """What the other room (or an extra in it) would cost for this use, and the share as a change of it."""
    own = priced.name, priced.name_en
    if priced.kind == "fee":
        price: Charge | None = other.fee
        priced = replace(priced, name=other.room.name, name_en=other.room.name_en or other.room.name)
    else:
        price = other.room.extras.get(priced.kind) or priced.hall.extras[priced.kind].fee
    if price is None:
        raise NoPrice
    for item in charge(price, priced):
        change = _share_change(one, other.room, part, *own)
        change.yen = item.worth() * (part - 1)
        item.changes.append(change)
        yield item


def replace_amount(item: Item, exact: Fraction) -> Item:
    """The item with an amount that was computed and may have a fraction."""
    shown = int(exact)
    last = replace(item.lines[-1], quantity=1, unit_yen=shown, yen=shown)
    return replace(item, lines=[*item.lines[:-1], last], exact=exact, computed=True)


def _share_change(one: Charge, whole: Room, part: Fraction, own: str, own_en: str) -> Change:
    """The change that makes the price of a room the share of it that is written."""
    name, english = whole.name, whole.name_en or whole.name
    if one.percent is not None:
        said, said_en = f"100分の{one.percent}", f"{one.percent} percent"
        reason = reason_of("fee_percent", one, percent=one.percent, of=name, of_en=english)
    else:
        said = said_en = say_share(part)
        reason = reason_of("fee_share", one, share=said, of=name, of_en=english)
    labels = f"{own}（{name}の{said}）", f"{own_en} ({said_en} of {english})"
    return Change(Fraction(0), *labels, reason, "fee", share=part - 1)
