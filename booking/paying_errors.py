"""Refusals of paying for reservations. The docstring is what the payer reads."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tenants.errors import Refusal


class NothingChosen(Refusal):
    """払う料金を、選んでください。"""

    code = "nothing_chosen_to_pay"
    status = 422


class TooManyCharges(Refusal):
    """一度に払える数を、超えています。"""

    code = "too_many_charges"
    status = 422

    def __init__(self, *, most: int) -> None:
        """Say how many there may be."""
        super().__init__(_("一度に払えるのは、{most}件までです。").format(most=most), most=most)


class PaymentNotFound(Refusal):
    """この支払いは、見つかりません。"""

    code = "payment_not_found"
    status = 404
