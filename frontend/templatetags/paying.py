"""Words of paying: ways, shops, last days, and where a payment stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.paying import Choice, Payment, attempts_under_way
from booking.queries import ReservationView
from frontend import paying
from payments.dues import open_parts
from payments.models import Payee
from payments.ways import online_ways

register = template.Library()

_SHOPS = {
    "familymart": gettext_lazy("ファミリーマート"),
    "lawson": gettext_lazy("ローソン"),
    "ministop": gettext_lazy("ミニストップ"),
    "seicomart": gettext_lazy("セイコーマート"),
}
_TAXES = {
    "standard": gettext_lazy("課税（10%）"),
    "reduced": gettext_lazy("軽減税率（8%）"),
    "exempt": gettext_lazy("非課税"),
    "outside": gettext_lazy("不課税"),
}
_TITLES = {
    "wanted": gettext_lazy("支払いの準備をしています"),
    "open": gettext_lazy("支払いの途中です"),
    "voucher_issued": gettext_lazy("コンビニで払う番号"),
    "paid": gettext_lazy("支払いを確かめました"),
    "expired": gettext_lazy("支払いは、終わっていません"),
    "failed": gettext_lazy("支払いは、終わっていません"),
}


@register.filter
def way_name(way: str) -> str:
    """The name of a way to pay."""
    return str(paying.WAY_NAMES.get(way, way))


@register.filter
def ways_words(ways: Iterable[str]) -> str:
    """The names of several ways."""
    return paying.ways_words(ways)


@register.filter
def tax_name(tax: str) -> str:
    """How a revenue item is taxed."""
    return str(_TAXES[tax])


@register.filter
def online_words(payee: Payee) -> str:
    """The ways a payee's account at the provider takes now; empty: none."""
    return paying.ways_words(online_ways(payee))


@register.filter
def shop_name(shop: str) -> str:
    """The name of a chain of shops."""
    return str(_SHOPS.get(shop, shop))


@register.filter
def until_words(due_at: datetime) -> str:
    """The last moment to pay, of the first moment too late."""
    return paying.until_words(due_at)


@register.filter
def payment_title(payment: Payment) -> str:
    """Where a payment stands, in a few words."""
    return _("取りやめた支払い") if payment.is_withdrawn else str(_TITLES[payment.attempt.state])


@register.filter
def chosen_query(choice: Choice) -> str:
    """What was chosen to pay, as the page where a way is chosen reads it."""
    return urlencode([("r", str(one.view.ref)) for one in choice.payables])


@register.simple_tag
def paying_of(view: ReservationView) -> dict[str, Any]:
    """What is still due of a reservation, part by part, and what somebody began to pay, as staff see it.

    ``less``: what can be paid at once besides all of it.
    """
    parts = open_parts([view.ref]).get(view.ref, ())
    return {
        "parts": parts,
        "less": list(accumulate(part.yen for part in parts))[:-1],
        "attempt": attempts_under_way([view.ref]).get(view.ref),
    }


@register.filter
def refs_query(payment: Payment) -> str:
    """What a payment was to pay, as the page where a way is chosen reads it."""
    return urlencode([("r", str(view.ref)) for view, _yen in payment.parts])
