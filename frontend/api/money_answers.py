"""From what queries say of charges, payments, refunds, exemptions and papers to what the API answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from booking.exempting.grounds import Ground
from booking.exempting.queries import ExemptionView
from booking.models import Exemption
from booking.paying import Choice, Payable, Payment
from frontend.api import money_outputs as outputs
from frontend.api.answers import local_moment, rule_reason
from payments.dues import OpenPart
from payments.models import Attempt, Paper, Refund
from payments.papers.issuing import truth_of
from payments.refunds.queries import way_of

State = Attempt.State


def charge(one: Payable) -> outputs.Charge:
    """What is still to be paid for a reservation."""
    return outputs.Charge(
        reservation=one.view.ref,
        number=one.view.number,
        yen=one.yen,
        parts=[_part(part) for part in one.parts],
        payee=one.payee_name,
        payment=one.attempt.ref if one.attempt else None,
    )


def ways(choice: Choice) -> outputs.Ways:
    """How several can be paid at once."""
    return outputs.Ways.model_validate(
        {"yen": choice.yen, "ways": list(choice.ways), "late": list(choice.late)}
    )


def payment(found: Payment) -> outputs.Payment:
    """A payment as its payer sees it: the provider's page only while it can be paid there."""
    attempt, payable = found.attempt, not found.is_withdrawn
    return outputs.Payment.model_validate(
        {
            "ref": attempt.ref,
            "way": attempt.way,
            "yen": attempt.yen,
            "state": str(attempt.state),
            "withdrawn": found.is_withdrawn,
            "url": attempt.url if payable and attempt.state == State.OPEN and attempt.url else None,
            "expires_at": _moment(attempt.expires_at),
            "voucher": attempt.voucher if payable and attempt.state == State.VOUCHER_ISSUED else None,
            "paid_at": _moment(attempt.paid_at),
            "back_yen": found.back_yen,
            "parts": [{"reservation": view.ref, "yen": yen} for view, yen in found.parts],
        }
    )


def refund(row: Refund) -> outputs.Refund:
    """A refund; whose account it goes to is not said."""
    return outputs.Refund.model_validate(
        {
            "ref": row.ref,
            "yen": row.yen,
            "way": way_of(row),
            "route": str(row.route),
            "state": str(row.state),
            "reason": row.reason,
            "article": row.article,
            "claim_until": row.claim_until,
            "decided_at": local_moment(row.created_at),
            "done_at": _moment(row.done_at),
        }
    )


def exemption(one: ExemptionView | Exemption) -> outputs.Exemption:
    """An exemption, from a query or as a service just wrote it."""
    instruction = one.instruction.splitlines() if isinstance(one, Exemption) else list(one.instruction)
    return outputs.Exemption.model_validate(
        {
            "ref": one.ref,
            "number": one.number,
            "name": _named(one.name, one.name_en),
            "state": str(one.state),
            "basis": str(one.basis),
            "remark": one.remark,
            "applied_at": local_moment(one.applied_at),
            "decided_at": _moment(one.decided_at),
            "before_yen": one.before_yen,
            "after_yen": one.after_yen,
            "reason": one.reason,
            "instruction": instruction,
        }
    )


def ground(one: Ground) -> outputs.Ground:
    """A ground that may be applied for."""
    return outputs.Ground(key=one.key, name=_named(one.name, one.name_en), reason=rule_reason(one.reason))


def paper(row: Paper, reservation: UUID) -> outputs.Paper:
    """A paper, with the address of its PDF below the reservation it is about."""
    return outputs.Paper.model_validate(
        {
            "kind": str(row.kind),
            "number": row.number,
            "to": row.to,
            "yen": row.yen,
            "issued_at": local_moment(row.issued_at),
            "state": truth_of(row).state,
            "url": f"/api/v1/reservations/{reservation}/papers/{row.token}.pdf",
        }
    )


def _part(part: OpenPart) -> outputs.DuePart:
    return outputs.DuePart.model_validate(
        {
            "yen": part.yen,
            "due_at": _moment(part.due_at),
            "name": _named(part.name, part.name_en),
            "unpaid": part.unpaid,
            "deferred": part.deferred,
        }
    )


def _moment(moment: datetime | None) -> datetime | None:
    return local_moment(moment) if moment else None


def _named(name: str, name_en: str) -> str:
    return name if (get_language() or "ja") == "ja" else name_en or name
