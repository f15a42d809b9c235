"""News from Stripe: believed by signature, kept once in the right municipality, and only a reason to look."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import timedelta

import orjson
import pytest

from accounts.actors import Actor
from payments.models import Attempt, Payee, ProviderEvent
from payments.online.hearing import ask_for_news, hear_event
from payments.online.looking import ask_round, forget_old_news, look_round
from tenants.context import inside
from tenants.errors import AccountTaken
from tenants.provider_accounts import claim_account

STATE = Attempt.State


@pytest.fixture
def opened(online):
    """A charge and its open attempt."""
    subject = online.charge()
    attempt = online.opened(subject)
    online.stripe.lose_webhooks()
    return subject, attempt


def test_news_are_kept_answered_and_looked_into_later(online, opened):
    subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    assert set(online.stripe.deliver(online.browser)) == {200}
    assert online.state(subject).state == "unpaid"
    online.work()
    assert online.state(subject).state == "paid"
    assert not ProviderEvent.objects.filter(processed_at=None).exists()


@pytest.mark.parametrize("times", [1, 10])
@pytest.mark.parametrize("order", ["sent", "reversed"])
def test_ten_times_and_backwards_is_one_payment(online, opened, times, order):
    subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    online.stripe.deliver(online.browser, times=times, order=order)
    online.work()
    assert online.entries(subject) == [("assessed", 1200), ("collected", 1200)]


def test_lost_news_are_asked_for(online, opened):
    subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    assert online.stripe.lose_webhooks() > 0
    assert ask_round(now=online.now) > 0
    online.work()
    assert online.state(subject).state == "paid"
    assert ProviderEvent.objects.filter(listed=True).exists()
    assert ask_for_news(account=online.account, now=online.now) == 0


def test_a_job_that_was_lost_is_done_by_the_round(online, opened):
    subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    online.stripe.deliver(online.browser)
    online.pass_time(minutes=3)
    look_round(now=online.now)
    assert online.state(subject).state == "paid"


def test_a_forged_call_is_refused_and_leaves_nothing(online, opened):
    _subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    assert set(online.stripe.deliver(online.browser, secret="whsec_of_somebody_else")) == {400}
    for body, signature in ((b"{}", ""), (b"\xff\xfe", "t=1,v1=x"), (b"[]", "t=zz"), (b"", "v1=")):
        answer = online.browser.post(
            "/stripe/webhook/",
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )
        assert answer.status_code == 400
    assert not ProviderEvent.objects.exists()


def test_a_call_from_long_ago_is_refused(online, opened):
    _subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    [delivery, *_rest] = online.stripe.pending
    signature = delivery.signature(online.stripe.secret, 1_600_000_000)
    answer = online.browser.post(
        "/stripe/webhook/",
        data=delivery.body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    assert answer.status_code == 400
    assert not ProviderEvent.objects.exists()


def test_genuine_words_that_make_no_sense_are_no_error(online):
    for content in (
        {"id": "evt_1", "type": "checkout.session.completed", "created": 1, "account": "acct_x"},
        {},
        3,
    ):
        body = orjson.dumps(content)
        answer = online.browser.post(
            "/stripe/webhook/",
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": _sign(body, online.stripe.secret, time.time())},
        )
        assert answer.status_code in (200, 400)
    assert not ProviderEvent.objects.exists()


def test_the_joint_host_takes_news_for_everybody(online, opened, public_client):
    subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    assert set(online.stripe.deliver(public_client)) == {200}
    online.work()
    assert online.state(subject).state == "paid"


def test_one_towns_news_never_touch_another(online, opened, hokota, client_for):
    """Delivered to Hokota's host, Akiruno's news are kept nowhere; with Hokota's account, nothing of Akiruno moves."""
    subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    bodies = [delivery.body for delivery in online.stripe.pending]
    assert set(online.stripe.deliver(client_for(hokota))) == {200}
    assert not ProviderEvent.objects.exists()
    with inside(hokota):
        assert not ProviderEvent.objects.exists()
    theirs = online.stripe.ready_account("鉾田市")
    with inside(hokota):
        claim_account(provider="stripe", account=theirs, now=online.now)
        Payee.objects.update(stripe_account=theirs)
    for body in bodies:
        forged = orjson.dumps({**orjson.loads(body), "account": theirs})
        answer = online.browser.post(
            "/stripe/webhook/",
            data=forged,
            content_type="application/json",
            headers={"Stripe-Signature": _sign(forged, online.stripe.secret, time.time())},
        )
        assert answer.status_code == 200
    online.work()
    assert online.state(subject).state == "unpaid"
    assert not ProviderEvent.objects.exists()


def test_an_account_belongs_to_one_town_for_good(online, hokota):
    with inside(hokota), pytest.raises(AccountTaken):
        claim_account(provider="stripe", account=online.account, now=online.now)


def test_news_of_a_page_we_did_not_write_down_find_its_attempt(online, monkeypatch):
    """We stopped between Stripe's answer and our commit, and the payer paid at once."""
    subject = online.charge()
    attempt = online.begin(subject)
    with monkeypatch.context() as patched:
        patched.setattr("payments.online.settling.settle", _die)
        with pytest.raises(KeyboardInterrupt):
            online.work()
    online.stripe.control.pay_card(next(iter(online.stripe.store(online.account).sessions)))
    online.stripe.deliver(online.browser)
    online.work()
    assert (online.fresh(attempt).state, online.state(subject).state) == (STATE.PAID, "paid")


def test_an_account_that_stops_taking_money_is_a_clerks_task(online):
    online.stripe.control.restrict(online.account)
    online.stripe.deliver(online.browser)
    online.work()
    assert Payee.objects.get().stripe_state["charges_enabled"] is False
    assert len(online.tasks("account_trouble")) == 1


def test_a_dispute_reverses_the_payment_and_a_won_one_brings_it_back(online, opened):
    subject, attempt = opened
    intent = online.stripe.control.pay_card(attempt.provider_ref)
    online.stripe.deliver(online.browser)
    online.work()
    dispute = online.stripe.control.dispute(intent["id"])
    online.stripe.deliver(online.browser, times=2)
    online.work()
    assert online.entries(subject)[-1] == ("reversed", 1200)
    assert online.state(subject).due_yen == 1200
    online.stripe.control.close_dispute(dispute["id"], won=True)
    online.stripe.deliver(online.browser, times=2)
    online.work()
    assert online.entries(subject)[-1] == ("collected", 1200)
    assert online.state(subject).state == "paid"
    [task] = online.tasks("dispute")
    assert task.facts == {"yen": 1200, "code": "won"}


def test_heard_twice_is_done_once(online, opened):
    _subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    online.stripe.deliver(online.browser)
    online.work()
    calls = len(online.stripe.calls)
    for event in ProviderEvent.objects.all():
        hear_event(event_pk=event.pk, now=online.now)
    assert len(online.stripe.calls) == calls


def test_old_news_are_forgotten(online, opened):
    _subject, attempt = opened
    online.stripe.control.pay_card(attempt.provider_ref)
    online.stripe.deliver(online.browser)
    online.work()
    assert forget_old_news(now=online.now) == 0
    assert forget_old_news(now=online.now + timedelta(days=101)) > 0
    assert not ProviderEvent.objects.exists()


def test_who_begins_is_not_who_is_told(online):
    """An attempt is the resident's who began it; the payer's mail address is not sent to Stripe."""
    attempt = online.opened(online.charge(), actor=Actor("resident", 7))
    assert (attempt.actor_kind, attempt.actor_id) == ("resident", 7)
    assert online.stripe.store(online.account).sessions[attempt.provider_ref]["customer_email"] is None


def _sign(body, secret, moment):
    stamp = str(int(moment))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def _die(*args, **kwargs):
    raise KeyboardInterrupt
