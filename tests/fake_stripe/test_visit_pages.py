"""The pages: what payers, shops, account holders and visitors of the demo do on them, without a script."""

from __future__ import annotations

import http.client
import json
import re
from urllib.parse import urlencode, urlsplit

import pytest

from config.demo.fake_stripe.cards import CARDS
from config.demo.fake_stripe.pages_pay import _CARD_WORDS
from tests.fake_stripe.scenes import a_paid_intent, a_paid_voucher, a_session

PERSON = {"email": "aiko@example.jp", "name": "青木 愛子"}
CARD = {"way": "card", "number": "4000 0039 2000 0003", "until": "12/34", "cvc": "123", **PERSON}


class Browser:
    """Opens pages and sends forms; follows no redirect."""

    def __init__(self, base):
        self.base = urlsplit(base)

    def open(self, path, said=None, **headers):
        connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=20)
        body = None if said is None else urlencode(said)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("GET" if said is None else "POST", path, body=body, headers={**kind, **headers})
        answer = connection.getresponse()
        self.status, self.to = answer.status, answer.headers["Location"] or ""
        self.text = answer.read().decode()
        connection.close()
        return self


@pytest.fixture
def browser(fake_stripe):
    return Browser(fake_stripe.url)


def path_of(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_a_payer_pays_by_card_and_comes_back_to_the_merchant(fake_stripe, account, browser):
    session = a_session(fake_stripe, account, allowed_payment_method_types=["card"])
    page = browser.open(path_of(session.url))
    assert (page.status, "1,200円" in page.text, "第1研修室" in page.text) == (200, True, True)
    assert "コンビニ" not in page.text
    assert browser.open(path_of(session.url), CARD).to == f"https://akiruno.example/back/?s={session.id}"
    assert "もう一度支払う必要はありません" in browser.open(path_of(session.url)).text
    assert browser.open(path_of(session.url), CARD).status == 422
    assert fake_stripe.balance(account)[0] == 1200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"name": " "}, "name"),
        ({"number": "1234"}, "number"),
        ({"number": "<script>"}, "number"),
        ({"until": "13/34"}, "until"),
        ({"until": "01/20"}, "until"),
        ({"cvc": "1"}, "cvc"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    fake_stripe, account, browser, changes, field
):
    session = a_session(fake_stripe, account)
    page = browser.open(path_of(session.url), {**CARD, **changes})
    assert page.status == 422
    assert f'id="card-{field}-wrong"' in page.text
    assert f'href="#card-{field}"' in page.text
    kept = {**CARD, **changes}["email"]
    assert f'value="{kept}"' in page.text
    assert "<script>" not in page.text
    assert not fake_stripe.store(account).intents


def test_a_declined_card_is_said_and_another_one_pays(fake_stripe, account, browser):
    session = a_session(fake_stripe, account)
    page = browser.open(path_of(session.url), {**CARD, "number": "4000000000000002"})
    assert (page.status, "ほかのカード" in page.text) == (422, True)
    assert browser.open(path_of(session.url), CARD).status == 303


@pytest.mark.parametrize(("way", "number"), [("card", "4000002500003155"), ("paypay", "")])
def test_a_payer_is_asked_and_can_say_no_and_then_yes(fake_stripe, account, browser, way, number):
    session = a_session(fake_stripe, account)
    said = {**CARD, "way": way, "number": number}
    asked = browser.open(path_of(session.url), said).to
    assert asked.startswith("/consent/")
    assert "1,200円" in browser.open(asked).text
    assert browser.open(asked, {"answer": "no"}).status == 422
    assert "もう一度選べます" in browser.text
    asked = browser.open(path_of(session.url), said).to
    assert browser.open(asked, {"answer": "yes"}).to.endswith(session.id)
    assert browser.open(asked, {"answer": "yes"}).status == 404
    assert fake_stripe.balance(account)[0] == 1200


def test_a_voucher_is_shown_and_paid_at_a_shop(fake_stripe, account, browser):
    session = a_session(fake_stripe, account)
    browser.open(path_of(session.url), {"way": "konbini", **PERSON})
    assert browser.to.endswith(session.id)
    intent = next(iter(fake_stripe.store(account).intents.values()))
    url = path_of(intent["next_action"]["konbini_display_details"]["hosted_voucher_url"])
    page = browser.open(url)
    assert page.text.count("確認番号") == 4
    assert "支払い済み" in browser.open(url, {"shop": "seicomart"}).text
    charge = next(iter(fake_stripe.store(account).charges.values()))
    assert charge["payment_method_details"]["konbini"]["store"]["chain"] == "seicomart"
    assert "1,200円" in browser.open(path_of(charge["receipt_url"])).text


def test_a_page_that_is_over_says_so_and_leads_back(fake_stripe, account, browser):
    session = a_session(fake_stripe, account)
    fake_stripe.control.expire_session(session.id)
    page = browser.open(f"/c/pay/{session.id}")
    assert (page.status, "もう支払えません" in page.text) == (404, True)
    assert 'href="https://akiruno.example/back/"' in page.text
    fake_stripe.control.expire_konbini(
        fake_stripe.control.take_voucher(a_session(fake_stripe, account).id)["id"]
    )
    voucher = next(reversed(fake_stripe.store(account).intents))
    assert "この番号は使えません" in browser.open(f"/konbini/{voucher}").text


@pytest.mark.parametrize(
    "path",
    ["/c/pay/cs_test_x", "/konbini/pi_x", "/nothing", "/accounts/acct_x", "/onboarding/x", "/refunds/x"],
)
def test_what_is_not_there_is_said(browser, path):
    for said in (None, {"act": "calm"}):
        page = browser.open(path, said)
        assert (page.status, "このページはありません" in page.text) == (404, True)


def test_an_owner_fills_in_the_onboarding_once(fake_stripe, browser):
    client = fake_stripe.client().v1
    account = client.accounts.create(
        {"country": "JP", "capabilities": {"card_payments": {"requested": True}}}
    )
    order = {
        "account": account.id,
        "type": "account_onboarding",
        "return_url": "https://akiruno.example/done/",
        "refresh_url": "https://akiruno.example/again/",
    }
    link = path_of(client.account_links.create(order).url)
    assert browser.open(link).status == 200
    assert browser.open(link, {"holder": "", "bank": "1"}).status == 422
    assert browser.text.count('class="wrong"') == 3
    said = {"holder": "あきる野市", "bank": "まち銀行 1234567", "agreed": "1"}
    assert browser.open(link, said).to == "https://akiruno.example/done/"
    found = client.accounts.retrieve(account.id)
    assert (found.charges_enabled, found.business_profile.name) == (True, "あきる野市")
    # A link is good for one visit, and for five minutes.
    assert browser.open(link).to == "https://akiruno.example/again/"
    late = path_of(client.account_links.create(order).url)
    fake_stripe.control.advance(301)
    assert browser.open(late).to == "https://akiruno.example/again/"


def test_a_payer_says_where_a_konbini_payment_goes_back(fake_stripe, account, browser):
    order = {"payment_intent": a_paid_voucher(fake_stripe, account), "instructions_email": "aiko@example.jp"}
    refund = fake_stripe.client(account).v1.refunds.create(order)
    page = f"/refunds/{refund.id}"
    assert browser.open(page, {"bank": "まち銀行", "kana": "aoki"}).text.count('class="wrong"') == 2
    assert browser.open(page, {"bank": "まち銀行 1234567", "kana": "アオキ アイコ"}).status == 303
    assert "振込の手続き" in browser.open(page).text
    # What was typed is not kept.
    assert "1234567" not in json.dumps(fake_stripe.platform.snapshot(), ensure_ascii=False)


def test_the_control_pages_show_and_do_what_is_asked(fake_stripe, account, browser):
    paid = a_paid_intent(fake_stripe, account)
    fake_stripe.control.take_voucher(a_session(fake_stripe, account).id)
    assert "あきる野市" in browser.open("/").text
    page = f"/accounts/{account}"
    assert "店で支払われる" in browser.open(page).text
    for act, name in re.findall(
        r'name="act" value="(\w+)"><input type="hidden" name="id" value="(\w+)"', browser.text
    ):
        if act not in {"expire_konbini", "pay_out"}:
            assert browser.open(page, {"act": act, "id": name}).to.startswith(f"{page}?lang=ja&done=1")
    assert fake_stripe.store(account).charges[fake_stripe.store(account).intents[paid]["latest_charge"]][
        "disputed"
    ]
    assert len(fake_stripe.store(account).charges) == 2
    assert not fake_stripe.platform.accounts[account]["charges_enabled"]
    orders = [("fault", "500"), ("mishap", "lost"), ("refund", "pending")]
    for act, kind in orders:
        assert browser.open("/", {"act": act, "kind": kind}).status == 303
    assert "エラー（500）" in browser.open("/?lang=ja").text
    before = fake_stripe.platform.now()
    browser.open("/", {"act": "advance", "hours": "24"})
    assert fake_stripe.platform.now() - before >= 86_400
    browser.open("/", {"act": "calm"})
    assert not fake_stripe.platform.faults.waiting
    for wrong in ({}, {"act": "explode"}, {"act": "fault", "kind": "x"}, {"act": "dispute", "id": "ch_x"}):
        assert browser.open("/", wrong).status == 422


def test_pages_speak_the_language_that_is_asked_for(fake_stripe, account, browser):
    session = a_session(fake_stripe, account)
    english = {"Accept-Language": "en-US,en;q=0.9"}
    # The merchant said Japanese; the payer can change it.
    assert "お支払い" in browser.open(path_of(session.url), **english).text
    assert '<html lang="en">' in browser.open(f"{path_of(session.url)}?lang=en").text
    assert "The demo's payments" in browser.open("/", **english).text.replace("&#x27;", "'")
    assert '<html lang="ja">' in browser.open("/", **{"Accept-Language": "fr"}).text


def test_a_form_of_another_site_is_not_taken(fake_stripe, account, browser):
    browser.open(f"/accounts/{account}", {"act": "restrict", "id": account}, Origin="https://evil.example")
    assert browser.status == 403
    assert fake_stripe.platform.accounts[account]["charges_enabled"]


def test_every_test_card_says_what_it_does():
    assert set(_CARD_WORDS) == set(CARDS)


def test_the_control_api_does_the_same_acts(fake_stripe, account):
    def call(act, method="POST", body=b"{}"):
        connection = http.client.HTTPConnection(*urlsplit(fake_stripe.url).netloc.split(":"), timeout=20)
        connection.request(method, f"/_fake/{act}", body=body)
        answer = connection.getresponse()
        content = json.loads(answer.read())
        connection.close()
        return answer.status, content

    assert "pay_konbini" in call("", "GET")[1]["acts"]
    session = a_session(fake_stripe, account)
    status, done = call("take_voucher", body=json.dumps({"session": session.id}).encode())
    assert status == 200
    assert call("pay_konbini", body=json.dumps({"intent": done["object"]["id"]}).encode())[0] == 200
    assert fake_stripe.balance(account)[0] == 1200
    assert call("fault", body=b'{"kind": "500"}')[0] == 200
    for act, body, expected in (
        ("pay_konbini", b'{"intent": "pi_x"}', 404),
        ("pay_konbini", b"{}", 400),
        ("pay_konbini", b"not json", 400),
        ("fault", b'{"kind": "surprise"}', 400),
        ("_pay", b"{}", 404),
        ("explode", b"{}", 404),
    ):
        status, answer = call(act, body=body)
        assert (status, bool(answer["error"]["message"])) == (expected, True)
