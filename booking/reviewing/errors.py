"""Refusals about reviews and permits. The docstring of a class is what people read."""

from __future__ import annotations

from tenants.errors import Refusal


class ReviewOver(Refusal):
    """この申込みの審査は、もう終わっています。いまの状態を確かめてください。"""

    code = "review_over"


class UseBegan(Refusal):
    """使う時間が始まったので、この申込みは許可できません。"""

    code = "use_began"


class RefusalReasonMissing(Refusal):
    """許可しない理由を書いてください。申込みをした人に伝えます。"""

    code = "refusal_reason_missing"
    status = 422


class NoApplicationChosen(Refusal):
    """申込みを一つ以上選んでください。"""

    code = "no_application_chosen"
    status = 422


class PermitNotFound(Refusal):
    """この許可書は見つかりません。"""

    code = "permit_not_found"
    status = 404


class PermitNotReady(Refusal):
    """許可書を作っています。少し待って、もう一度開いてください。"""

    code = "permit_not_ready"
