"""The day sheet: what a hall manager sees, and who sees it."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from booking.closing import close_rooms
from booking.day_sheet import day_sheet
from booking.services import record_attendance
from facilities.models import Facility
from facilities.periods import moment
from facilities.queries import room_by_key
from frontend.desk.grid import grid_of
from tests import factories
from tests.frontend.conftest import HALL, TODAY, TOKYO

WEDNESDAY = date(2027, 5, 12)
SHEET = f"/desk/{HALL}/2027-05-12/"


def test_manager_of_one_hall_starts_at_today(browser_of, dai):
    answer = browser_of(dai).get("/desk/")
    assert answer.status_code == 302
    assert answer.url == f"/desk/{HALL}/2027-05-10/"


def test_who_works_at_several_halls_chooses(browser_of, emi, city):
    factories.a_facility("hoka", "ほかの会館")
    page = browser_of(emi).get("/desk/")
    assert "ほかの会館" in page.text
    assert f"/desk/{HALL}/2027-05-10/" in page.text


def test_entry_says_who_when_how_many_and_every_state_in_words(browser_of, dai, book):
    book()
    page = browser_of(dai).get(SHEET).text
    for words in ("10:00〜12:00", "佐藤 花子", "9人", "書道の会", "未払い 600円", "来館 未確認"):
        assert words in page, words
    assert "予約 1件（来館 0件、未払い 1件）" in page


def test_arrival_is_seen(browser_of, dai, book, now):
    reservation = book()
    record_attendance(ref=reservation.ref, attendance="arrived", actor=_staff(dai), now=now)
    page = browser_of(dai).get(SHEET).text
    assert '<span class="tag tag--good">来館</span>' in page
    assert "来館 1件" in page


def test_only_bookings_and_gaps_that_can_be_used_are_links(city, book, now):
    book(starts=600, ends=720)
    sheet = day_sheet(facility_id=Facility.objects.get(key=HALL).pk, day=WEDNESDAY, now=now)
    row = _row(grid_of(sheet, present=(WEDNESDAY, 660)), "kenshu-2")
    assert [(cell.kind, cell.starts, cell.ends) for cell in row.cells] == [
        ("past", 540, 600),
        ("entry", 600, 720),
        ("gap", 720, 1320),
    ]


def test_nothing_can_be_booked_on_a_day_that_is_over(browser_of, dai):
    assert "予約を入れる" not in browser_of(dai).get(f"/desk/{HALL}/2027-05-09/").text


def test_closure_shows_its_reason(browser_of, dai, city, now):
    hall = Facility.objects.get(key=HALL)
    close_rooms(
        facility_id=hall.pk,
        room_ids=[room_by_key(HALL, "kenshu-2").id],
        starts_at=moment(WEDNESDAY, 540, TOKYO),
        ends_at=moment(WEDNESDAY, 720, TOKYO),
        reason="床の工事",
        staff_id=dai.staff.pk,
        now=now,
    )
    assert "使用停止：床の工事" in browser_of(dai).get(SHEET).text


def test_closed_day_says_why(browser_of, dai):
    page = browser_of(dai).get(f"/desk/{HALL}/2027-06-01/").text
    assert "休館" in page
    assert "第1火曜日" in page


def test_refresh_brings_only_the_sheet(browser_of, dai):
    page = browser_of(dai).get(f"{SHEET}?part=sheet", headers={"HX-Request": "true"}).text
    assert 'id="sheet"' in page
    assert "<html" not in page
    assert "最終更新" in page


def test_refresh_of_a_signed_out_tablet_leads_to_the_sign_in_page(client_for, akiruno):
    answer = client_for(akiruno).get(SHEET, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/account/login/")


def test_date_field_leads_to_the_day(browser_of, dai):
    assert browser_of(dai).get(f"/desk/{HALL}/?day=2027-06-01").url == f"/desk/{HALL}/2027-06-01/"


@pytest.mark.parametrize("day", ["2027-02-30", "2027-13-01", "0001-01-01", "9999-12-31"])
def test_day_that_does_not_exist_is_refused_in_words(browser_of, dai, day):
    answer = browser_of(dai).get(f"/desk/{HALL}/{day}/")
    assert answer.status_code == 404
    assert "この日付は、ありません" in answer.text


def test_manager_of_another_hall_finds_nothing(browser_of, stranger, book):
    reservation = book()
    browser = browser_of(stranger)
    paths = [SHEET, f"/desk/{HALL}/close/", f"/desk/{HALL}/kenshu-2/2027-05-12/new/"]
    paths += [f"/desk/reservation/{reservation.ref}/{part}" for part in ("", "cancel/", "cash/", "receipt/")]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert "佐藤 花子" not in answer.text
    for path in ("attendance/", "cancel/", "cash/", "refund/", "key/"):
        assert browser.post(f"/desk/reservation/{reservation.ref}/{path}").status_code == 404, path


def test_resident_finds_no_desk_and_no_console(browser_of, aiko):
    browser = browser_of(aiko)
    for path in ("/desk/", SHEET, "/console/", "/console/reservations.csv"):
        assert browser.get(path).status_code == 404, path


def test_staff_whose_access_was_stopped_find_nothing(browser_of, dai, city):
    browser = browser_of(dai)
    dai.staff.is_active = False
    dai.staff.save()
    assert browser.get("/desk/").status_code == 404


def test_busy_day_still_fits_on_one_sheet_of_paper(city, book, now):
    rooms = [f"kenshu-{number}" for number in range(1, 10)]
    for room in rooms:
        for hour in range(9, 21):
            book(room=room, starts=hour * 60, ends=hour * 60 + 60, headcount=None)
    sheet = day_sheet(facility_id=Facility.objects.get(key=HALL).pk, day=WEDNESDAY, now=now)
    assert grid_of(sheet, present=(TODAY, 600)).print_percent < 100


def _row(grid, key):
    return next(row for row in grid.rows if row.room.key == key)


def _staff(person):
    return Actor("staff", person.staff.pk)
