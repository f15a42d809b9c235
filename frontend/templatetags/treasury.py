"""Words and numbers of drawers, reports and the treasury's tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend.templatetags.machinoma import yen
from payments.models import CashMovement, LedgerEntry

register = template.Library()


@register.filter
def sum_yen(value: int | None) -> str:
    """A sum: 1,200円, 0円, −300円. (The filter ``yen`` is for prices, where nothing means 無料.)"""
    if value is None:
        return ""
    if value < 0:
        return f"−{yen(-value)}"
    return yen(value) if value else _("0円")


@register.filter
def plain_number(value: int | None) -> str:
    """A number in a table whose heading says the unit: 1,200, −300, and 0 as 0."""
    return "" if value is None else f"{value:,}".replace("-", "−")


@register.filter
def way_word(gateway: str) -> str:
    """How money moved, by the gateway's key."""
    words = {
        "desk_cash": _("現金（窓口）"),
        "bank_slip": _("納付書（銀行）"),
        "stripe": _("カード・コンビニ・PayPay"),
        "credit": _("ほかの料金に充当"),
        "bank_transfer": _("口座へ振込"),
    }
    return words.get(gateway, gateway)


@register.filter
def entry_word(kind: str) -> str:
    """What an entry of the ledger is, by its kind."""
    words = {
        LedgerEntry.Kind.ASSESSED: _("調定"),
        LedgerEntry.Kind.REDUCED: _("減額調定"),
        LedgerEntry.Kind.COLLECTED: _("収納"),
        LedgerEntry.Kind.REFUND_DECIDED: _("還付決定"),
        LedgerEntry.Kind.REFUNDED: _("還付済"),
        LedgerEntry.Kind.WRITTEN_OFF: _("不納欠損"),
        LedgerEntry.Kind.REVERSED: _("収納取消し"),
        LedgerEntry.Kind.REFUND_WITHDRAWN: _("還付取消し"),
        LedgerEntry.Kind.REFUND_WITHDRAWN: _("還付取消し"),
    }
    return words[LedgerEntry.Kind(kind)]


@register.filter
def budget_word(budget: str) -> str:
    """Which side of the budget an entry is on."""
    return _("歳出") if budget == LedgerEntry.Budget.EXPENDITURE else _("歳入")


@register.filter
def movement_word(kind: str) -> str:
    """What happened to cash, by the kind of its movement."""
    words = {
        "moved_in": _("ほかから移した"),
        "moved_out": _("ほかへ移した"),
        CashMovement.Kind.TAKEN: _("料金を受け取った"),
        CashMovement.Kind.GIVEN_BACK: _("料金を返した"),
        CashMovement.Kind.TAKEN_BACK: _("受け取りを取り消した"),
        CashMovement.Kind.STOCKED: _("つり銭を入れた"),
        CashMovement.Kind.DEPOSITED: _("銀行に入金した"),
        CashMovement.Kind.OVER: _("数えたら多かった"),
        CashMovement.Kind.SHORT: _("数えたら足りなかった"),
    }
    return words.get(kind, kind)


@register.filter
def item_words(item: Any) -> str:
    """A revenue item as a table shows it: its parts, and the accounting system's code."""
    return f"{item}（{item.code}）" if item.code else str(item)


@register.filter
def fiscal_year(value: int) -> str:
    """A fiscal year: 2026年度."""
    return pgettext("fiscal year", "{year}年度").format(year=value)


@register.filter
def month_words(value: date) -> str:
    """A month of a year: 2026年11月."""
    return pgettext("month of a year", "{year}年{month}月").format(year=value.year, month=value.month)


@register.filter
def drawer_name(drawer: Any) -> str:
    """Whose drawer it is; the hall's safe has nobody's name."""
    return drawer.keeper.name if drawer.keeper_id else _("金庫")


@register.filter
def question_words(key: str) -> tuple[str, str, str]:
    """What a question of the check is about, and what its two sides are."""
    words = {
        "charges": (_("請求と台帳"), _("請求ごとの残り"), _("台帳の合計")),
        "paid_out": (_("返しすぎ・減らしすぎ"), _("あってはならない額"), _("なし")),
        "refunds": (_("還付の決定"), _("還付の記録"), _("台帳の還付決定")),
        "refunded": (_("返したお金"), _("返金済みの還付"), _("台帳の還付済")),
        "attempts": (_("オンライン決済"), _("支払われた手続き"), _("台帳の収納")),
        "providers": (_("決済会社との照合"), _("決済会社（説明のないもの）"), _("台帳（説明のないもの）")),
        "credits": (_("ほかの料金への充当"), _("充てるために返した額"), _("充てた額")),
        "drawers": (_("窓口の現金"), _("レジの動き"), _("台帳の現金")),
        "held": (_("レジの残り"), _("レジと金庫の残り"), _("開いているレジと金庫")),
        "years": (_("閉鎖した年度"), _("閉鎖したときの合計"), _("いまの合計")),
    }
    return words[key]
