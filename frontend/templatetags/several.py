"""How pages about several dates say why something cannot be had, and what each date is."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from booking.series.queries import AS_SHOWN
from booking.whys import whys_of
from frontend.templatetags.machinoma import article, day, sentence, spoken_clock, with_unit

register = template.Library()

_STATES = {
    "free": (gettext_lazy("空いています"), "good"),
    "later": (gettext_lazy("受付前"), "now"),
    "refused": (gettext_lazy("取れません"), "bad"),
    "booked": (gettext_lazy("予約済み"), "good"),
    "applied": (gettext_lazy("審査中"), "wait"),
    "cancelled": (gettext_lazy("取消し"), "off"),
    "not_permitted": (gettext_lazy("不許可"), "bad"),
    "intention": (gettext_lazy("予約待ち"), "now"),
    "left_out": (gettext_lazy("使わない日"), "off"),
}
_NOT_BOOKED = (gettext_lazy("取れなかった日"), "bad")
_KINDS = {
    "time": gettext_lazy("同じ部屋の、ほかの時間"),
    "room": gettext_lazy("同じ館の、ほかの部屋"),
    "hall": gettext_lazy("ほかの館"),
}


@register.filter
def why(one: Any) -> str:
    """Why something was refused: the rule's sentence with its article, or the refusal's own sentence."""
    if isinstance(one, str):
        return _(one)
    return f"{sentence(one)}{article(one.article) if one.article else ''}"


@register.simple_tag
def date_tag(state: str, after: bool = False) -> SafeString:
    """What a date is, in a word. ``after``: it was applied for already."""
    words, tone = _NOT_BOOKED if after and state == "refused" else _STATES[state]
    return format_html('<span class="tag tag--{}">{}</span>', tone, words)


@register.filter
def alternative_kind(kind: str) -> str:
    """Of which kind an alternative is."""
    return str(_KINDS[kind])


@register.filter
def rhythm(recurrence: Any) -> str:
    """A rhythm in words: 毎週 火曜日、2027年3月31日まで."""
    return str(recurrence.words("ja" if (get_language() or "ja").startswith("ja") else "en"))


@register.filter
def opening(moment: Any) -> str:
    """From when something can be applied for: 2027年5月24日（月） 午前0時."""
    return f"{day(moment)} {spoken_clock(moment)}"


@register.filter
def dates_count(number: int) -> str:
    """A number of bookings: 5件, or 5."""
    return with_unit(number, "件")


@register.filter
def month_name(first: Any) -> str:
    """A month: 2027年6月, or Jun 2027."""
    if (get_language() or "ja").startswith("ja"):
        return f"{first.year}年{first.month}月"
    return f"{first:%B} {first.year}"


@register.filter
def whys(refusal: Any) -> Any:
    """Why a refusal was made: reasons of the rules, or its own sentence."""
    return whys_of(refusal) if refusal else ()


@register.filter
def as_date(status: str) -> str:
    """A reservation's status as the word for a date."""
    return AS_SHOWN.get(status, "booked")
