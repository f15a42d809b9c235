"""Several rooms and times at once: looked at together, booked together, each with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.models import Reservation
from frontend.api import several_outputs
from tenants.context import inside
from tests import factories
from tests.api.conftest import WEDNESDAY, program_of, refused


@pytest.fixture
def items(wish):
    """Two Wednesdays and one time that is outside of the opening hours."""

    def make(*hours, **more):
        return [
            wish(starts, ends, day=WEDNESDAY + timedelta(weeks=week), headcount=10, **more)
            for week, (starts, ends) in enumerate(hours)
        ]

    return make


TWO = (("10:00", "12:00"), ("10:00", "12:00"))
ONE_BAD = (("10:00", "12:00"), ("07:00", "08:00"))


def test_several_are_looked_at_with_reasons_and_a_price(aikos, items):
    looked = aikos.post("/applications/look", {"items": items(*ONE_BAD)})
    found = several_outputs.ApplicationLooked.model_validate_json(looked.content)
    assert [one.state for one in found.items] == ["free", "refused"]
    assert found.price_yen == found.items[0].price.total_yen == 800
    assert found.items[1].refused.reasons[0].code == "outside_hours"
    assert not Reservation.objects.exists()


def test_what_is_taken_comes_with_alternatives(aikos, booked, wish):
    looked = aikos.post("/applications/look", {"items": [wish(headcount=10)]}).json()
    (item,) = looked["items"]
    assert (item["state"], item["refused"]["code"]) == ("refused", "slot_taken")
    assert {one["kind"] for one in item["alternatives"]} >= {"time", "room"}
    assert looked["price_yen"] == 0


def test_what_is_missing_is_shown_by_its_pointer(aikos, wish):
    looked = aikos.post("/applications/look", {"items": [wish(details={"answers": {"no": 1}})]}).json()
    why = looked["items"][0]["refused"]
    assert why["code"] == "details_unfit"
    assert why["errors"][0]["pointer"] == "/items/0/details/answers/no"


def test_several_are_booked_as_one_application(aikos, items):
    body = {"items": items(*TWO), "purpose": "コーラス", "all_or_nothing": True}
    response = aikos.post("/applications", body)
    assert response.status_code == 201, response.content
    made = several_outputs.ApplicationResult.model_validate_json(response.content)
    assert [one.status for one in made.reservations] == ["confirmed", "confirmed"]
    assert (made.price_yen, made.refused) == (1600, [])
    assert response["Location"] == f"/api/v1/applications/{made.ref}"
    again = several_outputs.Application.model_validate_json(aikos.get(f"/applications/{made.ref}").content)
    assert again.reservations == made.reservations


def test_what_is_free_is_booked_and_the_rest_refused(aikos, items):
    body = {"items": items(*ONE_BAD), "purpose": "会", "all_or_nothing": False}
    made = aikos.post("/applications", body).json()
    assert len(made["reservations"]) == 1
    assert [(one["place"], one["code"]) for one in made["refused"]] == [(1, "outside_rules")]


def test_all_or_nothing_books_nothing(aikos, items):
    body = {"items": items(*ONE_BAD), "purpose": "会", "all_or_nothing": True}
    problem = refused(aikos.post("/applications", body), 409, "nothing_booked")
    assert problem["refused"]["1"]["reasons"][0]["code"] == "outside_hours"
    assert not Reservation.objects.exists()


def test_a_refused_application_speaks_english(aikos, items):
    body = {"items": items(*ONE_BAD), "purpose": "kai", "all_or_nothing": True}
    problem = aikos.post("/applications", body, {"Accept-Language": "en"}).json()
    assert problem["refused"]["1"]["detail"].startswith("Outside the opening hours")


def test_a_repeated_application_is_replayed(aikos, items):
    body = {"items": items(*TWO), "purpose": "会", "all_or_nothing": True}
    first, again = (aikos.post("/applications", body, {"Idempotency-Key": "k1"}) for _ in range(2))
    assert again["Idempotency-Replayed"] == "true"
    assert (first.content, first["Location"]) == (again.content, again["Location"])
    assert Reservation.objects.count() == 2


def test_staff_take_it_against_the_rules_with_a_reason(dais, aiko, items):
    body = {"items": items(*ONE_BAD), "purpose": "会", "all_or_nothing": True}
    body |= {"resident_id": aiko.resident.pk}
    refused(dais.post("/applications", body), 409, "nothing_booked")
    response = dais.post("/applications", body | {"override_reason": "館長の許可"})
    assert response.status_code == 201, response.content
    assert len(response.json()["reservations"]) == 2


def test_residents_say_nothing_that_only_staff_may_say(aikos, items, aiko):
    body = {"items": items(*TWO), "purpose": "会", "all_or_nothing": True, "override_reason": "x"}
    problem = refused(aikos.post("/applications", body), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/override_reason"
    look = {"items": items(*TWO), "resident_id": aiko.resident.pk}
    refused(aikos.post("/applications/look", look), 422, "invalid_input")


def test_staff_say_for_whom_and_at_their_halls_only(city, dais, aiko, items):
    look = {"items": items(*TWO)}
    problem = refused(dais.post("/applications/look", look), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/resident_id"
    with inside(city):
        hall = factories.a_facility()
        elsewhere = factories.a_staff("他館 職員", "elsewhere@example.jp", facilities=[hall])
    program = program_of(type("P", (), {"municipality": city, "user": elsewhere.user}))
    refused(program.post("/applications/look", look | {"resident_id": aiko.resident.pk}), 403, "other_hall")
    body = look | {"purpose": "会", "all_or_nothing": True, "resident_id": aiko.resident.pk}
    refused(program.post("/applications", body), 403, "other_hall")
    ref = dais.post("/applications", body).json()["ref"]
    refused(program.get(f"/applications/{ref}"), 404, "reservation_not_found")
    assert dais.get(f"/applications/{ref}").status_code == 200


def test_an_application_of_somebody_else_is_not_there(city, aikos, items):
    body = {"items": items(*TWO), "purpose": "会", "all_or_nothing": True}
    ref = aikos.post("/applications", body).json()["ref"]
    with inside(city):
        other = factories.a_resident("別 人", "other@example.jp", login=True)
    stranger = program_of(type("P", (), {"municipality": city, "user": other.user}))
    refused(stranger.get(f"/applications/{ref}"), 404, "reservation_not_found")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"items": []}, "/items"),
        ({"items": [{}] * 101}, "/items"),
        ({"items": "x"}, "/items"),
        ({"items": [5]}, "/items/0"),
        ({"all_or_nothing": "yes"}, "/all_or_nothing"),
        ({"all_or_nothing": None}, "/all_or_nothing"),
        ({"purpose": " "}, "/purpose"),
        ({"override_reason": "x\0"}, "/override_reason"),
        ({"group": "x"}, "/group"),
    ],
)
def test_a_mistake_is_shown_by_its_pointer(aikos, items, changes, pointer):
    body = {"items": items(*TWO), "purpose": "会", "all_or_nothing": True} | changes
    problem = refused(aikos.post("/applications", body), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == pointer


def test_times_that_are_none_are_refused_one_by_one(aikos, wish):
    backwards = wish("12:00", "10:00", headcount=10)
    looked = aikos.post("/applications/look", {"items": [backwards, wish(headcount=10)]}).json()
    assert [one["state"] for one in looked["items"]] == ["refused", "free"]
    assert looked["items"][0]["refused"]["code"] == "invalid_period"
    refused(aikos.post("/applications/look", {"items": [wish() | {"room": 10**12}]}), 404, "room_not_found")
