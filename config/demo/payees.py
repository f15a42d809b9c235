"""Who receives the demo's money, and how its halls are paid; their accounts at the demo's Stripe are ready to use."""

from __future__ import annotations

import http.client
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from config.demo.fake_stripe.platform import API_KEY
from config.demo.towns import Town
from facilities.models import Facility
from payments.models import HallTerms, Payee, RevenueItem
from payments.online.onboarding import onboard, onboarding_url, refresh_account
from payments.payees import save_payee, set_hall_terms
from payments.slips.settings import save_list_format, save_slip_terms

_WAYS = ("desk_cash", "bank_slip", "card", "konbini", "paypay")


def seed_payees(town: Town, *, now: datetime, port: int) -> None:
    """Say whose money it is and how each hall is paid, and open the account for paying online. Twice changes nothing.

    The account is opened as everybody opens one: by calls to Stripe, and by filling in its page.
    """
    item = RevenueItem.objects.select_related("payee").get(is_default=True)
    if not HallTerms.objects.exists():
        _name(item.payee, town)
        for hall in Facility.objects.all():
            set_hall_terms(facility_id=hall.pk, item_id=item.pk, ways=_WAYS, ways_by_class={})
        _prepare_slips(item.payee, town)
    # Never with a key of somebody's own: the demo opens no accounts in the world.
    if not item.payee.stripe_account and settings.STRIPE_API_KEY == API_KEY:
        _open_account(item.payee, town, now=now, port=port)


def _name(payee: Payee, town: Town) -> None:
    save_payee(
        payee_id=payee.pk,
        kind=payee.kind,
        name=payee.name,
        signed_by=f"{town.name}長",
        address=payee.address,
        phone=payee.phone,
        invoice_number=payee.invoice_number,
        decided_by=payee.decided_by,
        online_paper=payee.online_paper,
        four_eyes_from_yen=payee.four_eyes_from_yen,
    )


def _prepare_slips(payee: Payee, town: Town) -> None:
    """The bank of the demo takes slips, and writes its list as many banks do."""
    place = f"まち銀行の本店と支店、{town.name}の会計課"
    save_slip_terms(payee_id=payee.pk, pay_at=place, note="コンビニエンスストアでは払えません。")
    columns = {"number": "納付番号", "yen": "収納金額", "paid_on": "収納日"}
    save_list_format(
        format_id=None, name="まち銀行 収納一覧", encoding="cp932", heading_lines=1, columns=columns
    )


def _open_account(payee: Payee, town: Town, *, now: datetime, port: int) -> None:
    page = f"http://{town.slug}.localhost:{port}/console/money/"
    onboard(payee_id=payee.pk, return_url=page, refresh_url=page, now=now)
    url = onboarding_url(payee_id=payee.pk, now=now)
    if url is None:
        return
    fill_in(url, holder=town.name)
    payee.refresh_from_db()
    refresh_account(account=payee.stripe_account, now=now)


def fill_in(url: str, *, holder: str) -> None:
    """Fill in the onboarding page of the demo's Stripe as an account's owner does. Raises OSError."""
    address = urlsplit(url)
    said = urlencode({"holder": holder, "bank": "まち銀行 本店 普通 1234567", "agreed": "1"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for method, body in (("GET", None), ("POST", said)):
        connection = http.client.HTTPConnection("127.0.0.1", address.port or 80, timeout=20)
        try:
            connection.request(method, address.path, body=body, headers=headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if status >= 400:
            raise OSError(f"The onboarding page answered {status}.")
