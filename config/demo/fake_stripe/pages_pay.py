"""The pages of the payer: Checkout, the bank's or PayPay's question, the konbini voucher, the receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape

from config.demo.fake_stripe import pages, settling
from config.demo.fake_stripe.cards import CARDS
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.pages import Page, Say, Wrong
from config.demo.fake_stripe.platform import Store

SHOPS = {
    "familymart": ("ファミリーマート", "FamilyMart"),
    "lawson": ("ローソン", "Lawson"),
    "ministop": ("ミニストップ", "Ministop"),
    "seicomart": ("セイコーマート", "Seicomart"),
}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UNTIL = re.compile(r"(0[1-9]|1[0-2])\s*/?\s*(\d\d)")


def checkout(control: Control, store: Store, session: Row, say: Say, wrong: Wrong | None = None) -> Page:
    """Return the page on which a session is paid."""
    wrong = wrong or Wrong()
    if session["status"] == "expired":
        return pages.sorry(
            say("このページでは、もう支払えません", "You can no longer pay on this page"),
            say("時間が過ぎたか、取り消されました。", "Its time is over, or it was cancelled."),
            say,
            back=session["cancel_url"] or session["success_url"],
        )
    if session["status"] == "complete":
        return pages.sorry(
            say("手続きは終わっています", "You are done here"),
            say("もう一度支払う必要はありません。", "There is no need to pay again."),
            say,
            status=200,
            back=back_to(session),
        )
    lines = "".join(
        f"<li><span>{escape(line['description'])}</span><b>{pages.yen(line['amount_total'], say)}</b></li>"
        for line in store.lines[session["id"]]
    )
    forms = {"card": _card_form, "konbini": _konbini_form, "paypay": _paypay_form}
    account = control.platform.accounts.get(store.id) or {}
    holder = (account.get("business_profile") or {}).get("name") or store.id
    leave = (
        f'<p><a class="go" href="{escape(session["cancel_url"])}">'
        f"{say('支払わずに戻る', 'Go back without paying')}</a></p>"
        if session["cancel_url"]
        else ""
    )
    content = (
        f"{pages.alert(wrong, say)}<p>{say('支払う先', 'Paid to')}: {escape(holder)}</p>"
        f'<p class="sum">{pages.yen(session["amount_total"], say)}</p><ul class="lines">{lines}</ul>'
        + "".join(forms[kind](session, wrong, say) for kind in session["payment_method_types"])
        + leave
    )
    other = f"?lang={say('en', 'ja')}"
    return pages.frame(say("お支払い", "Payment"), content, say, other=other)


def pay(control: Control, store: Store, session: Row, typed: Mapping[str, str], say: Say) -> Page:
    """Do what was filled in on the page."""
    kind = typed.get("way", "")
    wrong = Wrong(typed, prefix=f"{kind}-")
    email, name = typed.get("email", "").strip(), typed.get("name", "").strip()
    if not _MAIL.fullmatch(email):
        wrong.found["email"] = say("メールアドレスを入れてください。", "Enter your email address.")
    if not name:
        wrong.found["name"] = say("名前を入れてください。", "Enter your name.")
    number = re.sub(r"[\s-]", "", typed.get("number", ""))
    if kind == "card":
        _check_card(number, typed, wrong, say)
    if wrong.found:
        return replace(checkout(control, store, session, say, wrong), status=422)
    try:
        intent = _do(control, session["id"], kind, number, name, email)
    except Problem as problem:
        wrong.general = say("支払えませんでした。", f"That did not work. {problem.message}")
        return replace(checkout(control, store, session, say, wrong), status=422)
    if intent["status"] == "requires_action" and not settling.voucher_of(intent):
        return Page(status=303, to=f"/consent/{intent['id']}?lang={say('ja', 'en')}")
    error = intent["last_payment_error"]
    if error:
        wrong.general = say(
            "カードが使えませんでした。ほかのカードを使ってください。",
            f"{error['message']} Use another card.",
        )
        return replace(checkout(control, store, session, say, wrong), status=422)
    return Page(status=303, to=back_to(session))


def consent(store: Store, intent: Row, say: Say) -> Page:
    """Return the page on which a bank or PayPay asks the payer."""
    session = settling.session_of(store, intent)
    if intent["status"] != "requires_action" or settling.voucher_of(intent):
        back = back_to(session) if session else ""
        title = say("ここですることは、もうありません", "There is nothing left to do here")
        return pages.sorry(title, say("支払いのページへ戻ってください。", "Go back."), say, back=back)
    paypay = store.methods[intent["payment_method"]]["type"] == "paypay"
    title = say("PayPayで支払いますか", "Pay with PayPay?") if paypay else say("本人の確認", "Is it you?")
    text = (
        say("PayPayアプリの代わりのページです。", "This page stands in for the PayPay app.")
        if paypay
        else say("カード会社の代わりのページです。", "This page stands in for your card company's.")
    )
    place = f"/consent/{intent['id']}?lang={say('ja', 'en')}"
    return pages.frame(
        title,
        f'<p>{text}</p><p class="sum">{pages.yen(intent["amount"], say)}</p>'
        + pages.button_form(place, say("支払う", "Pay"), kind="main", fields={"answer": "yes"})
        + "<p></p>"
        + pages.button_form(place, say("支払わない", "Do not pay"), fields={"answer": "no"}),
        say,
    )


def answer_consent(control: Control, store: Store, intent: Row, typed: Mapping[str, str], say: Say) -> Page:
    """The payer has answered their bank or PayPay."""
    try:
        (control.agree if typed.get("answer") == "yes" else control.refuse)(intent["id"])
    except Problem:
        return consent(store, intent, say)
    session = settling.session_of(store, intent)
    if session is None:
        back = store.hidden[intent["id"]].get("back") or "/"
        return Page(status=303, to=back)
    if intent["status"] == "succeeded":
        return Page(status=303, to=back_to(session))
    wrong = Wrong(
        general=say("支払いませんでした。もう一度選べます。", "Nothing was paid. You can try again.")
    )
    return replace(checkout(control, store, session, say, wrong), status=422)


def voucher(intent: Row, say: Say, *, said: str = "") -> Page:
    """Return the voucher with its numbers, and buttons of a shop's till."""
    found = settling.voucher_of(intent)
    if not found:
        paid = intent["status"] == "succeeded"
        title = (
            say("支払い済みです", "This is paid")
            if paid
            else say("この番号は使えません", "These numbers are void")
        )
        text = (
            say("コンビニで支払われました。", "It was paid at a shop.")
            if paid
            else say("期限が過ぎたか、取り消されました。", "The time is over, or it was cancelled.")
        )
        return pages.sorry(title, text, say, status=200)
    shops = "".join(
        f'<div class="box"><h2>{say(*SHOPS[shop])}</h2>'
        + pages.facts(
            {
                say("お支払い番号", "Payment code"): f'<span class="number">{numbers["payment_code"]}</span>',
                say("確認番号", "Confirmation number"): (
                    f'<span class="number">{numbers["confirmation_number"]}</span>'
                ),
            }
        )
        + pages.button_form(
            f"/konbini/{intent['id']}?lang={say('ja', 'en')}",
            say("この店のレジで支払う（練習）", "Pay at this shop's till (practice)"),
            fields={"shop": shop},
        )
        + "</div>"
        for shop, numbers in found["stores"].items()
    )
    until = pages.moment(found["expires_at"], say)
    return pages.frame(
        say("コンビニで支払う", "Pay at a konbini"),
        f'{pages.alert(Wrong(general=said), say)}<p class="sum">{pages.yen(intent["amount"], say)}</p>'
        + f'<p class="note">{say(f"{until}までに支払ってください。", f"Pay by {until}.")}</p>{shops}',
        say,
        other=f"?lang={say('en', 'ja')}",
    )


def receipt(charge: Row, say: Say) -> Page:
    """Return what Stripe tells a payer of a charge."""
    return pages.frame(
        say("お支払いの控え", "Record of your payment"),
        pages.facts(
            {
                say("金額", "Amount"): pages.yen(charge["amount"], say),
                say("日時", "When"): pages.moment(charge["created"], say),
                say("返金", "Refunded"): pages.yen(charge["amount_refunded"], say),
                say("番号", "Number"): escape(charge["id"]),
            }
        ),
        say,
    )


def back_to(session: Row) -> str:
    """Return where a payer goes when they are done."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _do(control: Control, session: str, kind: str, number: str, name: str, email: str) -> Row:
    if kind == "card":
        return control.pay_card(session, number=number, name=name, email=email)
    if kind == "konbini":
        return control.take_voucher(session, name=name, email=email)
    return control.start_paypay(session, name=name, email=email)


def _check_card(number: str, typed: Mapping[str, str], wrong: Wrong, say: Say) -> None:
    if number not in CARDS:
        wrong.found["number"] = say(
            "練習用のカード番号を入れてください。下の一覧から選べます。",
            "Enter the number of a test card: they are listed below.",
        )
    until = _UNTIL.fullmatch(typed.get("until", "").strip())
    if not until or int(until[2]) < 26:
        wrong.found["until"] = say(
            "有効期限を、月/年の4けたで入れてください（例 12/34）。", "Enter month and year, as in 12/34."
        )
    if not re.fullmatch(r"\d{3,4}", typed.get("cvc", "")):
        wrong.found["cvc"] = say("裏面の3けたの数字を入れてください。", "Enter the three digits on the back.")


def _person(session: Row, wrong: Wrong, say: Say) -> str:
    email = session["customer_email"] or ""
    return pages.text_field(
        "email",
        say("メールアドレス", "Email address"),
        wrong,
        value=email,
        attributes='type="email" autocomplete="email"',
    ) + pages.text_field("name", say("名前", "Name"), wrong, attributes='type="text" autocomplete="name"')


def _form(session: Row, kind: str, heading: str, inside: str, label: str, say: Say) -> str:
    place = f"/c/pay/{session['id']}?lang={say('ja', 'en')}"
    return (
        f'<form method="post" action="{place}" novalidate><h2>{heading}</h2>'
        f'<input type="hidden" name="way" value="{kind}">{inside}<button class="main">{label}</button></form>'
    )


def _card_form(session: Row, wrong: Wrong, say: Say) -> str:
    own = _own(wrong, "card")
    fields = (
        pages.text_field(
            "number",
            say("カード番号", "Card number"),
            own,
            attributes='type="text" inputmode="numeric" autocomplete="cc-number" placeholder="4000 0039 2000 0003"',
        )
        + '<div class="two"><div>'
        + pages.text_field(
            "until",
            say("有効期限（月/年）", "Valid until (month/year)"),
            own,
            attributes='type="text" class="short" inputmode="numeric" autocomplete="cc-exp" placeholder="12/34"',
        )
        + "</div><div>"
        + pages.text_field(
            "cvc",
            say("セキュリティコード", "Security code"),
            own,
            attributes='type="text" class="short" inputmode="numeric" autocomplete="cc-csc" placeholder="123"',
        )
        + "</div></div>"
    )
    listed = "".join(
        f"<li><b>{' '.join(re.findall('....', number))}</b> {say(*_CARD_WORDS[number])}</li>"
        for number in CARDS
    )
    heading = say("練習用のカード", "Test cards")
    cards = f'<details><summary>{heading}</summary><ul class="lines">{listed}</ul></details>'
    label = say(f"{session['amount_total']:,}円を支払う", f"Pay ¥{session['amount_total']:,}")
    return _form(
        session, "card", say("カード", "Card"), _person(session, own, say) + fields + cards, label, say
    )


def _konbini_form(session: Row, wrong: Wrong, say: Say) -> str:
    own = _own(wrong, "konbini")
    text = say(
        "番号が出ます。その番号を、コンビニのレジや機械で使って支払います。",
        "You get numbers with which you pay at the till or a machine of a konbini.",
    )
    shops = say("、", ", ").join(say(*names) for names in SHOPS.values())
    inside = f"<p>{text}</p><p>{say('使える店', 'Shops')}: {shops}</p>{_person(session, own, say)}"
    return _form(
        session, "konbini", say("コンビニ", "Konbini"), inside, say("番号を受け取る", "Get the numbers"), say
    )


def _paypay_form(session: Row, wrong: Wrong, say: Say) -> str:
    own = _own(wrong, "paypay")
    inside = _person(session, own, say)
    return _form(session, "paypay", "PayPay", inside, say("PayPayに進む", "Go on to PayPay"), say)


def _own(wrong: Wrong, kind: str) -> Wrong:
    """What is wrong, for the form it was typed into; several ways to pay can stand on one page."""
    return replace(wrong, prefix=f"{kind}-") if wrong.typed.get("way") == kind else Wrong(prefix=f"{kind}-")


_CARD_WORDS = {
    "4242424242424242": ("支払えます", "is accepted"),
    "4000003920000003": ("支払えます（日本のVisa）", "is accepted (Visa, Japan)"),
    "5555555555554444": ("支払えます（Mastercard）", "is accepted (Mastercard)"),
    "3530111333300000": ("支払えます（JCB）", "is accepted (JCB)"),
    "4000000000000002": ("断られます", "is declined"),
    "4000000000009995": ("残高が足りません", "has not enough money"),
    "4000000000009987": ("紛失の届けがあります", "was reported lost"),
    "4000000000009979": ("盗難の届けがあります", "was reported stolen"),
    "4000000000000069": ("期限が切れています", "has expired"),
    "4000000000000127": ("セキュリティコードが違います", "has another security code"),
    "4000000000000119": ("カード会社のエラー", "meets an error at the card company"),
    "4000002500003155": ("本人の確認があります", "asks whether it is you"),
    "4000008400001629": ("本人の確認のあと、断られます", "asks whether it is you, and is declined"),
    "4000000000007726": ("返金に時間がかかります", "takes long to be refunded"),
    "4000000000005126": ("返金が、あとで失敗します", "cannot be refunded, as turns out later"),
    "4000000000000259": ("支払いのあと、異議が出ます（不正利用）", "is disputed after the payment (fraud)"),
    "4000000000002685": (
        "支払いのあと、異議が出ます（提供なし）",
        "is disputed after the payment (nothing received)",
    ),
}
