"""Refusals about notices, their texts, and LINE."""

from __future__ import annotations

from collections.abc import Sequence

from tenants.errors import Refusal


class KindNotFound(Refusal):
    """このお知らせの種類は、ありません。"""

    code = "notice_kind_not_found"
    status = 404


class UnknownWords(Refusal):
    """使えない言葉が、かっこ｛｝の中にあります。"""

    code = "notice_unknown_words"
    status = 422

    def __init__(self, words: Sequence[str]) -> None:
        """Keep the words, in the order of the text."""
        super().__init__(words=list(words))


class TextMissing(Refusal):
    """件名と本文を、どちらも書いてください。"""

    code = "notice_text_missing"
    status = 422


class NoWayLeft(Refusal):
    """大切なお知らせなので、受け取り方を一つは選んでください。"""

    code = "notice_no_way_left"
    status = 422


class NoticeNotFound(Refusal):
    """このお知らせは、見つかりません。"""

    code = "notice_not_found"
    status = 404


class NotResendable(Refusal):
    """このお知らせは、もう一度送れません。文がもう消されているか、送り先がありません。"""

    code = "notice_not_resendable"


class LineNotReady(Refusal):
    """LINEのお知らせは、まだ使えません。"""

    code = "line_not_ready"


class BadSignature(Refusal):
    """署名が正しくありません。"""

    code = "line_bad_signature"
    status = 401
