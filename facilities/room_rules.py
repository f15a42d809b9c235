"""What the rules in effect say about one room: the engine, asked with a RoomFacts.

The day of use decides which version of the rules answers. Every function raises NoRulesYet when none is in effect.
Minutes are those of the local day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from facilities import ordinance
from facilities.details import NO_DETAILS, Details
from facilities.ordinance import (
    Asked,
    Cancellation,
    ChangeAnswer,
    DaySlots,
    Decision,
    Due,
    Grant,
    MissingAnswer,
    NotSettled,
    OpenDay,
    PermitDocument,
    Quote,
    ReviewAnswer,
    Rules,
)
from facilities.ordinance.document.application_clauses import Limit
from facilities.ordinance.document.calendar_clauses import Extension
from facilities.ordinance.document.review_clauses import Review
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.queries import RoomFacts
from facilities.rules import rules_of

# How an application by program counts in the rules: as one over the internet.
_CHANNEL_IN_RULES = {"api": "web"}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: applicant class (as stored; the rules may know it or not) and channel (web, desk, phone, api),
    at which instant, and what they say of the use so far. ``grants`` are exemptions that hold for the use."""

    applicant_class: str
    channel: str
    now: datetime
    details: Details = NO_DETAILS
    grants: tuple[Grant, ...] = ()

    @property
    def channel_in_rules(self) -> str:
        """The rules' word for the channel."""
        return _CHANNEL_IN_RULES.get(self.channel, self.channel)

    def class_in(self, rules: Rules) -> str:
        """The class these rules count the applicant to: said for this use, else their own, else the usual one."""
        return rules.class_of(self.details.applicant_class or self.applicant_class)


def latest_end(rooms: Sequence[RoomFacts], first: date, last: date) -> int:
    """Return the latest minute of a day to which any of these rooms is lent on days from ``first`` to ``last``.

    At least 1440; more where a use goes on past midnight.
    """
    known = {version for room in rooms for version in room.versions_between(first, last)}
    return max([DAY_MINUTES, *(rules_of(version).latest_end for version in known)])


def under_version(room: RoomFacts, rule_version_id: int) -> RoomFacts:
    """Return the room as one version of the rules sees it, on every day: what was agreed under it stays so."""
    return replace(room, versions=((date.min, rule_version_id),))


def open_on(room: RoomFacts, day: date, asker: Asker | None = None) -> OpenDay:
    """Return when the room's hall is open on a day, and why not when it is closed.

    Where that depends on the use: for what this asker says of it.
    """
    rules = room.rules_on(day)
    said = _said(asker, rules)
    return ordinance.open_periods(rules, facility=room.facility_key, room=room.key, day=day, **said)


def open_days(room: RoomFacts, days: Sequence[date]) -> list[OpenDay]:
    """Return ``open_on`` for many days in ascending order; the rules are looked up once when one version holds."""
    if not days or room.version_on(days[0]) != room.version_on(days[-1]):
        return [open_on(room, day) for day in days]
    rules, hall, key = room.rules_on(days[0]), room.facility_key, room.key
    return [ordinance.open_periods(rules, facility=hall, room=key, day=day) for day in days]


def times_on(room: RoomFacts, day: date, asker: Asker | None = None) -> DaySlots:
    """Return the pieces in which the room is lent on a day; asker as in ``open_on``."""
    rules = room.rules_on(day)
    return ordinance.slots(rules, facility=room.facility_key, room=room.key, day=day, **_said(asker, rules))


def _said(asker: Asker | None, rules: Rules) -> dict[str, Any]:
    """What was said of the use, for the questions whose answers are kept as long as nothing was."""
    if asker is None or asker.details == NO_DETAILS:
        return {}
    details = asker.details
    return {
        "answers": details.answers,
        "purpose": details.purpose or None,
        "applicant_class": asker.class_in(rules),
    }


def asked_for(room: RoomFacts, day: date) -> Asked:
    """Return what an application for the room on a day is asked beyond class and time."""
    return ordinance.asked_of(room.rules_on(day), facility=room.facility_key, room=room.key)


def windows_by_day(room: RoomFacts, day: date) -> bool:
    """Whether ``bookable_between`` can differ between two days under the rules in effect on ``day``."""
    return room.rules_on(day).room(room.facility_key, room.key).windows_by_day


def bookable_between(room: RoomFacts, day: date, asker: Asker) -> tuple[date, date]:
    """Return the first and last day this asker may book now, by the rules in effect on ``day``.

    Where windows differ by the day of use (``windows_by_day``), of days like ``day``.
    """
    rules, details = room.rules_on(day), asker.details
    return ordinance.bookable_days(
        rules,
        facility=room.facility_key,
        room=room.key,
        applicant_class=asker.class_in(rules),
        channel=asker.channel_in_rules,
        now=asker.now,
        purpose=details.purpose or None,
        headcount=details.headcount,
        answers=details.answers,
        day=day if windows_by_day(room, day) else None,
    )


def decide(
    room: RoomFacts,
    day: date,
    starts: int,
    ends: int,
    asker: Asker,
    *,
    counts: Mapping[str, int | Fraction] | None = None,
    run_days: int | None = None,
) -> Decision:
    """Return whether this asker's application for a time is taken now, and why not.

    ``starts`` to ``ends`` is the whole time, lengthening included. ``counts`` is what the applicant already has by
    the key of a limit, ``run_days`` how many days in a row they would have the room.
    """
    details = asker.details
    return ordinance.may_apply(
        room.rules_on(day),
        **_application(room, day, starts, ends, asker),
        early_minutes=details.early_minutes,
        extension_minutes=details.extension_minutes,
        counts=counts,
        run_days=run_days,
    )


def review_of(room: RoomFacts, day: date, starts: int, ends: int, asker: Asker) -> ReviewAnswer:
    """Return whether this asker's application for a time is reviewed before it is permitted, and why.

    ``starts`` to ``ends`` is the whole time, lengthening included.
    """
    return ordinance.needs_review(room.rules_on(day), **_application(room, day, starts, ends, asker))


def _application(room: RoomFacts, day: date, starts: int, ends: int, asker: Asker) -> dict[str, Any]:
    """An application as the engine is told of it: what is rented, without what lengthens it."""
    details = asker.details
    return {
        "facility": room.facility_key,
        "room": room.key,
        "day": day,
        "starts": starts + details.early_minutes,
        "ends": ends - details.extension_minutes,
        "applicant_class": asker.class_in(room.rules_on(day)),
        "channel": asker.channel_in_rules,
        "now": asker.now,
        "purpose": details.purpose or None,
        "headcount": details.headcount,
        "answers": details.answers,
    }


def reviews_on(room: RoomFacts, day: date) -> tuple[Review, ...]:
    """Return the cases of review that can concern the room on a day; whether one holds, ``review_of`` says."""
    return ordinance.reviews_of(room.rules_on(day), facility=room.facility_key, room=room.key)


def permit_on(room: RoomFacts, day: date) -> PermitDocument:
    """Return which uses of the room on a day are given a permit, and what it says."""
    return ordinance.permit_terms(room.rules_on(day), facility=room.facility_key, room=room.key)


def limits_on(room: RoomFacts, day: date) -> tuple[Limit, ...]:
    """Return the limits that can matter for the room on a day; which hold for a use, ``decide`` says."""
    return room.rules_on(day).room(room.facility_key, room.key).application.limits


def extensions_on(room: RoomFacts, day: date) -> tuple[Extension, ...]:
    """Return by which rules a use of the room can be made longer; which of them hold for a use, ``decide`` says."""
    return room.rules_on(day).room(room.facility_key, room.key).time.extension


def price(room: RoomFacts, day: date, starts: int, ends: int, asker: Asker) -> Quote | None:
    """Return the price of a time, in yen with its lines; None when the rules leave it to staff, or until more is said.

    ``starts`` to ``ends`` is the whole time, lengthening included. Raises ordinance.NoPrice: not for rent like this.
    """
    try:
        return firm_price(room, day, starts, ends, asker)
    except (NotSettled, MissingAnswer):
        return None


def firm_price(room: RoomFacts, day: date, starts: int, ends: int, asker: Asker) -> Quote:
    """Return the price of a time, in yen with its lines; times as in ``price``.

    With exemptions, ``before_exemption_yen`` is the price without any; one that takes nothing off leaves no trace.
    Raises ordinance.NotSettled (staff decide), MissingAnswer (more has to be said), NoPrice (not for rent like this).
    """
    full = _quote(room, day, starts, ends, asker, ())
    if not asker.grants:
        return full
    exempted = _quote(room, day, starts, ends, asker, asker.grants)
    if exempted.before_exemption_yen is None or exempted.total_yen >= full.total_yen:
        return full
    return replace(exempted, before_exemption_yen=full.total_yen)


def _quote(
    room: RoomFacts, day: date, starts: int, ends: int, asker: Asker, grants: tuple[Grant, ...]
) -> Quote:
    rules, details = room.rules_on(day), asker.details
    return ordinance.quote(
        rules,
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts + details.early_minutes,
        ends=ends - details.extension_minutes,
        applicant_class=asker.class_in(rules),
        purpose=details.purpose or None,
        headcount=details.headcount,
        answers=details.answers,
        extras=details.extras,
        early_minutes=details.early_minutes,
        extension_minutes=details.extension_minutes,
        booked_on=asker.now.astimezone(room.zone).date(),
        channel=asker.channel_in_rules,
        grants=grants,
    )


def due_of(
    room: RoomFacts,
    day: date,
    starts: int,
    asker: Asker,
    *,
    approved_at: datetime | None = None,
    total_yen: int | None = None,
) -> Due:
    """Return until when a use booked at ``asker.now`` is paid; without a rule ``due_at`` is None.

    ``approved_at``: when it was permitted (left out: when it was booked); ``total_yen``: what instalments divide.
    """
    rules, details = room.rules_on(day), asker.details
    return ordinance.payment_due(
        rules,
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts,
        applicant_class=asker.class_in(rules),
        booked_at=asker.now,
        purpose=details.purpose or None,
        answers=details.answers,
        approved_at=approved_at,
        total_yen=total_yen,
        channel=asker.channel_in_rules,
        headcount=details.headcount,
    )


def cancellation_of(
    room: RoomFacts,
    day: date,
    starts: int,
    *,
    paid_yen: int,
    cause: str,
    asker: Asker,
    booked_on: date,
    quote: Quote | None,
) -> Cancellation:
    """Return what cancelling a use means now: allowed by the resident, deadline, refund and charge in yen, reasons.

    ``asker`` cancels by a channel at an instant, with what was said of the use and while cancelling; ``quote`` is
    the price that was agreed (None: not decided yet).
    """
    details = asker.details
    return ordinance.cancellation(
        room.rules_on(day),
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts,
        paid_yen=paid_yen,
        cause=cause,
        now=asker.now,
        channel=asker.channel_in_rules,
        applicant_class=asker.applicant_class,
        purpose=details.purpose or None,
        headcount=details.headcount,
        answers=details.answers,
        booked_on=booked_on,
        fee_yen=quote.total_yen if quote else None,
        parts=quote.yen_by_kind() if quote else None,
    )


def change_of(
    room: RoomFacts,
    day: date,
    starts: int,
    *,
    old_yen: int,
    new_yen: int,
    asker: Asker,
    booked_on: date,
    changes_before: int,
    first_day: date,
    new_day: date,
    cause: str = "own",
) -> ChangeAnswer:
    """Return whether a use may be changed now, what is paid for it and what comes back of a smaller price, in yen.

    ``asker`` asks for it at an instant, with what was said of the use until now. ``first_day`` is the day the use was
    booked for in the beginning; it was changed ``changes_before`` times since.
    """
    details = asker.details
    return ordinance.change(
        room.rules_on(day),
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts,
        old_yen=old_yen,
        new_yen=new_yen,
        cause=cause,
        now=asker.now,
        applicant_class=asker.applicant_class,
        purpose=details.purpose or None,
        answers=details.answers,
        booked_on=booked_on,
        changes_before=changes_before,
        first_day=first_day,
        new_day=new_day,
    )
