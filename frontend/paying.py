"""When and where a fee is paid, in one or two sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from facilities.ordinance import Due
from frontend.templatetags.machinoma import article, sentence, yen


def pay_words(due: Due, price_yen: int | None, now: datetime) -> str:
    """Return how a fee of ``price_yen`` is paid by the rules; nothing where nothing is to be paid yet.

    Where the rules name no day, it is paid at the hall by the day of use.
    """
    if not price_yen:
        return ""
    reason = due.reasons[0]
    by_the_rules = sentence(reason) + (article(reason.article) if reason.article else "")
    if due.deferred:
        return _("料金は {yen} です。").format(yen=yen(price_yen)) + by_the_rules
    if due.due_at is None:
        words, by_the_rules = _("料金 {yen} は、当日までに館の窓口で、現金で払ってください。"), ""
    elif due.due_at <= now:
        words, by_the_rules = _("料金 {yen} は、すぐに館の窓口で、現金で払ってください。"), ""
    else:
        words = _("料金 {yen} は、館の窓口で、現金で払ってください。")
    else_cancelled = _("払わないと、予約は取り消しになります。") if due.unpaid == "cancelled" else ""
    return words.format(yen=yen(price_yen)) + by_the_rules + else_cancelled
