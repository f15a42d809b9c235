"""The price of uses of rooms and of extras, as lines that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from facilities.ordinance.answers import Quote, Use
from facilities.ordinance.days.timetables import slots_of_day
from facilities.ordinance.document.calendar_clauses import Extension
from facilities.ordinance.document.fee_clauses import ExtensionPrice, Extra, Fee
from facilities.ordinance.errors import NoPrice, NotInStock
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.pricing.adjusting import adjust
from facilities.ordinance.pricing.bounding import bound_totals, worth
from facilities.ordinance.pricing.charging import Priced, charge, replace_amount
from facilities.ordinance.pricing.items import Item, settle
from facilities.ordinance.pricing.reducing import Grant, granted, reduce
from facilities.ordinance.pricing.requested import Request, facts_of, first_in, in_order, same_period
from facilities.ordinance.reasons import reason_of
from facilities.ordinance.rules import FacilityRules, RoomRules, Rules

_NO_EXTRAS: Mapping[str, int] = {}


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
    channel: str | None = None,
    ground: str | Sequence[str] | None = None,
    grants: Sequence[Grant] = (),
) -> Quote:
    """The fee in yen for a room from `starts` to `ends` (minutes of `day`).

    A time that is exactly a combination of slots has the price of the combination; other slots in a row
    are summed. `extras` are asked for by key and quantity; `ground` is the key (or keys) of what exempts, `grants`
    the same with what staff decided.
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
        channel=channel,
        ground=ground,
        grants=grants,
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
    channel: str | None = None,
    ground: str | Sequence[str] | None = None,
    grants: Sequence[Grant] = (),
) -> Quote:
    """The price in yen of several uses in one reservation: rooms together, slots for different purposes,
    days in a row; and of `extras` (key: quantity) that belong to no room.

    `ground` is the key of a granted exemption (or several), `grants` the same with what staff decided and how often
    it was granted before. Lines are in the order of time.
    Raises UnknownFacility, UnknownRoom, or NoPrice (NotSettled, MissingAnswer) without a price.
    """
    hall = rules.facility(facility)
    known = {**rules.usual_answers, **answers} if answers else rules.usual_answers
    keys = (ground,) if isinstance(ground, str) else tuple(ground or ())
    grants = (*grants, *(Grant(key) for key in keys))
    grounds = tuple(one.ground for one in grants)
    asked = (applicant_class, headcount, known, booked_on, paid_on, channel, grounds)
    request = Request(rules, hall, in_order(hall, uses), *asked)
    items = list(_all_items(request, extras or _NO_EXTRAS))
    full = items
    if hall.totals:
        bound_totals(items, request.uses, hall.totals, after_exemption=False)
        full = [replace(item, changes=list(item.changes)) for item in items] if grounds else items
        bound_totals(full, request.uses, hall.totals, after_exemption=True)
    found = settle(full, hall.rounding, hall.tax)
    reductions = granted(hall, grants)
    if not reductions or not reduce(items, reductions):
        return found
    bound_totals(items, request.uses, hall.totals, after_exemption=True)
    reduced = settle(items, hall.rounding, hall.tax)
    return replace(reduced, before_exemption_yen=found.total_yen)


def _all_items(request: Request, extras: Mapping[str, int]) -> Iterator[Item]:
    for number, use in enumerate(request.uses):
        for item in _use_items(request, use):
            item.use = number
            yield item
    if extras:
        facts = facts_of(request, None)
        empty = Use("", request.booked_on or request.rules.effective_from, 0, 0)
        for key, quantity in sorted(extras.items()):
            extra = request.facility.extras.get(key)
            if extra is None or extra.fee is None or quantity < 1:
                raise NoPrice
            if extra.stock is not None and quantity > extra.stock:
                raise NotInStock
            priced = Priced(empty, None, request.facility, facts, key, "", "", quantity)
            yield from _extra_items(extra, extra.fee, priced)


def _use_items(request: Request, use: Use) -> Iterator[Item]:
    room = request.rules.room(request.facility.facility.key, use.room)
    if not 0 <= use.starts < use.ends:
        raise NoPrice
    facts = facts_of(request, use)
    name, english = room.room.name, room.room.name_en or room.room.name
    items = charge(room.fee, Priced(use, room, request.facility, facts, "fee", name, english))
    period = room.fee.period
    if period and not first_in(request, period, use.room, use):
        items = []
    items += _extension(use, room, request.facility, items)
    extras = list(_extras(request, use, room, facts)) if request.facility.extras or use.extras else []
    base = worth(items) if extras else 0
    for item in items:
        adjust(item, room.adjustment)
    adjusted = worth(items) if extras else 0
    yield from items
    for extra, own, quantity in extras:
        priced = Priced(use, room, request.facility, facts, extra.key, "", "", quantity, base, adjusted)
        slots = (
            [one for one in _single_slots(priced) if one.facts.meets(extra)] if extra.looks_at_slot else []
        )
        if own.period:  # once, however many uses: the most that is asked for
            same = [one for one in request.uses if same_period(own.period, request, one, use)]
            priced = replace(priced, quantity=max(quantity, *(one.extras.get(extra.key, 0) for one in same)))
            if not first_in(request, own.period, extra.key, use):
                continue
        for one in slots or (priced,):
            for item in _extra_items(extra, own, replace(one, quantity=priced.quantity)):
                adjust(item, room.adjustment)
                yield item


def _single_slots(priced: Priced) -> Iterator[Priced]:
    """The same for each single slot of the time, those of a combination one by one."""
    if priced.room is None:
        return
    day, facts = priced.use.day, priced.facts
    for slot in slots_of_day(priced.room.time, facts.book, day, facts):
        if slot.key in facts.slots and not slot.combines:
            use = replace(priced.use, starts=slot.time[0], ends=slot.time[1])
            yield replace(priced, use=use, facts=replace(facts, slot=slot.key, span=slot.time))


def _extension(use: Use, room: RoomRules, hall: FacilityRules, items: list[Item]) -> list[Item]:
    """Time before and after, at a share of the neighbouring slot's fee."""
    if not use.early_minutes and not use.extension_minutes:
        return []
    if not items:
        raise NoPrice
    found = list[Item]()
    sides = ((use.early_minutes, items[0], True), (use.extension_minutes, items[-1], False))
    dearest = max(items, key=lambda item: item.exact)
    for minutes, beside, early in sides:
        if not minutes:
            continue
        rule = room.time.extension_for(beside.facts.meets, early)
        if rule is None:
            raise NoPrice
        count = rule.steps(minutes)
        price = beside.extension or rule
        if price.share_of == "dearest":
            beside = dearest
        yen = _step_price(price, use, room, beside)
        reason = reason_of("extension", price if price.article else rule, step=rule.step, yen=int(yen))
        name, english = room.room.name, room.room.name_en or room.room.name
        labels = f"{name} 延長", f"{english}: extension"
        priced = Priced(use, room, hall, beside.facts, "fee", *labels)
        item = replace_amount(priced.item(1, 0, reason), yen * count)
        for change in beside.changes:
            if change.share is not None:
                item.changes.append(replace(change, yen=item.worth() * change.share))
        found.append(item)
    return found


def _step_price(price: ExtensionPrice | Extension, use: Use, room: RoomRules, beside: Item) -> Fraction:
    """What one step of time before or after costs. Raises NoPrice where the slot meant has no price."""
    if price.yen is not None:
        return Fraction(price.yen)
    yen = Fraction(beside.exact)
    if price.share_of not in ("slot", "hour", "dearest"):
        other = (beside.prices or {}).get(price.share_of)
        if other is None:
            raise NoPrice
        yen = Fraction(other)
    elif price.share_of == "hour":
        yen = yen * 60 / _minutes_of(room, use, beside)
    return yen * (price.share or Fraction(0))


def _minutes_of(room: RoomRules, use: Use, item: Item) -> int:
    """How long the slot of an item is, or the whole use."""
    today = slots_of_day(room.time, item.facts.book, use.day, item.facts)
    slot = next((one for one in today if one.key == item.facts.slot), None)
    return slot.time[1] - slot.time[0] if slot else use.ends - use.starts


def _extras(request: Request, use: Use, room: RoomRules, facts: Facts) -> Iterator[tuple[Extra, Fee, int]]:
    for key in use.extras:
        if key not in request.facility.extras:
            raise NoPrice
    for key, extra in request.facility.extras.items():
        asked = use.extras.get(key, 0)
        by_itself = extra.always or (bool(extra.when) and facts.meets(extra))
        if not asked and not by_itself:
            continue
        own = room.room.extras.get(key) or extra.fee
        if extra.stock is not None and asked > extra.stock:
            raise NotInStock
        if own is not None and not (extra.unless and facts.fits(extra.unless)):
            yield extra, own, max(asked, 1)
        elif asked:
            raise NoPrice


def _extra_items(extra: Extra, fee: Fee, priced: Priced) -> list[Item]:
    numbers = {**priced.facts.numbers, "quantity": priced.quantity}
    facts = replace(priced.facts, numbers=numbers)
    named = replace(priced, facts=facts, name=extra.name, name_en=extra.name_en or extra.name)
    items = charge(fee, named)
    for item in items:
        item.deposit = extra.deposit
    return items
