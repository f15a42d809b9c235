"""What is granted without anybody asking: automatic grounds of the rules, and the standing exemptions of a group.

Asked while a price is worked out, in every way of booking; nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from booking.exempting.grounds import Ground, ground_of, is_settled, times_granted
from booking.models import Exemption, StandingExemption
from booking.parties import Party
from facilities.ordinance import Grant, MissingAnswer, NoPrice, NotSettled, Rules
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, firm_price

Basis = Exemption.Basis


@dataclass(frozen=True, slots=True)
class Granting:
    """An exemption that holds for a use, and why: by which way it was granted."""

    grant: Grant
    basis: str
    standing_id: int | None = None


class Exempter:
    """Finds what holds for the uses of one party. Several uses applied for at once are asked in their order, so that
    a ground that is granted so many times a year is not promised more often.

    ``kept`` was granted for this very use before (it is being changed); ``besides`` are reservations not counted.
    """

    def __init__(self, party: Party, *, kept: Sequence[Granting] = (), besides: Collection[int] = ()) -> None:
        """Ask nothing yet: the standing exemptions of a group are read when a hall has grounds at all."""
        self._party, self._kept, self._besides = party, tuple(kept), tuple(besides)
        self._standing: list[StandingExemption] | None = None
        self._given = Counter[tuple[int, str]]()

    def __call__(
        self, room: RoomFacts, day: date, starts: int, ends: int, asker: Asker
    ) -> tuple[Granting, ...]:
        """Return what holds for a use and makes it cheaper; nothing where its price is not settled."""
        rules = room.rules_on(day)
        if not rules.facility(room.facility_key).grounds:
            return ()
        found = cheapest(room, day, (starts, ends), asker, list(self._candidates(rules, room, day, asker)))
        self._given.update((room.rule_book_id, one.grant.ground) for one in found)
        return found

    def _candidates(self, rules: Rules, room: RoomFacts, day: date, asker: Asker) -> Iterator[Granting]:
        seen = set[str]()
        for one in (*self._kept, *self._by_themselves(rules, room, day, asker)):
            ground = ground_of(rules, room.facility_key, one.grant.ground)
            if ground is None or ground.key in seen or not self._holds(one, ground, room, day):
                continue
            seen.add(ground.key)
            yield one

    def _by_themselves(self, rules: Rules, room: RoomFacts, day: date, asker: Asker) -> Iterator[Granting]:
        for standing in self._standing_on(room, day):
            yield Granting(_grant_of(standing), Basis.STANDING, standing.pk)
        for ground in rules.facility(room.facility_key).grounds.values():
            if ground.automatic and is_settled(ground, rules, asker.details):
                yield Granting(Grant(ground.key), Basis.AUTOMATIC)

    def _holds(self, one: Granting, ground: Ground, room: RoomFacts, day: date) -> bool:
        """Whether it may still be granted: its number is not used up, and a standing one holds on that day."""
        if one.standing_id is not None and one.standing_id not in {
            standing.pk for standing in self._standing_on(room, day)
        }:
            return False
        if ground.at_most_times is None:
            return True
        used = times_granted(self._party, ground, room, day, besides=self._besides)
        return used + self._given[room.rule_book_id, ground.key] < ground.at_most_times

    def _standing_on(self, room: RoomFacts, day: date) -> list[StandingExemption]:
        if self._party.group_id is None:
            return []
        if self._standing is None:
            granted = StandingExemption.State.GRANTED
            rows = StandingExemption.objects.filter(group_id=self._party.group_id, state=granted)
            self._standing = list(rows.order_by("pk"))
        return [one for one in self._standing if holds_at(one, room, day)]


def holds_at(standing: StandingExemption, room: RoomFacts, day: date) -> bool:
    """Whether a standing exemption that was granted is for a room's hall and a day of use."""
    begins, ends = standing.valid_from, standing.valid_until
    here = standing.rule_book_id == room.rule_book_id and standing.facility_id in (None, room.facility_id)
    return here and begins is not None and ends is not None and begins <= day <= ends


def cheapest(
    room: RoomFacts, day: date, span: tuple[int, int], asker: Asker, candidates: Sequence[Granting]
) -> tuple[Granting, ...]:
    """Return those of several exemptions that together leave the lowest price; each takes something off."""
    if not candidates:
        return ()
    chosen: tuple[Granting, ...] = ()
    try:
        lowest = firm_price(room, day, *span, replace(asker, grants=())).total_yen
        alone = {one.grant.ground: _priced(room, day, span, asker, (one,)) for one in candidates}
        for one in sorted(candidates, key=lambda each: alone[each.grant.ground]):
            total = _priced(room, day, span, asker, (*chosen, one))
            if total < lowest:
                chosen, lowest = (*chosen, one), total
    except (NotSettled, MissingAnswer, NoPrice):
        return ()
    return chosen


def granted_for(reservation_id: int) -> tuple[Granting, ...]:
    """Return what was granted for a reservation and holds."""
    rows = Exemption.objects.filter(reservation_id=reservation_id, state=Exemption.State.GRANTED)
    return tuple(
        Granting(Grant(one.ground, one.percent, one.yen), one.basis, one.standing_id)
        for one in rows.order_by("pk")
    )


def _grant_of(standing: StandingExemption) -> Grant:
    return Grant(standing.ground, standing.percent, standing.yen)


def _priced(
    room: RoomFacts, day: date, span: tuple[int, int], asker: Asker, grantings: Sequence[Granting]
) -> int:
    grants = tuple(one.grant for one in grantings)
    return firm_price(room, day, *span, replace(asker, grants=grants)).total_yen
