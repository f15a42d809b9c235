"""What prices must keep: each says one thing, tables are complete, shares refer to what exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facilities.ordinance.document.calendar_clauses import TimeToRent
from facilities.ordinance.document.fee_clauses import Adjustment, Charge, ExemptionGround, Fee, Total
from facilities.ordinance.document.ordinance import Facility, Ordinance, Room
from facilities.ordinance.facts import NUMBERS
from facilities.ordinance.reading.mistakes import Mistake, refers, unique, walk
from facilities.ordinance.reading.problems import Path

_OF_FEE = ("fee", "adjusted-fee")
_PRICES = (
    "yen_per_hour",
    "every",
    "every_days",
    "rates",
    "yen_per_slot",
    "yen_per_day",
    "yen_per_month",
    "yen",
    "percent",
    "share",
    "later",
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
    yield from _price(fee, _Place(time, room, facility, document), path)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a price holds: a room with its time to rent, or (None) wherever an extra is used."""

    time: TimeToRent | None
    room: Room | None
    facility: Facility | None
    document: Ordinance


def _price(fee: Charge, place: _Place, path: Path) -> Iterator[Mistake]:
    kinds = [name for name in _PRICES if getattr(fee, name) not in (None, ())]
    yield from _counts(fee, place.document, path)
    if fee.table:
        if kinds or fee.of is not None:
            yield (
                path,
                "table を書くときは、額は table の中に書いてください。",
                "Write prices inside the table.",
            )
        for index, row in enumerate(fee.table):
            yield from _price(row, place, (*path, "table", index))
        return
    if fee.choose != "first":
        yield (*path, "choose"), "choose は table と一緒に書いてください。", "choose needs a table."
    if len(kinds) != 1 or (fee.part is None) != (fee.of is None):
        yield (
            path,
            "額の書きかたを、yen_per_hour、yen_per_slot、yen、percent と of などのどれか一つにしてください。",
            "Write one kind of price: yen_per_hour, yen_per_slot, yen, percent (or share) with of, …",
        )
        return
    yield from _of(fee, place, path)
    if fee.first and fee.yen_per_hour is None:
        yield (*path, "first"), "first は yen_per_hour と一緒に書いてください。", "first needs yen_per_hour."
    if fee.pause and (
        fee.yen_per_slot is None or (fee.pause.share is None) == (fee.pause.yen_per_hour is None)
    ):
        yield (
            (*path, "pause"),
            "pause は yen_per_slot と一緒に、yen_per_hour か share のどちらかを書いてください。",
            "pause stands beside yen_per_slot, with either yen_per_hour or share.",
        )
    yield from _whole_yen(fee, place.time, path)
    if fee.yen_per_slot is not None and place.time is not None:
        yield from _columns(fee.yen_per_slot, place.time, path)


def _counts(fee: Charge, document: Ordinance, path: Path) -> Iterator[Mistake]:
    """What a price is taken times, and its extension."""
    for key in fee.per:
        yield from refers(key, _numbers(document), (*path, "per"))
    if len(fee.per) > 1 and (fee.each > 1 or fee.beyond or fee.up_to is not None):
        yield (
            (*path, "per"),
            "each・beyond・up_to を書くときは、per は一つにしてください。",
            "With each, beyond or up_to write a single per.",
        )
    if fee.up_to is not None and fee.up_to <= fee.beyond:
        yield (*path, "up_to"), "beyond より大きい数にしてください。", "This must be more than beyond."
    if fee.extension is not None:
        slots = [slot.key for time in document.times.values() for slot in time.slots]
        here = (*path, "extension")
        yield from refers(fee.extension.share_of, ["slot", "hour", "dearest", *slots], (*here, "share_of"))
        if (fee.extension.yen is None) == (fee.extension.share is None):
            yield here, "yen か share のどちらかを書いてください。", "Write either yen or share."


def _numbers(document: Ordinance) -> list[str]:
    return [*NUMBERS, *(one.key for one in document.questions if one.unit)]


def _of(fee: Charge, place: _Place, path: Path) -> Iterator[Mistake]:
    """What a share is taken of."""
    numbers, of_fee = _numbers(place.document), _OF_FEE if "extras" in path else ()
    if fee.of is None or fee.of in (*numbers, *of_fee):
        return
    if place.room and place.facility:
        yield from _share(fee.of, place.room, place.facility, (*numbers, *of_fee), (*path, "of"))
    else:
        rooms = [one.key for hall in place.document.facilities for one in hall.rooms]
        yield from refers(fee.of, [*numbers, *of_fee, *rooms], (*path, "of"))


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


def _share(of: str, room: Room, facility: Facility, also: Sequence[str], path: Path) -> Iterator[Mistake]:
    others = {one.key: one for one in facility.rooms if one.key != room.key}
    yield from refers(of, [*others, *also], path)
    if of not in others:
        return
    rooms = {one.key for one in facility.rooms}
    if any(isinstance(part, Charge) and part.of in rooms for part, _ in walk(others[of].fee)):
        yield path, "自分の額を持つ部屋を書いてください。", "Name a room that has its own price."
    elif (others[of].time or facility.time) != (room.time or facility.time):
        yield (
            path,
            "借りる時間の区切りが同じ部屋を書いてください。",
            "Name a room with the same time to rent.",
        )


def check_adjustment(one: Adjustment, document: Ordinance, path: Path) -> Iterator[Mistake]:
    """An adjustment is a group with a way of stacking, or one change with a name."""
    changes = [name for name in ("add", "take", "times", "not_shown") if getattr(one, name) is not None]
    if one.rows:
        if changes or one.stack is None or one.rounding:
            yield (
                path,
                "rows のときは stack (add、multiply、first、most、least、unsettled) を書き、add・take・times・"
                "rounding は書かないでください。",
                "With rows write stack, and no add, take, times or rounding.",
            )
    elif len(changes) != 1 or one.stack or one.at_most is not None or not one.name:
        yield (
            path,
            "name と、add・take・times のどれか一つを書いてください (stack と at_most は rows と一緒に)。",
            "Write a name, and one of add, take, times (stack and at_most go with rows).",
        )
    for key in one.to:
        yield from refers(key, kinds_of(document), (*path, "to"))
    for index, row in enumerate(one.rows):
        yield from check_adjustment(row, document, (*path, "rows", index))


def kinds_of(document: Ordinance) -> list[str]:
    """What money can be for: the fee, extras by their keys, or all of it."""
    return ["fee", "all", *(extra.key for extras in document.extras.values() for extra in extras)]


def check_exemption(
    grounds: tuple[ExemptionGround, ...], document: Ordinance, path: Path
) -> Iterator[Mistake]:
    """Grounds of exemption that say too much or too little."""
    yield from unique((ground.key for ground in grounds), path)
    kinds = kinds_of(document)
    for index, ground in enumerate(grounds):
        said = (ground.percent, ground.take, ground.take_yen, ground.discretionary, ground.at_most_percent)
        if sum(one is not None for one in said) != 1:
            yield (
                (*path, index),
                "percent、take、take_yen、discretionary、at_most_percent のどれか一つを書いてください。",
                "Write one of percent, take, take_yen, discretionary, at_most_percent.",
            )
        for name in ("covers", "excludes"):
            for key in getattr(ground, name):
                yield from refers(key, kinds, (*path, index, name))
        if ground.excludes and "all" not in ground.covers:
            yield (
                (*path, index, "excludes"),
                "excludes は covers: all と一緒に書いてください。",
                "excludes goes with covers: all.",
            )
        if ground.automatic and (ground.left_to_staff or not ground.when):
            yield (
                (*path, index, "automatic"),
                "automatic は、percent・take・take_yen のどれかと、当てはまる場合 (when) と一緒に書いてください。",
                "automatic goes with percent, take or take_yen, and with the cases (when) it is for.",
            )


def check_totals(document: Ordinance) -> Iterator[Mistake]:
    """Rounding and tax of the document and of its facilities."""
    kinds, places = kinds_of(document), [(document.rounding, document.tax, tuple[str | int, ...]())]
    for index, hall in enumerate(document.facilities):
        places.append((hall.rounding or document.rounding, hall.tax, ("facilities", index)))
    for rounding, tax, path in places:
        for key in rounding.excludes:
            yield from refers(key, kinds, (*path, "rounding", "excludes"))
        for key in tax.excludes if tax else ():
            yield from refers(key, kinds, (*path, "tax", "excludes"))
    for part, path in walk(document):
        if isinstance(part, Total):
            if part.at_least is None and part.at_most is None:
                yield path, "at_least か at_most を書いてください。", "Write at_least or at_most."
            for key in part.covers:
                yield from refers(key, kinds, (*path, "covers"))
