"""The price of a room for a time, as lines that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from facilities.ordinance.answers import Quote, QuoteLine
from facilities.ordinance.calendars import reason_of
from facilities.ordinance.document import Fee, HourTime, Rounding, SlotTime
from facilities.ordinance.errors import NoPrice
from facilities.ordinance.rules import RoomRules, Rules
from facilities.ordinance.timetables import cover, slots_of_day
from facilities.ordinance.values import write_span

_HOUR = HourTime()
_ROUNDED = {
    "down": ("切り捨て", "rounded down"),
    "up": ("切り上げ", "rounded up"),
    "half_up": ("四捨五入し", "rounded half up"),
}


def quote(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    ends: int,
    applicant_class: str,
    purpose: str | None = None,
    headcount: int | None = None,
) -> Quote:
    """The fee in yen for a room from `starts` to `ends` (minutes of `day`).

    A time that is exactly a combination of slots has the price of the combination; other slots in a row
    are summed. Raises UnknownFacility, UnknownRoom, or NoPrice when the rules give no price for the time.
    """
    room_rules = rules.room(facility, room)
    if not 0 <= starts < ends:
        raise NoPrice
    lines = tuple(_lines(rules, room_rules, day, starts, ends))
    rounding = rules.document.rounding
    if rounding.at == "total":
        lines += tuple(_rounding_line(rounding, sum(line.yen for line in lines)))
    return Quote(lines, sum(line.yen for line in lines))


def _lines(rules: Rules, room: RoomRules, day: date, starts: int, ends: int) -> Iterator[QuoteLine]:
    own = room.whole.fee
    if own.yen_per_hour is not None:
        base = [_hourly(room, own, own.yen_per_hour, starts, ends)]
    else:
        pieces = cover(slots_of_day(room.time, rules.book, day), starts, ends)
        if not pieces:
            raise NoPrice
        base = [_slot(room, own, piece) for piece in pieces]
    if room.fee.percent is None:
        yield from base
    else:
        yield from _share(rules.document.rounding, room, base)


def _hourly(room: RoomRules, fee: Fee, yen: int, starts: int, ends: int) -> QuoteLine:
    unit = (room.time.hours or _HOUR).counts_as
    quantity = -(-(ends - starts) // unit)
    unit_yen, fraction = divmod(yen * unit, 60)
    if fraction:
        raise NoPrice
    span = write_span((starts, ends))
    if unit != 60:
        reason = reason_of("fee_per_unit", fee, yen=unit_yen, minutes=unit)
    else:
        code = "fee_per_hour" if (ends - starts) % unit == 0 else "fee_per_started_hour"
        reason = reason_of(code, fee, yen=yen)
    name = room.room
    return QuoteLine(
        f"{name.name} {span}",
        f"{name.name_en or name.name} {span}",
        quantity,
        unit_yen,
        quantity * unit_yen,
        reason,
    )


def _slot(room: RoomRules, fee: Fee, piece: SlotTime) -> QuoteLine:
    yen = (fee.yen_per_slot or {})[piece.key]
    english = piece.name_en or piece.name
    reason = reason_of("fee_per_slot", fee, name=piece.name, name_en=english, yen=yen)
    if piece.combines:
        named = {slot.key: slot for slot in room.time.slots}
        parts = [named[key] for key in piece.combines]
        reason = reason_of(
            "fee_combination",
            fee,
            name=piece.name,
            name_en=english,
            yen=yen,
            parts="・".join(slot.name for slot in parts),
            parts_en=", ".join(slot.name_en or slot.name for slot in parts),
        )
    label = room.room
    return QuoteLine(
        f"{label.name} {piece.name}", f"{label.name_en or label.name}: {english}", 1, yen, yen, reason
    )


def _share(rounding: Rounding, room: RoomRules, base: Sequence[QuoteLine]) -> Iterator[QuoteLine]:
    """The lines of the whole room, cut to the room's percentage.

    Where every unit price stays a whole number that needs no rounding, the lines carry the cut price;
    else the whole price is shown and a line takes off the rest.
    """
    percent, whole = room.fee.percent or 0, room.whole
    name, english = whole.name, whole.name_en or whole.name
    reason = reason_of("fee_percent", room.fee, percent=percent, of=name, of_en=english)
    step = 100 if rounding.at == "total" else 100 * rounding.unit
    if all(line.unit_yen * percent % step == 0 for line in base):
        for line in base:
            unit_yen = line.unit_yen * percent // 100
            yield replace(line, unit_yen=unit_yen, yen=line.quantity * unit_yen, reason=reason)
        return
    yield from base
    amounts = [line.yen for line in base]
    for amount in [sum(amounts)] if rounding.at == "total" else amounts:
        change = round_yen(rounding, amount * percent, 100) - amount
        own = room.room
        yield QuoteLine(
            f"{own.name}（{name}の100分の{percent}）",
            f"{own.name_en or own.name} ({percent} percent of {english})",
            1,
            change,
            change,
            reason,
        )


def _rounding_line(rounding: Rounding, total: int) -> Iterator[QuoteLine]:
    change = round_yen(rounding, total, 1) - total
    if change:
        mode, mode_en = _ROUNDED[rounding.mode]
        reason = reason_of("rounding", rounding, unit=rounding.unit, mode=mode, mode_en=mode_en)
        yield QuoteLine("端数処理", "Rounding", 1, change, change, reason)


def round_yen(rounding: Rounding, amount: int, over: int) -> int:
    """amount / over yen (amount not negative), rounded to a multiple of the rule's unit."""
    unit = rounding.unit * over
    if rounding.mode == "down":
        return amount // unit * rounding.unit
    if rounding.mode == "up":
        return -(-amount // unit) * rounding.unit
    return (2 * amount + unit) // (2 * unit) * rounding.unit
