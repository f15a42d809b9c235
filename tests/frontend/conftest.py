"""Pages through Django's client: the desk of Akiruno's hall on a Monday in May 2027; a resident at its 集会室."""

from __future__ import annotations

import importlib
import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.models import Reservation
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from frontend.resident.days import first_free_day
from tenants.context import inside_public
from tests import factories
from tests.clients import HostClient

ROOM = "/h/chuo-kominkan/shukai/"
TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = date(2027, 5, 10)
HALL = "chuo-kominkan"
ANSWERS = {
    "purpose": "春の発表会",
    "headcount": "20",
    "who": "resident",
    "use": "meeting",
    "q_admission": "0",
    "q_cooling": "no",
    "q_seats": "rows",
}
_READ_THE_CLOCK = [
    "frontend.desk.sheets",
    "frontend.desk.reservations",
    "frontend.desk.money",
    "frontend.desk.bookings",
    "frontend.desk.several",
    "frontend.desk.closures",
    "frontend.desk.changing",
    "frontend.desk.official",
    "frontend.desk.papers",
    "frontend.documents.money_views",
    "frontend.console.halls",
    "frontend.console.hall_imports",
    "frontend.console.closures",
    "frontend.console.rules.drafts",
    "frontend.console.rules.new_books",
    "frontend.console.rules.places",
    "frontend.console.rules.publishing",
    "frontend.console.rules.versions",
    "frontend.console.tokens",
    "frontend.console.reservations",
    "frontend.console.trials",
    "frontend.operator.views",
]


@pytest.fixture
def clock(monkeypatch, now):
    """The pages of staff take ``now`` for the present."""
    for name in _READ_THE_CLOCK:
        monkeypatch.setattr(importlib.import_module(name), "clock_now", lambda: now)
    return now


@pytest.fixture
def browser_of(clock):
    """``browser_of(dai)``: Dai's browser, signed in."""

    def open_browser(person):
        with inside_public():
            return person.client()

    return open_browser


@pytest.fixture
def book(city, now):
    """``book(starts=600, ends=720)``: a confirmed reservation of 第2研修室 on Wednesday, by default for 佐藤 花子."""

    def make(*, starts=600, ends=720, day=date(2027, 5, 12), room="kenshu-2", resident=None, **fields):
        resident = resident or factories.a_resident("佐藤 花子", phone="042-555-0101")
        return book_room(
            room_id=room_by_key(HALL, room).id,
            starts_at=moment(day, starts, TOKYO),
            ends_at=moment(day, ends, TOKYO),
            resident_id=resident.pk,
            channel="desk",
            purpose=fields.get("purpose", "書道の会"),
            details=Details(headcount=fields.get("headcount", 9)),
            actor=Actor("staff", 1),
            now=now,
        )

    return make


@pytest.fixture
def stranger(city):
    """Manager of another hall of the same municipality."""
    hall = factories.a_facility("hoka", "ほかの会館")
    staff = factories.a_staff("他所 守", "yoso@example.jp", "manager", [hall])

    class Person:
        def client(self):
            client = HostClient(city)
            client.force_login(staff.user)
            return client

    return Person()


@pytest.fixture
def room(city):
    """集会室: by the hour, 150 people, 800 yen an hour."""
    return room_by_key("chuo-kominkan", "shukai")


@pytest.fixture
def day(room):
    """A day about three weeks ahead on which the room is free."""
    later = timezone.now() + timedelta(days=21)
    return first_free_day(rooms=[room], asker=Asker("", "web", later))


@pytest.fixture
def browser_of_aiko(aiko):
    """Aiko's browser, signed in; errors come as pages, as in production."""
    client = aiko.client()
    client.raise_request_exception = False
    return client


@pytest.fixture
def hold(browser_of_aiko, day):
    """Hold 13:00 to 15:00 on the page and return the reservation."""

    def make(time="13:00-15:00", key=None):
        answer = browser_of_aiko.post(
            f"{ROOM}{day}/", {"time": time, "idempotency_key": key or uuid.uuid4().hex}
        )
        assert answer.status_code == 302, answer.content.decode()
        return Reservation.objects.get(ref=answer.url.strip("/").split("/")[1])

    return make


@pytest.fixture
def halls(city):
    """見本市文化会館 (asks much) and 見本市運動公園 (asks little) beside Akiruno's own halls."""
    return factories.halls_of(factories.RULES / "much_asked.yaml")


@pytest.fixture
def free_day(halls):
    """``free_day("bunka/stage")``: a day on which the room is free for somebody of whom nothing is known."""

    def find(place):
        room = room_by_key(*place.split("/"))
        return first_free_day(
            rooms=[room], asker=Asker("", "web", timezone.now() + timezone.timedelta(days=4))
        )

    return find


@pytest.fixture
def held(browser_of_aiko, free_day):
    """Hold a time on the page; return the reservation."""

    def make(place="bunka/stage", time="13:00-17:00", day=None, **said):
        form = {"time": time, "idempotency_key": uuid.uuid4().hex, **said}
        answer = browser_of_aiko.post(f"/h/{place}/{day or free_day(place)}/", form)
        assert answer.status_code == 302, answer.content.decode()
        return Reservation.objects.get(ref=answer.url.strip("/").split("/")[1])

    return make


@pytest.fixture
def answer(browser_of_aiko):
    """``answer(held, use="concert")``: send the questions' form; the page that follows."""

    def send(held, follow=True, **changes):
        said = {key: value for key, value in (ANSWERS | changes).items() if value is not None}
        return browser_of_aiko.post(f"/book/{held.ref}/", said, follow=follow)

    return send


def page_of(response):
    """The page as text."""
    return response.content.decode()


def confirm(browser, held):
    """Press the button of the check page and see what comes."""
    return browser.post(f"/book/{held.ref}/check/", {"idempotency_key": uuid.uuid4().hex}, follow=True)
