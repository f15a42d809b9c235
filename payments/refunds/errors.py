"""Refusals of refunds. The docstring is what the clerk or the resident reads."""

from __future__ import annotations

from collections.abc import Sequence

from tenants.errors import Refusal


class RefundNotFound(Refusal):
    """この返金は、見つかりません。"""

    code = "refund_not_found"
    status = 404


class RefundMovedOn(Refusal):
    """この返金は、すでに先へ進んでいます。今の状態をたしかめてください。"""

    code = "refund_moved_on"


class SecondPersonNeeded(Refusal):
    """決めた人とは別の職員が、承認してください。"""

    code = "second_person_needed"


class RouteNotPossible(Refusal):
    """この返し方は、選べません。"""

    code = "route_not_possible"


class ReasonNeeded(Refusal):
    """理由を書いてください。"""

    code = "money_reason_needed"
    status = 422


class BankAccountUnfit(Refusal):
    """口座の書き方に、直すところがあります。"""

    code = "bank_account_unfit"
    status = 422

    def __init__(self, *, fields: Sequence[str]) -> None:
        """Keep which of ``payments.refunds.bank_accounts.BankAccount``'s fields cannot be."""
        super().__init__(fields=list(fields))


class ClaimTooLate(Refusal):
    """請求の期限を過ぎています。館に聞いてください。"""

    code = "claim_too_late"


class CreditNotPossible(Refusal):
    """この料金には、充てることができません。"""

    code = "credit_not_possible"


class TransferTermsMissing(Refusal):
    """振込みをたのむ口座が、登録されていません。"""

    code = "transfer_terms_missing"


class NothingToTransfer(Refusal):
    """振り込む返金は、ありません。"""

    code = "nothing_to_transfer"


class TransferListNotFound(Refusal):
    """この振込みの一覧は、見つかりません。"""

    code = "transfer_list_not_found"
    status = 404


class TransferListClosed(Refusal):
    """この振込みの一覧は、すでに終わっています。"""

    code = "transfer_list_closed"


class CannotReverse(Refusal):
    """この収納は、取り消せません。"""

    code = "cannot_reverse"


class TaskNotFound(Refusal):
    """この件は、見つかりません。"""

    code = "task_not_found"
    status = 404


class TaskClosed(Refusal):
    """この件は、すでに終わっています。"""

    code = "task_closed"
