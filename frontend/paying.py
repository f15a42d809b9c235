"""When, where and in which ways a fee is paid, in one or two sentences; and the names of the ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.dues import LEAST_TIME
from booking.paying import payment_due_of
from booking.queries import ReservationView
from facilities.ordinance import Due
from facilities.ordinance.days.moments import last_shown
from frontend.templatetags.machinoma import article, clock, day, sentence, yen
from payments.ways import USUAL, ways_for
from tenants.context import current_zone

WAY_NAMES = {
    "card": gettext_lazy("クレジットカード"),
    "konbini": gettext_lazy("コンビニ"),
    "paypay": gettext_lazy("PayPay"),
    "bank_slip": gettext_lazy("納付書"),
    "desk_cash": gettext_lazy("館の窓口（現金）"),
    "deferred": gettext_lazy("後納（あとで届く請求）"),
}
# In the order in which people are told of them: what can be done at once comes first.
_TOLD = ("card", "paypay", "konbini", "bank_slip", "desk_cash", "deferred")


def pay_words(due: Due, price_yen: int | None, now: datetime, ways: Sequence[str] = USUAL) -> str:
    """Return how a fee of ``price_yen`` is paid by the rules; nothing where nothing is to be paid yet.

    ``ways``: those of the hall for this applicant. Where the rules name no day, it is paid by the day of use.
    """
    if not price_yen:
        return ""
    reason = due.reasons[0]
    by_the_rules = sentence(reason) + (article(reason.article) if reason.article else "")
    if due.deferred:
        return _("料金は {yen} です。").format(yen=yen(price_yen)) + by_the_rules
    words = _at_desk(due, now) if tuple(ways) == USUAL else _in_ways(due, now, ways)
    if due.due_at is None:
        by_the_rules = ""
    # Too late to be put out for it: booking.dues.
    fair = due.due_at is not None and due.due_at >= now + LEAST_TIME
    else_cancelled = _("払わないと、予約は取り消しになります。") if fair and due.unpaid == "cancelled" else ""
    return words.format(yen=yen(price_yen)) + by_the_rules + else_cancelled


def pay_words_of(view: ReservationView, now: datetime) -> str:
    """Return how what is still due of a reservation is paid; see ``pay_words``."""
    ways = ways_at(view.room.facility_id, view.details.applicant_class)
    return pay_words(payment_due_of(view), view.payment.due_yen or view.price_yen, now, ways)


def ways_at(facility_id: int, applicant_class: str) -> tuple[str, ...]:
    """Return in which ways a hall can be paid now by a class; see payments.ways."""
    return ways_for(facility_id=facility_id, applicant_class=applicant_class) or USUAL


def ways_words(ways: Iterable[str]) -> str:
    """Return the names of ways: クレジットカード、コンビニ."""
    known = set(ways)
    return _("、").join(str(WAY_NAMES[way]) for way in _TOLD if way in known)


def until_words(due_at: datetime) -> str:
    """Return the last moment to pay, of the first moment too late: the end of a day is the whole day."""
    moment = due_at.astimezone(current_zone())
    last = datetime.fromisoformat(last_shown(moment))
    return day(last) if (last.hour, last.minute) == (23, 59) else f"{day(last)} {clock(last)}"


def _at_desk(due: Due, now: datetime) -> str:
    if due.due_at is None:
        return _("料金 {yen} は、当日までに館の窓口で、現金で払ってください。")
    if due.due_at <= now:
        return _("料金 {yen} は、すぐに館の窓口で、現金で払ってください。")
    return _("料金 {yen} は、館の窓口で、現金で払ってください。")


def _in_ways(due: Due, now: datetime, ways: Sequence[str]) -> str:
    if tuple(ways) == ("deferred",):
        return _("料金 {yen} は、あとで届く請求で払ってください。")
    if due.due_at is None:
        words = _("料金 {yen} は、当日までに払ってください。")
    elif due.due_at <= now:
        words = _("料金 {yen} は、すぐに払ってください。")
    else:
        words = _("料金 {yen} を払ってください。")
    return words + _("払い方：{ways}。").format(ways=ways_words(ways))
