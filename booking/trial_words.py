"""How a trial of rules is told in words, on a page and at the command line: sums, differences, reasons."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from booking.repricing.results import Apart, Group

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CODES = {
    "unknown_room": _("この部屋は、新しい規則の文書にありません。"),
    "unknown_facility": _("この施設は、新しい規則の文書にありません。"),
    "no_price": _("この使い方の料金が、規則に書かれていません。"),
    "not_settled": _("料金は、職員が決めることになっています。"),
    "missing_answer": _("料金の計算に必要な答えが、予約に残っていません。"),
    "rules_unreadable": _("予約したときの規則の文書が、読めません。"),
    "outside_rules": _("この時間には貸しません。"),
}


def _japanese() -> bool:
    return (get_language() or "ja").startswith("ja")


def in_figures(count: int) -> str:
    """A count as people write it: 1,234."""
    return f"{count:,}"


def sum_yen(amount: int) -> str:
    """A sum of money: 0円 is not 無料."""
    return f"{amount:,}円" if _japanese() else f"¥{amount:,}"


def more_yen(amount: int) -> str:
    """A difference of money with its sign: +1,200円, −300円, 0円."""
    if not amount:
        return sum_yen(0)
    sign = "+" if amount > 0 else "−"
    return f"{sign}{sum_yen(abs(amount))}"


def more_percent(percent: float | None) -> str:
    """A difference in percent with its sign; a dash where there is nothing to compare with."""
    if percent is None:
        return "—"
    return f"{'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent):.1f}%"


def group_words(group: Group) -> str:
    """A group of differences in words: 101円〜500円 高くなる."""
    low, high = group.low, group.high
    if low == high == 0:
        return gettext("変わらない")
    if high is None:
        return gettext("%(yen)s以上 高くなる") % {"yen": sum_yen(low or 0)}
    if low is None:
        return gettext("%(yen)s以上 安くなる") % {"yen": sum_yen(-high)}
    if low > 0:
        return gettext("%(low)s〜%(high)s 高くなる") % {"low": sum_yen(low), "high": sum_yen(high)}
    return gettext("%(low)s〜%(high)s 安くなる") % {"low": sum_yen(-high), "high": sum_yen(-low)}


def why_apart(apart: Apart) -> str:
    """Why a use is not compared, in one or more sentences."""
    language = "ja" if _japanese() else "en"
    if apart.reasons:
        between = "" if language == "ja" else " "
        return between.join(reason.sentence(language) for reason in apart.reasons)
    return str(_CODES.get(apart.code, apart.code))


def month_words(month: str) -> str:
    """``2026-05`` in words: 2026年5月, May 2026."""
    year, number = month.split("-")
    if _japanese():
        return f"{year}年{int(number)}月"
    return f"{MONTHS_EN[int(number) - 1]} {year}"
