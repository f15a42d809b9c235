"""Paying on the resident's pages: what is due, in which way, and what became of it by our own books."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Reservation
from facilities.models import Facility
from payments.dues import DuePart, set_dues
from payments.models import Attempt, AttemptCharge, Charge, HallTerms, Payee, RevenueItem
from payments.services import collect_cash
from tests import factories
from tests.clients import HostClient
from tests.frontend.conftest import page_of
from tests.payments.test_offer_ways import READY

State = Attempt.State


@pytest.fixture
def online(city):
    """The hall takes cards and konbini, and cash."""
    payee = Payee.objects.create(stripe_account="acct_1", stripe_state=READY)
    hall = Facility.objects.get(key="chuo-kominkan")
    item = RevenueItem.objects.create(payee=payee)
    return HallTerms.objects.create(facility=hall, item=item, ways=["desk_cash", "card", "konbini"])


@pytest.fixture
def booked(browser_of_aiko, hold):
    """``booked("13:00-15:00")``: Aiko's reservation."""

    def make(time="13:00-15:00"):
        held = hold(time)
        browser_of_aiko.post(f"/book/{held.ref}/", {"purpose": "体操の会", "headcount": "12"})
        browser_of_aiko.post(f"/book/{held.ref}/check/", {"idempotency_key": uuid.uuid4().hex})
        return Reservation.objects.get(ref=held.ref)

    return make


@pytest.fixture
def begin(browser_of_aiko):
    """Begin to pay on the page; the attempt."""

    def press(*reservations, way="card"):
        answer = browser_of_aiko.post(
            "/my/pay/way/", {"r": [str(one.ref) for one in reservations], "way": way}
        )
        assert answer.status_code == 302, page_of(answer)
        attempt = Attempt.objects.latest("pk")
        assert answer.url == f"/my/pay/{attempt.ref}/?go=1"
        return attempt

    return press


def test_what_is_due_is_listed_and_leads_to_the_ways(online, browser_of_aiko, booked):
    reservation = booked()
    page = page_of(browser_of_aiko.get("/my/pay/"))
    assert str(reservation.ref) in page
    assert "1,600円" in page
    ways = page_of(browser_of_aiko.get(f"/my/pay/way/?r={reservation.ref}"))
    assert "クレジットカード" in ways
    assert "PayPay" not in ways
    assert "1,600円 の支払いへ進む" in ways


def test_the_reservation_and_my_page_lead_there(online, browser_of_aiko, booked):
    reservation = booked()
    for path in (f"/my/r/{reservation.ref}/", f"/my/r/{reservation.ref}/done/"):
        page = page_of(browser_of_aiko.get(path))
        assert f"/my/pay/way/?r={reservation.ref}" in page
        assert "払い方：クレジットカード、コンビニ、館の窓口（現金）。" in page
    assert 'href="/my/pay/"' in page_of(browser_of_aiko.get("/my/"))


def test_a_hall_that_takes_cash_only_says_so(browser_of_aiko, booked):
    reservation = booked()
    assert "館の窓口（現金）" in page_of(browser_of_aiko.get("/my/pay/"))
    assert "/my/pay/way/" not in page_of(browser_of_aiko.get(f"/my/r/{reservation.ref}/"))
    refused = browser_of_aiko.post("/my/pay/way/", {"r": str(reservation.ref), "way": "card"})
    assert refused.status_code == 409
    assert not Attempt.objects.exists()


def test_several_are_paid_at_once(online, browser_of_aiko, booked, begin):
    both = [booked("09:00-10:00"), booked("13:00-15:00")]
    assert "2,400円" in page_of(browser_of_aiko.get(f"/my/pay/way/?r={both[0].ref}&r={both[1].ref}"))
    attempt = begin(*both)
    assert attempt.yen == 2400
    assert attempt.parts.count() == 2
    assert attempt.return_url.endswith("/my/pay/{ref}/?back=1")


def test_pressing_twice_is_one_payment(online, booked, begin):
    reservation = booked()
    assert begin(reservation) == begin(reservation)
    assert Attempt.objects.count() == 1


def test_nothing_ticked_is_said_and_what_is_no_reservation_passed_over(online, browser_of_aiko, booked):
    booked()
    answer = browser_of_aiko.get("/my/pay/way/?r=nonsense")
    assert answer.status_code == 422
    assert "払う料金を、選んでください。" in page_of(answer)


def test_what_was_paid_meanwhile_is_not_paid_again(online, browser_of_aiko, booked):
    reservation = booked()
    clerk = factories.a_staff()
    collect_cash(subject=reservation.ref, yen=1600, staff_id=clerk.pk, now=timezone.now())
    answer = browser_of_aiko.post("/my/pay/way/", {"r": str(reservation.ref), "way": "card"})
    assert answer.status_code == 409
    assert "もう支払われています" in page_of(answer)


def test_the_page_goes_to_the_provider_as_soon_as_it_is_ready(online, browser_of_aiko, booked, begin):
    attempt = begin(booked())
    waiting = page_of(browser_of_aiko.get(f"/my/pay/{attempt.ref}/?go=1"))
    assert "準備しています" in waiting
    assert 'http-equiv="refresh"' in waiting
    Attempt.objects.update(state=State.OPEN, url="https://checkout.example/1", provider_ref="cs_1")
    assert browser_of_aiko.get(f"/my/pay/{attempt.ref}/?go=1").url == "https://checkout.example/1"
    swapped = browser_of_aiko.get(f"/my/pay/{attempt.ref}/?go=1", headers={"HX-Request": "true"})
    assert swapped["HX-Redirect"] == "https://checkout.example/1"


def test_coming_back_proves_nothing(online, browser_of_aiko, booked, begin):
    attempt = begin(booked())
    Attempt.objects.update(state=State.OPEN, url="https://checkout.example/1", provider_ref="cs_1")
    page = page_of(browser_of_aiko.get(f"/my/pay/{attempt.ref}/?back=1"))
    assert "支払いを確認中です" in page
    assert "支払いを確かめました" not in page
    assert Charge.objects.get().entries.filter(kind="collected").count() == 0


def test_a_page_that_looks_again_sees_what_has_changed(online, browser_of_aiko, booked, begin):
    attempt = begin(booked())
    Attempt.objects.update(state=State.PAID, paid_at=timezone.now())
    again = browser_of_aiko.get(f"/my/pay/{attempt.ref}/?back=1&seen=open")
    assert again.url == f"/my/pay/{attempt.ref}/"
    assert "支払いを確かめました" in page_of(browser_of_aiko.get(again.url))


def test_a_voucher_is_shown_with_its_numbers_and_last_day(online, browser_of_aiko, booked, begin):
    reservation = booked()
    attempt = begin(reservation, way="konbini")
    shops = [{"shop": "familymart", "payment_code": "123456", "confirmation_number": "09011112222"}]
    Attempt.objects.update(
        state=State.VOUCHER_ISSUED, voucher={"url": "https://voucher.example/", "shops": shops},
        expires_at=timezone.now() + timedelta(days=3), provider_ref="cs_1",
    )  # fmt: skip
    page = page_of(browser_of_aiko.get(f"/my/pay/{attempt.ref}/"))
    assert "ファミリーマート" in page
    assert "123456" in page
    assert "09011112222" in page
    assert "コンビニで払う番号を見る" in page_of(browser_of_aiko.get(f"/my/r/{reservation.ref}/"))
    assert "コンビニで払う番号を見る" in page_of(browser_of_aiko.get("/my/pay/"))


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED])
def test_what_failed_can_be_tried_again(online, browser_of_aiko, booked, begin, state):
    reservation = booked()
    attempt = begin(reservation)
    Attempt.objects.update(state=state)
    AttemptCharge.objects.update(live=False)
    page = page_of(browser_of_aiko.get(f"/my/pay/{attempt.ref}/"))
    assert "お金は、引き落とされていません" in page
    assert f"/my/pay/way/?r={reservation.ref}" in page
    assert begin(reservation).pk != attempt.pk


def test_a_withdrawn_payment_says_not_to_pay(online, browser_of_aiko, booked, begin):
    attempt = begin(booked())
    Attempt.objects.update(close_wanted_at=timezone.now(), state=State.OPEN, url="https://checkout.example/1")
    page = page_of(browser_of_aiko.get(f"/my/pay/{attempt.ref}/?go=1"))
    assert "取りやめ" in page
    assert "checkout.example" not in page


def test_nobody_else_sees_or_pays(online, browser_of_aiko, booked, begin, city):
    attempt = begin(booked())
    other = factories.a_resident("他人", "tanin@example.jp", login=True)
    stranger = HostClient(city)
    stranger.force_login(other.user)
    stranger.raise_request_exception = False
    assert stranger.get(f"/my/pay/{attempt.ref}/").status_code == 404
    ref = Charge.objects.get().subject
    assert stranger.post("/my/pay/way/", {"r": str(ref), "way": "card"}).status_code == 404
    assert str(ref) not in page_of(stranger.get("/my/pay/"))


def test_of_a_divided_fee_the_part_due_first_can_be_paid_alone(online, browser_of_aiko, booked):
    reservation = booked()
    now = timezone.now()
    parts = [
        DuePart(now + timedelta(days=3), "cancelled", yen=600, name="予約金"),
        DuePart(now + timedelta(days=9), "staff", name="残り"),
    ]
    set_dues(subject=reservation.ref, parts=parts)
    page = page_of(browser_of_aiko.get(f"/my/pay/way/?r={reservation.ref}"))
    assert "1,600円 の支払いへ進む" in page
    assert "予約金 600円" in page
    page = page_of(browser_of_aiko.get(f"/my/pay/way/?r={reservation.ref}&first=1"))
    assert "600円 の支払いへ進む" in page
    browser_of_aiko.post("/my/pay/way/", {"r": str(reservation.ref), "way": "card", "first": "1"})
    assert Attempt.objects.get().yen == 600
    assert Attempt.objects.get().parts.get().yen == 600
