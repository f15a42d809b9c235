"""Everybody sees the state 取消処理中 and when the time is free: availability, API, calendars, the day sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.services import register_resident
from booking.availability import busy_between, free_times
from booking.calendar import room_day
from booking.day_sheet import day_sheet
from booking.feeds import create_feed, entries_of
from booking.models import Release
from booking.waiting.queries import releases_for_day, wait_of, waits_for_day, waits_of
from facilities.room_rules import Asker
from frontend.api.answers import availability
from frontend.calendars import feed_calendar
from frontend.templatetags.desk import plain_words
from tests.factories import a_user
from tests.waiting.conftest import TOKYO, WEDNESDAY, at


@pytest.fixture
def released(book, cancel, ichiro, wait):
    """10:00 to 12:00 was cancelled while Ichirō waits for it."""
    booked = book()
    wait(ichiro)
    cancel(booked)
    return Release.objects.get()


def states(room, now):
    slots = room_day(room=room, day=WEDNESDAY, asker=Asker("", "web", now)).slots
    return {slot.key: (slot.state, slot.free_at) for slot in slots}


def test_the_rooms_day_says_when_the_time_is_free(released, room, now):
    seen = states(room, now)
    assert seen["10:00-11:00"] == ("taken", released.free_at)
    assert seen["09:00-10:00"] == ("free", None)
    assert states(room, released.free_at)["10:00-11:00"] == ("free", None)


def test_a_time_that_somebody_has_beside_the_kept_one_is_simply_taken(released, book, room, now):
    book("12:00", "13:00", resident=register_resident(name="山本 次郎"))
    busy = busy_between(space_ids=room.space_ids, starts_at=at("09:00"), ends_at=at("17:00"), now=now)
    minutes = [int(at(clock).timestamp()) // 60 for clock in ("10:00", "12:00", "13:00")]
    assert busy.free_at(room, minutes[0], minutes[1]) == int(released.free_at.timestamp()) // 60
    assert busy.free_at(room, minutes[0], minutes[2]) is None
    assert busy.free_at(room, minutes[1], minutes[2]) is None


def test_the_api_says_it_and_leaves_it_out_where_there_is_nothing(released, room, now):
    times = free_times(rooms=[room], first=WEDNESDAY, days=2, now=now)
    kept, other = availability(times, TOKYO)["rooms"][0]["days"]
    assert kept["releasing"] == [{"span": ("10:00", "12:00"), "free_at": released.free_at}]
    assert ("10:00", "12:00") in kept["busy"]
    assert "releasing" not in other


@pytest.mark.parametrize("kind", ["room", "facility"])
def test_a_calendar_says_it(released, room, staff, kind, now):
    subject = room.id if kind == "room" else room.facility_id
    user = a_user("feed@example.jp") if kind == "room" else staff.user
    feed, _ = create_feed(kind=kind, subject_id=subject, user_id=user.pk, now=now)
    kept = [one for one in entries_of(feed, now=now) if one.kind == "releasing"]
    assert [(one.starts_at, one.ends_at, one.free_at) for one in kept] == [
        (at("10:00"), at("12:00"), released.free_at)
    ]
    text = feed_calendar(kept, name="x", source="https://x.jp/", site="https://x.jp").decode()
    assert "取消処理中" in text.replace("\r\n ", "")
    assert not [one for one in entries_of(feed, now=released.free_at) if one.kind == "releasing"]


def test_the_day_sheet_shows_it(released, room, now):
    sheet = day_sheet(facility_id=room.facility_id, day=WEDNESDAY, now=now)
    entries = next(one for one in sheet.rooms if one.room.id == room.id).entries
    assert [(one.kind, one.starts, one.ends) for one in entries] == [("releasing", 600, 720)]
    assert "取消処理中" in plain_words(entries[0])


def test_who_waits_sees_how_it_stands(released, ichiro, now):
    coming, past = waits_of(resident_id=ichiro.pk, now=now)
    assert (len(coming), past) == (1, [])
    found = wait_of(resident_id=ichiro.pk, ref=coming[0].ref, now=now)
    assert found.free_at == released.free_at
    assert found.open_offer(now).expires_at == now + timedelta(days=1)
    assert found.open_offer(now + timedelta(days=1)) is None


def test_staff_see_who_waits_and_in_which_order_it_was_offered(released, room, now):
    (seen,) = releases_for_day(facility_id=room.facility_id, day=WEDNESDAY)
    assert (seen.free_at, [place.state for place in seen.places]) == (released.free_at, ["open"])
    (waiting,) = waits_for_day(facility_id=room.facility_id, day=WEDNESDAY, now=now)
    assert waiting.who == "鈴木 一郎"
