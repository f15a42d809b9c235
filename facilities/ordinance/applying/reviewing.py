"""Which applications are reviewed before they are permitted, and what the permit says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from facilities.ordinance.answers import ReviewAnswer
from facilities.ordinance.applying.deciding import facts_of_application
from facilities.ordinance.document.review_clauses import PermitDocument, Review
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.reasons import reason_of
from facilities.ordinance.rules import Rules

_ONLY_REVIEWED = PermitDocument(given="reviewed")


def needs_review(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    ends: int,
    applicant_class: str,
    channel: str,
    now: datetime,
    purpose: str | None = None,
    headcount: int | None = None,
    answers: Mapping[str, Given] | None = None,
    with_rooms: Sequence[str] = (),
    run_days: int | None = None,
    run_day: int | None = None,
) -> ReviewAnswer:
    """Whether an application is reviewed, why, and by which day it should be decided: the earliest that is written, at
    the latest the day of use.

    Arguments as for `may_apply`. Raises UnknownFacility or UnknownRoom.
    """
    reviews = rules.room(facility, room).application.reviews
    if not reviews:
        return ReviewAnswer(False)
    facts = facts_of_application(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        applicant_class=applicant_class,
        channel=channel,
        now=now,
        purpose=purpose,
        answers=answers,
        with_rooms=with_rooms,
        numbers={"headcount": headcount, "run_days": run_days, "run_day": run_day},
    )
    return _answer(reviews, facts, now.astimezone(rules.zone).date())


def _answer(reviews: Sequence[Review], facts: Facts, applied: date) -> ReviewAnswer:
    cases = [replace(facts, slot=key) for key in facts.slots] or [facts]
    found = [one for one in reviews if any(case.meets(one) for case in cases)]
    days = [one.decided_within_days for one in found if one.decided_within_days is not None]
    last = applied + timedelta(days=min(days)) if days else None
    return ReviewAnswer(
        needed=bool(found),
        reasons=tuple(
            reason_of("review", one, name=one.name, name_en=one.name_en or one.name) for one in found
        ),
        decide_by=min(last, facts.day) if last and facts.day else last,
    )


def reviews_of(rules: Rules, *, facility: str, room: str) -> tuple[Review, ...]:
    """The cases of review that can concern a room. Raises UnknownFacility or UnknownRoom."""
    reviews = rules.room(facility, room).application.reviews
    return tuple(one for one in reviews if not one.when or any(_of(case.room, room) for case in one.when))


def permit_terms(rules: Rules, *, facility: str, room: str) -> PermitDocument:
    """What the permit for a use of a room says; nothing written: only what was reviewed gets one, in usual words.

    Raises UnknownFacility or UnknownRoom.
    """
    return rules.room(facility, room).application.permit or _ONLY_REVIEWED


def _of(rooms: Sequence[str], room: str) -> bool:
    return not rooms or room in rooms
