"""Reservations are changed in one step, by their own rules; what stands meanwhile is not overwritten."""

from __future__ import annotations

import pytest

from booking.models import Reservation
from frontend.api import several_outputs
from tenants.context import inside
from tests import factories
from tests.api.conftest import program_of, refused


@pytest.fixture
def at(wish):
    """The part of a body that says when."""

    def make(starts, ends):
        return {key: value for key, value in wish(starts, ends).items() if key != "room"}

    return make


def test_a_change_is_looked_at_first(aikos, booked, at):
    looked = aikos.post(f"/reservations/{booked['ref']}/change/look", at("13:00", "16:00"))
    terms = several_outputs.ChangeTerms.model_validate_json(looked.content)
    assert (terms.allowed, terms.before_yen, terms.after_yen, terms.pay_yen) == (True, 800, 1200, 400)
    assert Reservation.objects.get(ref=booked["ref"]).sequence == booked["sequence"]


def test_a_reservation_moves_and_stays_the_same_one(aikos, booked, at):
    body = at("13:00", "16:00") | {"sequence": booked["sequence"]}
    response = aikos.post(f"/reservations/{booked['ref']}/change", body)
    assert response.status_code == 200, response.content
    changed = several_outputs.Changed.model_validate_json(response.content)
    now = changed.reservation
    assert (str(now.ref), now.number) == (booked["ref"], booked["number"])
    assert now.sequence > booked["sequence"]
    assert (now.price.total_yen, changed.pay_yen) == (1200, 400)
    assert now.headcount == 10


def test_only_the_headcount_is_changed(aikos, booked):
    changed = aikos.post(f"/reservations/{booked['ref']}/change", {"headcount": 12}).json()["reservation"]
    assert (changed["headcount"], changed["starts_at"]) == (12, booked["starts_at"])


def test_what_was_changed_meanwhile_is_not_overwritten(aikos, booked, at):
    path = f"/reservations/{booked['ref']}/change"
    aikos.post(path, at("13:00", "15:00"))
    refused(
        aikos.post(path, at("15:00", "17:00") | {"sequence": booked["sequence"]}), 409, "changed_meanwhile"
    )


def test_a_taken_time_leaves_everything_as_it_was(aikos, booked, wish, at):
    aikos.post("/reservations", wish("13:00", "15:00", purpose="会", headcount=5))
    for path in ("change", "change/look"):
        refused(aikos.post(f"/reservations/{booked['ref']}/{path}", at("14:00", "16:00")), 409, "slot_taken")
    assert aikos.get(f"/reservations/{booked['ref']}").json()["starts_at"] == booked["starts_at"]


def test_nothing_different_is_no_change(aikos, booked):
    refused(aikos.post(f"/reservations/{booked['ref']}/change", {}), 422, "nothing_changed")


def test_a_repeated_change_is_replayed(aikos, booked, at):
    path, body = f"/reservations/{booked['ref']}/change", at("13:00", "15:00")
    first, again = (aikos.post(path, body, {"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)


def test_staff_change_against_the_rules_with_a_reason(dais, aikos, booked, at):
    path = f"/reservations/{booked['ref']}/change"
    refused(dais.post(path, at("07:00", "08:00")), 422, "outside_rules")
    problem = refused(aikos.post(path, at("07:00", "08:00") | {"override_reason": "x"}), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/override_reason"
    response = dais.post(path, at("07:00", "08:00") | {"override_reason": "設営のため"})
    assert response.status_code == 200, response.content


def test_what_is_not_theirs_is_not_found(city, booked, at):
    with inside(city):
        other = factories.a_resident("別 人", "other@example.jp", login=True)
        staff = factories.a_staff("他館 職員", "elsewhere@example.jp", facilities=[factories.a_facility()])
    for person in (other, staff):
        program = program_of(type("P", (), {"municipality": city, "user": person.user}))
        for path in ("change", "change/look"):
            response = program.post(f"/reservations/{booked['ref']}/{path}", at("13:00", "15:00"))
            refused(response, 404, "reservation_not_found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"room": 0}, "/room"),
        ({"starts_at": "2027-06-09"}, "/starts_at"),
        ({"sequence": -1}, "/sequence"),
        ({"sequence": 2**40}, "/sequence"),
        ({"details": 5}, "/details"),
        ({"purpose": "x"}, "/purpose"),
    ],
)
def test_a_mistake_is_shown_by_its_pointer(aikos, booked, body, pointer):
    problem = refused(aikos.post(f"/reservations/{booked['ref']}/change", body), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == pointer


def test_a_room_that_is_not_there_is_not_found(aikos, booked):
    refused(aikos.post(f"/reservations/{booked['ref']}/change", {"room": 10**12}), 404, "room_not_found")
