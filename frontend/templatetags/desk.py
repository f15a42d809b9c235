"""Words of the staff's pages: states of payment, door, attendance and reservation. Never only a colour."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from booking.day_sheet import SheetEntry
from facilities.ordinance.telling.case_words import say_values
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.naming import Names
from frontend.templatetags.machinoma import clock, short_day, yen

register = template.Library()

_PAYMENT = {
    "undecided": (_("料金は未定"), "wait"),
    "free": (_("無料"), "off"),
    "unpaid": (_("未払い"), "wait"),
    "paid": (_("支払い済み"), "good"),
    "refund_due": (_("返金が必要"), "bad"),
    "refunded": (_("返金済み"), "off"),
    "cancelled": (_("請求なし"), "off"),
}
_ACCESS = {
    "none": (_("鍵なし"), "off"),
    "preparing": (_("鍵 準備中"), "wait"),
    "ready": (_("鍵 準備済み"), "good"),
    "active": (_("鍵 使える時間"), "good"),
    "withdrawn": (_("鍵 取消し済み"), "off"),
    "failed": (_("鍵 失敗"), "bad"),
    "handover": (_("鍵 手渡し"), "now"),
}
_ATTENDANCE = {
    "unknown": (_("来館 未確認"), "off"),
    "arrived": (_("来館"), "good"),
    "absent": (_("来なかった"), "bad"),
}
_STATUS = {
    "hold": (_("仮押さえ"), "wait"),
    "applied": (_("審査中"), "wait"),
    "confirmed": (_("予約済み"), "good"),
    "refused": (_("不許可"), "bad"),
    "cancelled": (_("取消し"), "off"),
    "expired": (_("時間切れ"), "off"),
}
_CHANNELS = {"web": _("インターネット"), "desk": _("窓口"), "phone": _("電話"), "api": _("API")}
_VERBS = {
    "hold": _("仮押さえ"),
    "book": _("予約"),
    "confirm": _("予約の確定"),
    "release": _("仮押さえをやめた"),
    "price": _("料金の決定"),
    "exempt_apply": _("減免の申請"),
    "exempt_withdraw": _("減免の申請の取下げ"),
    "exempt_relay": _("減免の進達"),
    "exempt_grant": _("減免の承認"),
    "exempt_refuse": _("減免の不承認"),
    "exempt_revoke": _("減免の取消し"),
    "exempt_evidence": _("減免の書類を開いた"),
    "cancel": _("取消し"),
    "permit": _("許可"),
    "refuse": _("不許可"),
    "lapse": _("審査が間に合わなかった"),
    "change": _("変更"),
    "move": _("館の都合による変更"),
    "ask": _("別の時間のお願い"),
    "accept": _("お願いを承知"),
    "displace": _("館の都合による取消し"),
    "expire": _("仮押さえの時間切れ"),
    "arrived": _("来館の記録"),
    "absent": _("来なかったことの記録"),
    "unknown": _("来館の記録を元に戻した"),
}
_OUTCOMES = {
    "moved": (_("移した"), "good"),
    "offered": (_("返事待ち"), "wait"),
    "accepted": (_("承知"), "good"),
    "chosen": (_("別の時間を選んだ"), "good"),
    "declined": (_("辞退（取消し）"), "off"),
    "lapsed": (_("返事なし（取消し）"), "off"),
    "cancelled": (_("取消し"), "off"),
}
_CLOSURE_KINDS = {
    "maintenance": _("保守・点検"),
    "official": _("公用"),
    "election": _("選挙"),
    "disaster": _("災害"),
    "weather": _("悪天候"),
    "other": _("そのほか"),
}
_ADAPTERS = {"local_hmac": _("暗証番号（この場で計算）"), "physical_key": _("窓口で鍵を手渡し")}
_WHO = {"resident": _("利用者"), "system": _("自動"), "staff": _("職員")}


def _tag(entry: tuple[Any, str], more: str = "") -> SafeString:
    words, tone = entry
    return format_html('<span class="tag tag--{}">{}{}</span>', tone, words, f" {more}" if more else "")


@register.filter
def payment_tag(payment: Any) -> SafeString | str:
    """The state of payment; with the amount still due, or to be paid back."""
    if payment is None:
        return ""
    due = {"unpaid": payment.due_yen, "refund_due": payment.refund_due_yen}
    amount = due.get(payment.state, 0)
    return _tag(_PAYMENT.get(payment.state, (payment.state, "off")), yen(amount) if amount else "")


@register.filter
def access_tag(access: Any) -> SafeString | str:
    """The state of the way in; nothing where the room has no lock."""
    if access is None or access.state == "none":
        return ""
    return _tag(_ACCESS.get(access.state, (access.state, "off")))


@register.filter
def attendance_tag(attendance: str) -> SafeString:
    """Whether the hirer came; while nobody knows, in quiet letters."""
    if attendance == "unknown":
        return format_html('<span class="unknown">{}</span>', _ATTENDANCE[attendance][0])
    return _tag(_ATTENDANCE.get(attendance, (attendance, "off")))


@register.filter
def status_tag(status: str) -> SafeString:
    """The status of a reservation."""
    return _tag(_STATUS.get(status, (status, "off")))


def status_word(status: str) -> str:
    """The status of a reservation, as plain text."""
    return str(_STATUS.get(status, (status,))[0])


def payment_word(payment: Any) -> str:
    """The state of payment, as plain text."""
    return str(_PAYMENT.get(payment.state, (payment.state,))[0])


def attendance_word(attendance: str) -> str:
    """Whether the hirer came, as plain text."""
    return str(_ATTENDANCE.get(attendance, (attendance,))[0])


@register.filter
def channel_word(channel: str) -> str:
    """The way in which a reservation was made."""
    return str(_CHANNELS.get(channel, channel))


@register.filter
def outcome_tag(outcome: str) -> SafeString:
    """What became of a booking that was hit by official use."""
    return _tag(_OUTCOMES.get(outcome, (outcome, "off")))


@register.filter
def closure_kind(kind: str) -> str:
    """What rooms are taken out of use for."""
    return str(_CLOSURE_KINDS.get(kind, kind))


@register.filter
def verb_word(verb: str) -> str:
    """What happened to a reservation."""
    return str(_VERBS.get(verb, verb))


@register.filter
def who_word(step: Any) -> str:
    """Who did it: a name for staff, else a word."""
    return step.who or str(_WHO.get(step.actor_kind, step.actor_kind))


@register.filter
def plain_words(entry: SheetEntry) -> str:
    """A closure, a hold or a shared space on the day sheet, in words."""
    if entry.kind == "closure":
        return gettext("使用停止：%(reason)s") % {"reason": entry.who}
    if entry.kind == "shared":
        return gettext("「%(room)s」で使用") % {"room": entry.who}
    if entry.free_at is not None:
        free = f"{short_day(entry.free_at)} {clock(entry.free_at)}"
        return gettext("取消処理中（%(free)sに空きます）") % {"free": free}
    return gettext("仮押さえ：%(who)s") % {"who": entry.who}


@register.filter
def tel(phone: str) -> str:
    """A phone number as it stands in a tel: link."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


@register.filter
def adapter_word(adapter: str) -> str:
    """How a door is opened."""
    return str(_ADAPTERS.get(adapter, adapter))


@register.filter
def case_word(kind: str) -> str:
    """What a worked case is about."""
    words = fixed_word("kind", kind)
    return kind if words is None else words.ja if _japanese() else words.en


@register.filter
def facts_line(facts: Any, names: Any = None) -> str:
    """The given or expected values of a worked case, in words; ``names`` are those of its document."""
    words = say_values(facts, names or Names({}, {}, {}))
    return words.ja if _japanese() else words.en


@register.filter
def expected_part(case: Any) -> dict[str, Any]:
    """Of what a worked case answered, the values it was asked for (or the mistake that stopped it)."""
    asked = {name: case.got[name] for name in case.expected if name in case.got}
    return asked or dict(case.got)


@register.filter
def problem_words(problem: Any) -> str:
    """A mistake in a rules document, in the page's language."""
    return str(problem.reason_ja if _japanese() else problem.reason_en)


def _japanese() -> bool:
    return (get_language() or "ja").startswith("ja")
