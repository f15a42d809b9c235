"""Refusals of waiting and of offers. The docstring of a class is what the resident reads."""

from __future__ import annotations

from tenants.errors import Refusal


class WaitNotFound(Refusal):
    """この空き待ちは、見つかりません。"""

    code = "wait_not_found"
    status = 404


class OfferNotFound(Refusal):
    """このご案内は、見つかりません。"""

    code = "offer_not_found"
    status = 404


class AlreadyWaiting(Refusal):
    """この時間の空き待ちは、もう申し込んであります。"""

    code = "already_waiting"


class TooManyWaits(Refusal):
    """空き待ちが多すぎます。先に、いらない空き待ちをやめてください。"""

    code = "too_many_waits"


class NotTaken(Refusal):
    """この時間は空いています。いま予約できます。"""

    code = "not_taken"


class OwnTime(Refusal):
    """この時間は、ご自身か、あなたの団体の予約です。"""

    code = "own_time"


class TimeOver(Refusal):
    """この時間は、もう始まっています。"""

    code = "time_over"


class NotLentLikeThis(Refusal):
    """この部屋は、この時間の区切りでは使えません。時間を選び直してください。"""

    code = "not_lent_like_this"
    status = 422


class WaitOver(Refusal):
    """この空き待ちは、もう終わっています。"""

    code = "wait_over"


class OfferOver(Refusal):
    """このご案内は、もう終わりました。お返事の期限が過ぎたか、もうお返事をいただいています。"""

    code = "offer_over"


class TakingBack(Refusal):
    """あなたか、メンバーが重なる団体が、取り消しや変更で手放した時間です。待っていた人へ回すので、もう一度予約することはできません。館へご相談ください。"""

    code = "taking_back"
    status = 409
