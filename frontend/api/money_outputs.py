"""What the API answers about money. Amounts are whole yen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from frontend.api.outputs import Output, RuleReason

Way = Literal["desk_cash", "bank_slip", "card", "konbini", "paypay", "deferred"]


class DuePart(Output):
    """A part of a charge that is still to be paid. ``due_at``: the first moment too late; null: no day is written."""

    yen: int
    due_at: datetime | None
    name: str
    unpaid: Literal["cancelled", "staff"] = Field(
        description="What follows when it is late: cancelled, or staff see to it."
    )
    deferred: bool


class Charge(Output):
    """What is still to be paid for a reservation, and to whom (an empty payee: the municipality)."""

    reservation: UUID
    number: str
    yen: int
    parts: list[DuePart]
    payee: str
    payment: UUID | None = Field(description="A payment that was begun and can be gone on with.")


class Charges(Output):
    """What is due first comes first."""

    charges: list[Charge]


class Ways(Output):
    """How these can be paid at once now. ``late``: ways the halls have, but for which it is too late."""

    yen: int
    ways: list[Way]
    late: list[Way]


class PaymentPart(Output):
    """What a payment pays of a reservation."""

    reservation: UUID
    yen: int


class Payment(Output):
    """A payment at a provider.

    ``wanted``: its page is being prepared, ask again; ``open``: the payer pays at ``url``; ``voucher_issued``: to be
    paid at a shop with ``voucher``, until ``expires_at``. Only ``paid`` is paid; what of it goes back is ``back_yen``.
    """

    ref: UUID
    way: Literal["card", "konbini", "paypay"]
    yen: int
    state: Literal["wanted", "open", "voucher_issued", "paid", "expired", "failed"]
    withdrawn: bool = Field(description="Nobody may pay it any more.")
    url: str | None
    expires_at: datetime | None
    voucher: dict[str, Any] | None
    paid_at: datetime | None
    back_yen: int
    parts: list[PaymentPart]


class Refund(Output):
    """Money that goes back: so much, by which route, and how far it is."""

    ref: UUID
    yen: int
    way: str = Field(description="How it was paid: card, konbini, paypay, desk_cash, bank_slip …")
    route: Literal["desk_cash", "stripe", "bank_transfer", "credit"]
    state: Literal[
        "awaiting_approval", "awaiting_account", "ready", "sending", "pending", "payer_action", "done"
    ]
    reason: str
    article: str
    claim_until: date | None
    decided_at: datetime
    done_at: datetime | None


class Refunds(Output):
    """The oldest first."""

    refunds: list[Refund]


class Ground(Output):
    """A ground of the rules that may be applied for now."""

    key: str
    name: str
    reason: RuleReason


class Exemption(Output):
    """An application for exemption, or one that was granted: by the rules, or because the group's stands.

    ``relayed``: the hall passed it on to those who decide; ``ended``: its conditions hold no more.
    """

    ref: UUID
    number: str
    name: str
    state: Literal["applied", "relayed", "granted", "refused", "withdrawn", "revoked", "ended"]
    basis: Literal["application", "automatic", "standing"]
    remark: str
    applied_at: datetime
    decided_at: datetime | None
    before_yen: int | None
    after_yen: int | None
    reason: str
    instruction: list[str] = Field(description="Where and until when one may appeal (教示).")


class Exemptions(Output):
    """The latest first, and for what one may apply now."""

    exemptions: list[Exemption]
    grounds: list[Ground]


class Paper(Output):
    """A numbered paper. ``url`` has the PDF. ``state``: whether it is true now; a slip may be ``paid``, or ``changed``:
    another amount is due than it says."""

    kind: Literal[
        "receipt",
        "proof",
        "invoice",
        "return_invoice",
        "slip",
        "refund_decision",
        "exemption_decision",
        "dunning",
    ]
    number: str
    to: str
    yen: int | None
    issued_at: datetime
    state: Literal["valid", "cancelled", "changed", "paid"]
    url: str


class Papers(Output):
    """The latest first."""

    papers: list[Paper]
