"""A room lent by the slot and by the hour, and hours that can be made longer: everything is offered, at both faces."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Reservation
from booking.publishing import published_times
from facilities.queries import room_by_key
from tests import factories
from tests.clients import HostClient
from tests.frontend.conftest import page_of

BOTH = """\
  both:
    slots:
      - {key: am, name: 午前の部, name_en: Morning, time: "09:00-12:30"}
      - {key: night, name: 夜の部, name_en: Evening, time: "18:00-21:30"}
    hours: {step: 60, time: "09:00-17:00"}
  longer:
    hours: {step: 60, time: "09:00-17:00"}
    extension: {step: 30, maximum: 60, before: true, share: 2割, article: 別表第1備考}
applications:
"""
ROOMS = """\
      - key: both
        name: 多目的室
        time: both
        application: field
        fee:
          table:
            - {when: {slot: [am, night]}, yen_per_slot: {am: 2000, night: 3500}, article: 別表第5}
            - {yen_per_hour: 700, article: 別表第5}
      - {key: longer, name: 談話室, time: longer, application: field, fee: {yen_per_hour: 500, article: 別表第5}}
"""


def halls_with_both(folder):
    """見本市運動公園 with 多目的室 (slots and hours) and 談話室 (hours that can be made longer)."""
    text = (factories.RULES / "much_asked.yaml").read_text(encoding="utf-8")
    path = folder / "both.yaml"
    path.write_text(text.replace("applications:\n", BOTH, 1) + ROOMS, encoding="utf-8")
    return factories.halls_of(path)


@pytest.fixture
def halls(city, tmp_path):
    """見本市文化会館 and 見本市運動公園, with 多目的室 and 談話室."""
    return halls_with_both(tmp_path)


@pytest.fixture
def page_of_room(browser_of_aiko, free_day):
    def read(place, **query):
        return page_of(browser_of_aiko.get(f"/h/{place}/{free_day(place)}/", query))

    return read


def test_room_page_offers_slots_and_hours_side_by_side(page_of_room):
    page = page_of_room("kouen/both", start="09:00")
    assert re.search(r'value="9:00-12:30".{0,300}午前の部 9:00〜12:30.{0,200}2,000円', page, re.S)
    assert re.search(r'value="18:00-21:30".{0,300}夜の部.{0,200}3,500円', page, re.S)
    assert re.search(r'value="9:00-11:00".{0,400}1,400円', page, re.S)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("time", "yen"), [("9:00-12:30", 2000), ("18:00-21:30", 3500), ("14:00-16:00", 1400)]
)
def test_slot_and_hours_are_held_at_their_own_price(held, time, yen):
    assert held("kouen/both", time=time).price_yen == yen


def test_taken_slot_is_said_and_hours_beside_it_stay(held, free_day, page_of_room):
    held("kouen/both", time="9:00-12:30")
    page = page_of_room("kouen/both")
    assert 'value="9:00-12:30"' not in page
    assert re.search(r"午前の部 9:00〜12:30.{0,200}予約済み", page, re.S)
    assert 'value="18:00-21:30"' in page
    assert "start=13:00" in page


def test_day_with_only_a_slot_left_is_free(held, free_day, client_for, city, page_of_room):
    day = free_day("kouen/both")
    held("kouen/both", time="9:00-17:00", day=day)
    strip = page_of(client_for(city).get(f"/h/kouen/both/{day}/"))
    assert "もう空きがありません" not in strip
    assert "18:00〜21:30" in page_of(client_for(city).get(f"/h/kouen/{day}/"))


def test_slot_in_the_address_is_offered_again(page_of_room):
    page = page_of_room("kouen/both", time="18:00-21:30")
    assert "選んだ時間は、いま予約できません" not in page
    assert re.search(r'id="chosen".{0,200}18:00.{0,40}21:30.{0,40}3,500円', page, re.S)


def test_slot_beyond_the_hours_is_published(halls, free_day):
    day = free_day("kouen/both")
    times = published_times(
        rooms=[room_by_key("kouen", "both")], first=day, days=1, now=timezone.now() - timedelta(days=1)
    )
    assert [(one.starts, one.ends) for one in times] == [(540, 1020), (1080, 1290)]


def test_hours_can_be_made_longer_than_hours_are_lent(page_of_room, held):
    page = page_of_room("kouen/longer", start="15:00")
    assert 'value="15:00-17:00+60"' in page
    assert 'value="15:00-16:00+30"' in page
    assert 'value="15:00-16:00+60"' not in page, "that is two hours, at the usual price"
    one = held("kouen/longer", time="15:00-17:00+60")
    assert (one.extension_minutes, one.price_yen) == (60, 1000 + 2 * 200)


def test_longer_hours_in_the_address_are_kept(page_of_room):
    page = page_of_room("kouen/longer", time="15:00-17:00+60")
    assert re.search(r'id="chosen".{0,200}15:00.{0,40}18:00.{0,40}1,400円', page, re.S)


@pytest.fixture
def desk(city, halls, free_day):
    """``desk(place, **changes)``: a manager of 見本市運動公園 types a booking; the page that follows."""
    manager = factories.a_staff("園 守", "sono@example.jp", "manager", halls)
    client = HostClient(city)
    client.force_login(manager.user)

    def send(place, **changes):
        address = f"/desk/{place}/{free_day(place)}/new/"
        return client.post(address, changes) if changes else client.get(address)

    return send


CALLER = {
    "step": "check",
    "channel": "phone",
    "resident": "new",
    "name": "森 かおり",
    "phone": "042-555-0177",
    "purpose": "俳句の会",
    "headcount": "8",
}


def test_desk_offers_slots_and_hours(desk):
    page = page_of(desk("kouen/both"))
    assert re.search(r'value="540-750".{0,200}午前の部　9:00〜12:30　2,000円', page, re.S)
    assert 'value="hours"' in page
    assert '<option value="840">14:00</option>' in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"slot": "1080-1290"}, ("18:00", "21:30", "3,500円")),
        ({"slot": "hours", "starts": "840", "ends": "960"}, ("14:00", "16:00", "1,400円")),
        ({"slot": "1080-1290", "starts": "840", "ends": "600"}, ("18:00", "3,500円")),
    ],
)
def test_desk_books_the_slot_or_the_hours_that_were_chosen(desk, said, words):
    page = page_of(desk("kouen/both", **CALLER, **said))
    for word in words:
        assert word in page, word
    assert desk("kouen/both", **CALLER | {"step": "book", "idempotency_key": "b"}, **said).status_code == 302
    assert Reservation.objects.get().price_yen == int(words[-1].strip("円").replace(",", ""))


@pytest.mark.parametrize(
    "said",
    [{"slot": "hours"}, {"slot": ""}, {"slot": "9-9"}, {"slot": "hours", "starts": "840", "ends": "840"}],
)
def test_desk_says_which_time_is_missing(desk, said):
    answer = desk("kouen/both", **CALLER, **said)
    assert answer.status_code == 422
    assert "まちがいがあります" in page_of(answer)


def test_desk_makes_a_time_longer(desk):
    assert 'name="extension_minutes"' in page_of(desk("kouen/longer"))
    assert 'name="extension_minutes"' not in page_of(desk("kouen/both"))
    said = {"starts": "900", "ends": "1020", "early_minutes": "", "extension_minutes": "60"}
    page = page_of(desk("kouen/longer", **CALLER, **said))
    for words in ("15:00", "18:00", "終わりをのばす", "1,400円"):
        assert words in page, words
    desk("kouen/longer", **CALLER | {"step": "book", "idempotency_key": "l"}, **said)
    row = Reservation.objects.get()
    assert (row.extension_minutes, row.price_yen) == (60, 1400)


def test_desk_refuses_a_time_longer_than_the_rules_allow(desk):
    said = {"starts": "900", "ends": "960", "extension_minutes": "90"}
    assert desk("kouen/longer", **CALLER, **said).status_code == 422
