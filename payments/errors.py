"""Refusals of payments. The docstring is what the clerk or the resident reads."""

from __future__ import annotations

from datetime import date

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


class DrawerNotFound(Refusal):
    """このレジは、見つかりません。もう閉めたか、担当がちがいます。"""

    code = "drawer_not_found"
    status = 404


class DrawerOpenAlready(Refusal):
    """あなたのレジは、もう開いています。先に、開いているレジを閉めてください。"""

    code = "drawer_open_already"


class NoDrawerOpen(Refusal):
    """あなたのレジが、開いていません。先にレジを開けてください。"""

    code = "no_drawer_open"


class CashNotThere(Refusal):
    """記録では、そのお金は入っていません。"""

    code = "cash_not_there"

    def __init__(self, *, held_yen: int) -> None:
        """Keep what is in it by its records; the sentence says it."""
        super().__init__(
            _("記録では、{held}円しか入っていません。金額を確かめてください。").format(held=f"{held_yen:,}"),
            held_yen=held_yen,
        )


class BadCount(Refusal):
    """枚数は、0から9,999までの数字で入れてください。"""

    code = "bad_count"
    status = 422


class DifferenceUnexplained(Refusal):
    """数えた金額が、記録とちがいます。理由を書いてください。"""

    code = "difference_unexplained"
    status = 422

    def __init__(self, *, counted_yen: int, expected_yen: int) -> None:
        """Keep both sums; the sentence says them."""
        super().__init__(
            _(
                "数えた金額は {counted}円、記録は {expected}円です。もう一度数えて、ちがうときは理由を書いてください。"
            ).format(counted=f"{counted_yen:,}", expected=f"{expected_yen:,}"),
            counted_yen=counted_yen,
            expected_yen=expected_yen,
        )


class NotAColleague(Refusal):
    """引き継ぐ相手は、この館のほかの職員から選んでください。"""

    code = "not_a_colleague"
    status = 422


class HandOverOpen(Refusal):
    """引継ぎの確認が、まだ終わっていません。相手に確認してもらうか、引継ぎを取りやめてください。"""

    code = "hand_over_open"


class HandOverGone(Refusal):
    """この引継ぎは、もう終わったか、取りやめられました。"""

    code = "hand_over_gone"
    status = 404


class YearStillOpen(Refusal):
    """この年度は、まだ閉鎖できません。出納整理期間は、5月31日までです。"""

    code = "year_still_open"


class YearClosedAlready(Refusal):
    """この年度は、もう閉鎖されています。"""

    code = "year_closed_already"


class EarlierYearOpen(Refusal):
    """前の年度が、まだ閉鎖されていません。前の年度から、順に閉鎖してください。"""

    code = "earlier_year_open"


class NotOverdue(Refusal):
    """納期限を過ぎていない料金には、督促状を出せません。"""

    code = "not_overdue"


class BadDueDay(Refusal):
    """新しい納期限は、きょうより後の日にしてください。"""

    code = "bad_due_day"
    status = 422


class ClaimNotLapsed(Refusal):
    """この料金は、まだ時効になっていません。"""

    code = "claim_not_lapsed"

    def __init__(self, *, lapses_on: date) -> None:
        """Keep the day on which it lapses; the sentence says it."""
        super().__init__(
            _("この料金は、まだ時効になっていません。時効になるのは {day} です。").format(
                day=lapses_on.isoformat()
            ),
            lapses_on=lapses_on.isoformat(),
        )


class BadLayout(Refusal):
    """列を1つ以上選んでください。列の内容が正しくありません。"""

    code = "bad_layout"
    status = 422


class NoSuchLayout(Refusal):
    """この書き出しの形は、見つかりません。"""

    code = "no_such_layout"
    status = 404
