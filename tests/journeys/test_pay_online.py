"""From the reservation to the money at the municipality's own account: by card, at a konbini, and when it fails."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.services import book_room
from booking.settled import tell_of_payment
from facilities.details import Details
from facilities.models import Facility
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from frontend.resident.days import first_free_day
from payments.jobs import hear, open_at_provider
from payments.models import Attempt, HallTerms, LedgerEntry, Payee, RevenueItem
from payments.online.onboarding import refresh_account
from tenants.context import inside
from tenants.provider_accounts import claim_account
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET
from tests.queue import enqueued

pytestmark = pytest.mark.browser


@pytest.fixture
def account(akiruno, fake_stripe, server):
    """The hall's money goes to an account that is ready; returns its id."""
    account = fake_stripe.ready_account()
    with inside(akiruno):
        claim_account(provider="stripe", account=account, now=timezone.now())
        Payee.objects.update(stripe_account=account)
        refresh_account(account=account, now=timezone.now())
        hall = Facility.objects.get(key="chuo-kominkan")
        ways = ["desk_cash", "card", "konbini", "paypay"]
        HallTerms.objects.create(facility=hall, item=RevenueItem.objects.get(), ways=ways)
    return account


@pytest.fixture
def book(akiruno, aiko, account):
    """``book()``: Aiko books an hour on the first free day; ``book(1)``: the hour after."""

    def make(later=0):
        now = timezone.now()
        with inside(akiruno):
            room = room_by_key("chuo-kominkan", "kenshu-1")
            day = first_free_day(rooms=[room], asker=Asker("", "web", now)) + timedelta(days=7)
            starts_at = moment(day, 600 + 60 * later, room.zone)
            return book_room(
                room_id=room.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
                resident_id=aiko.resident.pk, channel="web", purpose="会議", details=Details(headcount=5),
                actor=Actor("resident", aiko.resident.pk), now=now,
            )  # fmt: skip

    return make


@pytest.fixture
def work(fake_stripe, server):
    """``work()``: the webhooks arrive, and the worker does all about money that is on the queue."""
    done = set()

    def run():
        fake_stripe.deliver_to(f"http://127.0.0.1:{server}/stripe/webhook/", host=f"localhost:{server}")
        for name, act in (
            ("payments.open_attempt", open_at_provider),
            ("payments.hear_event", hear),
            ("booking.charge_settled", lambda subject: tell_of_payment(subject=subject, now=timezone.now())),
        ):
            for number, job in enumerate(enqueued(name)):
                if (name, number) not in done:
                    done.add((name, number))
                    act(**{key: value for key, value in job.items() if key != "schema"})

    return run


def pay_there(page, **fields):
    """Fill in the provider's page as a payer does."""
    for name, text in fields.items():
        page.fill(f"[name={name}]", text)
    page.locator("button.main").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (LARGE_PHONE, False)])
def test_two_bookings_are_paid_by_card_at_once(visit, akiruno, aiko, book, work, width, javascript):
    book(), book(1)
    resident = visit(akiruno, person=aiko, width=width, javascript=javascript).go("/my/")
    resident.follow("料金と、払い方を見る").press("払い方へ進む")
    assert "800円" in resident.text
    resident.choose("#way-card").press("800円 の支払いへ進む")
    assert "準備しています" in resident.text
    work()
    page = resident.page
    page.goto(page.url)
    page.wait_for_url(re.compile(r"/c/|/pay/cs_|checkout|cs_"))
    pay_there(
        page, name="青木 愛子", email="aiko@example.jp", number="4000003920000003", until="12/40", cvc="123"
    )
    page.wait_for_url(re.compile(r"/my/pay/"))
    resident.inspect()
    assert "確認中" in resident.text
    assert not LedgerEntry.objects.filter(kind="collected").exists()
    work()
    resident.go(page.url.split("?")[0])
    assert "支払いを確かめました" in resident.text
    assert LedgerEntry.objects.filter(kind="collected").count() == 2
    assert Attempt.objects.get().state == "paid"
    assert "払う料金は、ありません" in resident.go("/my/pay/").text
    assert (
        len({job["occasion"] for job in enqueued("frontend.tell") if job["kind"] == "payment_received"}) == 1
    )


def test_a_voucher_is_shown_until_the_shop_has_the_money(visit, akiruno, aiko, book, work, fake_stripe):
    reservation = book()
    resident = visit(akiruno, person=aiko, width=PHONE).go(f"/my/r/{reservation.ref}/").follow("料金を払う")
    resident.choose("#way-konbini").press("支払いへ進む")
    work()
    attempt = Attempt.objects.get()
    intent = fake_stripe.control.take_voucher(attempt.provider_ref)
    work()
    resident.go(f"/my/pay/{attempt.ref}/")
    for words in ("ファミリーマート", "ローソン", "お支払い番号", "セブン-イレブンでは払えません"):
        assert words in resident.text
    fake_stripe.control.pay_konbini(intent["id"])
    work()
    assert "支払いを確かめました" in resident.go(f"/my/pay/{attempt.ref}/").text


def test_what_was_not_paid_can_be_tried_in_another_way(visit, akiruno, aiko, book, work, fake_stripe):
    reservation = book()
    resident = visit(akiruno, person=aiko, width=LARGE_PHONE).go(f"/my/pay/way/?r={reservation.ref}")
    resident.press("支払いへ進む")
    work()
    first = Attempt.objects.get()
    fake_stripe.control.expire_session(first.provider_ref)
    work()
    resident.go(f"/my/pay/{first.ref}/")
    assert "引き落とされていません" in resident.text
    resident.follow("もう一度、払い方をえらぶ").choose("#way-paypay").press("支払いへ進む")
    work()
    second = Attempt.objects.latest("pk")
    fake_stripe.control.pay_paypay(second.provider_ref)
    work()
    assert "支払いを確かめました" in resident.go(f"/my/pay/{second.ref}/").text
    assert LedgerEntry.objects.filter(kind="collected").count() == 1


def test_the_settings_of_money_are_read_on_any_screen(visit, akiruno, emi, account):
    payee = Payee.objects.get()
    pages = [
        "/console/money/", "/console/money/payees/", f"/console/money/payees/{payee.pk}/",
        "/console/money/payees/new/", f"/console/money/payees/{payee.pk}/online/", "/console/money/items/new/",
        f"/console/money/items/{RevenueItem.objects.get().pk}/", "/console/money/halls/",
        "/console/money/halls/chuo-kominkan/", "/desk/money/", "/console/notices/reminders/",
    ]  # fmt: skip
    for width in (TABLET, LARGE_PHONE):
        admin = visit(akiruno, person=emi, width=width)
        for path in pages:
            admin.go(path)
