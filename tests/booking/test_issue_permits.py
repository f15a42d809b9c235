"""Permits: numbered without gaps, frozen, drawn once, revoked when they are no longer true."""

from __future__ import annotations

from datetime import date, timedelta

import pypdfium2
import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.changing import change_reservation
from booking.models import Permit, PermitCounter
from booking.reviewing.deciding import permit_applications
from booking.reviewing.errors import PermitNotFound, PermitNotReady
from booking.reviewing.permits import (
    keep_pdf,
    pdf_of,
    reissue_permit,
    settle_permit,
    unsettled_permits,
)
from facilities.details import Details
from frontend.documents.jobs import settle
from tests.booking.conftest import at
from tests.booking.test_review_applications import REVIEWS, SATURDAY, WINDOW
from tests.clients import HostClient
from tests.queue import enqueued

EVERY = """とした。
    permit:
      title: 利用承認書
      issuer: あきる野市教育委員会
      conditions: [{name: 火気を使わないでください。}]

cancellations:"""


@pytest.fixture
def every(publish):
    """Every use is given a permit."""
    publish((WINDOW, EVERY))


@pytest.fixture(autouse=True)
def _clock(monkeypatch, now):
    """The worker's clock stands still."""
    monkeypatch.setattr("frontend.documents.jobs.clock_now", lambda: now)


@pytest.fixture
def clerk(emi):
    return Actor("staff", emi.staff.pk)


@pytest.fixture
def permitted(every, book):
    """A reservation whose permit the worker issued."""

    def make(*times, **changes):
        reservation = book(*times, **changes)
        settle(str(reservation.ref))
        return reservation

    return make


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


def test_no_permit_where_the_rules_want_none(book, now):
    reservation = book()
    assert not enqueued("frontend.settle_permit")
    assert settle_permit(ref=reservation.ref, now=now) is None
    assert not Permit.objects.exists()


def test_what_was_reviewed_gets_one_even_if_the_rules_say_nothing(publish, book, clerk, now):
    publish((WINDOW, REVIEWS))
    reservation = book(day=SATURDAY, purpose="発表会")
    assert settle_permit(ref=reservation.ref, now=now) is None
    permit_applications(
        refs=[reservation.ref], conditions="9時前に入らない\n静かに使う", actor=clerk, now=now
    )
    settle(str(reservation.ref))
    permit = Permit.objects.get()
    assert permit.review is not None
    assert permit.content["conditions"] == ["9時前に入らない", "静かに使う"]
    assert (permit.content["title"], permit.content["issuer"]) == ("使用許可書", "あきる野市")


def test_the_paper_says_who_what_where_when_and_on_which_conditions(permitted, city):
    reservation = permitted("10:00", "12:00", purpose="コーラス")
    text = text_of(pdf_of(ref=reservation.ref)[1])
    for words in (
        "令和9年度第1号",
        "利用承認書",
        "佐藤花子様",
        "あきる野市教育委員会",
        "令和9年6月9日（水曜日）午前10時から正午まで",
        "第1研修室",
        "コーラス",
        "10人",
        "800円",
        "火気を使わないでください。",
        "3か月以内に、あきる野市長に審査請求",
        Permit.objects.get().token,
    ):
        assert words in text


def test_numbers_follow_each_other_without_a_gap(permitted):
    for hour in range(9, 14):
        permitted(f"{hour:02d}:00", f"{hour + 1:02d}:00")
    assert list(Permit.objects.order_by("pk").values_list("serial", flat=True)) == [1, 2, 3, 4, 5]
    assert PermitCounter.objects.get().last == 5


def test_the_job_may_run_again_and_changes_nothing(permitted):
    reservation = permitted()
    before = Permit.objects.values().get()
    settle(str(reservation.ref))
    assert Permit.objects.values().get() == before


def test_a_cancelled_reservation_has_no_valid_permit(permitted, hanako, now):
    reservation = permitted()
    token = Permit.objects.get().token
    cancel_reservation(ref=reservation.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    assert Permit.objects.get().revoked_because == "cancelled"
    with pytest.raises(PermitNotFound):
        pdf_of(ref=reservation.ref)
    settle(str(reservation.ref))
    assert Permit.objects.count() == 1
    assert token


def test_a_lost_one_is_issued_again_under_its_number_and_says_so(permitted, now):
    reservation = permitted()
    number = Permit.objects.get().number
    reissue_permit(ref=reservation.ref, now=now + timedelta(days=2))
    with pytest.raises(PermitNotReady):
        pdf_of(ref=reservation.ref)
    settle(str(reservation.ref))
    permit, pdf = pdf_of(ref=reservation.ref)
    assert permit.number == number
    assert "再交付（令和9年5月12日）" in text_of(pdf)


def test_what_was_drawn_for_an_earlier_issue_is_dropped(permitted, now):
    reservation = permitted()
    permit = reissue_permit(ref=reservation.ref, now=now)
    keep_pdf(permit_id=permit.pk, reissues=0, pdf=b"old")
    assert Permit.objects.get().pdf is None
    assert unsettled_permits(now=now + timedelta(minutes=10)) == [reservation.ref]


def test_rare_letters_of_a_name_reach_the_paper(every, book, ichiro):
    ichiro.name = "葛\U000e0100城 𠮷郎"
    ichiro.save()
    reservation = book(resident=ichiro, details=Details(headcount=3))
    settle(str(reservation.ref))
    assert "葛\U000e0100城" in text_of(pdf_of(ref=reservation.ref)[1])


def test_anybody_can_see_whether_it_is_true_and_nobody_whose_it_is(permitted, city, hanako, now):
    reservation = permitted(purpose="秘密の会")
    permit = Permit.objects.get()
    page = HostClient(city).get(f"/verify/permit/{permit.token}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "この許可書は本物です" in text
    assert "第1研修室" in text
    assert permit.number in text
    assert "佐藤" not in text
    assert "秘密の会" not in text
    cancel_reservation(ref=reservation.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    text = HostClient(city).get(f"/verify/permit/{permit.token}/").content.decode()
    assert "予約が取り消されました" in text


def test_a_made_up_address_is_told_to_be_false(city):
    page = HostClient(city).get("/verify/permit/abcdefgh/")
    assert page.status_code == 404
    assert "この許可書は見つかりません" in page.content.decode()


def test_a_changed_time_gets_a_new_number_and_the_old_paper_is_told_to_be_outdated(
    permitted, hanako, city, now
):
    reservation = permitted()
    old = Permit.objects.get()
    reservation.refresh_from_db()
    type(reservation).objects.filter(pk=reservation.pk).update(
        starts_at=at("14:00", date(2027, 6, 9)), ends_at=at("16:00", date(2027, 6, 9))
    )
    settle(str(reservation.ref))
    old.refresh_from_db()
    new = Permit.objects.get(revoked_at__isnull=True)
    assert (old.revoked_because, old.serial, new.serial) == ("changed", 1, 2)
    text = HostClient(city).get(f"/verify/permit/{old.token}/").content.decode()
    assert "予約が変更されました" in text


def test_a_changed_use_at_the_same_time_makes_the_paper_outdated_too(permitted, hanako, room, city, now):
    reservation = permitted()
    old = Permit.objects.get()
    change_reservation(
        ref=reservation.ref,
        room_id=room.id,
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        details=Details(headcount=28),
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    text = HostClient(city).get(f"/verify/permit/{old.token}/").content.decode()
    assert "予約が変更されました" in text
    settle(str(reservation.ref))
    assert Permit.objects.get(revoked_at__isnull=True).content["headcount"] == 28
