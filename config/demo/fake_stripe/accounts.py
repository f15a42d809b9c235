"""Connected accounts: opened by the platform, made ready by their holder on the onboarding pages."""

from __future__ import annotations

from config.demo.fake_stripe import rows
from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform

_LINK_SECONDS = 300
_CAPABILITIES = ("card_payments", "konbini_payments", "paypay_payments", "transfers")
_MISSING = ("business_profile.url", "external_account", "tos_acceptance.date", "tos_acceptance.ip")
_PROFILE = ("mcc", "name", "product_description", "support_email", "support_phone", "support_url", "url")


def create(platform: Platform, params: Params) -> Row:
    """Open an account that cannot take payments yet."""
    if params.has("type") and params.has("controller"):
        raise Problem("type and controller cannot be given together.", param="type")
    country = params.text("country", "JP")
    if country != "JP":
        raise Problem(f"Accounts in {country} cannot be opened here.", param="country")
    now = platform.now()
    account: Row = {
        "id": rows.new_id("acct", 16),
        "object": "account",
        "business_profile": {
            **dict.fromkeys(("annual_revenue", "estimated_worker_count", "support_address")),
            **{word: params.text(f"business_profile[{word}]") for word in _PROFILE},
        },
        "business_type": params.one_of(
            "business_type", ("company", "government_entity", "individual", "non_profit")
        ),
        "capabilities": {},
        "charges_enabled": False,
        "controller": _controller(params),
        "country": "JP",
        "created": now,
        "default_currency": "jpy",
        "details_submitted": False,
        "email": params.text("email"),
        "external_accounts": _empty_list(),
        "future_requirements": _requirements([]),
        "metadata": params.table("metadata"),
        "payouts_enabled": False,
        "requirements": _requirements(list(_MISSING)),
        "settings": _settings(params.text("business_profile[name]")),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": params.one_of("type", ("custom", "express", "standard")) or "none",
    }
    _request_capabilities(account, params)
    account["external_accounts"]["url"] = f"/v1/accounts/{account['id']}/external_accounts"
    platform.accounts[account["id"]] = account
    platform.open_store(account["id"])
    return account


def retrieve(platform: Platform, name: str) -> Row:
    """Read an account of the platform. Raises Problem (403) for any other."""
    account = platform.accounts.get(name)
    if account is None:
        raise no_access(name)
    return account


def update(platform: Platform, name: str, params: Params) -> Row:
    """Change what the platform knows of an account."""
    account = retrieve(platform, name)
    before = {"business_profile": dict(account["business_profile"]), "email": account["email"]}
    for word in _PROFILE:
        if params.has(f"business_profile[{word}]"):
            account["business_profile"][word] = params.text(f"business_profile[{word}]")
    if params.has("email"):
        account["email"] = params.text("email")
    account["metadata"] = {**account["metadata"], **params.table("metadata")}
    _request_capabilities(account, params)
    platform.emit(platform.stores[name], "account.updated", account, before)
    return account


def create_link(platform: Platform, params: Params) -> Row:
    """Make an address at which the holder gives what is missing: once, within five minutes."""
    name = params.needed("account")
    retrieve(platform, name)
    kind = params.needed("type")
    if kind != "account_onboarding":
        raise Problem("Only links of type account_onboarding can be made for this account.", param="type")
    key, now = rows.new_id("link"), platform.now()
    platform.links[key] = {
        "account": name,
        "return_url": params.address("return_url"),
        "refresh_url": params.address("refresh_url"),
        "expires_at": now + _LINK_SECONDS,
        "visited": False,
    }
    return {
        "object": "account_link",
        "created": now,
        "expires_at": now + _LINK_SECONDS,
        "url": f"{platform.page_url}/onboarding/{key}",
    }


def onboard(platform: Platform, name: str, *, complete: bool = True, paypay: bool = True) -> Row:
    """The holder submits the onboarding form; ``complete`` False: a paper is still missing.

    ``paypay`` False: PayPay is still looking at the account.
    """
    account = retrieve(platform, name)
    before = {key: account[key] for key in ("charges_enabled", "details_submitted", "payouts_enabled")}
    account.update(charges_enabled=complete, details_submitted=True, payouts_enabled=complete)
    account["requirements"] = _requirements([] if complete else ["company.verification.document"])
    account["tos_acceptance"] = {"date": platform.now(), "ip": "203.0.113.7", "user_agent": None}
    for capability in account["capabilities"]:
        held_up = capability == "paypay_payments" and not paypay
        account["capabilities"][capability] = "pending" if held_up else "active" if complete else "inactive"
    platform.emit(platform.stores[name], "account.updated", account, before)
    return account


def restrict(platform: Platform, name: str) -> Row:
    """Stripe asks for something again and stops payments until it has it."""
    account = retrieve(platform, name)
    before = {key: account[key] for key in ("charges_enabled", "payouts_enabled")}
    account.update(charges_enabled=False, payouts_enabled=False)
    account["requirements"] = _requirements(["company.verification.document"])
    account["requirements"].update(
        disabled_reason="requirements.past_due", past_due=["company.verification.document"]
    )
    for capability in account["capabilities"]:
        account["capabilities"][capability] = "inactive"
    platform.emit(platform.stores[name], "account.updated", account, before)
    return account


def no_access(name: str) -> Problem:
    """Return the answer for an account that is not the platform's, whether it exists or not."""
    return Problem(
        f"The provided key does not have access to account '{name}' (or that account does not exist).",
        status=403,
        code="account_invalid",
    )


def _request_capabilities(account: Row, params: Params) -> None:
    for capability in _CAPABILITIES:
        if params.flag(f"capabilities[{capability}][requested]"):
            ready = "active" if account["charges_enabled"] else "inactive"
            account["capabilities"].setdefault(capability, ready)


def _controller(params: Params) -> Row:
    fees = params.one_of("controller[fees][payer]", ("account", "application"), "account")
    losses = params.one_of("controller[losses][payments]", ("application", "stripe"), "stripe")
    if losses == "application" and fees != "application":
        raise Problem(
            "losses.payments=application requires fees.payer=application.", param="controller[fees][payer]"
        )
    return {
        "fees": {"payer": fees},
        "is_controller": True,
        "losses": {"payments": losses},
        "requirement_collection": params.one_of(
            "controller[requirement_collection]", ("application", "stripe"), "stripe"
        ),
        "stripe_dashboard": {
            "type": params.one_of("controller[stripe_dashboard][type]", ("express", "full", "none"), "full")
        },
        "type": "application",
    }


def _requirements(due: list[str]) -> Row:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": "requirements.past_due" if due else None,
        "errors": [],
        "eventually_due": due,
        "past_due": list(due),
        "pending_verification": [],
    }


def _settings(name: str | None) -> Row:
    return {
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_payments": dict.fromkeys(
            (
                "statement_descriptor_prefix",
                "statement_descriptor_prefix_kana",
                "statement_descriptor_prefix_kanji",
            )
        ),
        "dashboard": {"display_name": name, "timezone": "Asia/Tokyo"},
        "payments": dict.fromkeys(
            ("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji")
        ),
    }


def _empty_list() -> Row:
    return {"object": "list", "data": [], "has_more": False, "url": ""}
