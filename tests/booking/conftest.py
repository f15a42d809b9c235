"""Rooms, times and people for the tests of booking; the municipality is あきる野市 with its real rules."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.series.applying import Choices, apply_for_series
from booking.series.planning import plan_series, say_of_series
from booking.services import book_room, hold_room
from facilities import ordinance
from facilities.details import Details
from facilities.models import RuleBook
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tenants.services import create_municipality

TOKYO = ZoneInfo("Asia/Tokyo")
WEDNESDAY = date(2027, 6, 9)


def at(clock: str, day: date = WEDNESDAY) -> datetime:
    """An instant of あきる野市, e.g. ``at("10:00")``."""
    hours, minutes = clock.split(":")
    return moment(day, int(hours) * 60 + int(minutes), TOKYO)


@pytest.fixture
def room(city):
    """第1研修室, 400 yen an hour, 30 people."""
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def hanako(city):
    return register_resident(name="佐藤 花子", phone="042-555-0101", email="hanako@example.jp")


@pytest.fixture
def ichiro(city):
    return register_resident(name="鈴木 一郎")


@pytest.fixture
def hold(room, hanako, now):
    """Make a hold; 10:00 to 12:00 on a Wednesday by Hanako unless said otherwise."""

    def make(starts="10:00", ends="12:00", *, day=WEDNESDAY, resident=hanako, room=room, now=now, **changes):
        arguments = {
            "room_id": room.id,
            "starts_at": at(starts, day),
            "ends_at": at(ends, day),
            "resident_id": resident.pk,
            "channel": "web",
            "actor": Actor("resident", resident.pk),
            "now": now,
        }
        return hold_room(**{**arguments, **changes})

    return make


@pytest.fixture
def book(room, hanako, now):
    """Book at once; same defaults as ``hold``."""

    def make(starts="10:00", ends="12:00", *, day=WEDNESDAY, resident=hanako, room=room, now=now, **changes):
        arguments = {
            "room_id": room.id,
            "starts_at": at(starts, day),
            "ends_at": at(ends, day),
            "resident_id": resident.pk,
            "channel": "web",
            "purpose": "コーラス",
            "details": Details(headcount=10),
            "actor": Actor("resident", resident.pk),
            "now": now,
        }
        return book_room(**{**arguments, **changes})

    return make


@pytest.fixture
def publish(city, now):
    """Publish Akiruno's rules with changes: what stands in one place of the text is written differently."""

    def change(*replaced, effective_from=date(2026, 1, 1)):
        text = rules_text("akiruno")
        for old, new in replaced:
            assert old in text, old
            text = text.replace(old, new)
        book = RuleBook.objects.get()
        return publish_rules(rule_book_id=book.pk, text=text, effective_from=effective_from, now=now)

    return change


def rules_text(town: str) -> str:
    """The rules document of an example town."""
    return (Path(ordinance.__file__).parent / "examples" / f"{town}.yaml").read_text(encoding="utf-8")


@pytest.fixture
def inside_miki(db, now):
    """三木市, made for this test: the town with a hall and its halves."""
    rules = rules_text("miki")
    miki = create_municipality(
        lg_code="282154", name="三木市", host="miki.localhost", rules_text=rules, now=now
    )
    with inside(miki):
        yield miki


@pytest.fixture
def plan(room, hanako, now):
    """Plan a series: every Tuesday from 8 June 2027, twelve times, 13:00 to 15:00 in 第1研修室, unless said otherwise.

    The hall is closed on the first, third and fifth Tuesday; a day can be booked three months before.
    """

    def make(*rooms, resident=hanako, rule="FREQ=WEEKLY;BYDAY=TU;COUNT=12", headcount=10, **changes):
        rooms = rooms or (room,)
        actor = changes.pop("actor", Actor("resident", resident.pk))
        arguments = {"first": date(2027, 6, 8), "starts": 780, "ends": 900, "channel": "web", "now": now}
        draft = plan_series(
            room_ids=[one.id for one in rooms],
            rule=rule,
            resident_id=resident.pk,
            actor=actor,
            **{**arguments, **changes},
        )
        said = {one.id: Details(headcount=headcount) for one in rooms}
        return say_of_series(ref=draft.ref, purpose="コーラス", said=said, actor=actor, now=now)

    return make


@pytest.fixture
def apply_for(hanako, now):
    """Apply for a planned series: everything that can be had, each date for itself, unless said otherwise."""

    def act(series, *, actor=None, now=now, all_or_nothing=False, override_reason="", **choices):
        return apply_for_series(
            ref=series.ref,
            choices=Choices(**choices),
            all_or_nothing=all_or_nothing,
            actor=actor or Actor("resident", series.resident_id),
            now=now,
            override_reason=override_reason,
        )

    return act
