"""Offences on the pages: noted at the desk, seen and appealed by the resident, answered by staff at their halls."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.models import Appeal, Measure, Offence
from booking.penalties.appealing import file_appeal
from booking.services import book_room, record_attendance
from facilities.details import Details
from facilities.models import Facility
from facilities.queries import room_by_key
from tests import factories
from tests.booking.conftest import publish  # noqa: F401
from tests.booking.test_record_offences import strict  # noqa: F401


@pytest.fixture
def absent_use(strict, aiko, dai):  # noqa: F811
    """Aiko had a room yesterday morning; the rules count it when nobody comes."""
    strict()
    return _booked(aiko)


def _booked(aiko, days=-1):
    room, now = room_by_key("chuo-kominkan", "kenshu-1"), timezone.now()
    starts = (
        (now + timedelta(days=days)).astimezone(room.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    )
    return book_room(
        room_id=room.id,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        resident_id=aiko.resident.pk,
        channel="desk",
        purpose="コーラス",
        details=Details(headcount=5),
        actor=Actor("staff", factories.a_staff(email=f"s{days}@example.jp").pk),
        override_reason="試験のため",
        now=now - timedelta(days=10),
    )


@pytest.fixture
def offence(absent_use, dai):
    record_attendance(
        ref=absent_use.ref, attendance="absent", actor=Actor("staff", dai.staff.pk), now=timezone.now()
    )
    return Offence.objects.get()


@pytest.fixture
def appeal(offence, aiko):
    return file_appeal(
        offence_ref=offence.ref,
        text="行きました。\n鍵も使いました。",
        resident_id=aiko.resident.pk,
        now=timezone.now(),
    )


def text_of(response):
    return response.content.decode()


def test_the_desk_asks_whether_absence_counts_and_notes_it(absent_use, dai):
    client = dai.client()
    page = client.get(f"/desk/reservation/{absent_use.ref}/")
    assert f"/desk/reservation/{absent_use.ref}/absent/" in text_of(page)
    asked = client.get(f"/desk/reservation/{absent_use.ref}/absent/")
    assert "天候" in text_of(asked)
    answer = client.post(
        f"/desk/reservation/{absent_use.ref}/absent/", {"exempt": "", "note": "電話にも出ない"}
    )
    assert answer.status_code == 302
    assert Offence.objects.get().note == "電話にも出ない"
    assert "無断の不使用" in text_of(client.get(f"/desk/reservation/{absent_use.ref}/"))


def test_noted_for_the_weather_it_does_not_count(absent_use, dai):
    dai.client().post(f"/desk/reservation/{absent_use.ref}/absent/", {"exempt": "weather", "note": "台風"})
    assert Offence.objects.get().exempt == "weather"
    assert not Measure.objects.exists()


def test_where_the_rules_count_nothing_absence_is_one_tap(aiko, dai, city):
    page = text_of(dai.client().get(f"/desk/reservation/{_booked(aiko).ref}/"))
    assert 'value="absent"' in page
    assert "/absent/" not in page


def test_the_resident_sees_what_follows_until_when_and_why(offence, aiko):
    client = aiko.client()
    assert "/my/penalties/" in text_of(client.get("/my/"))
    page = text_of(client.get("/my/penalties/"))
    for words in ("無断の不使用", "2点", "1か月の利用停止", "規則第13条", "新しい予約と、その間の利用"):
        assert words in page


def test_who_has_no_record_sees_no_link_to_one(aiko, city):
    client = aiko.client()
    assert "/my/penalties/" not in text_of(client.get("/my/"))
    assert "記録はありません" in text_of(client.get("/my/penalties/"))


def test_the_refusal_while_suspended_says_until_when(offence, aiko):
    client = aiko.client()
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    page = client.post(f"/h/chuo-kominkan/kenshu-1/{day}/", {"time": "10:00-11:00"}, follow=True)
    assert "1か月の利用停止のため" in text_of(page)


def test_an_appeal_is_filed_once_and_empty_ones_are_asked_again(offence, aiko):
    client = aiko.client()
    address = f"/my/penalties/{offence.ref}/appeal/"
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "行きました。"}).status_code == 302
    assert Appeal.objects.get().text == "行きました。"
    assert client.post(address, {"text": "もう一度"}).status_code == 422
    assert "異議申出を確かめています" in text_of(client.get("/my/penalties/"))


def test_nobody_elses_offence_is_found(offence, city, client_for):
    other = factories.a_resident("別の人", "other@example.jp", login=True)
    client = client_for(city)
    client.force_login(other.user)
    assert client.get(f"/my/penalties/{offence.ref}/appeal/").status_code == 404


def test_staff_find_what_waits_and_accept_it(appeal, offence, dai, aiko):
    client = dai.client()
    assert f"/desk/penalties/appeal/{appeal.ref}/" in text_of(client.get("/desk/penalties/"))
    address = f"/desk/penalties/appeal/{appeal.ref}/"
    assert "鍵も使いました。" in text_of(client.get(address))
    assert client.post(address, {"decision": "yes", "reason": ""}).status_code == 422
    assert client.post(address, {"decision": "yes", "reason": "館の記録ちがい"}).status_code == 302
    offence.refresh_from_db()
    assert offence.withdrawn_at
    page = text_of(aiko.client().get("/my/penalties/"))
    assert "館の記録ちがい" in page
    assert "異議申出が認められました" in page
    assert client.post(address, {"decision": "no", "reason": "x"}).status_code == 422


def test_staff_withdraw_an_offence_with_a_reason(offence, dai):
    client = dai.client()
    assert client.post(f"/desk/penalties/{offence.ref}/", {"reason": ""}).status_code == 422
    assert client.post(f"/desk/penalties/{offence.ref}/", {"reason": "人ちがい"}).status_code == 302
    assert "人ちがい" in text_of(client.get(f"/desk/penalties/{offence.ref}/"))


def test_staff_write_down_another_offence(offence, dai):
    client, use = dai.client(), offence.reservation
    address = f"/desk/reservation/{use.ref}/offence/"
    assert client.post(address, {"note": "x"}).status_code == 422
    assert client.post(address, {"key": "harm", "note": "譜面台をこわした"}).status_code == 302
    assert Offence.objects.get(key="harm").note == "譜面台をこわした"


def test_staff_decide_a_proposal_and_end_it(offence, aiko, dai):
    client = dai.client()
    client.post(f"/desk/reservation/{offence.reservation.ref}/offence/", {"key": "harm", "note": "x"})
    measure = Measure.objects.get(state="proposed")
    address = f"/desk/penalties/measure/{measure.ref}/"
    assert "職員が決めます" in text_of(client.get(address))
    assert client.post(address, {"decision": "yes", "reason": "くり返したため"}).status_code == 302
    measure.refresh_from_db()
    assert measure.state == "in_force"
    assert client.post(address, {"reason": "おわびがあった"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.state, measure.decision) == ("lifted", "おわびがあった")


def test_staff_of_another_hall_find_nothing(appeal, offence, city, client_for):
    other = factories.a_facility(key="other")
    staff = factories.a_staff("よその職員", "yoso@example.jp", facilities=[Facility.objects.get(pk=other.pk)])
    client = client_for(city)
    client.force_login(staff.user)
    measure = Measure.objects.get()
    assert str(offence.ref) not in text_of(client.get("/desk/penalties/"))
    for address in (
        f"/desk/penalties/{offence.ref}/",
        f"/desk/penalties/appeal/{appeal.ref}/",
        f"/desk/penalties/measure/{measure.ref}/",
    ):
        assert client.get(address).status_code == 404


def test_residents_do_not_enter_the_desks_pages(offence, aiko):
    assert aiko.client().get("/desk/penalties/").status_code == 404
