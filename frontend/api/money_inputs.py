"""What callers send about money."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from booking.paying import MOST_CHARGES
from frontend.api.fields import Input, Key, Text

Way = Literal["card", "konbini", "paypay"]


class ChosenInput(Input):
    """Reservations whose charges are paid at once, all that is due of each."""

    reservations: list[UUID] = Field(min_length=1, max_length=MOST_CHARGES)


class PaymentInput(ChosenInput):
    """What to pay, and how. The payer pays on a page of the provider; ``url`` of the answer leads there."""

    way: Way


class ExemptionInput(Input):
    """Under which ground of the rules (``listExemptions`` names them), and what the applicant says of it."""

    ground: Key
    remark: Text = ""
