"""A program learns what a room asks, what a use would cost and whether it would be taken, and says it when booking."""

from __future__ import annotations

import pytest

from booking.models import Reservation
from frontend.api import outputs
from tests.api.conftest import WEDNESDAY, refused
from tests.booking.conftest import publish  # noqa: F401 (a fixture)
from tests.booking.test_say_details import QUESTIONS, USED

SAID = {"purpose": "sale", "answers": {"admission": 500, "heating": True}, "extras": {"piano": 2}}
PRICE = 800 + 800 + 400 + 2 * 540 + 100


@pytest.fixture
def asking(publish):  # noqa: F811
    publish(QUESTIONS, USED)


def quoted(program, room, wish, **more):
    body = {name: value for name, value in wish(**more).items() if name != "room"}
    return program.post(f"/rooms/{room.id}/quote", body)


def test_a_room_says_what_it_asks_by_keys(asking, anybody, room):
    response = anybody.get(f"/rooms/{room.id}/questions", day=WEDNESDAY.isoformat())
    asked = outputs.RoomQuestions.model_validate_json(response.content)
    assert [one.key for one in asked.purposes] == ["meeting", "sale"]
    assert [(one.key, one.kind, one.unit) for one in asked.questions] == [
        ("admission", "number", "円"),
        ("heating", "yes_no", None),
    ]
    assert [(one.key, one.unit) for one in asked.extras] == [("piano", "1回")]
    assert asked.usual_class == "general"


def test_rules_that_ask_nothing_say_so(anybody, room):
    asked = anybody.get(f"/rooms/{room.id}/questions").json()
    assert (asked["purposes"], asked["questions"], asked["extras"], asked["headcount"]) == ([], [], [], False)


def test_a_price_is_told_with_its_lines_and_nothing_is_written(asking, anybody, room, wish):
    response = quoted(anybody, room, wish, headcount=5, details=SAID)
    answer = outputs.UseQuote.model_validate_json(response.content)
    assert answer.allowed
    assert answer.price.total_yen == PRICE == sum(line.yen for line in answer.price.lines)
    assert not Reservation.objects.exists()


def test_a_use_the_rules_would_not_take_says_why_and_from_when(anybody, room, wish):
    answer = quoted(anybody, room, wish, day=WEDNESDAY.replace(month=12)).json()
    assert answer["allowed"] is False
    assert [reason["code"] for reason in answer["reasons"]] == ["not_yet_open"]
    assert answer["opens_at"].startswith("2027-09-09T00:00:00")


def test_a_booking_carries_what_was_said_into_its_price(asking, aikos, wish):
    answer = aikos.post("/reservations", wish(purpose="古本市", headcount=5, details=SAID)).json()
    assert answer["price"]["total_yen"] == PRICE
    assert answer["details"] == {
        **SAID,
        "applicant_class": "general",
        "early_minutes": 0,
        "extension_minutes": 0,
    }
    assert aikos.get(f"/reservations/{answer['ref']}").json()["details"] == answer["details"]


def test_a_hold_is_priced_by_what_is_said_when_it_is_confirmed(asking, aikos, wish):
    held = aikos.post("/holds", wish()).json()
    body = {"purpose": "古本市", "headcount": 5, "details": SAID}
    assert aikos.post(f"/holds/{held['ref']}/confirm", body).json()["price"]["total_yen"] == PRICE


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"purpose": "wedding"}, "/details/purpose"),
        ({"purpose": "sale", "answers": {"age": 3}}, "/details/answers/age"),
        ({"purpose": "sale", "answers": {"admission": "many"}}, "/details/answers/admission"),
        ({"purpose": "sale", "extras": {"organ": 1}}, "/details/extras/organ"),
        ({"purpose": "sale", "applicant_class": "mayor"}, "/details/applicant_class"),
        ({}, "/details/purpose"),
    ],
)
def test_what_does_not_fit_the_rules_is_shown_by_its_pointer(asking, aikos, wish, details, pointer):
    body = wish(purpose="会", headcount=5, details=details)
    code = "details_unfit" if details else "details_missing"
    problem = refused(aikos.post("/reservations", body), 422, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert all(error["detail"] for error in problem["errors"])
    assert not Reservation.objects.exists()


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ([], "/details"),
        ({"answers": {"admission": 1.5}}, "/details/answers/admission"),
        ({"answers": {"admission": -1}}, "/details/answers/admission"),
        ({"answers": {"admission": None}}, "/details/answers/admission"),
        ({"answers": []}, "/details/answers"),
        ({"extras": {"piano": "1"}}, "/details/extras/piano"),
        ({"extras": {"piano": 10**30}}, "/details/extras/piano"),
        ({"early_minutes": -1}, "/details/early_minutes"),
        ({"seats": 3}, "/details/seats"),
    ],
)
def test_details_of_the_wrong_shape_are_shown_by_their_pointer(aikos, wish, details, pointer):
    problem = refused(aikos.post("/holds", wish(details=details)), 422, "invalid_input")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_an_unknown_room_or_day_is_refused(anybody, room):
    refused(anybody.get("/rooms/999999/questions"), 404, "room_not_found")
    refused(anybody.get(f"/rooms/{room.id}/questions", day="2027-02-30"), 422, "invalid_input")
    refused(anybody.get(f"/rooms/{room.id}/questions", day="2001-01-01"), 409, "no_rules_yet")
    refused(anybody.post(f"/rooms/{room.id}/quote", {"starts_at": "now"}), 422, "invalid_input")
