"""The national holidays by name, so that English pages can say them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# As jpholiday names them; 国民の祝日に関する法律 第2条.
NAMES = (
    gettext_noop("元日"),
    gettext_noop("成人の日"),
    gettext_noop("建国記念の日"),
    gettext_noop("天皇誕生日"),
    gettext_noop("春分の日"),
    gettext_noop("昭和の日"),
    gettext_noop("憲法記念日"),
    gettext_noop("みどりの日"),
    gettext_noop("こどもの日"),
    gettext_noop("海の日"),
    gettext_noop("山の日"),
    gettext_noop("敬老の日"),
    gettext_noop("秋分の日"),
    gettext_noop("スポーツの日"),
    gettext_noop("文化の日"),
    gettext_noop("勤労感謝の日"),
    gettext_noop("国民の休日"),
)
_SUBSTITUTE = " 振替休日"


def say_holiday(name: str) -> str:
    """Return a holiday's name in the page's language; one that is not known stays Japanese."""
    if name.endswith(_SUBSTITUTE):
        return _("{holiday} 振替休日").format(holiday=_(name.removesuffix(_SUBSTITUTE)))
    return _(name)
