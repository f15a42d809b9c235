"""An account of one's own at Stripe: made by the worker, filled in by its owner, read again when it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from payments.models import Payee, RevenueItem
from payments.online.errors import NoSuchPayee
from payments.online.onboarding import note_disconnected, onboarding_url, refresh_account, want_onboarding
from payments.ways import online_ways
from tenants.context import inside_public
from tenants.models import ProviderAccount

PAGES = {
    "return_url": "https://akiruno.example/console/money/",
    "refresh_url": "https://akiruno.example/console/money/again/",
}


@pytest.fixture
def manager(online):
    """A designated manager without an account."""
    payee = Payee.objects.create(kind="manager", name="あきる野文化財団")
    RevenueItem.objects.create(payee=payee)
    return payee


def wanted(online, payee):
    want_onboarding(payee_id=payee.pk, **PAGES, now=online.now)
    online.work()
    return Payee.objects.get(pk=payee.pk)


def test_nobody_waits_for_stripe_in_a_request(online, manager):
    calls = len(online.stripe.calls)
    want_onboarding(payee_id=manager.pk, **PAGES, now=online.now)
    assert len(online.stripe.calls) == calls
    assert onboarding_url(payee_id=manager.pk, now=online.now) is None


def test_the_account_is_the_payees_own_and_this_towns(online, manager, akiruno):
    payee = wanted(online, manager)
    made = online.stripe.platform.accounts[payee.stripe_account]
    assert made["controller"]["fees"]["payer"] == "account"
    assert made["controller"]["losses"]["payments"] == "stripe"
    with inside_public():
        assert ProviderAccount.objects.get(account=payee.stripe_account).municipality == akiruno


def test_the_page_is_given_out_once(online, manager):
    wanted(online, manager)
    url = onboarding_url(payee_id=manager.pk, now=online.now)
    assert url.startswith(online.stripe.url)
    assert onboarding_url(payee_id=manager.pk, now=online.now) is None


def test_an_old_page_is_not_given_out(online, manager):
    wanted(online, manager)
    assert onboarding_url(payee_id=manager.pk, now=online.now + timedelta(days=1)) is None


def test_what_the_owner_did_opens_the_ways(online, manager):
    payee = wanted(online, manager)
    assert online_ways(payee) == frozenset()
    online.stripe.control.onboard(payee.stripe_account, paypay=False)
    online.stripe.deliver(online.browser)
    online.work()
    payee.refresh_from_db()
    assert online_ways(payee) == {"card", "konbini"}


def test_asked_twice_it_is_one_account(online, manager):
    first = wanted(online, manager)
    Payee.objects.filter(pk=manager.pk).update(stripe_account="")
    assert wanted(online, manager).stripe_account == first.stripe_account


@pytest.mark.parametrize("fault", ["500", "timeout", "dropped", "429"])
def test_bad_luck_makes_no_second_account(online, manager, fault):
    before = len(online.stripe.platform.accounts)
    online.stripe.control.fault(fault, calls="POST /v1/accounts")
    wanted(online, manager)
    online.pass_time(seconds=10)
    online.work()
    assert onboarding_url(payee_id=manager.pk, now=online.now)
    assert len(online.stripe.platform.accounts) == before + 1


def test_who_waits_long_is_told(online, manager):
    online.stripe.control.fault("500", calls="POST /v1/account_links", times=-1)
    wanted(online, manager)
    for _ in range(4):
        online.pass_time(seconds=20)
        online.work()
    manager.refresh_from_db()
    assert manager.stripe_state["trouble"]
    online.stripe.control.calm()
    assert "trouble" not in wanted(online, manager).stripe_state


def test_an_owner_who_leaves_closes_the_ways(online):
    note_disconnected(account=online.account, now=online.now)
    payee = Payee.objects.get()
    assert online_ways(payee) == frozenset()
    assert [task.facts["code"] for task in online.tasks("account_trouble")] == ["disconnected"]
    refresh_account(account=online.account, now=online.now)
    assert online_ways(Payee.objects.get()) == {"card", "konbini", "paypay"}


def test_nobody_is_nobody(online):
    with pytest.raises(NoSuchPayee):
        want_onboarding(payee_id=999_999, **PAGES, now=online.now)
