"""What one rung of a ladder makes of an amount: what comes back, what is charged."""

from __future__ import annotations

from fractions import Fraction

from facilities.ordinance.answers import RefundAnswer
from facilities.ordinance.document.cancellation_clauses import CancellationCharge, Refund
from facilities.ordinance.document.values import say_share
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rounding import round_yen


def paid_back(rung: Refund | None, paid_yen: int) -> tuple[int | None, Reason]:
    """What comes back of an amount, never more than it; None where staff decide."""
    if rung is None:
        return None, Reason("refund_undefined", {})
    part = rung.part
    if part is None:
        text = rung.discretionary or ""
        return None, reason_of("refund_discretionary", rung, text=text, text_en=rung.discretionary_en or text)
    if part == 0:
        return 0, reason_of("refund_none", rung)
    back = min(paid_yen, max(0, _rounded(rung, paid_yen, part) - rung.less_yen))
    if rung.percent is None:
        return back, reason_of("refund_share", rung, share=say_share(part))
    if rung.less_yen:
        return back, reason_of("refund_less", rung, percent=rung.percent, yen=rung.less_yen)
    return back, reason_of("refund_percent", rung, percent=rung.percent)


def _rounded(rung: Refund, paid_yen: int, part: Fraction) -> int:
    if rung.rounding is None:
        return int(paid_yen * part)
    if rung.rounding.of == "change":
        return paid_yen - round_yen(rung.rounding, paid_yen * (1 - part)) if part < 1 else paid_yen
    return round_yen(rung.rounding, paid_yen * part)


def charged(charge: CancellationCharge, unpaid_yen: int) -> int:
    """What is charged for a cancellation of what was not paid; an amount never exceeds it."""
    if charge.part is None:
        return min(charge.yen or 0, unpaid_yen)
    exact = unpaid_yen * charge.part
    return round_yen(charge.rounding, exact) if charge.rounding else int(exact)


def less_charge(charge: CancellationCharge, paid_yen: int, fee_yen: int) -> RefundAnswer:
    """Where the document names only charges: what was paid comes back less the charge of the fee."""
    owed = charged(charge, fee_yen)
    back = max(0, paid_yen - owed)
    code = "refund_after_charge" if paid_yen else "cancel_charge"
    return RefundAnswer(back != 0, None, back, (reason_of(code, charge, yen=owed),), max(0, owed - paid_yen))
