"""The fake Stripe's own pages on phones and desk computers: they ship with the demo, so they are pages like others."""

from __future__ import annotations

import pytest

from tests.fake_stripe.scenes import a_paid_intent, a_paid_voucher, a_session
from tests.journeys.conftest import LARGE_PHONE, PHONE, WIDTHS, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def look(browser):
    """``look(width, language)``: a window of somebody who pays, or of a visitor of the demo."""
    contexts = []

    def open_window(width=LARGE_PHONE, *, language="ja-JP", javascript=True):
        contexts.append(
            browser.new_context(
                locale=language, viewport={"width": width, "height": 800}, java_script_enabled=javascript
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        return Visitor(page, javascript=javascript)

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def account(fake_stripe):
    return fake_stripe.ready_account()


def a_session_here(fake_stripe, account, **changes):
    """A session that leads back to a page of the fake's own: there is no shop here."""
    back = {"success_url": f"{fake_stripe.url}/?back=1", "cancel_url": f"{fake_stripe.url}/"}
    return a_session(fake_stripe, account, **{**back, **changes})


@pytest.mark.parametrize("javascript", [True, False])
def test_a_payer_corrects_a_form_and_pays(fake_stripe, account, look, javascript):
    session = a_session_here(fake_stripe, account, allowed_payment_method_types=["card"])
    payer = look(PHONE, javascript=javascript).go(session.url)
    payer.press("1,200円を支払う")
    assert "カード番号を入れてください" in payer.text
    said = {"email": "aiko@example.jp", "name": "青木 愛子", "until": "12/34", "cvc": "123"}
    payer.fill(number="4000 0000 0000 9995", **said).press("1,200円を支払う")
    assert "ほかのカードを使ってください" in payer.text
    payer.fill(number="4000 0025 0000 3155").press("1,200円を支払う")
    assert "本人の確認" in payer.text
    payer.press("支払う", exact=True)
    assert payer.page.url == f"{fake_stripe.url}/?back=1"
    assert "もう一度支払う必要はありません" in payer.go(session.url).text
    assert fake_stripe.balance(account)[0] == 1200


@pytest.mark.parametrize("width", WIDTHS)
def test_all_ways_and_the_voucher_fit_every_screen(fake_stripe, account, look, width):
    session = a_session_here(fake_stripe, account)
    payer = look(width, language="en-GB").go(f"{session.url}?lang=en")
    assert "Get the numbers" in payer.text
    intent = fake_stripe.control.take_voucher(session.id)["id"]
    payer.go(f"{fake_stripe.url}/konbini/{intent}?lang=ja").press("この店のレジで支払う")
    assert "支払い済みです" in payer.text


@pytest.mark.parametrize("width", WIDTHS)
def test_what_can_be_done_at_the_demos_stripe_fits_every_screen(fake_stripe, account, look, width):
    client = fake_stripe.client(account).v1
    fake_stripe.control.dispute(a_paid_intent(fake_stripe, account))
    order = {"payment_intent": a_paid_voucher(fake_stripe, account), "instructions_email": "aiko@example.jp"}
    refund = client.refunds.create(order)
    fake_stripe.control.take_voucher(a_session(fake_stripe, account).id)
    visitor = look(width).go(fake_stripe.url).follow("あきる野市").press("店で支払われる")
    assert "しました" in visitor.text
    visitor.go(f"{fake_stripe.url}/refunds/{refund.id}").press("この口座で受け取る")
    assert "7けたの口座番号" in visitor.text
    link = fake_stripe.client().v1.account_links.create(
        {
            "account": account,
            "type": "account_onboarding",
            "return_url": fake_stripe.url,
            "refresh_url": fake_stripe.url,
        }
    )
    visitor.go(link.url).press("登録を終える")
    assert "規約への同意が必要です" in visitor.text
