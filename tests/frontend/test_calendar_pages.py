"""Pages on which people open and close calendar feeds, and download one reservation."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.feeds import feeds_of
from booking.models import CalendarFeed
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from tenants.context import inside_public
from tests import factories
from tests.clients import HostClient

TOKYO = ZoneInfo("Asia/Tokyo")


def browser_of(person):
    with inside_public():
        return person.client()


@pytest.fixture
def room(city):
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def booked(room, aiko, now):
    return book_room(
        room_id=room.id,
        starts_at=moment(date(2027, 6, 9), 600, TOKYO),
        ends_at=moment(date(2027, 6, 9), 720, TOKYO),
        resident_id=aiko.resident.pk,
        channel="web",
        purpose="会議; 例, 1\\2",
        details=Details(headcount=10),
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )


def test_one_reservation_is_downloaded(city, aiko, booked):
    response = browser_of(aiko).get(f"/my/{booked.ref}/yoyaku.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="yoyaku.ics"'
    assert "no-store" in response["Cache-Control"]
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert "会議; 例, 1\\2" in event["DESCRIPTION"]


def test_a_cancelled_reservation_is_taken_out(city, aiko, booked, now):
    cancel_reservation(ref=booked.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now)
    calendar = Calendar.from_ical(browser_of(aiko).get(f"/my/{booked.ref}/yoyaku.ics").content)
    assert calendar["METHOD"] == "CANCEL"


def test_nobody_downloads_another_ones_reservation(city, aiko, booked):
    other = factories.a_resident("別 人", "other@example.jp", login=True)
    with inside_public():
        stranger, anybody = HostClient(city), HostClient(city)
    stranger.force_login(other.user)
    assert stranger.get(f"/my/{booked.ref}/yoyaku.ics").status_code == 404
    assert anybody.get(f"/my/{booked.ref}/yoyaku.ics").status_code == 302


def test_a_resident_opens_a_feed_and_sees_its_address_once(city, aiko):
    client = browser_of(aiko)
    assert "カレンダーの住所を作る" in client.get("/my/calendar/").content.decode()
    page = client.post(
        "/my/calendar/", {"kind": "resident", "id": aiko.resident.pk}, follow=True
    ).content.decode()
    assert "http://akiruno.localhost/calendar/" in page
    assert "webcal://akiruno.localhost/calendar/" in page
    address = page.partition("http://akiruno.localhost")[2].partition("<")[0]
    assert client.get(address).status_code == 200
    assert (
        "/calendar/" + address.removeprefix("/calendar/") not in client.get("/my/calendar/").content.decode()
    )


def test_a_resident_closes_a_feed(city, aiko):
    client = browser_of(aiko)
    client.post("/my/calendar/", {"kind": "resident", "id": aiko.resident.pk})
    (feed,) = feeds_of(user_id=aiko.user.pk)
    client.post("/my/calendar/", {"act": "close", "id": feed.pk})
    assert feeds_of(user_id=aiko.user.pk) == []


@pytest.mark.parametrize("kind", ["resident", "room", "facility", "", "x\0"])
@pytest.mark.parametrize("number", ["999999", "", "x", "9" * 60, "-1", "１"])
def test_a_resident_opens_no_other_feed(city, aiko, kind, number):
    client = browser_of(aiko)
    assert client.post("/my/calendar/", {"kind": kind, "id": number}).status_code == 404
    assert client.post("/my/calendar/", {"act": "close", "id": number}).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_staff_open_feeds_of_their_hall_and_its_rooms(city, dai, room):
    client = browser_of(dai)
    page = client.get("/desk/calendar/").content.decode()
    assert "第1研修室" in page
    for kind, number in (("facility", room.facility_id), ("room", room.id)):
        shown = client.post("/desk/calendar/", {"kind": kind, "id": number}, follow=True).content.decode()
        assert shown.count("webcal://") == 1
    assert {feed.kind for feed in feeds_of(user_id=dai.user.pk)} == {"facility", "room"}


def test_staff_open_no_feed_of_another_hall(city, dai):
    other = factories.a_room()
    client = browser_of(dai)
    assert client.post("/desk/calendar/", {"kind": "facility", "id": other.facility_id}).status_code == 404
    assert client.post("/desk/calendar/", {"kind": "room", "id": other.pk}).status_code == 404
    assert "試験室" not in client.get("/desk/calendar/").content.decode()


def test_residents_do_not_see_the_staff_page(city, aiko):
    assert browser_of(aiko).get("/desk/calendar/").status_code == 404


def test_a_token_in_an_address_is_not_logged(city, aiko, caplog):
    client = browser_of(aiko)
    page = client.post(
        "/my/calendar/", {"kind": "resident", "id": aiko.resident.pk}, follow=True
    ).content.decode()
    token = page.partition("http://akiruno.localhost/calendar/")[2].partition(".ics")[0]
    with caplog.at_level("INFO"):
        client.get(f"/calendar/{token}.ics")
    assert len(token) >= 32
    assert all(
        token not in str(record.__dict__) for record in caplog.records if record.name.startswith("machinoma")
    )
