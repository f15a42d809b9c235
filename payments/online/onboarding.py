"""A payee's own account at Stripe: made, filled in by its owner on Stripe's pages, read again whenever it changes.

Stripe is called by the worker. A page that needs its answer (the address to go on to) waits for it by looking again.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from payments.gateways.base import ProviderFailure, ProviderRefused
from payments.gateways.stripe import STRIPE
from payments.models import Payee, Task
from payments.online.errors import NoSuchPayee
from payments.stripe import accounts
from payments.stripe.accounts import AccountState
from tenants.context import current_schema
from tenants.jobs import enqueue
from tenants.provider_accounts import claim_account

ONBOARD_JOB = "payments.onboard"
REFRESH_JOB = "payments.refresh_account"

# The link is good for some minutes and once: shortly before it ends it is not offered any more.
_MARGIN = timedelta(seconds=30)
# After so long without an answer, who waits is told.
_PATIENCE = timedelta(seconds=20)


@transaction.atomic
def want_onboarding(*, payee_id: int, return_url: str, refresh_url: str, now: datetime) -> None:
    """Let the worker prepare the page on which a payee tells Stripe about itself; the account is made if there is none.

    ``onboarding_url`` says where, as soon as it is there. Raises NoSuchPayee.
    """
    payee = _locked(payee_id)
    state = {key: value for key, value in payee.stripe_state.items() if key not in ("link", "trouble")}
    Payee.objects.filter(pk=payee_id).update(stripe_state={**state, "link_wanted_at": now.isoformat()})
    enqueue(ONBOARD_JOB, payee_id=payee_id, return_url=return_url, refresh_url=refresh_url)


@transaction.atomic
def onboarding_url(*, payee_id: int, now: datetime) -> str | None:
    """Return the page of Stripe's that was prepared, once: it is good for one visit. None: not there (yet).

    Raises NoSuchPayee.
    """
    payee = _locked(payee_id)
    link = payee.stripe_state.get("link")
    if not link:
        return None
    state = {key: value for key, value in payee.stripe_state.items() if key not in ("link", "link_wanted_at")}
    Payee.objects.filter(pk=payee_id).update(stripe_state=state)
    return str(link["url"]) if datetime.fromisoformat(link["expires_at"]) - _MARGIN > now else None


def onboard(*, payee_id: int, return_url: str, refresh_url: str, now: datetime) -> None:
    """Make the payee's account if it has none, and the page for its owner. Raises ProviderFailure to be tried again."""
    payee = Payee.objects.get(pk=payee_id)
    try:
        account = payee.stripe_account or _made(payee, now)
        link = accounts.link(account, return_url=return_url, refresh_url=refresh_url)
    except ProviderRefused as refused:
        _put(payee_id, {"trouble": refused.code})
        return
    except ProviderFailure as failure:
        wanted_at = payee.stripe_state.get("link_wanted_at")
        if wanted_at and now - datetime.fromisoformat(wanted_at) > _PATIENCE:
            _put(payee_id, {"trouble": type(failure).__name__})
        raise
    _put(payee_id, {"link": {"url": link.url, "expires_at": link.expires_at.isoformat()}})


def refresh_account(*, account: str, now: datetime) -> None:
    """Read an account of ours at Stripe and keep what it can do; a clerk hears when it can no longer take money.

    Raises ProviderFailure.
    """
    if Payee.objects.filter(stripe_account=account).exists():
        _keep(accounts.read(account), now)


def refresh_all(*, now: datetime) -> None:
    """Read every account again; one that cannot be read keeps what it had."""
    for account in Payee.objects.exclude(stripe_account="").values_list("stripe_account", flat=True):
        try:
            refresh_account(account=account, now=now)
        except ProviderRefused as refused:
            _tell_clerk(account, refused.code, now)
        except ProviderFailure:
            continue


@transaction.atomic
def note_disconnected(*, account: str, now: datetime) -> None:
    """The owner of an account took our access away: nothing can be paid with it any more."""
    for payee in Payee.objects.select_for_update().filter(stripe_account=account):
        state = {**payee.stripe_state, "charges_enabled": False, "disabled_reason": "disconnected"}
        Payee.objects.filter(pk=payee.pk).update(stripe_state=state, stripe_checked_at=now)
    _tell_clerk(account, "disconnected", now)


def _made(payee: Payee, now: datetime) -> str:
    mark = f"{current_schema()}:payee:{payee.pk}"
    state = accounts.create(mark=mark, name=payee.name, key=mark)
    with transaction.atomic():
        claim_account(provider=STRIPE, account=state.account, now=now)
        Payee.objects.filter(pk=payee.pk, stripe_account="").update(stripe_account=state.account)
    _keep(state, now)
    return state.account


@transaction.atomic
def _keep(state: AccountState, now: datetime) -> None:
    payee = Payee.objects.select_for_update().filter(stripe_account=state.account).first()
    if payee is None:
        return
    could = bool(payee.stripe_state.get("charges_enabled"))
    known = {key: value for key, value in asdict(state).items() if key != "account"}
    Payee.objects.filter(pk=payee.pk).update(
        stripe_state={**payee.stripe_state, **known, "wanted": list(state.wanted)}, stripe_checked_at=now
    )
    if could and not state.charges_enabled:
        _tell_clerk(state.account, state.disabled_reason, now)
    if state.charges_enabled:
        Task.objects.filter(
            kind=Task.Kind.ACCOUNT_TROUBLE,
            cause__startswith=f"{state.account} ",
            attempt=None,
            closed_at=None,
        ).update(closed_at=now)


def _tell_clerk(account: str, code: str, now: datetime) -> None:
    Task.objects.get_or_create(
        kind=Task.Kind.ACCOUNT_TROUBLE,
        cause=f"{account} {code} {now.date().isoformat()}"[:120],
        defaults={"facts": {"code": code}, "opened_at": now},
    )


@transaction.atomic
def _put(payee_id: int, news: dict[str, object]) -> None:
    payee = _locked(payee_id)
    state = {key: value for key, value in payee.stripe_state.items() if key != "trouble"}
    Payee.objects.filter(pk=payee_id).update(stripe_state={**state, **news})


def _locked(payee_id: int) -> Payee:
    payee = Payee.objects.select_for_update().filter(pk=payee_id).first()
    if payee is None:
        raise NoSuchPayee
    return payee
