"""Until when a resident cancels, and what is paid back."""

from __future__ import annotations

from datetime import date, datetime

from facilities.ordinance.answers import Cancellation
from facilities.ordinance.calendars import reason_of
from facilities.ordinance.document import Refund
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import Rules
from facilities.ordinance.windows import last_shown, until_moment


def cancellation(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    paid_yen: int,
    cause: str,
    now: datetime,
) -> Cancellation:
    """Whether residents may cancel by themselves at `now` (aware), and the refund of `paid_yen`.

    `cause` is a key of the document's causes. refund_yen is None where staff decide. Fractions of a yen
    of a refund are dropped. Raises UnknownFacility or UnknownRoom.
    """
    rules.room(facility, room)
    terms = rules.facility(facility).cancellation
    if terms is None:
        return Cancellation(False, None, None, (Reason("cancel_undefined", {}),))
    try:
        deadline = until_moment(terms.deadline, day, starts, rules.zone)
    except OverflowError:
        return Cancellation(False, None, None, (Reason("cancel_undefined", {}),))
    allowed = now < deadline
    first = reason_of("cancel_until" if allowed else "cancel_too_late", terms, at=last_shown(deadline))
    ahead = (day - now.astimezone(rules.zone).date()).days
    rung = next((one for one in terms.refunds if _fits(one, cause, ahead)), None)
    refund_yen, second = _refund(rung, paid_yen)
    return Cancellation(allowed, deadline, refund_yen, (first, second))


def _fits(refund: Refund, cause: str, days_ahead: int) -> bool:
    if refund.causes and cause not in refund.causes:
        return False
    return refund.at_least_days_before is None or days_ahead >= refund.at_least_days_before


def _refund(refund: Refund | None, paid_yen: int) -> tuple[int | None, Reason]:
    if refund is None:
        return None, Reason("refund_undefined", {})
    if refund.percent is None:
        text = refund.discretionary or ""
        return None, reason_of(
            "refund_discretionary", refund, text=text, text_en=refund.discretionary_en or text
        )
    if refund.percent == 0:
        return 0, reason_of("refund_none", refund)
    return paid_yen * refund.percent // 100, reason_of("refund_percent", refund, percent=refund.percent)
