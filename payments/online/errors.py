"""Refusals of paying through a provider. The docstring is what the payer, or who runs the account, reads."""

from __future__ import annotations

from tenants.errors import Refusal


class SeveralPayees(Refusal):
    """収納する者がちがう料金は、まとめて支払えません。べつべつに支払ってください。"""

    code = "several_payees"


class NotThisWay(Refusal):
    """この支払方法は、いまは使えません。ほかの方法をえらんでください。"""

    code = "not_this_way"


class DueTooSoon(Refusal):
    """支払期限が近いため、この方法では支払えません。ほかの方法をえらんでください。"""

    code = "due_too_soon"


class NoSuchPayee(Refusal):
    """この収納する者は、見つかりません。"""

    code = "no_such_payee"
    status = 404


class NoSuchDifference(Refusal):
    """このちがいは、見つからないか、もう解決しています。"""

    code = "no_such_difference"
    status = 404


class ExplanationNeeded(Refusal):
    """ちがいの理由を書いてください。"""

    code = "explanation_needed"
    status = 422


class NoSuchDay(Refusal):
    """この日の照合は、見つかりません。"""

    code = "day_not_compared"
    status = 404
