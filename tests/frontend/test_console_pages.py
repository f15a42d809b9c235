"""The municipality admin's pages: halls, rooms, staff, tokens, reservations, CSV."""

from __future__ import annotations

import csv
import io

import pytest
from django.core import mail
from django.urls import get_resolver

from accounts.models import ApiToken, Staff
from facilities.models import Facility, Room, RoomSpace, Space
from frontend.console.csv_rows import safe
from frontend.jobs import mail_invitation
from locks.services import add_door
from tests import factories
from tests.frontend.conftest import HALL

HALL_PAGE = f"/console/halls/{HALL}/"


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_manager_finds_no_console(browser_of, dai):
    browser = browser_of(dai)
    routes = [str(route.pattern) for route in get_resolver("frontend.console.urls").url_patterns]
    paths = [
        route.replace("<slug:facility_key>", HALL)
        .replace("<slug:room_key>", "kenshu-2")
        .replace("<int:", "<")
        for route in routes
    ]
    for path in paths:
        for name in ("closure_id", "staff_id", "token_id", "book_id", "number"):
            path = path.replace(f"<{name}>", "1")
        assert browser.get(f"/console/{path}").status_code == 404, path
        assert browser.post(f"/console/{path}").status_code == 404, path


def test_hall_is_changed_and_closed_to_residents(browser_of, emi, client_for, city):
    form = {
        "name": "中央公民館",
        "name_kana": "",
        "address": "二宮683",
        "phone": "042-559-1163",
        "notice": "工事中",
    }
    assert browser_of(emi).post(HALL_PAGE, form).status_code == 302
    hall = Facility.objects.get(key=HALL)
    assert (hall.notice, hall.is_open) == ("工事中", False)
    assert client_for(city).get(f"/h/{HALL}/").status_code == 404
    assert "公開していません" in browser_of(emi).get("/console/halls/").text


def test_room_is_changed(browser_of, emi, city):
    room = Room.objects.get(key="kenshu-2")
    space = RoomSpace.objects.get(room=room).space_id
    form = {
        "name": "第2研修室（新）",
        "capacity": "１５",
        "turnaround_minutes": "30",
        "note": "",
        "spaces": [space],
    }
    browser_of(emi).post(f"{HALL_PAGE}rooms/kenshu-2/", {**form, "is_open": "on"})
    room.refresh_from_db()
    assert (room.name, room.capacity, room.turnaround_minutes) == ("第2研修室（新）", 15, 30)


def test_room_with_reservations_keeps_its_spaces(browser_of, emi, book):
    book()
    other = Space.objects.exclude(rooms__key="kenshu-2").first()
    form = {"name": "第2研修室", "capacity": "", "turnaround_minutes": "0", "note": "", "spaces": [other.pk]}
    answer = browser_of(emi).post(f"{HALL_PAGE}rooms/kenshu-2/", form)
    assert answer.status_code == 422
    assert "予約がある部屋" in answer.text


def test_room_the_rules_know_can_be_added_on_two_spaces(browser_of, emi, city):
    browser = browser_of(emi)
    hall = Facility.objects.get(key=HALL)
    RoomSpace.objects.filter(room__key="kenshu-2").delete()
    Room.objects.filter(key="kenshu-2").delete()
    browser.post(f"{HALL_PAGE}spaces/new/", {"name": "C面"})
    spaces = [Space.objects.get(name="C面").pk, Space.objects.get(key="kenshu-2").pk]
    form = {
        "key": "kenshu-2",
        "name": "第2研修室",
        "capacity": "12",
        "turnaround_minutes": "0",
        "spaces": spaces,
    }
    assert browser.post(f"{HALL_PAGE}rooms/new/", form).status_code == 302
    assert RoomSpace.objects.filter(room__key="kenshu-2", room__facility=hall).count() == 2


def test_room_the_rules_do_not_know_cannot_be_added(browser_of, emi, city):
    space = Space.objects.first().pk
    form = {"key": "ghost", "name": "幽霊室", "capacity": "", "turnaround_minutes": "0", "spaces": [space]}
    assert browser_of(emi).post(f"{HALL_PAGE}rooms/new/", form).status_code == 422
    assert not Room.objects.filter(key="ghost").exists()
    assert "すべて登録してあります" in browser_of(emi).get("/console/halls/new/").text


def test_hall_and_room_that_do_not_exist_are_not_found(browser_of, emi):
    for path in ("halls/nowhere/", f"halls/{HALL}/rooms/nowhere/", "closures/new/nowhere/", "staff/999/"):
        assert browser_of(emi).get(f"/console/{path}").status_code == 404, path


def test_invited_staff_are_mailed_how_to_sign_in(browser_of, emi, city):
    hall = Facility.objects.get(key=HALL)
    form = {"email": "new@example.jp", "name": "新井 新", "role": "manager", "halls": [hall.pk]}
    assert browser_of(emi).post("/console/staff/new/", form).status_code == 302
    staff = Staff.objects.get(name="新井 新")
    mail_invitation(staff_id=staff.pk)
    sent = mail.outbox[-1]
    assert sent.to == ["new@example.jp"]
    assert "担当の館：中央公民館" in sent.body
    assert "/desk/" in sent.body


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "emi@example.jp"}, "もう登録されています"),
        ({"email": "not a mail"}, "メールアドレスの形"),
        ({"role": ""}, "役割を選んでください"),
        ({"role": "manager", "halls": []}, "担当する館を選んでください"),
    ],
)
def test_invitation_is_refused_in_words(browser_of, emi, city, changes, words):
    form = {"email": "new@example.jp", "name": "新井 新", "role": "admin", "halls": []}
    answer = browser_of(emi).post("/console/staff/new/", {**form, **changes})
    assert answer.status_code == 422
    assert words in answer.text


def test_access_is_stopped_and_given_again(browser_of, emi, dai, city):
    browser, page = browser_of(emi), f"/console/staff/{dai.staff.pk}/"
    form = {"name": "土井 大", "role": "manager", "halls": [Facility.objects.get(key=HALL).pk]}
    for access, active in (("stop", False), ("start", True)):
        browser.post(page, {**form, "access": access})
        assert Staff.objects.get(pk=dai.staff.pk).is_active is active


def test_last_admin_cannot_be_stopped(browser_of, emi, city):
    form = {"name": "江本 恵美", "role": "admin", "access": "stop"}
    answer = browser_of(emi).post(f"/console/staff/{emi.staff.pk}/", form)
    assert answer.status_code == 422
    assert "自治体管理者が一人もいなくなる" in answer.text


def test_token_is_shown_once_and_can_be_revoked(browser_of, emi, city):
    browser = browser_of(emi)
    made = browser.post("/console/tokens/", {"name": "空き状況の表示"})
    assert "mn_m132284_" in made.text
    assert "no-store" in made.headers["Cache-Control"]
    assert "mn_m132284_" not in browser.get("/console/tokens/").text
    token = ApiToken.objects.get()
    browser.post(f"/console/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_doors_page_names_rooms_and_way_of_opening(browser_of, emi, city, now):
    hall = Facility.objects.get(key=HALL)
    room = Room.objects.get(key="kenshu-2")
    add_door(
        facility_id=hall.pk, name="窓口の鍵", adapter="physical_key", room_ids=[room.pk], note="1階", now=now
    )
    page = browser_of(emi).get("/console/doors/").text
    for words in ("窓口の鍵", "窓口で鍵を手渡し", "第2研修室", "1階"):
        assert words in page


@pytest.mark.parametrize("text", ["佐藤", "042-555-0101", "書道"])
def test_reservation_is_found(browser_of, emi, book, text):
    reservation = book()
    assert reservation.number in browser_of(emi).get("/console/reservations/", {"text": text}).text


def test_reservation_is_found_by_number_status_and_day(browser_of, emi, book):
    reservation, browser = book(), browser_of(emi)
    hall = Facility.objects.get(key=HALL).pk
    fits = {
        "text": reservation.number,
        "status": "confirmed",
        "hall": hall,
        "first": "2027-05-12",
        "last": "2027-05-12",
    }
    assert "佐藤 花子" in browser.get("/console/reservations/", fits).text
    for other in ({"status": "cancelled"}, {"first": "2027-05-13"}, {"last": "2027-05-11"}):
        assert "佐藤 花子" not in browser.get("/console/reservations/", {**fits, **other}).text


def test_many_reservations_come_page_by_page_without_gap_or_repeat(browser_of, emi, book, monkeypatch):
    monkeypatch.setattr("frontend.console.reservations.PAGE", 3)
    resident = factories.a_resident("佐藤 花子")
    numbers = {book(starts=at, ends=at + 60, resident=resident).number for at in range(540, 960, 60)}
    browser, seen, path = browser_of(emi), [], "/console/reservations/"
    while path:
        page = browser.get(path)
        seen += [view.number for view in page.context["reservations"]]
        path = f"/console/reservations/?{page.context['next_page']}" if page.context["next_page"] else ""
    assert len(seen) == 7
    assert set(seen) == numbers


@pytest.mark.parametrize(
    "query", ["before=nonsense", "before=9999999999999.1", "first=2027-02-30", "hall=x", "text=%00"]
)
def test_nonsense_in_a_search_is_no_server_error(browser_of, emi, query):
    assert browser_of(emi).get(f"/console/reservations/?{query}").status_code in {200, 422}


def test_csv_holds_what_the_search_finds(browser_of, emi, book, monkeypatch):
    monkeypatch.setattr("frontend.console.reservations._CSV_BATCH", 2)
    resident = factories.a_resident("佐藤 花子", phone="042-555-0101")
    made = [book(starts=at, ends=at + 60, resident=resident) for at in (540, 600, 660, 720, 780)]
    rows = rows_of(browser_of(emi).get("/console/reservations.csv?text=佐藤"))
    assert rows[0][:4] == ["予約番号", "状態", "館", "部屋"]
    assert {row[0] for row in rows[1:]} == {one.number for one in made}
    assert rows[-1][4:8] == ["2027-05-12", "09:00", "10:00", "佐藤 花子"]


def test_csv_cannot_carry_a_formula(browser_of, emi, book):
    evil = '=HYPERLINK("http://evil.example","click")'
    book(resident=factories.a_resident(evil), purpose="@SUM(A1:A9)")
    row = rows_of(browser_of(emi).get("/console/reservations.csv"))[1]
    assert row[7] == f"'{evil}"
    assert row[10] == "'@SUM(A1:A9)"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "＝1", "\r=1", "\n=1"])
def test_formula_starts_are_made_harmless(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "佐藤", "042-555-0101", "1+1"])
def test_plain_text_stays_as_it_is(text):
    assert safe(text) == text
