"""How pages speak of exemptions: states in words, what was decided, the price before and after."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.exempting.queries import ExemptionView, StandingView, exemptions_of, may_apply_for
from booking.exempting.queries import grounds_for as grounds_for_view
from booking.queries import ReservationView
from frontend.templatetags.machinoma import name_of, yen

register = template.Library()

_STATES = {
    "applied": (gettext_lazy("審査待ち"), "wait"),
    "relayed": (gettext_lazy("決定待ち"), "wait"),
    "granted": (gettext_lazy("承認"), "good"),
    "refused": (gettext_lazy("不承認"), "bad"),
    "withdrawn": (gettext_lazy("取下げ"), "off"),
    "revoked": (gettext_lazy("減免の取消し"), "bad"),
    "ended": (gettext_lazy("条件に合わなくなった"), "off"),
}
_BASES = {
    "application": gettext_lazy("申請"),
    "automatic": gettext_lazy("規則により自動"),
    "standing": gettext_lazy("団体の減免"),
}


@register.filter
def exemption_tag(state: str) -> SafeString:
    """The state of an application, in words."""
    words, look = _STATES[state]
    return format_html('<span class="tag tag--{}">{}</span>', look, words)


@register.filter
def basis_word(basis: str) -> str:
    """In which way an exemption came about."""
    return str(_BASES.get(basis, basis))


@register.filter
def measure_words(one: ExemptionView | StandingView) -> str:
    """What staff decided: 30%, or an amount; empty where the rules say it."""
    if one.percent is not None:
        return _("{percent}%を減らす").format(percent=one.percent)
    if one.yen is not None:
        return _("{amount}を減らす").format(amount=yen(one.yen))
    return ""


@register.inclusion_tag("exempting/_of_booking.html")
def exemptions_of_booking(reservation: ReservationView) -> dict[str, Any]:
    """What a resident sees of exemption on the page of a booking, and the way to apply."""
    return {
        "reservation": reservation,
        "exemptions": exemptions_of(reservation_id=reservation.id),
        "may_apply": bool(may_apply_for(reservation, timezone.now())),
    }


@register.inclusion_tag("exempting/_at_desk.html")
def exemptions_at_desk(view: ReservationView) -> dict[str, Any]:
    """What staff see of exemption on the page of a booking, and the way to apply for somebody."""
    return {
        "view": view,
        "exemptions": exemptions_of(reservation_id=view.id),
        "may_apply": bool(may_apply_for(view, timezone.now())),
    }


@register.simple_tag
def grounds_for(reservation: ReservationView) -> list[tuple[str, str]]:
    """The grounds that can be applied for while booking: key and name. What the rules grant by themselves is in the
    price already."""
    return [(one.key, name_of(one)) for one in grounds_for_view(reservation) if not one.automatic]
