"""Which page an address is, and what pressing a button there does."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from config.demo.fake_stripe import pages, pages_control, pages_holders, pages_pay
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.pages import Page, Say

LANGUAGES = ("ja", "en")


def visit(control: Control, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Page:
    """Answer a browser."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query))
    origin = headers.get("Origin") or ""
    if method == "POST" and origin not in {"", "null"} and urlsplit(origin).netloc != headers.get("Host"):
        return pages.sorry("403", "", pages.speaker("en"), status=403)
    typed = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    steps = [step for step in parts.path.split("/") if step]
    with control.platform.lock:
        control.platform.tick()
        return _page(control, method, steps, typed, query, headers.get("Accept-Language") or "")


def _page(
    control: Control,
    method: str,
    steps: list[str],
    typed: Mapping[str, str],
    query: Mapping[str, str],
    accepted: str,
) -> Page:
    asked = query.get("lang", "")
    say = pages.speaker(asked if asked in LANGUAGES else _preferred(accepted))
    done = say("しました。", "Done.") if query.get("done") else ""
    if not steps:
        return _pressed(control, method, "/", typed, say) or pages_control.home(control, say, done)
    place, name = "/".join(steps[:-1]), steps[-1]
    if place == "c/pay":
        return _checkout(control, method, name, typed, asked, say)
    if place in _BY_TABLE:
        table = _BY_TABLE[place]
        store = control.platform.owner(table, name)
        if store is not None:
            row = getattr(store, table)[name]
            return _of_row(control, method, place, row, typed, say)
    if place == "accounts" and name in control.platform.accounts:
        return _pressed(control, method, f"/accounts/{name}", typed, say) or pages_control.account(
            control, control.platform.stores[name], say, done
        )
    if place == "onboarding" and name in control.platform.links:
        link = control.platform.links[name]
        if method == "POST":
            return pages_holders.onboard(control, name, link, typed, say)
        return pages_holders.onboarding(control, name, link, say)
    return _nothing(say)


_BY_TABLE = {"consent": "intents", "konbini": "intents", "refunds": "refunds", "receipts": "charges"}


def _checkout(
    control: Control, method: str, name: str, typed: Mapping[str, str], asked: str, say: Say
) -> Page:
    store = control.platform.owner("sessions", name)
    if store is None:
        return _nothing(say)
    session = store.sessions[name]
    if not asked and session["locale"] in LANGUAGES:
        say = pages.speaker(session["locale"])
    if method == "POST":
        return pages_pay.pay(control, store, session, typed, say)
    return pages_pay.checkout(control, store, session, say)


def _of_row(control: Control, method: str, place: str, row: Row, typed: Mapping[str, str], say: Say) -> Page:
    if place == "receipts":
        return pages_pay.receipt(row, say)
    if place == "refunds":
        if method == "POST":
            return pages_holders.take_account(control, row, typed, say)
        return pages_holders.refund(row, say)
    if place == "konbini":
        said = _at_till(control, row, typed) if method == "POST" else ""
        return pages_pay.voucher(row, say, said=said)
    store = control.platform.stores[control.platform.owner("intents", row["id"]).id]  # type: ignore[union-attr]
    if method == "POST":
        return pages_pay.answer_consent(control, store, row, typed, say)
    return pages_pay.consent(store, row, say)


def _at_till(control: Control, row: Row, typed: Mapping[str, str]) -> str:
    shop = typed.get("shop", "")
    try:
        control.pay_konbini(row["id"], shop=shop if shop in pages_pay.SHOPS else "lawson")
    except Problem as problem:
        return problem.message
    return ""


def _pressed(control: Control, method: str, place: str, typed: Mapping[str, str], say: Say) -> Page | None:
    """A button of a control page was pressed: do it, and show the page again."""
    if method != "POST":
        return None
    problem = pages_control.press(control, typed, say)
    language = say("ja", "en")
    if not problem:
        return Page(status=303, to=f"{place}?lang={language}&done=1")
    return pages.sorry(problem, "", say, status=422, back="")


def _nothing(say: Say) -> Page:
    return pages.sorry(
        say("このページはありません", "There is no such page"),
        say("アドレスを確かめてください。", "Please check the address."),
        say,
    )


def _preferred(accepted: str) -> str:
    """Return the first of our two languages a browser names; Japanese if it names none."""
    named = (one.split(";")[0].strip()[:2].lower() for one in accepted.split(","))
    return next((one for one in named if one in LANGUAGES), "ja")
