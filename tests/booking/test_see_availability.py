"""What residents see: marks, times, prices; and that it agrees with what can then be booked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.availability import free_times, free_within, is_free, merged
from booking.calendar import day_marks, next_bookable_day, room_day
from booking.errors import OutsideRules
from facilities.queries import room_by_key, rooms_of
from facilities.room_rules import Asker
from tests.booking.conftest import WEDNESDAY, at

spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 40)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=8,
)


@given(spans, st.integers(0, 200), st.integers(1, 60))
def test_free_pieces_are_what_no_span_covers(busy, starts, length):
    ends = starts + length
    joined = merged(busy)
    minutes = {minute for one, other in free_within(joined, starts, ends) for minute in range(one, other)}
    covered = {minute for one, other in busy for minute in range(one, other)}
    assert minutes == set(range(starts, ends)) - covered
    assert is_free(joined, starts, ends) == (minutes == set(range(starts, ends)))


def test_free_time_is_the_opening_hours_without_what_is_taken(room, book, now):
    book("10:00", "12:00")
    book("13:00", "14:00")
    ((_, days),) = free_times(rooms=[room], first=WEDNESDAY, days=1, now=now)
    assert days[0].open == ((540, 1320),)
    assert days[0].free == [(540, 600), (720, 780), (840, 1320)]


def test_the_past_is_not_free(room):
    ((_, days),) = free_times(rooms=[room], first=WEDNESDAY, days=1, now=at("15:30"))
    assert days[0].free == [(931, 1320)]


def test_an_expired_hold_counts_as_free(room, hold, now):
    hold("09:00", "22:00")
    later = now + timedelta(minutes=10)
    assert room_day(room=room, day=WEDNESDAY, asker=Asker("", "web", now)).free == ()
    assert len(room_day(room=room, day=WEDNESDAY, asker=Asker("", "web", later)).free) == 13


def test_each_free_hour_has_its_price_and_taken_ones_none(room, book, now):
    book("10:00", "12:00")
    day = room_day(room=room, day=WEDNESDAY, asker=Asker("", "web", now))
    assert [(slot.state, slot.price_yen) for slot in day.slots[:4]] == [
        ("free", 400),
        ("taken", None),
        ("taken", None),
        ("free", 400),
    ]


def test_marks_say_free_few_full_closed_and_outside(room, book, hold, now):
    book("09:00", "22:00")
    book("09:00", "18:00", day=WEDNESDAY + timedelta(days=1))
    marks = day_marks(rooms=[room], first=date(2027, 6, 1), days=11, asker=Asker("", "web", now))
    by_day = {mark.day.day: mark.mark for mark in marks}
    assert (by_day[1], by_day[8], by_day[9], by_day[10], by_day[11]) == (
        "closed",
        "free",
        "full",
        "few",
        "free",
    )
    assert marks[0].reason.sentence("ja") == "第1火曜日のため休館です。"
    far = day_marks(rooms=[room], first=date(2027, 10, 13), days=1, asker=Asker("", "web", now))
    assert far[0].mark == "outside"


def test_marks_follow_windows_that_differ_by_the_day_of_use(room, publish, now):
    """Weekends open a year ahead, working days three months: each day of a month has the mark of its own window."""
    publish(
        (
            "        opens: {months_before: 3, day: same}\n",
            "        opens: {months_before: 3, day: same}\n        when: {days: {unless: {weekdays: [sat, sun]}}}\n",
        ),
        (
            "使用を始める時刻までとした。\n",
            "使用を始める時刻までとした。\n      - {opens: {months_before: 12}, closes: {days_before: 1}}\n",
        ),
    )
    room = room_by_key("chuo-kominkan", "kenshu-1")
    far = day_marks(rooms=[room], first=date(2027, 10, 13), days=7, asker=Asker("", "web", now))
    assert {mark.day.isoweekday(): mark.mark for mark in far if mark.mark != "closed"} == {
        1: "outside", 3: "outside", 4: "outside", 5: "outside", 6: "free", 7: "free",
    }  # fmt: skip
    for mark in far:
        shown = room_day(room=room, day=mark.day, asker=Asker("", "web", now))
        assert bool(shown.free) == (mark.mark == "free")


def test_the_next_free_day_skips_full_and_closed_days(room, book, now):
    book("09:00", "22:00", day=date(2027, 6, 2))
    found = next_bookable_day(rooms=[room], after=date(2027, 5, 31), days=14, asker=Asker("", "web", now))
    assert found == date(2027, 6, 3)


def test_many_rooms_count_together(city, room, book, now):
    book("09:00", "22:00")
    rooms = rooms_of(room.facility_id)
    assert len(rooms) == 19
    (mark,) = day_marks(rooms=rooms, first=WEDNESDAY, days=1, asker=Asker("", "web", now))
    assert (mark.mark, mark.free) == ("free", 18 * 13)


def test_what_is_shown_as_free_can_be_booked_and_nothing_else(room, book, now):
    for offset in range(0, 120, 7):
        day = WEDNESDAY + timedelta(days=offset)
        shown = room_day(room=room, day=day, asker=Asker("", "web", now))
        if shown.free:
            slot = shown.free[0]
            assert book(starts_at=slot.starts_at, ends_at=slot.ends_at).price_yen == slot.price_yen
        else:
            with pytest.raises(OutsideRules):
                book("10:00", "11:00", day=day)
