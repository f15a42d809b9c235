"""Refusals of changing a reservation. The docstring of a class is what the resident reads."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.ordinance import Reason
from tenants.errors import Refusal


class NotChangeable(Refusal):
    """この予約は、ご自身では変更できません。館へご連絡ください。"""

    code = "not_changeable"

    def __init__(self, reasons: Sequence[Reason] = ()) -> None:
        """Keep the engine's reasons; the sentence is theirs."""
        super().__init__("".join(reason.sentence("ja") for reason in reasons) or None, reasons=list(reasons))


class ChangedMeanwhile(Refusal):
    """この予約は、ほかの画面や窓口で、先に変わりました。いまの内容を見て、もう一度えらんでください。"""

    code = "changed_meanwhile"


class NothingChanged(Refusal):
    """いまの予約と同じです。変えるところをえらんでください。"""

    code = "nothing_changed"
    status = 422


class ChangeIsOver(Refusal):
    """もう始まった時間や、終わった時間には、変更できません。"""

    code = "change_is_over"
    status = 422


class PriceLeftToStaff(Refusal):
    """この時間の料金は、館が決めます。変更は、館へご連絡ください。"""

    code = "price_left_to_staff"
