"""Refusals of official use. The docstring of a class is what people read."""

from __future__ import annotations

from tenants.errors import Refusal


class HitsChanged(Refusal):
    """見ているあいだに、この時間の予約が変わりました。新しい一覧を見て、もう一度えらんでください。"""

    code = "hits_changed"


class AlternativeGone(Refusal):
    """移す先に、使えないところがあります。ほかの移す先をえらんでください。"""

    code = "alternative_gone"


class ChoiceMissing(Refusal):
    """どうするかを、すべての予約についてえらんでください。"""

    code = "choice_missing"
    status = 422


class AnswerTimeUnfit(Refusal):
    """返事の期限は、いまより後で、新しい時間が始まるより前にしてください。"""

    code = "answer_time_unfit"
    status = 422


class OfferNotOpen(Refusal):
    """このご案内は、もう終わりました。"""

    code = "offer_not_open"
