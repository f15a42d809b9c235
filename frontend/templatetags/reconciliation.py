"""Words for what the provider's books say, for what differs, and why."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from payments.models import Difference

register = template.Library()


@register.filter
def line_word(kind: str) -> str:
    """What a line of the provider's books is."""
    words = {
        "payment": _("入金"),
        "refund": _("返金"),
        "refund_back": _("戻ってきた返金"),
        "dispute": _("異議による引落し"),
        "dispute_back": _("異議の取下げによる戻り"),
        "fee": _("手数料"),
        "payout": _("口座への振込み"),
    }
    return words.get(kind) or _("その他")


@register.filter
def difference_word(kind: str) -> str:
    """What kind of difference it is."""
    words = {
        "not_here": _("台帳にない"),
        "not_there": _("決済会社の帳簿にない"),
        "amount": _("金額がちがう"),
    }
    return words.get(kind) or _("料金と関係のない動き")


@register.filter
def why_differs(one: Difference) -> str:
    """Why something differs, and what to do about it."""
    if one.kind == "not_here":
        return _why_not_here(one.movement.kind if one.movement else "")
    if one.kind == "not_there":
        return _(
            "台帳に記録がありますが、決済会社の帳簿にありません。帳簿は、遅れて書かれることがあります。"
            "翌日の照合でも残るときは、決済会社に問い合わせてください。"
        )
    if one.kind == "amount":
        return _(
            "決済会社の金額と、台帳の金額がちがいます。どちらが正しいかを、決済会社の画面で確かめてください。"
        )
    return _("決済会社の、料金の支払いでも返金でもない動きです。決済会社の画面で、理由を確かめてください。")


def _why_not_here(line: str) -> str:
    if line == "refund":
        return _(
            "決済会社でお金が返されましたが、台帳に返金の決定がありません。決済会社の画面から、直接返したものです。"
            "台帳にも、返金を記録してください。"
        )
    if line == "refund_back":
        return _(
            "返したお金が、決済会社の口座に戻っています。知らせが遅れているときは、15分ほどで台帳に入ります。"
        )
    if line == "dispute":
        return _(
            "支払いへの異議で、お金が引かれました。一部だけの異議か、もう返金した支払いのため、"
            "自動では台帳に入りません。「職員が確認すること」を見てください。"
        )
    if line == "dispute_back":
        return _("異議で引かれたお金が戻りましたが、台帳にありません。「職員が確認すること」を見てください。")
    return _(
        "決済会社に入金がありますが、台帳にありません。知らせが遅れているときは、15分ほどで台帳に入ります。"
        "翌日も残るときは、このシステムの外で受け取ったお金です。決済会社の画面で確かめてください。"
    )
