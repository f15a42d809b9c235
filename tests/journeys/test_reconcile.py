"""The municipality's admin sees what Stripe's books and the ledger do not agree about, asks, and writes down why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from payments.models import Payee
from payments.online.reconciling import reconcile
from tenants.context import inside
from tenants.provider_accounts import claim_account
from tests.fake_stripe.scenes import a_paid_intent
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET
from tests.queue import enqueued

pytestmark = pytest.mark.browser


@pytest.fixture
def differing(akiruno, fake_stripe, now):
    """Somebody paid 900 yen beside the product."""
    fake_stripe.set_time(now)
    account = fake_stripe.ready_account()
    with inside(akiruno):
        claim_account(provider="stripe", account=account, now=now)
        Payee.objects.update(stripe_account=account)
        a_paid_intent(fake_stripe, account, 900)
        return reconcile(account=account, day=now.date(), now=now + timedelta(days=1))


@pytest.mark.parametrize(
    ("width", "javascript", "language"),
    [(PHONE, True, "ja-JP"), (LARGE_PHONE, False, "en-US"), (TABLET, True, "ja-JP")],
)
def test_a_difference_is_looked_into_and_explained(
    visit, akiruno, emi, server, differing, width, javascript, language
):
    admin = visit(akiruno, person=emi, width=width, javascript=javascript, language=language)
    admin.go("/console/money/").go("/console/money/reconciliation/")
    assert "900" in admin.text
    page = admin.page
    admin.go(f"/console/money/reconciliation/{differing.pk}/")
    admin.press("もう一度照合する" if language == "ja-JP" else "Compare again")
    assert len(enqueued("payments.reconcile_day")) == 1
    admin.go("/console/money/reconciliation/").tap(page.locator("article form button"))
    assert page.locator(".error").count() == 1
    page.locator("article textarea").fill("窓口の端末で受け取った")
    admin.tap(page.locator("article form button"))
    page.get_by_text("窓口の端末で受け取った").wait_for()
    assert page.locator("article").count() == 0
