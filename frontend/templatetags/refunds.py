"""How a refund is named on staff's pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from frontend.desk.refund_forms import ROUTE_NAMES
from payments.models import Refund, TransferList

register = template.Library()

_TAGS = {
    "awaiting_approval": ("wait", _("承認待ち")),
    "awaiting_account": ("wait", _("口座待ち")),
    "ready": ("now", _("手続き待ち")),
    "sending": ("now", _("手続き中")),
    "pending": ("now", _("手続き中")),
    "payer_action": ("wait", _("本人の手続き待ち")),
    "done": ("good", _("返した")),
    "withdrawn": ("off", _("取りやめ")),
}
_GATEWAYS = {
    "desk_cash": _("窓口の現金"),
    "bank_slip": _("納付書"),
    "stripe": _("インターネット"),
    "bank_transfer": _("振込みの戻り"),
    "credit": _("ほかの返金から充てた"),
}
_LIST_TAGS = {
    "open": ("now", _("振込みの手続き中")),
    "done": ("good", _("振込み済み")),
    "dropped": ("off", _("取りやめ")),
}


@register.filter
def refund_tag(refund: Refund) -> SafeString:
    """The state of a refund, as a tag."""
    css, words = _TAGS[refund.state]
    return format_html('<span class="tag tag--{}">{}</span>', css, words)


@register.filter
def route_name(route: str) -> str:
    """The name of the way money goes back."""
    return str(ROUTE_NAMES[route])


@register.filter
def list_tag(found: TransferList) -> SafeString:
    """The state of a list of transfers, as a tag."""
    css, words = _LIST_TAGS[found.state]
    return format_html('<span class="tag tag--{}">{}</span>', css, words)


@register.filter
def gateway_name(key: str) -> str:
    """How money came in."""
    return str(_GATEWAYS.get(key, key))
