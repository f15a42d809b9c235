"""What the rules know and nobody has registered is shown to the admin, and registered with one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from facilities.drafting import begin_draft, begin_rule_book, publish_draft, save_draft
from facilities.errors import FacilityNotFound, KeyTaken, RoomNotFound
from facilities.model_documents import model_text
from facilities.models import Facility, Room, RoomSpace, RuleBook, RuleVersion
from facilities.ordinance.editing.changing import add_item
from facilities.queries import rooms_at
from facilities.registering import register, unregistered
from tests.frontend.conftest import HALL

NEW_ROOM = {
    "key": "hiroba",
    "name": "多目的ひろば",
    "capacity": 40,
    "spaces": ["hiroba-a", "hiroba-b"],
    "turnaround": 15,
    "fee": {"yen_per_hour": 500},
}
PLACES = "/console/halls/register/"


@pytest.fixture
def publish(emi, now):
    def make(draft, text, day):
        saved = save_draft(
            rule_book_id=draft.rule_book_id,
            text=text,
            expected_changed_at=draft.changed_at,
            staff_id=emi.staff.pk,
            now=now,
        )
        return publish_draft(
            rule_book_id=draft.rule_book_id,
            expected_changed_at=saved.changed_at,
            effective_from=day,
            staff_id=emi.staff.pk,
            now=now,
        )

    return make


@pytest.fixture
def new_room(city, emi, now, publish):
    """A version from next month on that knows a room more."""
    draft = begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=now)
    text = add_item(draft.text, ("facilities", 0, "rooms"), NEW_ROOM)
    return publish(draft, text, now.date() + timedelta(days=30))


@pytest.fixture
def new_hall(city, emi, now, publish, akiruno):
    """Another rule book with a hall that nobody has registered."""
    text = model_text(key="hokota", municipality=akiruno)
    draft = begin_rule_book(key="east", name="東の施設", text=text, staff_id=emi.staff.pk, now=now)
    return publish(draft, text, now.date())


def test_nothing_is_shown_while_everything_is_registered(browser_of, emi, city, now):
    assert unregistered(now) == []
    assert "まだ登録していない" not in browser_of(emi).get("/console/").text


def test_a_new_room_is_shown_on_its_version_and_at_home_and_registered_with_one_tap(
    browser_of, emi, city, new_room
):
    browser = browser_of(emi)
    for page in ("/console/", f"/console/rules/{new_room.rule_book_id}/{new_room.number}/"):
        assert "多目的ひろば" in browser.get(page).text.partition("まだ登録していない")[2]
    answer = browser.post(PLACES, {"hall": HALL, "room": "hiroba"}, follow=True)
    assert "登録しました" in answer.text
    room = Room.objects.get(key="hiroba")
    assert (room.name, room.capacity, room.turnaround_minutes, room.is_open) == ("多目的ひろば", 40, 15, True)
    assert sorted(RoomSpace.objects.filter(room=room).values_list("space__key", flat=True)) == [
        "hiroba-a",
        "hiroba-b",
    ]
    assert rooms_at(HALL)[-1].key == "hiroba"
    assert "まだ登録していない" not in browser.get("/console/").text


def test_an_old_version_does_not_ask_for_its_rooms(browser_of, emi, city, new_room):
    Room.objects.filter(key="hiroba").delete()
    assert "まだ登録していない" not in browser_of(emi).get(f"/console/rules/{new_room.rule_book_id}/1/").text


def test_a_new_hall_is_registered_with_all_its_rooms_under_its_own_rules(
    browser_of, emi, city, new_hall, now
):
    missing = unregistered(now)
    assert [(one.hall.key, one.room) for one in missing if one.hall.key == "hokota-chuo"] == [
        ("hokota-chuo", None)
    ]
    browser_of(emi).post(PLACES, {"hall": "hokota-chuo", "room": ""})
    hall = Facility.objects.get(key="hokota-chuo")
    assert hall.rule_book_id == new_hall.rule_book_id
    known = next(one.hall for one in missing if one.hall.key == "hokota-chuo")
    assert [room.key for room in rooms_at("hokota-chuo")] == [room.key for room in known.rooms]


def test_what_is_registered_already_or_not_known_is_refused(browser_of, emi, city, now, new_room):
    register(hall_key=HALL, room_key="hiroba", now=now)
    for hall, room, refusal in (
        (HALL, "hiroba", KeyTaken),
        (HALL, "", KeyTaken),
        (HALL, "nowhere", RoomNotFound),
        ("nowhere", "", FacilityNotFound),
        ("nowhere", "hiroba", FacilityNotFound),
    ):
        with pytest.raises(refusal):
            register(hall_key=hall, room_key=room, now=now)
        answer = browser_of(emi).post(PLACES, {"hall": hall, "room": room})
        assert answer.status_code == refusal.status
    assert browser_of(emi).get(PLACES).status_code == 405
    assert Room.objects.filter(key="hiroba").count() == 1


def test_spaces_that_are_there_are_shared_so_that_rooms_still_exclude_each_other(city, emi, now, publish):
    draft = begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=now)
    spaces = Room.objects.get(key="kenshu-2").spaces
    shared = {**NEW_ROOM, "spaces": [spaces.get().key, "hiroba-a"]}
    publish(draft, add_item(draft.text, ("facilities", 0, "rooms"), shared), now.date())
    register(hall_key=HALL, room_key="hiroba", now=now)
    assert spaces.get() in Room.objects.get(key="hiroba").spaces.all()
    assert RuleVersion.objects.count() == 2
