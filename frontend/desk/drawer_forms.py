"""What is typed at a drawer: amounts, pieces of each denomination, to whom cash is handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility
from frontend.desk.forms import offer
from frontend.forms import PlainForm, WholeNumberField
from frontend.templatetags.machinoma import name_of, yen
from payments.cash.drawers import DENOMINATIONS, MOST_PIECES, MOST_YEN


class OpenForm(PlainForm):
    """Open one's drawer: where, and with how much change."""

    hall = forms.ChoiceField(label=_("館"))
    float_yen = WholeNumberField(
        label=_("つり銭（円）"),
        help_text=_("金庫から出して、レジに入れる額。なければ 0"),
        min_value=0,
        max_value=MOST_YEN,
        initial=0,
    )

    def __init__(self, *args: Any, halls: Sequence[Facility], **kwargs: Any) -> None:
        """``halls``: where this person works."""
        super().__init__(*args, **kwargs)
        offer(self, "hall", [(one.key, name_of(one)) for one in halls])


class AmountForm(PlainForm):
    """So many yen, and what should be remembered of them."""

    yen = WholeNumberField(label=_("金額（円）"), min_value=1, max_value=MOST_YEN)
    memo = forms.CharField(
        label=_("メモ"), help_text=_("例：納入済通知書の番号"), max_length=200, required=False
    )


class HandOverForm(AmountForm):
    """To whom cash is handed."""

    receiver = forms.TypedChoiceField(label=_("引き継ぐ相手"), coerce=int)
    field_order = ("receiver", "yen", "memo")

    def __init__(self, *args: Any, colleagues: Mapping[int, str], **kwargs: Any) -> None:
        """``colleagues``: who may take it, by id."""
        super().__init__(*args, **kwargs)
        offer(self, "receiver", list(colleagues.items()))


class CountForm(PlainForm):
    """How many notes and coins of each denomination there are."""

    explanation = forms.CharField(
        label=_("金額がちがうときの理由"),
        help_text=_("記録とちがうときだけ書きます。記録に残ります。"),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One field for each denomination; left empty it is none."""
        super().__init__(*args, **kwargs)
        for piece in DENOMINATIONS:
            self.fields[_name(piece)] = WholeNumberField(
                label=yen(piece), min_value=0, max_value=MOST_PIECES, required=False
            )

    @property
    def piece_fields(self) -> list[BoundField]:
        """The fields of the denominations, the largest first."""
        return [self[_name(piece)] for piece in DENOMINATIONS]

    @property
    def pieces(self) -> dict[int, int]:
        """What was counted, by denomination."""
        return {piece: self.cleaned_data.get(_name(piece)) or 0 for piece in DENOMINATIONS}


def _name(piece: int) -> str:
    return f"piece_{piece}"
