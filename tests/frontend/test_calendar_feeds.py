"""Calendar feeds: what programs need to stay in step, and nothing more than the subscriber may know."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from accounts.actors import Actor
from accounts.models import Membership, Resident, Staff
from booking.cancelling import cancel_reservation
from booking.changing import change_reservation
from booking.closing import close_rooms
from booking.errors import FeedNotFound
from booking.feeds import create_feed, feeds_of, revoke_feed
from booking.models import CalendarFeed
from booking.queries import reservation_for_staff
from booking.reviewing.deciding import permit_applications, refuse_applications
from booking.services import book_room, hold_room, release_hold
from facilities.details import Details
from facilities.models import FacilityStaff
from facilities.periods import moment
from facilities.queries import room_by_key
from frontend.calendars import reservation_calendar
from frontend.views import calendars
from tenants.context import inside_public
from tests import factories
from tests.booking.conftest import publish
from tests.booking.test_review_applications import REVIEWS, WINDOW
from tests.clients import HostClient

__all__ = ["publish"]

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2027, 6, 9)


@pytest.fixture(autouse=True)
def _clock(monkeypatch, now):
    monkeypatch.setattr(calendars, "clock_now", lambda: now)


@pytest.fixture
def room(city):
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def book(room, aiko, now):
    """Book for Aiko, 10:00 to 12:00 on a Wednesday unless said otherwise."""

    def make(starts=600, ends=720, day=DAY, resident=None, service=book_room, at=now, **more):
        person = resident or aiko.resident
        facts = {"purpose": "コーラス", "details": Details(headcount=10)} if service is book_room else {}
        facts |= more
        return service(
            room_id=room.id,
            starts_at=moment(day, starts, TOKYO),
            ends_at=moment(day, ends, TOKYO),
            resident_id=person.pk,
            channel="web",
            actor=Actor("resident", person.pk),
            now=at,
            **facts,
        )

    return make


@pytest.fixture
def browser(city):
    """A calendar program: no cookies."""
    with inside_public():
        return HostClient(city)


@pytest.fixture
def own_feed(aiko, city, now):
    return address(create_feed(kind="resident", subject_id=aiko.resident.pk, user_id=aiko.user.pk, now=now))


@pytest.fixture
def hall_feed(dai, room, now):
    return address(create_feed(kind="facility", subject_id=room.facility_id, user_id=dai.user.pk, now=now))


@pytest.fixture
def room_feed(dai, room, now):
    return address(create_feed(kind="room", subject_id=room.id, user_id=dai.user.pk, now=now))


def address(made):
    return f"/calendar/{made[1]}.ics"


def events(response):
    assert response.status_code == 200, response.content
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_a_feed_has_what_calendar_programs_ask_for(browser, own_feed, book, city):
    booked = book()
    response = browser.get(own_feed)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=900"
    assert "Set-Cookie" not in response
    text = response.content.decode().replace("\r\n ", "")
    for line in (
        "METHOD:PUBLISH",
        "CALSCALE:GREGORIAN",
        "NAME:あきる野市の施設予約",
        "X-WR-CALNAME:あきる野市の施設予約",
        "X-WR-TIMEZONE:Asia/Tokyo",
        "X-PUBLISHED-TTL:PT1H",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        f"SOURCE;VALUE=URI:http://akiruno.localhost{own_feed}",
        "BEGIN:VTIMEZONE",
        "TZOFFSETTO:+0900",
        "DTSTART;TZID=Asia/Tokyo:20270609T100000",
        "DTEND;TZID=Asia/Tokyo:20270609T120000",
        "DTSTAMP:20270510T010000Z",
        "LAST-MODIFIED:20270510T010000Z",
        "SEQUENCE:0",
        f"UID:{booked.ref}@{city.schema_name}.machinoma",
        f"URL:http://akiruno.localhost/my/r/{booked.ref}/",
    ):
        assert f"{line}\r\n" in text


def test_a_feed_stays_the_same_to_the_byte_and_is_not_sent_again(browser, own_feed, book, monkeypatch, now):
    book()
    first = browser.get(own_feed)
    monkeypatch.setattr(calendars, "clock_now", lambda: now + timedelta(hours=5))
    again = browser.get(own_feed)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    unchanged = browser.get(own_feed, headers={"If-None-Match": f"W/{first['ETag']}"})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])
    book(starts=780, ends=840)
    assert browser.get(own_feed, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_feed_can_be_asked_for_its_head(browser, own_feed, book):
    book()
    response = browser.head(own_feed)
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"] == browser.get(own_feed)["ETag"]
    assert browser.post(own_feed).status_code == 405


def test_a_resident_sees_only_their_own_and_nothing_cancelled_or_held(
    browser, own_feed, book, city, aiko, now
):
    shown = book()
    book(780, 840, resident=factories.a_resident("別 人"))
    book(900, 960, service=hold_room)
    gone = book(1020, 1080)
    cancel_reservation(ref=gone.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now)
    assert [str(event["UID"]).partition("@")[0] for event in events(browser.get(own_feed))] == [
        str(shown.ref)
    ]


def test_a_member_sees_what_the_group_has_with_its_name(browser, own_feed, book, city, aiko, now):
    group, other = factories.a_group("合唱団", now=now), factories.a_resident("別 人")
    for person, role in ((other, "representative"), (aiko.resident, "viewer")):
        Membership.objects.create(group=group, resident=person, role=role, since=now)
    booked = book(resident=other, group_id=group.pk)
    (event,) = events(browser.get(own_feed))
    assert str(event["UID"]).startswith(str(booked.ref))
    assert "団体：合唱団" in event["DESCRIPTION"]
    Membership.objects.filter(resident=aiko.resident).update(ended_at=now)
    assert events(browser.get(own_feed)) == []


def test_what_waits_for_its_review_is_tentative(browser, own_feed, hall_feed, book, publish, emi, now):
    publish((WINDOW, REVIEWS))
    applied = book(details=Details(headcount=25))
    for feed in (own_feed, hall_feed):
        (event,) = events(browser.get(feed))
        assert (str(event["STATUS"]), event["SUMMARY"][:5]) == ("TENTATIVE", "【審査中】")
    clerk = Actor("staff", emi.staff.pk)
    permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=now)
    (permitted,) = events(browser.get(own_feed))
    assert (str(permitted["STATUS"]), str(permitted["UID"])) == ("CONFIRMED", str(event["UID"]))
    assert permitted["SEQUENCE"] > event["SEQUENCE"]


def test_what_was_refused_drops_out(browser, own_feed, book, publish, emi, now):
    publish((WINDOW, REVIEWS))
    applied = book(details=Details(headcount=25))
    clerk = Actor("staff", emi.staff.pk)
    refuse_applications(refs=[applied.ref], reason="目的", actor=clerk, now=now)
    assert events(browser.get(own_feed)) == []
    single = Calendar.from_ical(reservation_calendar(reservation_for_staff(ref=applied.ref), site=""))
    assert str(single["METHOD"]) == "CANCEL"


def test_what_was_changed_is_the_same_event_with_the_next_sequence(browser, own_feed, book, aiko, room, now):
    booked = book()
    (before,) = events(browser.get(own_feed))
    times = {"starts_at": moment(DAY, 780, TOKYO), "ends_at": moment(DAY, 900, TOKYO)}
    actor = Actor("resident", aiko.resident.pk)
    change_reservation(ref=booked.ref, room_id=room.id, **times, details=None, actor=actor, now=now)
    (after,) = events(browser.get(own_feed))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == times["starts_at"]


def test_only_the_window_is_shown(browser, own_feed, book, now):
    long_ago = now - timedelta(days=60)
    book(day=date(2027, 4, 1), at=long_ago)
    shown = book(day=date(2027, 4, 14), at=long_ago)
    assert [str(event["UID"]).partition("@")[0] for event in events(browser.get(own_feed))] == [
        str(shown.ref)
    ]


def test_a_room_feed_says_only_that_it_is_taken(browser, room_feed, book, room, dai, now):
    booked = book()
    close_rooms(
        facility_id=room.facility_id,
        room_ids=[room.id],
        starts_at=moment(DAY, 900, TOKYO),
        ends_at=moment(DAY, 960, TOKYO),
        reason="床の工事",
        staff_id=dai.staff.pk,
        now=now,
    )
    response = browser.get(room_feed)
    assert [str(event["SUMMARY"]) for event in events(response)] == ["予約あり", "予約あり"]
    for secret in ("青木", "コーラス", str(booked.ref), booked.number, "床の工事", "aiko"):
        assert secret not in response.content.decode().replace("\r\n ", "")


def test_a_hall_feed_shows_numbers_but_no_names(browser, hall_feed, book):
    booked = book()
    (event,) = events(browser.get(hall_feed))
    assert str(event["SUMMARY"]) == f"第1研修室 {booked.number}"
    text = event.to_ical().decode().replace("\r\n ", "")
    assert f"/desk/reservation/{booked.ref}/" in text
    for secret in ("青木", "コーラス", "042-000-0001", "aiko"):
        assert secret not in text


def test_a_hall_feed_keeps_cancellations_for_two_weeks(browser, hall_feed, book, aiko, now, monkeypatch):
    booked = book()
    actor = Actor("resident", aiko.resident.pk)
    cancel_reservation(ref=booked.ref, actor=actor, reason="", now=now)
    held = book(780, 840, service=hold_room)
    release_hold(ref=held.ref, actor=actor, now=now)
    (event,) = events(browser.get(hall_feed))
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    assert str(event["SUMMARY"]).startswith("【取消】")
    monkeypatch.setattr(calendars, "clock_now", lambda: now + timedelta(days=14, minutes=1))
    assert events(browser.get(hall_feed)) == []


def test_a_new_address_ends_the_old_one(browser, own_feed, aiko, now):
    other = address(create_feed(kind="resident", subject_id=aiko.resident.pk, user_id=aiko.user.pk, now=now))
    assert browser.get(own_feed).status_code == 404
    assert browser.get(other).status_code == 200


def test_a_revoked_address_is_not_found_and_only_its_owner_revokes_it(browser, own_feed, aiko, dai, now):
    (feed,) = feeds_of(user_id=aiko.user.pk)
    with pytest.raises(FeedNotFound):
        revoke_feed(feed_id=feed.pk, user_id=dai.user.pk, now=now)
    assert browser.get(own_feed).status_code == 200
    revoke_feed(feed_id=feed.pk, user_id=aiko.user.pk, now=now)
    assert browser.get(own_feed).status_code == 404


def test_who_left_the_hall_loses_its_feed(browser, hall_feed, dai):
    assert browser.get(hall_feed).status_code == 200
    FacilityStaff.objects.filter(staff=dai.staff).delete()
    assert browser.get(hall_feed).status_code == 404


def test_who_is_locked_out_loses_the_feed(browser, own_feed, hall_feed, aiko, dai):
    type(aiko.user).objects.filter(pk=aiko.user.pk).update(is_active=False)
    Staff.objects.filter(pk=dai.staff.pk).update(is_active=False)
    assert browser.get(own_feed).status_code == 404
    assert browser.get(hall_feed).status_code == 404


@pytest.mark.parametrize("token", ["x", "葛", "a" * 3000, "%00"])
def test_a_made_up_address_is_not_found(browser, token):
    assert browser.get(f"/calendar/{token}.ics").status_code == 404


def test_an_address_of_another_municipality_is_not_found(own_feed, hokota, city):
    with inside_public():
        elsewhere = HostClient(hokota)
    assert elsewhere.get(own_feed).status_code == 404


def test_the_token_itself_is_not_kept(own_feed):
    token = own_feed.removeprefix("/calendar/").removesuffix(".ics")
    assert token.encode() not in bytes(CalendarFeed.objects.get().token_hash)
    assert len(token) >= 32


def test_an_english_reader_gets_an_english_program(browser, own_feed, aiko, book):
    book()
    Resident.objects.filter(pk=aiko.resident.pk).update(language="en")
    assert len(events(browser.get(own_feed))) == 1
