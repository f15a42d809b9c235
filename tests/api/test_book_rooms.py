"""Residents book for themselves, staff at their halls for anybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import Resident
from booking.models import Reservation
from frontend.api import outputs, routes
from locks.reconcile import reconcile_subject
from locks.services import add_door
from tenants.context import inside
from tests import factories
from tests.api.conftest import Program, program_of, refused


def test_a_resident_books_in_one_step(aikos, wish, room):
    response = aikos.post("/reservations", wish(purpose="葛󠄀西さんと𠮷田さんの会 🎉", headcount=10))
    assert response.status_code == 201, response.content
    answer = outputs.Reservation.model_validate_json(response.content)
    assert (answer.status, answer.room, answer.channel) == ("confirmed", room.id, "api")
    assert answer.purpose == "葛󠄀西さんと𠮷田さんの会 🎉"
    assert answer.price.total_yen == 800
    assert response.json()["starts_at"] == "2027-06-09T10:00:00+09:00"
    assert response["Location"] == f"/api/v1/reservations/{answer.ref}"


def test_a_resident_holds_then_confirms(aikos, wish):
    held = aikos.post("/holds", wish())
    assert held.status_code == 201, held.content
    assert held.json()["status"] == "hold"
    assert held.json()["held_until"] == "2027-05-10T10:10:00+09:00"
    ref = held.json()["ref"]
    confirmed = aikos.post(f"/holds/{ref}/confirm", {"purpose": "会議", "headcount": None})
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "confirmed")
    assert aikos.post(f"/holds/{ref}/confirm", {"purpose": "会議"}).json()["ref"] == ref


def test_a_hold_is_given_back(aikos, wish):
    ref = aikos.post("/holds", wish()).json()["ref"]
    response = aikos.delete(f"/holds/{ref}")
    assert (response.status_code, response.content) == (204, b"")
    assert aikos.delete(f"/holds/{ref}").status_code == 204
    assert aikos.post("/holds", wish()).status_code == 201


def test_a_hold_whose_time_is_over_cannot_be_confirmed(aikos, wish, monkeypatch, now):
    ref = aikos.post("/holds", wish()).json()["ref"]
    monkeypatch.setattr(routes, "clock_now", lambda: now + timedelta(minutes=11))
    refused(aikos.post(f"/holds/{ref}/confirm", {"purpose": "会議"}), 409, "hold_expired")


def test_the_second_for_a_time_is_refused(aikos, booked, wish):
    refused(aikos.post("/reservations", wish("11:00", "13:00", purpose="会議")), 409, "slot_taken")


def test_a_refusal_by_the_rules_names_rule_and_article(aikos, wish):
    problem = refused(aikos.post("/holds", wish("07:00", "08:00")), 422, "outside_rules")
    assert problem["reasons"][0]["code"] == "outside_hours"
    assert "9:00" in problem["detail"]
    assert "article" in problem["reasons"][0]


def test_refusals_speak_english_to_who_asks_for_it(aikos, wish):
    problem = refused(
        aikos.post("/holds", wish("07:00", "08:00"), {"Accept-Language": "en"}), 422, "outside_rules"
    )
    assert problem["detail"].startswith("Outside the opening hours")


def test_a_refusal_is_logged_by_its_code(aikos, booked, wish, caplog):
    with caplog.at_level("INFO", logger="machinoma.refusal"):
        aikos.post("/reservations", wish(purpose="会議"))
    assert [record.code for record in caplog.records if record.name == "machinoma.refusal"] == ["slot_taken"]
    assert "会議" not in caplog.text


def test_too_many_people_are_refused(aikos, wish):
    refused(aikos.post("/reservations", wish(purpose="会議", headcount=31)), 422, "too_many_people")


def test_a_resident_sees_only_their_own(aikos, booked, city):
    with inside(city):
        other = factories.a_resident("別 人", "other@example.jp", login=True)
    stranger = program_of(type("P", (), {"municipality": city, "user": other.user}))
    ref = booked["ref"]
    assert stranger.get("/reservations").json()["reservations"] == []
    refused(stranger.get(f"/reservations/{ref}"), 404, "reservation_not_found")
    refused(stranger.get(f"/reservations/{ref}/door-code"), 404, "reservation_not_found")
    refused(stranger.post(f"/reservations/{ref}/cancel"), 404, "reservation_not_found")
    refused(stranger.post(f"/holds/{ref}/confirm", {"purpose": "x"}), 404, "reservation_not_found")
    refused(stranger.delete(f"/holds/{ref}"), 404, "reservation_not_found")
    assert Reservation.objects.get(ref=ref).status == "confirmed"


def test_a_reservation_is_read_with_names_and_payment(aikos, booked):
    response = aikos.get(f"/reservations/{booked['ref']}")
    answer = outputs.ReservationDetail.model_validate_json(response.content)
    assert (answer.room_name, answer.facility) == ("第1研修室", "chuo-kominkan")
    assert answer.payment.assessed_yen in {0, 800}
    assert answer.resident is None
    assert aikos.get(f"/reservations/{booked['ref']}", {"If-None-Match": response["ETag"]}).status_code == 304


def test_reservations_are_read_page_by_page(aikos, wish):
    refs = [
        aikos.post("/reservations", wish(f"{hour}:00", f"{hour + 1}:00", purpose="会議")).json()["ref"]
        for hour in range(10, 15)
    ]
    seen, cursor = [], {}
    while True:
        page = outputs.Reservations.model_validate_json(aikos.get("/reservations", limit=2, **cursor).content)
        assert len(page.reservations) <= 2
        seen += [str(one.ref) for one in page.reservations]
        if page.next is None:
            break
        cursor = {"cursor": page.next}
    assert seen == refs[::-1]


@pytest.mark.parametrize("cursor", ["x", "", "é", "W10:1abc:xyz", "A" * 900])
def test_a_made_up_cursor_is_refused(aikos, cursor):
    refused(aikos.get("/reservations", cursor=cursor), 422, "invalid_cursor")


def test_a_cursor_of_somebody_else_is_refused(aikos, dais, wish):
    for hour in (10, 11):
        aikos.post("/reservations", wish(f"{hour}:00", f"{hour + 1}:00", purpose="会議"))
    cursor = aikos.get("/reservations", limit=1).json()["next"]
    refused(dais.get("/reservations", cursor=cursor), 422, "invalid_cursor")


def test_a_resident_cancels(aikos, booked):
    response = aikos.post(f"/reservations/{booked['ref']}/cancel")
    assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    refused(aikos.post(f"/reservations/{booked['ref']}/cancel"), 409, "already_cancelled")


def test_staff_book_for_a_new_resident(dais, wish):
    person = {"name": "葛󠄀城 𠮷子", "phone": "042-555-0199"}
    response = dais.post("/reservations", wish(purpose="会議", resident=person, channel="phone"))
    assert response.status_code == 201, response.content
    assert response.json()["channel"] == "phone"
    detail = dais.get(f"/reservations/{response.json()['ref']}").json()
    assert detail["resident"]["name"] == "葛󠄀城 𠮷子"


def test_staff_book_for_a_known_resident(dais, wish, aiko, aikos):
    response = dais.post("/reservations", wish(purpose="会議", resident_id=aiko.resident.pk))
    assert response.json()["channel"] == "desk"
    assert [one["ref"] for one in aikos.get("/reservations").json()["reservations"]] == [
        response.json()["ref"]
    ]


def test_a_refused_booking_leaves_no_new_resident(dais, booked, wish):
    before = Resident.objects.count()
    refused(dais.post("/reservations", wish(purpose="会議", resident={"name": "新人"})), 409, "slot_taken")
    assert Resident.objects.count() == before


def test_staff_must_say_for_whom(dais, wish, aiko):
    problem = refused(dais.post("/holds", wish()), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/resident"
    both = wish(resident_id=aiko.resident.pk, resident={"name": "新人"})
    refused(dais.post("/holds", both), 422, "invalid_input")
    refused(dais.post("/holds", wish(resident_id=2**62)), 404, "resident_not_found")


def test_residents_cannot_book_for_others(aikos, wish, aiko):
    body = wish(resident_id=aiko.resident.pk, channel="phone")
    problem = refused(aikos.post("/holds", body), 422, "invalid_input")
    assert {error["pointer"] for error in problem["errors"]} == {"/resident_id", "/channel"}


def test_staff_work_at_their_halls_only(city, booked, dais, wish, aiko):
    with inside(city):
        elsewhere = factories.a_staff(
            "他館 職員", "elsewhere@example.jp", facilities=[factories.a_facility()]
        )
    program = program_of(type("P", (), {"municipality": city, "user": elsewhere.user}))
    refused(program.get(f"/reservations/{booked['ref']}"), 404, "reservation_not_found")
    refused(
        program.post(f"/reservations/{booked['ref']}/cancel", {"reason": "x"}), 404, "reservation_not_found"
    )
    refused(program.delete(f"/holds/{booked['ref']}"), 404, "reservation_not_found")
    refused(program.post("/holds", wish(resident_id=aiko.resident.pk)), 403, "other_hall")
    assert program.get("/reservations").json()["reservations"] == []
    assert len(dais.get("/reservations").json()["reservations"]) == 1


def test_staff_cancel_with_a_reason(dais, booked):
    refused(dais.post(f"/reservations/{booked['ref']}/cancel"), 422, "reason_missing")
    response = dais.post(f"/reservations/{booked['ref']}/cancel", {"reason": "電話で依頼"})
    assert response.json()["status"] == "cancelled"


def test_an_admin_sees_every_hall(city, emi, booked):
    refs = [one["ref"] for one in program_of(emi).get("/reservations").json()["reservations"]]
    assert refs == [booked["ref"]]


def test_a_login_that_is_nobody_may_not_book(city, wish):
    with inside(city):
        user = factories.a_user("nobody@example.jp")
    program = program_of(type("P", (), {"municipality": city, "user": user}))
    for answer in (
        program.post("/holds", wish()),
        program.get("/reservations"),
        program.get("/reservations/00000000-0000-4000-8000-000000000000"),
    ):
        refused(answer, 403, "not_a_resident")


def test_door_code_is_not_shown_early_nor_to_staff(aikos, dais, booked):
    problem = refused(aikos.get(f"/reservations/{booked['ref']}/door-code"), 409, "door_code_not_yet")
    assert problem["available_from"] == "2027-06-08T10:00:00+09:00"
    refused(dais.get(f"/reservations/{booked['ref']}/door-code"), 403, "door_code_not_yours")


def test_a_room_without_a_door_has_no_code(aikos, booked, monkeypatch, now):
    monkeypatch.setattr(routes, "clock_now", lambda: now + timedelta(days=30))
    refused(aikos.get(f"/reservations/{booked['ref']}/door-code"), 404, "no_door_code")


def test_the_hirer_gets_the_door_code_from_the_day_before(aikos, dais, room, wish, monkeypatch, now):
    add_door(
        facility_id=room.facility_id,
        name="正面",
        adapter="local_hmac",
        room_ids=[room.id],
        note="右の壁",
        now=now,
    )
    ref = aikos.post("/reservations", wish(purpose="会議")).json()["ref"]
    reconcile_subject(subject=UUID(ref), now=now)
    the_day_before = now.replace(month=6, day=8, hour=10, minute=1)
    monkeypatch.setattr(routes, "clock_now", lambda: the_day_before)
    reconcile_subject(subject=UUID(ref), now=the_day_before)
    response = aikos.get(f"/reservations/{ref}/door-code")
    (code,) = outputs.DoorCodes.model_validate_json(response.content).codes
    assert (code.door, code.note) == ("正面", "右の壁")
    assert len(code.code) >= 6
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    refused(dais.get(f"/reservations/{ref}/door-code"), 403, "door_code_not_yours")
    for path in ("/reservations", f"/reservations/{ref}"):
        assert code.code not in aikos.get(path).content.decode()
    aikos.post(f"/reservations/{ref}/cancel")
    refused(aikos.get(f"/reservations/{ref}/door-code"), 404, "no_door_code")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/reservations"),
        ("POST", "/reservations"),
        ("POST", "/holds"),
        ("GET", "/reservations/00000000-0000-4000-8000-000000000000"),
        ("DELETE", "/holds/00000000-0000-4000-8000-000000000000"),
        ("POST", "/holds/00000000-0000-4000-8000-000000000000/confirm"),
        ("POST", "/reservations/00000000-0000-4000-8000-000000000000/cancel"),
        ("GET", "/reservations/00000000-0000-4000-8000-000000000000/door-code"),
    ],
)
def test_who_is_not_signed_in_is_asked_to(anybody, method, path):
    response = anybody.send(method, path, {})
    refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_rooms_of_a_closed_hall_cannot_be_booked(aikos, wish, room):
    refused(aikos.post("/holds", wish() | {"room": 10**9}), 404, "room_not_found")


def test_program_class_sends_no_cookie(city):
    assert not Program(city).client.cookies
