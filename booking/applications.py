"""One application for one room and time, checked against the rules and priced. Nothing is written here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from booking.errors import (
    DetailsMissing,
    DetailsUnfit,
    HeadcountUnfit,
    InvalidPeriod,
    OutsideRules,
    PurposeUnfit,
    RoomNotBookable,
    TooManyPeople,
)
from booking.exempting.granting import Exempter, Granting
from booking.models import Reservation
from facilities.details import NO_DETAILS, Details, missing_details, unfit_details
from facilities.ordinance import Decision, MissingAnswer, NoPrice, NotSettled, Quote
from facilities.periods import local, local_end
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, asked_for, decide, firm_price

MOST_PEOPLE = 100_000
MOST_LETTERS = 200
# What the database cannot keep: NUL and half a character.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Assessed:
    """An application the rules allow: its local day and minutes, what is occupied, its price and rule version.

    ``quote`` is None where staff decide the price, or while not everything is said; ``decision`` is the rules' (which
    may speak against it where ``assess`` was told to override them). ``grantings`` are the exemptions in the price.
    """

    room: RoomFacts
    asker: Asker
    starts_at: datetime
    ends_at: datetime
    occupied_until: datetime
    day: date
    starts: int
    ends: int
    applicant_class: str
    decision: Decision
    quote: Quote | None
    rule_version_id: int
    grantings: tuple[Granting, ...] = ()


def check_period(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse what is no time to rent: ends before it starts, longer than a month, or with seconds.

    Raises InvalidPeriod.
    """
    if not starts_at < ends_at or ends_at - starts_at > timedelta(days=31):
        raise InvalidPeriod
    if starts_at.second or starts_at.microsecond or ends_at.second or ends_at.microsecond:
        raise InvalidPeriod


def check_purpose(purpose: str) -> None:
    """Refuse the applicant's own words where they are too long, or no text. Raises PurposeUnfit."""
    if len(purpose) > MOST_LETTERS or _UNWRITABLE.search(purpose):
        raise PurposeUnfit


def assess(
    *,
    room: RoomFacts,
    starts_at: datetime,
    ends_at: datetime,
    asker: Asker,
    override: bool = False,
    complete: bool = True,
    exempter: Exempter | None = None,
) -> Assessed:
    """Check one application against the rules in effect on the day of use and price it in yen.

    ``override``: staff take it although the rules' hours, windows or closures speak against it; the price and the
    wall (nobody else at that time) stay. ``complete``: the applicant has said all they will. ``exempter`` says which
    exemptions hold for whoever applies.
    Raises InvalidPeriod, RoomNotBookable, OutsideRules, HeadcountUnfit, TooManyPeople, DetailsUnfit, DetailsMissing,
    facilities.errors.NoRulesYet.
    """
    check_period(starts_at, ends_at)
    if not room.is_open or not room.space_ids:
        raise RoomNotBookable
    day, starts = local(starts_at, room.zone)
    ends = local_end(ends_at, day, room.zone)
    if complete or asker.details != NO_DETAILS:
        _check_details(room, day, asker, complete)
    decision = decide(room, day, starts, ends, asker)
    if not decision.allowed and not override:
        raise OutsideRules(decision.reasons)
    headcount = asker.details.headcount
    if headcount is not None and room.capacity is not None and headcount > room.capacity:
        raise TooManyPeople(capacity=room.capacity)
    grantings = exempter(room, day, starts, ends, asker) if exempter else ()
    if grantings:
        asker = replace(asker, grants=tuple(one.grant for one in grantings))
    return Assessed(
        room=room,
        asker=asker,
        starts_at=starts_at,
        ends_at=ends_at,
        occupied_until=room.occupied_until(ends_at),
        day=day,
        starts=starts,
        ends=ends,
        applicant_class=asker.class_in(room.rules_on(day)),
        decision=decision,
        quote=_priced(room, day, (starts, ends), asker, complete=complete, override=override),
        rule_version_id=room.version_on(day),
        grantings=grantings,
    )


def _check_details(room: RoomFacts, day: date, asker: Asker, complete: bool) -> None:
    asked, details = asked_for(room, day), asker.details
    if details.headcount is not None and not 1 <= details.headcount <= MOST_PEOPLE:
        raise HeadcountUnfit
    by_staff = asker.channel in ("desk", "phone")
    unfit = unfit_details(
        room.rules_on(day), asked, details, own_class=asker.applicant_class, by_staff=by_staff
    )
    if unfit:
        raise DetailsUnfit(unfit)
    missing = missing_details(asked, details) if complete else ()
    if missing:
        raise DetailsMissing(missing=missing)


def details_of(reservation: Reservation) -> Details:
    """Return what was said for a reservation."""
    return Details(
        purpose=reservation.purpose_key,
        headcount=reservation.headcount,
        answers=reservation.answers,
        extras=reservation.extras,
        early_minutes=reservation.early_minutes,
        extension_minutes=reservation.extension_minutes,
        applicant_class=reservation.applicant_class,
    )


def _priced(
    room: RoomFacts, day: date, span: tuple[int, int], asker: Asker, *, complete: bool, override: bool
) -> Quote | None:
    """The price; None where it is for staff to decide, or (not ``complete``) until more is said."""
    try:
        return firm_price(room, day, *span, asker)
    except NotSettled:
        return None
    except MissingAnswer as error:
        if complete:
            raise DetailsMissing from error
        return None
    except NoPrice as error:
        if override:
            return None
        raise RoomNotBookable from error
