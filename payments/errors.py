"""Refusals of payments. The docstring is what the clerk or the resident reads."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tenants.errors import Refusal


class ChargeNotFound(Refusal):
    """この請求は、見つかりません。"""

    code = "charge_not_found"
    status = 404


class AlreadyAssessed(Refusal):
    """この請求は、もう登録されています。"""

    code = "already_assessed"


class AlreadyPaid(Refusal):
    """この料金は、もう支払われています。"""

    code = "already_paid"


class NothingToPay(Refusal):
    """支払う料金は、ありません。"""

    code = "nothing_to_pay"


class WrongAmount(Refusal):
    """金額が、請求した金額とちがいます。"""

    code = "wrong_amount"
    status = 422

    def __init__(self, *, due_yen: int) -> None:
        """Keep what is due; the sentence says it."""
        super().__init__(
            _("金額が、請求した金額とちがいます。{due}円を受け取ってください。").format(due=f"{due_yen:,}"),
            due_yen=due_yen,
        )


class InvalidAmount(Refusal):
    """金額は、0円以上の整数にしてください。"""

    code = "invalid_amount"
    status = 422


class AmountNotAccepted(Refusal):
    """この支払方法では、この金額を取り扱えません。"""

    code = "amount_not_accepted"
    status = 422


class CannotRaise(Refusal):
    """請求した金額より高くすることは、できません。"""

    code = "cannot_raise"


class NothingToRefund(Refusal):
    """返金するお金は、ありません。"""

    code = "nothing_to_refund"


class UnknownGateway(Refusal):
    """この支払方法は、使えません。"""

    code = "unknown_gateway"
    status = 422


class PaperNotFound(Refusal):
    """この書類は、見つかりません。"""

    code = "paper_not_found"
    status = 404


class NoPaperYet(Refusal):
    """この書類は、まだ出せません。お金を受け取ってから出せます。"""

    code = "no_paper_yet"


class NotRegisteredForInvoices(Refusal):
    """適格請求書は、出せません。収納する者の登録番号が、まだ登録されていません。"""

    code = "not_registered_for_invoices"


class NotOnOnePaper(Refusal):
    """この請求は、1つの書類にまとめられません。収納する者がちがいます。"""

    code = "not_on_one_paper"


class NoSlipTerms(Refusal):
    """納付書は、まだ作れません。納入場所が、登録されていません。自治体の管理者に伝えてください。"""

    code = "no_slip_terms"


class NoDueDay(Refusal):
    """納期限を入れてください。きょうより後の日にしてください。"""

    code = "no_due_day"
    status = 422


class SeveralPayees(Refusal):
    """収納する者がちがう料金は、まとめて支払えません。べつべつに支払ってください。"""

    code = "several_payees"


class NotThisWay(Refusal):
    """この支払方法は、いまは使えません。ほかの方法をえらんでください。"""

    code = "not_this_way"


class DueTooSoon(Refusal):
    """支払期限が近いため、この方法では支払えません。ほかの方法をえらんでください。"""

    code = "due_too_soon"
