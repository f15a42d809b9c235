"""What belongs to one municipality's money never touches another's: its news, its keys, its account."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest

from accounts.actors import Actor
from config.demo.fake_stripe.rows import new_id
from config.demo.fake_stripe.webhooks import Delivery
from facilities.models import Facility
from payments.models import Attempt, LedgerEntry, ProviderEvent, Refund
from payments.online.attempts import begin_attempt
from payments.online.hearing import hear_event
from payments.online.looking import ask_round, look_round
from payments.online.settling import look_at_attempt, open_attempt
from payments.queries import payment_states
from payments.refunds.sending import send_refund
from payments.services import assess_charge, reduce_charge
from tenants.context import inside
from tenants.errors import AccountTaken
from tenants.provider_accounts import claim_account, owner_of_account
from tests.money.world import open_account

PAYER = Actor("resident", 1)


class Town:
    """A municipality with an account at Stripe and one charge that somebody is paying."""

    def __init__(self, municipality, stripe, now) -> None:
        """The first charge and the first attempt: their numbers are the same in every town."""
        self.municipality, self.stripe, self.now = municipality, stripe, now
        self.account = open_account(stripe, municipality, now)
        self.subject = uuid4()
        with inside(municipality):
            assess_charge(
                subject=self.subject,
                yen=800,
                title="第1研修室",
                payer="佐藤 花子",
                day=date(2027, 6, 9),
                facility_id=Facility.objects.all()[0].pk,
                actor=PAYER,
                now=now,
            )
            self.attempt = begin_attempt(
                charge_subjects=[self.subject],
                way="card",
                return_url="http://town.localhost/my/pay/{ref}/",
                actor=PAYER,
                language="ja",
                now=now,
            ).pk
            open_attempt(attempt_id=self.attempt, now=now)

    def row(self) -> Attempt:
        """The attempt as it is now."""
        with inside(self.municipality):
            return Attempt.objects.get(pk=self.attempt)

    def pay(self) -> None:
        """Somebody pays on the page; nobody tells us."""
        self.stripe.control.pay_card(self.row().provider_ref)
        self.stripe.lose_webhooks()

    def look(self) -> None:
        """The worker looks at the attempt, and hears what was stored."""
        with inside(self.municipality):
            for pk in ProviderEvent.objects.filter(processed_at=None).values_list("pk", flat=True):
                hear_event(event_pk=pk, now=self.now)

    def books(self) -> dict[str, int]:
        """What the ledger says, by kind."""
        with inside(self.municipality):
            rows = LedgerEntry.objects.filter(charge__subject=self.subject).values_list("kind", "yen")
            return dict(rows)

    def news(self) -> int:
        """How many news are stored here."""
        with inside(self.municipality):
            return ProviderEvent.objects.count()


@pytest.fixture
def towns(akiruno, hokota, fake_stripe, now):
    """あきる野市 and 鉾田市, each with a payment under way."""
    fake_stripe.set_time(now)
    return Town(akiruno, fake_stripe, now), Town(hokota, fake_stripe, now)


def tell(fake_stripe, client, *, account, ref, kind="checkout.session.completed", flaw=""):
    """Bring news, signed by Stripe unless ``flaw`` says otherwise; return the status."""
    body = {
        "id": new_id("evt"),
        "object": "event",
        "account": account,
        "created": fake_stripe.platform.now(),
        "type": kind,
        "data": {"object": {"id": ref, "payment_status": "paid", "amount_total": 800}},
    }
    return fake_stripe.post(client, Delivery(body["id"], json.dumps(body), flaw=flaw))


def test_an_account_belongs_to_one_municipality_for_good(akiruno, hokota, now):
    with inside(akiruno):
        claim_account(provider="stripe", account="acct_1", now=now)
        claim_account(provider="stripe", account="acct_1", now=now)
    with inside(hokota), pytest.raises(AccountTaken):
        claim_account(provider="stripe", account="acct_1", now=now)
    assert owner_of_account(provider="stripe", account="acct_1") == akiruno
    assert owner_of_account(provider="other", account="acct_1") is None


def test_news_reach_the_town_whose_account_they_are_about(towns, fake_stripe, public_client):
    ours, theirs = towns
    assert ours.attempt == theirs.attempt, "the same number in both"
    ours.pay()
    assert tell(fake_stripe, public_client, account=ours.account, ref=ours.row().provider_ref) == 200
    for town in towns:
        town.look()
    assert (ours.news(), theirs.news()) == (1, 0)
    assert ours.books() == {"assessed": 800, "collected": 800}
    assert theirs.books() == {"assessed": 800}


def test_news_of_another_account_about_our_payment_move_nothing(towns, fake_stripe, public_client):
    """Whoever owns an account can make Stripe sign news of it; what they are about is read in that account only."""
    ours, theirs = towns
    ours.pay()
    assert tell(fake_stripe, public_client, account=theirs.account, ref=ours.row().provider_ref) == 200
    with inside(theirs.municipality):
        (pk,) = ProviderEvent.objects.values_list("pk", flat=True)
        with pytest.raises(Exception, match="resource_missing"):
            hear_event(event_pk=pk, now=theirs.now)
    ours.look()
    assert [town.books() for town in towns] == [{"assessed": 800}] * 2
    assert ours.row().state == theirs.row().state == "open"


def test_a_towns_own_host_takes_no_news_of_another(towns, fake_stripe, client_for):
    ours, theirs = towns
    ours.pay()
    client = client_for(theirs.municipality)
    assert tell(fake_stripe, client, account=ours.account, ref=ours.row().provider_ref) == 200
    assert (ours.news(), theirs.news()) == (0, 0)


@pytest.mark.parametrize("flaw", ["forged", "old"])
def test_forged_and_stale_news_are_refused(towns, fake_stripe, public_client, flaw):
    ours, theirs = towns
    ref = ours.row().provider_ref
    assert tell(fake_stripe, public_client, account=ours.account, ref=ref, flaw=flaw) == 400
    assert (ours.news(), theirs.news()) == (0, 0)


def test_news_of_an_account_nobody_has_are_answered_and_forgotten(towns, fake_stripe, public_client):
    ours, theirs = towns
    assert tell(fake_stripe, public_client, account="acct_nobody", ref="cs_1") == 200
    assert (ours.news(), theirs.news()) == (0, 0)


def test_a_paid_session_that_names_another_towns_attempt_pays_nothing(towns, fake_stripe, public_client):
    """Who may make sessions in one account writes any name into them."""
    ours, theirs = towns
    session = fake_stripe.client(theirs.account).v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://example.jp/",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "jpy", "unit_amount": 800, "product_data": {"name": "x"}},
                }
            ],
            "client_reference_id": f"{ours.municipality.schema_name}:attempt:{ours.attempt}",
            "metadata": {"mark": f"{ours.municipality.schema_name}:attempt:{ours.attempt}"},
        }
    )
    fake_stripe.control.pay_card(session.id)
    assert set(fake_stripe.deliver(public_client)) == {200}
    for town in towns:
        town.look()
        with inside(town.municipality):
            ask_round(now=town.now)
            look_round(now=town.now)
    assert [town.books() for town in towns] == [{"assessed": 800}] * 2


def test_every_call_is_made_on_the_towns_own_account_with_its_own_key(towns, fake_stripe):
    ours, theirs = towns
    for town in towns:
        town.pay()
        with inside(town.municipality):
            look_at_attempt(attempt_id=town.attempt, now=town.now)
            reduce_charge(subject=town.subject, to_yen=0, reason="取消し", actor=PAYER, now=town.now)
            send_refund(refund_id=Refund.objects.get().pk, now=town.now)
            assert payment_states([town.subject])[town.subject].state == "refunded"
    for town in towns:
        schema, ref = town.municipality.schema_name, town.row().provider_ref
        keys = {call.key for call in fake_stripe.calls if call.account == town.account and call.key}
        assert len(keys) == 2
        assert all(key.startswith(f"{schema}:") for key in keys), "a session and a refund"
        assert ref in fake_stripe.store(town.account).sessions
        assert len(fake_stripe.store(town.account).refunds) == 1
    assert ours.account != theirs.account
