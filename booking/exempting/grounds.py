"""What the rules of a hall offer as grounds of exemption, and how often each was used. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from booking.models import Exemption, Reservation
from booking.parties import Party
from facilities.details import Details
from facilities.ordinance import Reason, Rules, exemption
from facilities.ordinance.document.clauses import When
from facilities.ordinance.document.fee_clauses import ExemptionGround
from facilities.ordinance.holidays import calendar_period
from facilities.periods import moment
from facilities.queries import RoomFacts, room_facts
from facilities.room_rules import under_version

# Who holds a use that will take place, or may: only for these a granted exemption counts.
STANDING = (Reservation.Status.APPLIED, Reservation.Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of the rules: its names, what it takes off and where that is written; what staff may decide."""

    key: str
    name: str
    name_en: str
    reason: Reason
    automatic: bool
    left_to_staff: bool
    most_percent: int
    most_yen: int | None
    at_most_times: int | None
    per: str


def agreed_room(reservation: Reservation) -> RoomFacts:
    """Return the room of a reservation under the rules it was priced by."""
    return under_version(room_facts(reservation.room_id), reservation.rule_version_id)


def grounds_of(rules: Rules, facility_key: str) -> tuple[Ground, ...]:
    """Return the grounds of a hall, in the order of its rules. Raises UnknownFacility."""
    return tuple(_ground(rules, facility_key, one) for one in rules.facility(facility_key).grounds.values())


def ground_of(rules: Rules, facility_key: str, key: str) -> Ground | None:
    """Return one ground of a hall; None where its rules do not know it."""
    hall = rules.facilities.get(facility_key)
    found = hall.grounds.get(key) if hall else None
    return _ground(rules, facility_key, found) if found else None


def grounds_in(room: RoomFacts, day: date) -> tuple[Ground, ...]:
    """Return the grounds that can hold for a room on a day. Raises NoRulesYet."""
    rules = room.rules_on(day)
    found = rules.facility(room.facility_key).grounds.values()
    return tuple(
        _ground(rules, room.facility_key, one)
        for one in found
        if not one.when or any(not case.room or room.key in case.room for case in one.when)
    )


def is_settled(ground: ExemptionGround, rules: Rules, details: Details) -> bool:
    """Whether everything is known that the conditions of a ground look at: what was left unsaid decides nothing."""
    known = {**rules.usual_answers, **details.answers}
    cases = (*ground.when, *ground.unless)
    asked = {key for case in cases for key in case.answers}
    if any(case.purpose for case in cases) and not details.purpose:
        return False
    return asked <= set(known) and not (_looks_at_headcount(cases) and details.headcount is None)


def times_granted(
    party: Party, ground: Ground, room: RoomFacts, day: date, *, besides: Collection[int] = ()
) -> int:
    """Return how often a ground was granted to a party (at the halls of its rules) in the period of a day of use,
    for uses that stand; ``besides``: reservations left out.
    """
    rows = Exemption.objects.filter(
        state=Exemption.State.GRANTED,
        ground=ground.key,
        reservation__status__in=STANDING,
        reservation__room__facility__rule_book_id=room.rule_book_id,
    ).exclude(reservation_id__in=list(besides))
    if party.group_id is None:
        rows = rows.filter(reservation__resident_id=party.resident_id, reservation__group__isnull=True)
    else:
        rows = rows.filter(reservation__group_id=party.group_id)
    period = calendar_period(ground.per, day)
    if period is not None:
        begins = moment(period[0], 0, room.zone)
        ends = moment(period[1] + timedelta(days=1), 0, room.zone)
        rows = rows.filter(reservation__starts_at__gte=begins, reservation__starts_at__lt=ends)
    return rows.count()


def _looks_at_headcount(cases: Iterable[When]) -> bool:
    return any(case.headcount is not None for case in cases)


def _ground(rules: Rules, facility_key: str, one: ExemptionGround) -> Ground:
    said = exemption(rules, facility=facility_key, ground=one.key)
    return Ground(
        key=one.key,
        name=one.name,
        name_en=one.name_en or one.name,
        reason=said.reasons[0],
        automatic=one.automatic,
        left_to_staff=one.left_to_staff,
        most_percent=one.at_most_percent or 100,
        most_yen=one.at_most_yen,
        at_most_times=one.at_most_times,
        per=one.per,
    )
