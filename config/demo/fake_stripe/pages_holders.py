"""The pages of account holders and of payers who are owed: onboarding, and where a konbini payment should go back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from config.demo.fake_stripe import pages
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.pages import Page, Say, Wrong


def onboarding(control: Control, key: str, link: Row, say: Say, wrong: Wrong | None = None) -> Page:
    """Return the form of an onboarding link; a link that was used or is too old leads back for a new one."""
    if wrong is None:
        if link["visited"] or link["expires_at"] <= control.platform.now():
            return Page(status=303, to=link["refresh_url"])
        link["visited"] = True
        control.platform.changes += 1
    account = control.platform.accounts[link["account"]]
    given = wrong or Wrong()
    place = f"/onboarding/{key}?lang={say('ja', 'en')}"
    fields = (
        pages.text_field(
            "holder",
            say("名前（自治体・団体・会社）", "Name (municipality, body or company)"),
            given,
            value=account["business_profile"]["name"] or "",
        )
        + pages.text_field(
            "bank",
            say("入金先の口座（銀行名、支店名、番号）", "Bank account for payouts"),
            given,
            hint=say("例: まち銀行 本店 普通 1234567", "For example: Machi Bank, Main Branch, 1234567"),
        )
        + _checkbox("agreed", say("規約に同意します", "I agree to the terms"), given)
        + _checkbox(
            "missing",
            say("書類が1つ足りないことにする（練習）", "Pretend that a paper is missing (practice)"),
            given,
        )
        + _checkbox(
            "wait",
            say("PayPayの審査を待つことにする（練習）", "Pretend that PayPay is still looking (practice)"),
            given,
        )
    )
    text = say(
        "料金を受け取るための登録です。本当の審査はありません。",
        "Register to receive payments. Nobody checks anything here.",
    )
    return pages.frame(
        say("決済アカウントの登録", "Set up the account"),
        f'{pages.alert(given, say)}<p>{text}</p><form method="post" action="{place}" novalidate>{fields}'
        f'<button class="main">{say("登録を終える", "Finish")}</button></form>',
        say,
    )


def onboard(control: Control, key: str, link: Row, typed: Mapping[str, str], say: Say) -> Page:
    """Take the form of an onboarding link."""
    wrong = Wrong(typed)
    if not typed.get("holder", "").strip():
        wrong.found["holder"] = say("名前を入れてください。", "Enter a name.")
    if not re.search(r"\d{7}", typed.get("bank", "")):
        wrong.found["bank"] = say(
            "7けたの口座番号を入れてください。", "Enter an account number of seven digits."
        )
    if not typed.get("agreed"):
        wrong.found["agreed"] = say("規約への同意が必要です。", "You must agree to the terms.")
    if wrong.found:
        return replace(onboarding(control, key, link, say, wrong), status=422)
    with control.platform.lock:
        account = control.platform.accounts[link["account"]]
        account["business_profile"]["name"] = typed["holder"].strip()
        account["settings"]["dashboard"]["display_name"] = typed["holder"].strip()
        control.onboard(link["account"], complete=not typed.get("missing"), paypay=not typed.get("wait"))
    return Page(status=303, to=link["return_url"])


def refund(row: Row, say: Say, wrong: Wrong | None = None) -> Page:
    """Return the page on which a payer says where a konbini payment should go back."""
    title = say("返金を受け取る口座", "Where should the refund go?")
    if row["status"] != "requires_action":
        words = {
            "pending": ("振込の手続きをしています。", "The transfer is on its way."),
            "succeeded": ("振り込みました。", "The money was transferred."),
        }
        text = say(
            *words.get(row["status"], ("この返金は取りやめになりました。", "This refund was given up."))
        )
        return pages.frame(title, f"<p>{text}</p>", say)
    given = wrong or Wrong()
    fields = pages.text_field(
        "bank",
        say("口座（銀行名、支店名、番号）", "Your bank account"),
        given,
        hint=say("例: まち銀行 本店 普通 1234567", "For example: Machi Bank, Main Branch, 1234567"),
    ) + pages.text_field("kana", say("口座の名義（カタカナ）", "Name of the holder (katakana)"), given)
    return pages.frame(
        title,
        f'{pages.alert(given, say)}<p class="sum">{pages.yen(row["amount"], say)}</p>'
        f'<form method="post" action="/refunds/{row["id"]}?lang={say("ja", "en")}" novalidate>{fields}'
        f'<button class="main">{say("この口座で受け取る", "Send it to this account")}</button></form>',
        say,
        other=f"?lang={say('en', 'ja')}",
    )


def take_account(control: Control, row: Row, typed: Mapping[str, str], say: Say) -> Page:
    """Take the payer's bank account; it is checked and then forgotten."""
    wrong = Wrong(typed)
    if not re.search(r"\d{7}", typed.get("bank", "")):
        wrong.found["bank"] = say(
            "7けたの口座番号を入れてください。", "Enter an account number of seven digits."
        )
    if not re.fullmatch(r"[ァ-ヶー・\s　]+", typed.get("kana", "").strip()):
        wrong.found["kana"] = say("カタカナで入れてください。", "Enter it in katakana.")
    if wrong.found:
        return replace(refund(row, say, wrong), status=422)
    try:
        control.give_refund_account(row["id"])
    except Problem:
        return refund(row, say)
    return Page(status=303, to=f"/refunds/{row['id']}?lang={say('ja', 'en')}")


def _checkbox(name: str, label: str, wrong: Wrong) -> str:
    checked = " checked" if wrong.typed.get(name) else ""
    problem = wrong.found.get(name)
    marks = f' aria-invalid="true" aria-describedby="{name}-wrong"' if problem else ""
    told = f'<p class="wrong" id="{name}-wrong">{problem}</p>' if problem else ""
    return (
        f'<label class="check"><input type="checkbox" id="{name}" name="{name}" value="1"{checked}{marks}> '
        f"{label}</label>{told}"
    )
