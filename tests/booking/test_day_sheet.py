"""The hall manager's day: who comes where and when, and what is free between."""

from __future__ import annotations

from accounts.actors import Actor
from booking.closing import close_rooms
from booking.day_sheet import day_sheet
from booking.services import record_attendance
from tests.booking.conftest import WEDNESDAY, at


def test_entries_and_gaps_fill_the_opening_hours(room, book, hold, dai, now):
    reservation = book("10:00", "12:00")
    hold("14:00", "15:00")
    close_rooms(
        facility_id=room.facility_id,
        room_ids=[room.id],
        starts_at=at("20:00"),
        ends_at=at("22:00"),
        reason="清掃",
        staff_id=dai.staff.pk,
        now=now,
    )
    sheet = day_sheet(facility_id=room.facility_id, day=WEDNESDAY, now=now)
    mine = next(entry for entry in sheet.rooms if entry.room.id == room.id)
    assert (sheet.opens, sheet.closes) == (540, 1320)
    assert [(entry.kind, entry.starts, entry.ends, entry.who) for entry in mine.entries] == [
        ("reservation", 600, 720, "佐藤 花子"),
        ("hold", 840, 900, "佐藤 花子"),
        ("closure", 1200, 1320, "清掃"),
    ]
    assert mine.gaps == ((540, 600), (720, 840), (900, 1200))
    assert mine.entries[0].payment.state == "unpaid"
    assert mine.entries[0].number == reservation.number


def test_a_closed_day_says_why(room, now):
    sheet = day_sheet(facility_id=room.facility_id, day=WEDNESDAY.replace(day=1), now=now)
    assert sheet.rooms[0].closed.sentence("ja") == "第1火曜日のため休館です。"
    assert sheet.rooms[0].gaps == ()


def test_attendance_is_shown_and_can_be_undone(room, book, now):
    reservation = book()
    for attendance in ("arrived", "absent", "unknown"):
        record_attendance(ref=reservation.ref, attendance=attendance, actor=Actor("staff", 1), now=now)
        sheet = day_sheet(facility_id=room.facility_id, day=WEDNESDAY, now=now)
        mine = next(entry for entry in sheet.rooms if entry.room.id == room.id)
        assert mine.entries[0].attendance == attendance
