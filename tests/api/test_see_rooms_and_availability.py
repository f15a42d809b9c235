"""Everybody may see halls, rooms and free times."""

from __future__ import annotations

import pytest

from frontend.api import outputs
from tests.api.conftest import refused


def test_halls_are_listed(anybody):
    answer = outputs.Facilities.model_validate(anybody.get("/facilities").json(), strict=True)
    assert [one.key for one in answer.facilities] == ["chuo-kominkan"]


def test_a_hall_comes_with_its_rooms(anybody):
    answer = outputs.FacilityWithRooms.model_validate(anybody.get("/facilities/chuo-kominkan").json())
    assert "第1研修室" in [room.name for room in answer.rooms]


def test_rooms_are_listed_and_read_one_by_one(anybody, room):
    rooms = outputs.Rooms.model_validate(anybody.get("/rooms").json()).rooms
    assert rooms == outputs.Rooms.model_validate(anybody.get("/rooms", facility="chuo-kominkan").json()).rooms
    one = outputs.Room.model_validate(anybody.get(f"/rooms/{room.id}").json())
    assert one in rooms
    assert (one.name, one.capacity, one.facility) == ("第1研修室", 30, "chuo-kominkan")


@pytest.mark.parametrize("path", ["/facilities/nowhere", "/rooms?facility=nowhere"])
def test_an_unknown_hall_is_not_found(anybody, path):
    refused(anybody.get(path), 404, "facility_not_found")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40])
def test_an_unknown_room_is_not_found(anybody, number):
    refused(anybody.get(f"/rooms/{number}"), 404, "room_not_found")


def test_free_times_of_many_rooms_and_days(anybody, room, booked):
    other = anybody.get("/rooms").json()["rooms"][1]["id"]
    response = anybody.get("/availability", **{"room": [room.id, other], "from": "2027-06-08", "days": 3})
    answer = outputs.Availability.model_validate_json(response.content)
    assert answer.time_zone == "Asia/Tokyo"
    assert [one.room for one in answer.rooms] == [room.id, other]
    wednesday = answer.rooms[0].days[1]
    assert str(wednesday.date) == "2027-06-09"
    assert wednesday.open == [("09:00", "22:00")]
    assert wednesday.busy == [("10:00", "12:00")]
    assert wednesday.free == [("09:00", "10:00"), ("12:00", "22:00")]
    assert answer.rooms[1].days[1].free == [("09:00", "22:00")]


def test_a_closed_day_has_no_open_times(anybody, room):
    answer = anybody.get("/availability", **{"room": room.id, "from": "2027-06-15", "days": 1}).json()
    assert answer["rooms"][0]["days"] == [{"date": "2027-06-15", "open": [], "free": [], "busy": []}]


def test_the_past_is_busy(anybody, room):
    answer = anybody.get("/availability", **{"room": room.id, "from": "2027-05-10", "days": 1}).json()
    day = answer["rooms"][0]["days"][0]
    assert day["busy"][0][0] == "09:00"
    assert day["free"][-1][1] == "22:00"


def test_a_whole_hall_is_asked_for_by_its_key(anybody):
    answer = anybody.get("/availability", **{"facility": "chuo-kominkan", "from": "2027-06-08"}).json()
    assert len(answer["rooms"]) == len(anybody.get("/rooms").json()["rooms"])
    assert {len(room["days"]) for room in answer["rooms"]} == {7}


def test_days_before_the_first_rules_are_refused(anybody, room):
    refused(anybody.get("/availability", **{"room": room.id, "from": "2001-01-01"}), 409, "no_rules_yet")


def test_one_unknown_room_among_others_is_not_passed_over(anybody, room):
    refused(
        anybody.get("/availability", **{"room": [room.id, 999999], "from": "2027-06-08"}),
        404,
        "room_not_found",
    )


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"from": "2027-02-30", "room": 1}, "from"),
        ({"from": "2027-6-1", "room": 1}, "from"),
        ({"from": "20270601", "room": 1}, "from"),
        ({"from": "0001-01-01", "room": 1}, "from"),
        ({"from": "9999-12-31", "room": 1}, "from"),
        ({"from": "2027-06-08T00:00", "room": 1}, "from"),
        ({"from": "２０２７-06-08", "room": 1}, "from"),
        ({"room": 1}, "from"),
        ({"from": "2027-06-08", "room": 1, "days": 0}, "days"),
        ({"from": "2027-06-08", "room": 1, "days": 63}, "days"),
        ({"from": "2027-06-08", "room": 1, "days": "x"}, "days"),
        ({"from": "2027-06-08", "room": 1, "days": "9" * 5000}, "days"),
        ({"from": "2027-06-08", "room": 0}, "room"),
        ({"from": "2027-06-08", "room": 2**63}, "room"),
        ({"from": "2027-06-08", "room": "一"}, "room"),
        ({"from": "2027-06-08", "room": list(range(1, 102))}, "room"),
        ({"from": "2027-06-08"}, ""),
        ({"from": "2027-06-08", "room": 1, "facility": "chuo-kominkan"}, ""),
        ({"from": "2027-06-08", "facility": "a\0b"}, "facility"),
        ({"from": "2027-06-08", "facility": ["a", "b"]}, "facility"),
        ({"from": "2027-06-08", "room": 1, "form": "2027-06-08"}, "form"),
    ],
)
def test_a_question_with_a_mistake_says_where(anybody, query, parameter):
    problem = refused(anybody.get("/availability", **query), 422, "invalid_input")
    assert [error["parameter"] for error in problem["errors"]] == [parameter]
    assert all(error["detail"] for error in problem["errors"])


def test_an_unchanged_answer_is_not_sent_again(anybody, room):
    path = f"/rooms/{room.id}"
    first = anybody.get(path)
    again = anybody.get(path, headers={"If-None-Match": f'"x", W/{first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert anybody.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_has_no_body(anybody):
    response = anybody.client.head("/api/v1/facilities")
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"]
