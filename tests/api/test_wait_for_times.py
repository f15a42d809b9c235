"""Waiting for a taken time over the API, and answering what is offered when it becomes free."""

from __future__ import annotations

from uuid import UUID

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.models import Reservation
from booking.waiting.offering import advance_all
from frontend.api import waiting_outputs
from tenants.context import inside
from tests import factories
from tests.api.conftest import program_of, refused


@pytest.fixture
def somebody(city):
    with inside(city):
        return factories.a_resident("別 人", "other@example.jp", login=True)


@pytest.fixture
def theirs(city, somebody, wish):
    """The program of somebody else, who has the time."""
    program = program_of(type("P", (), {"municipality": city, "user": somebody.user}))
    assert program.post("/reservations", wish(purpose="会", headcount=5)).status_code == 201
    return program


@pytest.fixture
def wait(aikos, theirs, wish):
    response = aikos.post("/waits", wish())
    assert response.status_code == 201, response.content
    assert response["Location"] == f"/api/v1/waits/{response.json()['ref']}"
    return waiting_outputs.Wait.model_validate_json(response.content)


@pytest.fixture
def offer(aikos, wait, somebody, now):
    row = Reservation.objects.get(resident=somebody)
    cancel_reservation(ref=row.ref, actor=Actor("resident", somebody.pk), reason="", now=now)
    advance_all(now=now)
    (offer,) = waiting_outputs.Wait.model_validate_json(aikos.get(f"/waits/{wait.ref}").content).offers
    return offer


def test_a_resident_waits_for_a_taken_time_and_stops(aikos, wait):
    assert (wait.status, wait.wish, wait.offers) == ("waiting", "offer", [])
    listed = waiting_outputs.Waits.model_validate_json(aikos.get("/waits").content)
    assert [one.ref for one in listed.coming] == [wait.ref]
    assert aikos.delete(f"/waits/{wait.ref}").status_code == 204
    assert aikos.delete(f"/waits/{wait.ref}").status_code == 204
    listed = waiting_outputs.Waits.model_validate_json(aikos.get("/waits").content)
    assert (listed.coming, [one.status for one in listed.past]) == ([], ["withdrawn"])


def test_a_free_time_is_not_waited_for(aikos, wish):
    refused(aikos.post("/waits", wish()), 409, "not_taken")


def test_one_waits_once(aikos, wait, wish):
    refused(aikos.post("/waits", wish()), 409, "already_waiting")


def test_an_offer_is_accepted_once(aikos, offer):
    assert offer.state == "open"
    path, body = f"/offers/{offer.ref}/accept", {"purpose": "コーラス", "headcount": 10}
    booked = aikos.post(path, body)
    assert (booked.status_code, booked.json()["status"]) == (200, "confirmed"), booked.content
    assert aikos.post(path, body).json()["ref"] == booked.json()["ref"]


def test_an_offer_that_was_declined_is_over(aikos, offer):
    assert aikos.post(f"/offers/{offer.ref}/decline").status_code == 204
    body = {"purpose": "コーラス", "headcount": 10}
    refused(aikos.post(f"/offers/{offer.ref}/accept", body), 409, "offer_over")


def test_waits_and_offers_of_somebody_else_are_not_there(theirs, wait, offer):
    body = {"purpose": "コーラス", "headcount": 10}
    refused(theirs.get(f"/waits/{wait.ref}"), 404, "wait_not_found")
    refused(theirs.delete(f"/waits/{wait.ref}"), 404, "wait_not_found")
    refused(theirs.post(f"/offers/{offer.ref}/accept", body), 404, "offer_not_found")
    refused(theirs.post(f"/offers/{offer.ref}/decline"), 404, "offer_not_found")


def test_staff_enter_a_wait_for_a_resident_but_answer_no_offers(dais, aiko, theirs, wish):
    refused(dais.post("/waits", wish()), 422, "invalid_input")
    made = dais.post("/waits", wish(resident_id=aiko.resident.pk))
    assert made.status_code == 201, made.content
    refused(dais.get("/waits"), 403, "permission_denied")
    refused(dais.delete(f"/waits/{made.json()['ref']}"), 403, "permission_denied")
    nothing = UUID(int=0)
    refused(dais.post(f"/offers/{nothing}/decline"), 403, "permission_denied")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"wish": "x"}, "/wish"),
        ({"any_alike": 1}, "/any_alike"),
        ({"starts_at": "x"}, "/starts_at"),
        ({"room": 2**63}, "/room"),
    ],
)
def test_a_mistake_is_shown_by_its_pointer(aikos, wish, changes, pointer):
    problem = refused(aikos.post("/waits", wish() | changes), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == pointer
