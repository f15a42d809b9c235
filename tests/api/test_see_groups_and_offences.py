"""Groups and offences over the API: one's own, with what may be done about them."""

from __future__ import annotations

import pytest

from accounts.models import Membership
from booking.models import Offence, Reservation
from frontend.api import people_outputs
from tenants.context import inside
from tests import factories
from tests.api.conftest import WEDNESDAY, program_of, refused


@pytest.fixture
def choir(city, aiko, now):
    """A registered choir that Aiko represents."""
    with inside(city):
        group = factories.a_group("合唱団", now=now)
        Membership.objects.create(group=group, resident=aiko.resident, role="representative", since=now)
        factories.a_group("陶芸の会", now=now)
    return group


@pytest.fixture
def offence(booked, dai, now):
    row = Reservation.objects.get(ref=booked["ref"])
    return Offence.objects.create(
        facility_id=row.room.facility_id,
        resident_id=row.resident_id,
        reservation=row,
        key="no-show",
        name="無断の不使用",
        day=WEDNESDAY,
        recorded_at=now,
        recorded_by=dai.staff,
    )


@pytest.fixture
def stranger(city):
    with inside(city):
        other = factories.a_resident("別 人", "other@example.jp", login=True)
    return program_of(type("P", (), {"municipality": city, "user": other.user}))


def test_a_resident_sees_their_groups_with_role_and_registrations(aikos, stranger, choir):
    listed = people_outputs.Groups.model_validate_json(aikos.get("/groups").content)
    (one,) = listed.groups
    assert (one.ref, one.name, one.role, one.number) == (choir.ref, "合唱団", "representative", choir.number)
    assert {registration.state for registration in one.registrations} == {"registered"}
    assert stranger.get("/groups").json()["groups"] == []


def test_a_group_is_booked_for_by_its_ref(aikos, choir, wish):
    made = aikos.post("/reservations", wish(purpose="練習", headcount=10, group=str(choir.ref)))
    assert made.json()["group"] == {"ref": str(choir.ref), "name": "合唱団"}, made.content


def test_staff_find_groups_by_name(dais, aikos, choir):
    assert [one["name"] for one in dais.get("/groups", text="合唱").json()["groups"]] == ["合唱団"]
    found = people_outputs.Groups.model_validate_json(dais.get("/groups").content)
    assert {one.role for one in found.groups} == {None}
    refused(aikos.get("/groups", text="合唱"), 422, "invalid_input")


@pytest.mark.parametrize("text", ["\0", "長" * 201, "G-" + "9" * 100, "%", "²"])
def test_any_text_is_searched_or_refused(dais, choir, text):
    assert dais.get("/groups", text=text).status_code in {200, 422}


def test_a_resident_sees_where_they_stand(aikos, stranger, offence):
    listed = people_outputs.Standings.model_validate_json(aikos.get("/offences").content)
    (standing,) = listed.standings
    (one,) = standing.offences
    assert (one.ref, one.name, one.counts, one.may_appeal) == (offence.ref, "無断の不使用", True, True)
    assert stranger.get("/offences").json()["standings"] == []


def test_an_offence_is_appealed_once(aikos, stranger, dais, offence):
    path, body = f"/offences/{offence.ref}/appeal", {"text": "入院していました。\n証明書があります。"}
    refused(stranger.post(path, body), 404, "offence_not_found")
    refused(dais.post(path, body), 403, "permission_denied")
    refused(aikos.post(path, {"text": " \n "}), 422, "invalid_input")
    filed = aikos.post(path, body)
    assert (filed.status_code, filed.json()["state"], filed.json()["text"]) == (200, "filed", body["text"])
    refused(aikos.post(path, body), 409, "appealed_before")
    (standing,) = aikos.get("/offences").json()["standings"]
    assert standing["offences"][0]["appeal"]["state"] == "filed"


def test_staff_have_no_standing_of_their_own(dais):
    refused(dais.get("/offences"), 403, "permission_denied")
