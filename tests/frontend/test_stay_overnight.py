"""A room lent past midnight: said with its day on every page, and held like any other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from accounts.actors import Actor
from booking.models import Reservation
from booking.services import book_room
from facilities.details import Details
from facilities.models import RuleBook
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.services import publish_rules
from frontend.resident.days import today
from frontend.templatetags.machinoma import clock, span, spoken_clock
from tests import factories
from tests.booking.conftest import rules_text
from tests.frontend.conftest import HALL, TODAY, TOKYO

ROOM = "name_en: Seminar Room 1, capacity: 30, fee: {yen_per_hour: 400}"
ADDRESS = f"/h/{HALL}/kenshu-1/"


@pytest.fixture(autouse=True)
def lent_by_the_night(city):
    """第1研修室 from 15:00 to 10:00 of the next day, every day."""
    text = rules_text("akiruno")
    for old, new in (
        ('usual: "09:00-22:00"', 'usual: "00:00-24:00"'),
        ("times:\n", 'times:\n  night: {slots: [{key: stay, name: 1泊, time: "15:00-翌10:00"}]}\n'),
        (ROOM, ROOM.replace("fee: {yen_per_hour: 400}", "time: night, fee: {yen_per_slot: {stay: 8000}}")),
    ):
        assert old in text
        text = text.replace(old, new)
    publish_rules(
        rule_book_id=RuleBook.objects.get().pk, text=text, effective_from=date(2026, 1, 1), now=timezone.now()
    )


def test_a_resident_holds_a_night(browser_of_aiko, city):
    day = today(timezone.now()) + timedelta(days=21)
    while "空き" not in (page := browser_of_aiko.get(f"{ADDRESS}{day}/").text):
        day += timedelta(days=1)
    assert "15:00〜翌日10:00" in page
    answer = browser_of_aiko.post(
        f"{ADDRESS}{day}/", {"time": "15:00-34:00", "idempotency_key": "night"}, follow=True
    )
    assert answer.status_code == 200
    held = Reservation.objects.get()
    assert (held.starts_at, held.ends_at) == (moment(day, 900, TOKYO), moment(day, 2040, TOKYO))
    assert "15:00〜翌日10:00" in answer.text


def test_the_desk_shows_the_night_on_both_days(browser_of, dai, now):
    day = TODAY + timedelta(days=2)
    book_room(
        room_id=room_by_key(HALL, "kenshu-1").id,
        starts_at=moment(day, 900, TOKYO),
        ends_at=moment(day, 2040, TOKYO),
        resident_id=factories.a_resident("佐藤 花子").pk,
        channel="desk",
        purpose="合宿",
        details=Details(headcount=9),
        actor=Actor("staff", 1),
        now=now,
    )
    browser = browser_of(dai)
    assert "15:00〜翌日10:00" in browser.get(f"/desk/{HALL}/{day}/").text
    assert "前日15:00〜10:00" in browser.get(f"/desk/{HALL}/{day + timedelta(days=1)}/").text


def test_times_of_other_days_are_said_with_their_day():
    assert [clock(at) for at in (540, 1440, 2040, 2880, -540, 4000)] == [
        "9:00", "24:00", "翌日10:00", "翌日24:00", "前日15:00", "2日後18:40",
    ]  # fmt: skip
    assert spoken_clock(2040) == "翌日午前10時"
    with translation.override("en"):
        assert [clock(at) for at in (2040, -540)] == ["10:00 the next day", "15:00 the day before"]
        night = span(moment(TODAY, 900, TOKYO), moment(TODAY, 2040, TOKYO))
    assert "3:00 pm–10:00 am the next day" in night
