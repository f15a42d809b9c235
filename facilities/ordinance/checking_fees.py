"""What prices must keep: each says one thing, tables are complete, shares refer to what exists."""

from __future__ import annotations

from collections.abc import Iterator

from facilities.ordinance.calendar_clauses import TimeToRent
from facilities.ordinance.document import Facility, Ordinance, Room
from facilities.ordinance.facts import NUMBERS
from facilities.ordinance.fee_clauses import Adjustment, Charge, ExemptionGround, Fee
from facilities.ordinance.mistakes import Mistake, refers, unique
from facilities.ordinance.problems import Path

_OF_FEE = ("fee", "adjusted-fee")
_PRICES = (
    "yen_per_hour",
    "every",
    "every_days",
    "rates",
    "yen_per_slot",
    "yen_per_day",
    "yen",
    "percent",
    "not_shown",
)


def check_fee(
    fee: Fee,
    time: TimeToRent | None,
    room: Room | None,
    facility: Facility | None,
    document: Ordinance,
    path: Path,
) -> Iterator[Mistake]:
    """A price, or the rows of a table of prices; without a room, that of an extra wherever it is used."""
    if not fee.table:
        yield from _charge(fee, time, room, facility, document, path)
        return
    if any(getattr(fee, name) not in (None, ()) for name in _PRICES):
        yield path, "table を書くときは、額は table の中に書いてください。", "Write prices inside the table."
    for index, row in enumerate(fee.table):
        yield from _charge(row, time, room, facility, document, (*path, "table", index))


def _charge(
    fee: Charge,
    time: TimeToRent | None,
    room: Room | None,
    facility: Facility | None,
    document: Ordinance,
    path: Path,
) -> Iterator[Mistake]:
    kinds = [name for name in _PRICES if getattr(fee, name) not in (None, ())]
    if len(kinds) != 1 or (fee.percent is None) != (fee.of is None):
        yield (
            path,
            "額の書きかたを、yen_per_hour、yen_per_slot、yen、percent と of などのどれか一つにしてください。",
            "Write one kind of price: yen_per_hour, yen_per_slot, yen, percent with of, …",
        )
        return
    numbers = [*NUMBERS, *(one.key for one in document.questions if one.unit)]
    if fee.per is not None:
        yield from refers(fee.per, numbers, (*path, "per"))
    if fee.of is not None and fee.of not in [*numbers, *_OF_FEE]:
        if room and facility:
            yield from _share(fee.of, room, facility, (*path, "of"))
        else:
            rooms = [one.key for hall in document.facilities for one in hall.rooms]
            yield from refers(fee.of, [*numbers, *_OF_FEE, *rooms], (*path, "of"))
    if fee.first and fee.yen_per_hour is None:
        yield (*path, "first"), "first は yen_per_hour と一緒に書いてください。", "first needs yen_per_hour."
    yield from _whole_yen(fee, time, path)
    if fee.yen_per_slot is not None and time is not None:
        yield from _columns(fee.yen_per_slot, time, path)


def _whole_yen(fee: Charge, time: TimeToRent | None, path: Path) -> Iterator[Mistake]:
    units = sorted({one.counts_as for one in time.hours} if time and time.hours else {60})
    prices = [((*path, "yen_per_hour"), fee.yen_per_hour)]
    for index, rate in enumerate(fee.rates):
        here = (*path, "rates", index)
        if (rate.yen_per_hour is None) == (rate.yen is None) or (rate.yen is not None and not rate.time):
            yield (
                here,
                "yen_per_hour か、time と yen のどちらかを書いてください。",
                "Write yen_per_hour, or time with yen.",
            )
        prices.append(((*here, "yen_per_hour"), rate.yen_per_hour))
    for where, yen in prices:
        counts_as = next((one for one in units if yen is not None and yen * one % 60), None)
        if counts_as is not None:
            yield (
                where,
                f"{counts_as}分 (counts_as) の額が整数になりません。",
                f"The price of {counts_as} minutes (counts_as) is not a whole number.",
            )


def _columns(prices: dict[str, int], time: TimeToRent, path: Path) -> Iterator[Mistake]:
    slots = {slot.key: slot.name for slot in time.slots}
    for key in prices:
        yield from refers(key, slots, (*path, "yen_per_slot", key))
    for key, name in slots.items():
        if key not in prices:
            yield (
                (*path, "yen_per_slot"),
                f"区分「{name}」({key}) の額がありません。",
                f"The price of slot “{key}” is missing.",
            )


def _share(of: str, room: Room, facility: Facility, path: Path) -> Iterator[Mistake]:
    others = {one.key: one for one in facility.rooms if one.key != room.key}
    yield from refers(of, others, path)
    if of not in others:
        return
    if others[of].fee.of in {one.key for one in facility.rooms}:
        yield path, "自分の額を持つ部屋を書いてください。", "Name a room that has its own price."
    elif (others[of].time or facility.time) != (room.time or facility.time):
        yield (
            path,
            "借りる時間の区切りが同じ部屋を書いてください。",
            "Name a room with the same time to rent.",
        )


def check_adjustment(one: Adjustment, path: Path) -> Iterator[Mistake]:
    """An adjustment is a group with a way of stacking, or one change with a name."""
    changes = [name for name in ("add", "take", "times", "not_shown") if getattr(one, name) is not None]
    if one.rows:
        if changes or one.stack is None:
            yield (
                path,
                "rows のときは stack (add、multiply、first、unsettled) を書き、add・take・times は書かないでください。",
                "With rows write stack, and no add, take or times.",
            )
    elif len(changes) != 1 or one.stack or not one.name:
        yield (
            path,
            "name と、add・take・times のどれか一つを書いてください。",
            "Write a name, and one of add, take, times.",
        )
    for index, row in enumerate(one.rows):
        yield from check_adjustment(row, (*path, "rows", index))


def check_exemption(grounds: tuple[ExemptionGround, ...], path: Path) -> Iterator[Mistake]:
    """Grounds of exemption that say too much or too little."""
    yield from unique((ground.key for ground in grounds), path)
    for index, ground in enumerate(grounds):
        if (
            sum(
                one is not None
                for one in (ground.percent, ground.take, ground.discretionary, ground.at_most_percent)
            )
            != 1
        ):
            yield (
                (*path, index),
                "percent、take、discretionary、at_most_percent のどれか一つを書いてください。",
                "Write one of percent, take, discretionary, at_most_percent.",
            )
