"""Staff decide over the API about what is under review, and take rooms for official use."""

from __future__ import annotations

import pytest

from booking.models import Reservation
from frontend.api import official_outputs
from tenants.context import inside
from tests import factories
from tests.api.conftest import program_of, refused
from tests.booking.conftest import publish
from tests.booking.test_review_applications import REVIEWS, WINDOW

__all__ = ["publish"]


@pytest.fixture
def elsewhere(city):
    """A manager of another hall."""
    with inside(city):
        staff = factories.a_staff("他館 職員", "elsewhere@example.jp", facilities=[factories.a_facility()])
    return program_of(type("P", (), {"municipality": city, "user": staff.user}))


@pytest.fixture
def applied(publish, aikos, wish):
    """What Aiko applied for with so many people that the rules want it reviewed."""
    publish((WINDOW, REVIEWS))
    response = aikos.post("/reservations", wish(purpose="大会", headcount=25))
    assert response.json()["status"] == "applied", response.content
    return response.json()


@pytest.fixture
def taking(wish):
    """What is sent to take the room from 9:00 to 13:00."""
    use = wish("09:00", "13:00")
    room = use.pop("room")
    return use | {"facility": "chuo-kominkan", "rooms": [room], "kind": "election", "reason": "投票所"}


def test_the_queue_says_what_waits_and_why(dais, elsewhere, applied):
    listed = official_outputs.Reviews.model_validate_json(dais.get("/reviews").content)
    (one,) = listed.reviews
    assert (str(one.reservation.ref), one.state, one.days_waiting) == (applied["ref"], "applied", 0)
    assert one.reasons
    assert elsewhere.get("/reviews").json()["reviews"] == []


def test_staff_permit_on_conditions(dais, aikos, applied):
    body = {"reservations": [applied["ref"]], "conditions": "静かに\n片付けること"}
    done = dais.post("/reviews/permit", body)
    assert [one["status"] for one in done.json()["reservations"]] == ["confirmed"], done.content
    refused(dais.post("/reviews/permit", body), 409, "review_over")


def test_staff_refuse_with_a_reason(dais, aikos, applied):
    body = {"reservations": [applied["ref"]], "reason": ""}
    refused(dais.post("/reviews/refuse", body), 422, "refusal_reason_missing")
    assert dais.post("/reviews/refuse", body | {"reason": "目的に合わないため"}).status_code == 200
    assert aikos.get(f"/reservations/{applied['ref']}").json()["status"] == "refused"


def test_only_staff_of_the_hall_decide(aikos, elsewhere, applied):
    body = {"reservations": [applied["ref"]], "reason": "x"}
    permit = {"reservations": [applied["ref"]]}
    refused(aikos.get("/reviews"), 403, "permission_denied")
    refused(aikos.post("/reviews/permit", permit), 403, "permission_denied")
    refused(aikos.post("/reviews/refuse", body), 403, "permission_denied")
    refused(elsewhere.post("/reviews/permit", permit), 404, "reservation_not_found")
    refused(elsewhere.post("/reviews/refuse", body), 404, "reservation_not_found")


def look(program, taking):
    found = program.post("/displacements/look", taking)
    assert found.status_code == 200, found.content
    return official_outputs.DisplacementLook.model_validate_json(found.content)


def choice(hit, verdict):
    place = {}
    if verdict != "cancel":
        place = hit.suggested.model_dump(mode="json", include={"room", "starts_at", "ends_at"})
    return {
        "reservation": str(hit.reservation.ref),
        "sequence": hit.reservation.sequence,
        "verdict": verdict,
    } | place


def test_who_is_hit_is_moved_in_one_act(dais, aikos, booked, taking):
    (hit,) = look(dais, taking).hits
    assert str(hit.reservation.ref) == booked["ref"]
    response = dais.post("/displacements", taking | {"choices": [choice(hit, "move")]})
    assert response.status_code == 201, response.content
    act = official_outputs.Displacement.model_validate_json(response.content)
    assert [one.outcome for one in act.displaced] == ["moved"]
    assert dais.get(response["Location"].removeprefix("/api/v1")).json()["kind"] == "election"
    moved = aikos.get(f"/reservations/{booked['ref']}").json()
    assert (moved["room"], moved["starts_at"]) != (booked["room"], booked["starts_at"])
    assert moved["sequence"] > booked["sequence"]


@pytest.mark.parametrize(("answer", "status"), [("accept", "confirmed"), ("decline", "cancelled")])
def test_who_is_asked_answers(dais, aikos, booked, taking, answer, status):
    (hit,) = look(dais, taking).hits
    body = taking | {"choices": [choice(hit, "ask")], "answer_by": "2027-05-20T17:00:00+09:00"}
    assert dais.post("/displacements", body).status_code == 201
    body = {} if answer == "decline" else None
    response = aikos.post(f"/reservations/{booked['ref']}/proposal/{answer}", body)
    assert (response.status_code, response.json()["status"]) == (200, status), response.content


def test_nothing_happens_when_who_is_hit_changed(dais, booked, taking):
    refused(dais.post("/displacements", taking | {"choices": []}), 409, "hits_changed")
    (hit,) = look(dais, taking).hits
    old = choice(hit, "cancel") | {"sequence": hit.reservation.sequence + 1}
    refused(dais.post("/displacements", taking | {"choices": [old]}), 409, "hits_changed")
    assert Reservation.objects.get(ref=booked["ref"]).status == "confirmed"


def test_only_staff_of_the_hall_take_rooms(dais, aikos, elsewhere, booked, taking):
    for path, body in (("/displacements/look", taking), ("/displacements", taking | {"choices": []})):
        refused(aikos.post(path, body), 403, "permission_denied")
        refused(elsewhere.post(path, body), 403, "other_hall")
    (hit,) = look(dais, taking).hits
    made = dais.post("/displacements", taking | {"choices": [choice(hit, "cancel")]}).json()
    refused(elsewhere.get(f"/displacements/{made['ref']}"), 404, "closure_not_found")
    refused(aikos.get(f"/displacements/{made['ref']}"), 403, "permission_denied")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rooms": []}, "invalid_input"),
        ({"kind": "x"}, "invalid_input"),
        ({"reason": ""}, "invalid_input"),
        ({"choices": [{"verdict": "x"}]}, "invalid_input"),
        ({"starts_at": "2027-06-10T00:00:00+09:00"}, "invalid_period"),
    ],
)
def test_what_is_no_taking_is_refused(dais, taking, changes, code):
    refused(dais.post("/displacements", taking | {"choices": []} | changes), 422, code)


def test_rooms_and_halls_that_are_not_there_are_not_found(dais, taking):
    refused(dais.post("/displacements/look", taking | {"facility": "nowhere"}), 404, "facility_not_found")
    refused(dais.post("/displacements/look", taking | {"rooms": [10**12]}), 404, "room_not_found")
