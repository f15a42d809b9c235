"""The price of uses of rooms and of extras, as lines that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from facilities.ordinance.adjusting import FEE, adjust
from facilities.ordinance.answers import Quote, Use
from facilities.ordinance.charging import Priced, charge, replace_amount, share_change
from facilities.ordinance.errors import NoPrice
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.fee_clauses import ExemptionGround, Extra, Fee
from facilities.ordinance.items import Change, Item, settle
from facilities.ordinance.reasons import reason_of
from facilities.ordinance.rules import FacilityRules, RoomRules, Rules
from facilities.ordinance.timetables import count_slots, slots_of_day
from facilities.ordinance.values import say_share

_NONE: Mapping[str, Given] = {}
_NO_EXTRAS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Reduction:
    """A ground of exemption with the share that is taken off."""

    ground: ExemptionGround
    share: Fraction


@dataclass(slots=True)
class _Request:
    """All that one quote is asked for."""

    rules: Rules
    facility: FacilityRules
    uses: Sequence[Use]
    applicant_class: str
    headcount: int | None
    answers: Mapping[str, Given]
    booked_on: date | None
    paid_on: date | None
    per_day: set[tuple[str, date]] = field(default_factory=set)


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
    answers: Mapping[str, Given] | None = None,
    extras: Mapping[str, int] | None = None,
    early_minutes: int = 0,
    extension_minutes: int = 0,
    booked_on: date | None = None,
    paid_on: date | None = None,
    ground: str | None = None,
) -> Quote:
    """The fee in yen for a room from `starts` to `ends` (minutes of `day`).

    A time that is exactly a combination of slots has the price of the combination; other slots in a row
    are summed. `extras` are asked for by key and quantity; `ground` is the key of a granted exemption.
    Raises UnknownFacility, UnknownRoom, or NoPrice when the rules give no price for the time.
    """
    use = Use(room, day, starts, ends, purpose, early_minutes, extension_minutes, extras or _NO_EXTRAS)
    return quote_uses(
        rules,
        facility=facility,
        uses=(use,),
        applicant_class=applicant_class,
        headcount=headcount,
        answers=answers,
        booked_on=booked_on,
        paid_on=paid_on,
        ground=ground,
    )


def quote_uses(
    rules: Rules,
    *,
    facility: str,
    uses: Sequence[Use],
    applicant_class: str,
    headcount: int | None = None,
    answers: Mapping[str, Given] | None = None,
    extras: Mapping[str, int] | None = None,
    booked_on: date | None = None,
    paid_on: date | None = None,
    ground: str | None = None,
    percent: int | None = None,
) -> Quote:
    """The price in yen of several uses in one reservation: rooms together, slots for different purposes,
    days in a row; and of `extras` (key: quantity) that belong to no room.

    `ground` is a granted exemption, `percent` what staff decided where the document leaves it to them.
    Raises UnknownFacility, UnknownRoom, or NoPrice (NotSettled, MissingAnswer) without a price.
    """
    hall = rules.facility(facility)
    known = {**rules.usual_answers, **answers} if answers else rules.usual_answers
    request = _Request(rules, hall, uses, applicant_class, headcount, known, booked_on, paid_on)
    items = list(_all_items(request, extras or _NO_EXTRAS))
    found = settle(items, hall.rounding)
    reduction = _reduction(hall, ground, percent)
    if reduction is None or not _reduce(items, reduction):
        return found
    reduced = settle(items, hall.rounding)
    return replace(reduced, before_exemption_yen=found.total_yen)


def _all_items(request: _Request, extras: Mapping[str, int]) -> Iterator[Item]:
    for use in request.uses:
        yield from _use_items(request, use)
    if extras:
        facts = _facts(request, None)
        empty = Use("", request.booked_on or request.rules.effective_from, 0, 0)
        for key, quantity in extras.items():
            extra = request.facility.extras.get(key)
            if extra is None or extra.fee is None or quantity < 1:
                raise NoPrice
            priced = Priced(empty, None, facts, key, "", "", quantity)
            yield from _extra_items(extra, extra.fee, priced, request.facility)


def _use_items(request: _Request, use: Use) -> Iterator[Item]:
    room = request.rules.room(request.facility.facility.key, use.room)
    if not 0 <= use.starts < use.ends:
        raise NoPrice
    facts = _facts(request, use)
    name, english = room.room.name, room.room.name_en or room.room.name
    fee, shared = room.fee, room.fee.percent is not None and room.whole is not room.room
    if shared:
        fee, name, english = room.whole.fee, room.whole.name, room.whole.name_en or room.whole.name
    items = charge(fee, Priced(use, room, facts, "fee", name, english))
    if shared:
        for item in items:
            item.changes.append(share_change(room.fee, room.whole, room.room.name, room.room.name_en))
    items += _extension(use, room, items)
    base = _worth(items) if request.facility.extras else 0
    for item in items:
        adjust(item, room.adjustment)
    adjusted = _worth(items) if request.facility.extras else 0
    yield from items
    if request.facility.extras or use.extras:
        for extra, own, quantity in _extras(request, use, room, facts):
            if own.yen_per_day is not None:  # once a day, however many uses: the most that is asked for
                asked = (one.extras.get(extra.key, 0) for one in request.uses if one.day == use.day)
                quantity = max(quantity, *asked)
            priced = Priced(use, room, facts, extra.key, "", "", quantity, base, adjusted)
            if not _already_paid(request, own, extra.key, use.day):
                for item in _extra_items(extra, own, priced, request.facility):
                    adjust(item, room.adjustment)
                    yield item


def _worth(items: Sequence[Item]) -> Fraction:
    """What items come to, before rounding."""
    return Fraction(0) + sum(item.exact * item.factor for item in items)


def _already_paid(request: _Request, fee: Fee, key: str, day: date) -> bool:
    """Whether a price per day was already charged for the day."""
    if fee.yen_per_day is None:
        return False
    seen = (key, day) in request.per_day
    request.per_day.add((key, day))
    return seen


def _extension(use: Use, room: RoomRules, items: list[Item]) -> list[Item]:
    """Time before and after, at a share of the neighbouring slot's fee."""
    if not use.early_minutes and not use.extension_minutes:
        return []
    if not items:
        raise NoPrice
    found = []
    sides = ((use.early_minutes, items[0], True), (use.extension_minutes, items[-1], False))
    for minutes, beside, early in sides:
        if not minutes:
            continue
        rule = room.time.extension_for(beside.facts.meets, early)
        if rule is None:
            raise NoPrice
        count = rule.steps(minutes)
        yen = Fraction(rule.yen) if rule.yen is not None else beside.exact * (rule.share or Fraction(0))
        if rule.yen is None and rule.share_of == "hour":
            yen = yen * 60 / _minutes_of(room, use, beside)
        reason = reason_of("extension", rule, step=rule.step, yen=int(yen))
        name, english = room.room.name, room.room.name_en or room.room.name
        priced = Priced(use, room, beside.facts, "fee", f"{name} 延長", f"{english}: extension")
        item = replace_amount(priced.item(1, 0, reason), yen * count)
        item.changes = list(beside.changes)
        found.append(item)
    return found


def _minutes_of(room: RoomRules, use: Use, item: Item) -> int:
    """How long the slot of an item is, or the whole use."""
    today = slots_of_day(room.time, item.facts.book, use.day, item.facts)
    slot = next((one for one in today if one.key == item.facts.slot), None)
    return slot.time[1] - slot.time[0] if slot else use.ends - use.starts


def _extras(request: _Request, use: Use, room: RoomRules, facts: Facts) -> Iterator[tuple[Extra, Fee, int]]:
    for key in use.extras:
        if key not in request.facility.extras:
            raise NoPrice
    for key, extra in request.facility.extras.items():
        asked = use.extras.get(key, 0)
        by_itself = bool(extra.when) and facts.meets(extra)
        if not asked and not by_itself:
            continue
        own = room.room.extras.get(key) or extra.fee
        if own is not None and not (extra.unless and facts.fits(extra.unless)):
            yield extra, own, max(asked, 1)
        elif asked:
            raise NoPrice


def _extra_items(extra: Extra, fee: Fee, priced: Priced, hall: FacilityRules) -> list[Item]:
    named = replace(priced, name=extra.name, name_en=extra.name_en or extra.name)
    other = hall.rooms.get(fee.of or "")
    if other is None:
        return charge(fee, named)
    whole = other.room.extras.get(extra.key) or extra.fee
    if whole is None:
        raise NoPrice
    items = charge(whole, named)
    for item in items:
        item.changes.append(share_change(fee, other.room, named.name, named.name_en))
    return items


def _facts(request: _Request, use: Use | None) -> Facts:
    numbers = {} if request.headcount is None else {"headcount": request.headcount}
    if use is None:
        return Facts(
            request.rules.book,
            request.applicant_class,
            booked=request.booked_on,
            paid=request.paid_on,
            numbers=numbers,
            answers=request.answers,
        )
    numbers["minutes"] = use.ends - use.starts
    numbers["run_day"], numbers["run_days"] = _run(request.uses, use)
    numbers["rooms"], numbers["room_number"] = _rooms_of_day(request, use)
    room = request.rules.room(request.facility.facility.key, use.room)
    if request.booked_on:
        numbers["days_ahead"] = (use.day - request.booked_on).days
    if room.room.capacity is not None:
        numbers["capacity"] = room.room.capacity
    if room.time.slots:
        numbers["slots"] = count_slots(room.pieces_of(request.rules.book, use.day, use.starts, use.ends))
    return Facts(
        request.rules.book,
        request.applicant_class,
        use.purpose,
        room=use.room,
        with_room=rooms_beside(request.uses, use),
        with_extra=use.extras,
        day=use.day,
        span=(use.starts, use.ends),
        booked=request.booked_on,
        paid=request.paid_on,
        numbers=numbers,
        answers={**request.answers, **use.answers} if use.answers else request.answers,
    )


def rooms_beside(uses: Sequence[Use], use: Use) -> tuple[str, ...]:
    """Other rooms of the same reservation that are used for the whole time of this use."""
    return tuple(
        one.room
        for one in uses
        if one.day == use.day and one.room != use.room and one.starts <= use.starts and use.ends <= one.ends
    )


def _run(uses: Sequence[Use], use: Use) -> tuple[int, int]:
    """Which day of a run of consecutive days of one room a use is on, and how long the run is."""
    if len(uses) == 1:
        return 1, 1
    days = {one.day for one in uses if one.room == use.room}
    first = last = use.day
    while first - timedelta(days=1) in days:
        first -= timedelta(days=1)
    while last + timedelta(days=1) in days:
        last += timedelta(days=1)
    return (use.day - first).days + 1, (last - first).days + 1


def _rooms_of_day(request: _Request, use: Use) -> tuple[int, int]:
    """How many rooms are used on the day, and which of them this is, in the document's order."""
    if len(request.uses) == 1:
        return 1, 1
    used = {one.room for one in request.uses if one.day == use.day}
    ordered = [key for key in request.facility.rooms if key in used]
    return len(used), ordered.index(use.room) + 1


def granted_share(ground: ExemptionGround, percent: int | None) -> Fraction | None:
    """What a ground takes off: its own share, or what staff decided (percent) as far as they may."""
    if ground.take is not None:
        return ground.take
    granted = ground.percent if ground.percent is not None else percent
    if granted is None or not 0 < granted <= (ground.at_most_percent or 100):
        return None
    return Fraction(granted, 100)


def _reduction(hall: FacilityRules, ground: str | None, percent: int | None) -> Reduction | None:
    found = hall.grounds.get(ground) if ground else None
    share = granted_share(found, percent) if found else None
    return Reduction(found, share) if found and share is not None else None


def _reduce(items: Sequence[Item], reduction: Reduction) -> bool:
    """Take the reduction off every item it covers; whether there was one."""
    ground, covers = reduction.ground, reduction.ground.covers or FEE
    english = ground.name_en or ground.name
    said = say_share(reduction.share)
    reason = reason_of("exempt_share", ground, name=ground.name, name_en=english, share=said)
    covered = [item for item in items if item.kind in covers and item.facts.meets(ground)]
    for item in covered:
        share = -item.factor * reduction.share
        labels = f"減免 {ground.name}", f"Exemption: {english}"
        item.changes.append(Change(share, *labels, reason, "exemption"))
    return bool(covered)
