"""A series over the API: planned, looked at, applied for, then some dates cancelled, moved and added."""

from __future__ import annotations

import pytest

from booking.models import Reservation
from frontend.api import series_outputs
from tenants.context import inside
from tests import factories
from tests.api.conftest import program_of, refused

FIRST = "2027-06-09"


@pytest.fixture
def planned(room):
    """What is sent to plan three Wednesdays, 10:00 to 12:00."""
    return {
        "rooms": [room.id],
        "rule": "FREQ=WEEKLY;BYDAY=WE;COUNT=3",
        "first": FIRST,
        "starts": "10:00",
        "ends": "12:00",
        "purpose": "コーラス",
        "headcount": 10,
    }


@pytest.fixture
def draft(aikos, planned):
    response = aikos.post("/series", planned)
    assert response.status_code == 201, response.content
    assert response["Location"] == f"/api/v1/series/{response.json()['ref']}"
    return response.json()


@pytest.fixture
def series(aikos, draft):
    response = aikos.post(f"/series/{draft['ref']}/apply", {"all_or_nothing": True})
    assert response.status_code == 200, response.content
    return series_outputs.AppliedSeries.model_validate_json(response.content).series


def test_a_draft_books_nothing_and_says_its_rule_in_words(aikos, draft):
    assert (draft["state"], draft["dates"], draft["words"]) == ("draft", [], "毎週 水曜日、3回")
    english = aikos.get(f"/series/{draft['ref']}", {"Accept-Language": "en"}).json()
    assert english["words"] == "every Wednesday, 3 times"
    assert not Reservation.objects.exists()


def test_the_preview_says_each_date_with_alternatives(aikos, booked, draft):
    preview = series_outputs.SeriesPreview.model_validate_json(
        aikos.get(f"/series/{draft['ref']}/preview").content
    )
    assert [one.state for one in preview.dates] == ["refused", "free", "free"]
    assert preview.dates[0].alternatives
    assert preview.price_yen == 1600


def test_what_is_chosen_is_booked(aikos, booked, draft):
    path = f"/series/{draft['ref']}"
    dates = aikos.get(f"{path}/preview").json()["dates"]
    body = {
        "all_or_nothing": True,
        "leave": [dates[1]["key"]],
        "instead": {dates[0]["key"]: dates[0]["alternatives"][0]["key"]},
    }
    done = series_outputs.AppliedSeries.model_validate_json(aikos.post(f"{path}/apply", body).content)
    assert (done.booked, done.waiting, done.refused) == (2, 0, 0)
    assert [one.state for one in done.series.dates] == ["booked", "left_out", "booked"]
    refused(aikos.post(f"{path}/apply", body), 409, "series_applied")
    assert [one["ref"] for one in aikos.get("/series").json()["series"]] == [draft["ref"]]


def test_a_whole_series_that_cannot_be_had_is_refused_by_its_dates(aikos, booked, draft, room):
    problem = refused(
        aikos.post(
            f"/series/{draft['ref']}/apply",
            {"all_or_nothing": True, "instead": {f"{room.id}-{FIRST}": f"{room.id}-{FIRST}-600-720"}},
        ),
        409,
        "series_not_whole",
    )
    assert problem["refused"][f"{room.id}-{FIRST}"]["code"] == "slot_taken"
    assert Reservation.objects.count() == 1


def test_some_dates_are_cancelled_and_added_again(aikos, series):
    path = f"/series/{series.ref}"
    looked = aikos.post(f"{path}/cancel/look", {"first": "2027-06-16"})
    assert len(series_outputs.CancelTerms.model_validate_json(looked.content).dates) == 2
    done = aikos.post(f"{path}/cancel", {"first": "2027-06-16", "last": "2027-06-16"}).json()
    assert (done["cancelled"], done["kept"]) == (1, [])
    dates = aikos.get(path).json()["dates"]
    assert [one["state"] for one in dates] == ["booked", "cancelled", "booked"]
    added = aikos.post(f"{path}/dates/{dates[1]['id']}/add", {})
    assert [one["state"] for one in added.json()["dates"]] == ["booked"] * 3, added.content
    refused(aikos.post(f"{path}/dates/{dates[1]['id']}/add", {}), 409, "series_date_not_open")


def test_dates_are_moved(aikos, series):
    path, target = f"/series/{series.ref}", {"starts": "13:00", "ends": "15:00"}
    looked = series_outputs.MoveTerms.model_validate_json(aikos.post(f"{path}/move/look", target).content)
    assert [one.allowed for one in looked.dates] == [True] * 3
    moved = aikos.post(f"{path}/move", target | {"all_or_nothing": True, "first": "2027-06-16"}).json()
    assert (moved["moved"], moved["kept"]) == (2, [])
    starts = [one["starts"] for one in aikos.get(path).json()["dates"]]
    assert starts == ["10:00", "13:00", "13:00"]


def test_a_series_goes_on_where_it_ends(aikos, series):
    again = aikos.post(f"/series/{series.ref}/renew")
    assert again.status_code == 201, again.content
    assert (again.json()["first"], again.json()["state"]) == ("2027-06-30", "draft")


def test_staff_book_a_series_for_a_resident_at_their_halls(city, dais, aikos, aiko, planned):
    body = planned | {"resident_id": aiko.resident.pk}
    refused(dais.post("/series", planned), 422, "invalid_input")
    made = dais.post("/series", body)
    assert made.status_code == 201, made.content
    path = f"/series/{made.json()['ref']}"
    refused(aikos.get(path), 404, "series_not_found")
    with inside(city):
        staff = factories.a_staff("他館 職員", "elsewhere@example.jp", facilities=[factories.a_facility()])
    elsewhere = program_of(type("P", (), {"municipality": city, "user": staff.user}))
    refused(elsewhere.post("/series", body), 403, "other_hall")
    for path_of in ("", "/preview"):
        refused(elsewhere.get(path + path_of), 404, "series_not_found")
    refused(elsewhere.post(f"{path}/apply", {"all_or_nothing": True}), 404, "series_not_found")
    assert dais.post(f"{path}/apply", {"all_or_nothing": True}).status_code == 200
    assert aikos.get(path).json()["state"] == "open"
    assert elsewhere.get("/series").json()["series"] == []
    assert len(dais.get("/series").json()["series"]) == 1


def test_a_series_of_somebody_else_is_not_there(city, series):
    with inside(city):
        other = factories.a_resident("別 人", "other@example.jp", login=True)
    stranger = program_of(type("P", (), {"municipality": city, "user": other.user}))
    path = f"/series/{series.ref}"
    target = {"starts": "13:00", "ends": "15:00"}
    for method, below, body in (
        ("GET", "", None),
        ("GET", "/preview", None),
        ("POST", "/apply", {"all_or_nothing": True}),
        ("POST", "/cancel", {}),
        ("POST", "/cancel/look", {}),
        ("POST", "/move", target | {"all_or_nothing": True}),
        ("POST", "/move/look", target),
        ("POST", f"/dates/{series.dates[0].id}/add", {}),
        ("POST", "/renew", None),
    ):
        refused(stranger.send(method, path + below, body), 404, "series_not_found")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"rule": "FREQ=DAILY;COUNT=3"}, "bad_series", None),
        ({"rule": "\0"}, "bad_series", None),
        ({"rule": "FREQ=WEEKLY;BYDAY=WE;UNTIL=99991231"}, "series_too_long", None),
        ({"rule": "FREQ=WEEKLY;BYDAY=WE;UNTIL=20200101"}, "series_empty", None),
        ({"starts": "12:00", "ends": "10:00"}, "bad_series", None),
        ({"starts": "9"}, "invalid_input", "/starts"),
        ({"starts": "99:00"}, "invalid_input", "/starts"),
        ({"starts": 5}, "invalid_input", "/starts"),
        ({"rooms": []}, "invalid_input", "/rooms"),
        ({"first": "2027-06-31"}, "invalid_input", "/first"),
        ({"purpose": ""}, "invalid_input", "/purpose"),
    ],
)
def test_what_is_no_series_is_refused(aikos, planned, changes, code, pointer):
    problem = refused(aikos.post("/series", planned | changes), 422, code)
    assert [one["pointer"] for one in problem.get("errors", ())] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    "body",
    [
        {"all_or_nothing": True, "leave": ["1-2027-06-10"]},
        {"all_or_nothing": True, "leave": ["x"]},
        {"all_or_nothing": True, "force": ["1-2027-06-09"]},
        {"all_or_nothing": True, "override_reason": "x"},
        {"all_or_nothing": True, "instead": {"x": "y"}},
        {},
    ],
)
def test_choices_that_are_none_are_refused(aikos, draft, body):
    refused(aikos.post(f"/series/{draft['ref']}/apply", body), 422, "invalid_input")


@pytest.mark.parametrize("key", ["0001-01-01-0-60", "2027-02-31-0-60", "2027-06-09-720-600"])
def test_an_alternative_that_is_none_is_refused(aikos, draft, room, key):
    body = {"all_or_nothing": True, "instead": {f"{room.id}-{FIRST}": f"{room.id}-{key}"}}
    refused(aikos.post(f"/series/{draft['ref']}/apply", body), 422, "invalid_input")


def test_a_date_that_is_not_there_is_not_found(aikos, series):
    refused(aikos.post(f"/series/{series.ref}/dates/{10**30}/add", {}), 404, "series_not_found")
