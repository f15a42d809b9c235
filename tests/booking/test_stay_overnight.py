"""A room lent past midnight, from 15:00 to 10:00 of the next day: shown, held and refused on both days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.availability import free_times
from booking.calendar import day_marks, room_day
from booking.closing import close_rooms
from booking.day_sheet import day_sheet
from booking.errors import OutsideRules, SlotTaken
from booking.publishing import published_times
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from tests.booking.conftest import WEDNESDAY, at

THURSDAY = WEDNESDAY + timedelta(days=1)
ROOM = "name_en: Seminar Room 1, capacity: 30, fee: {yen_per_hour: 400}"


def lent(publish, time):
    """第1研修室, lent by the night for 8,000 yen in a hall that never closes."""
    publish(
        ('usual: "09:00-22:00"', 'usual: "00:00-24:00"'),
        ("times:\n", f'times:\n  night: {{slots: [{{key: stay, name: 1泊, time: "{time}"}}]}}\n'),
        (ROOM, ROOM.replace("fee: {yen_per_hour: 400}", "time: night, fee: {yen_per_slot: {stay: 8000}}")),
    )
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def room(publish):
    """第1研修室 from 15:00 to 10:00 of the next day."""
    return lent(publish, "15:00-翌10:00")


@pytest.fixture
def stay(hold, room):
    """Hold the night that begins on a day."""

    def make(day=WEDNESDAY, **changes):
        ends = at("10:00", day + timedelta(days=1))
        return hold(starts_at=at("15:00", day), ends_at=ends, room=room, **changes)

    return make


def test_a_night_is_held_once_and_costs_what_a_night_costs(stay, ichiro):
    assert stay().price_yen == 8000
    with pytest.raises(SlotTaken):
        stay(resident_id=ichiro.pk)
    assert stay(THURSDAY, resident_id=ichiro.pk).price_yen == 8000  # begins after the first has gone


def test_half_a_night_is_no_time_to_rent(hold, room):
    with pytest.raises(OutsideRules):
        hold(starts_at=at("15:00"), ends_at=at("24:00"), room=room)


def test_a_night_is_free_until_it_is_taken(stay, room, now):
    asker = Asker("", "web", now)
    assert [slot.price_yen for slot in room_day(room=room, day=WEDNESDAY, asker=asker).free] == [8000]
    stay()
    (slot,) = room_day(room=room, day=WEDNESDAY, asker=asker).slots
    assert (slot.state, slot.ends_at) == ("taken", at("10:00", THURSDAY))
    marks = day_marks(rooms=[room], first=WEDNESDAY, days=2, asker=asker)
    assert [mark.mark for mark in marks] == ["full", "free"]
    published = published_times(rooms=[room], first=WEDNESDAY, days=2, now=now)
    assert [(one.starts, one.ends, one.state) for one in published] == [
        (900, 2040, "taken"),
        (900, 2040, "free"),
    ]


def test_what_begins_late_on_the_next_day_is_in_the_way(publish, dai, now):
    room = lent(publish, "15:00-翌22:00")
    close_rooms(
        facility_id=room.facility_id,
        room_ids=[room.id],
        starts_at=at("20:00", THURSDAY),
        ends_at=at("22:00", THURSDAY),
        reason="清掃",
        staff_id=dai.staff.pk,
        now=now,
    )
    states = [slot.state for slot in room_day(room=room, day=WEDNESDAY, asker=Asker("", "web", now)).slots]
    assert states == ["taken"]


def test_both_days_show_the_night_as_taken(stay, room, now):
    stay()
    ((_, days),) = free_times(rooms=[room], first=WEDNESDAY, days=2, now=now)
    assert [day.busy for day in days] == [[(900, 1440)], [(0, 600)]]
    assert [day.free for day in days] == [[(0, 900)], [(600, 1440)]]
    entries = [_mine(room, day, now).entries for day in (WEDNESDAY, THURSDAY)]
    assert [[(one.starts, one.ends) for one in day] for day in entries] == [[(900, 2040)], [(-540, 600)]]
    assert [_mine(room, day, now).gaps for day in (WEDNESDAY, THURSDAY)] == [((0, 900),), ((600, 1440),)]


def _mine(room, day, now):
    sheet = day_sheet(facility_id=room.facility_id, day=day, now=now)
    assert (sheet.opens, sheet.closes) == (0, 1440)
    return next(one for one in sheet.rooms if one.room.id == room.id)
