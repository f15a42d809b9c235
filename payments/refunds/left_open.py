"""What the rules leave open: whether something comes back of a cancelled booking is decided by a person, afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from payments.errors import InvalidAmount
from payments.ledger import lock_subject
from payments.models import Payee, Task
from payments.refunds.deciding import RefundDecision
from payments.refunds.errors import ReasonNeeded, TaskClosed
from payments.refunds.news import decided_nothing
from payments.services import reduce_charge
from payments.tasks import open_task

_KIND = Task.Kind.REFUND_UNDECIDED


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules say of it (``text``, ``article``), and what the hall proposes: so many yen, and why."""

    text: str = ""
    article: str = ""
    yen: int | None = None
    why: str = ""


def ask_for_decision(*, subject: UUID, proposal: Proposal, actor: Actor, now: datetime) -> Task | None:
    """Let a person decide what comes back of a charge; None where nothing was paid, so that nothing is to decide.

    Called in the transaction that cancelled, with the charge's lock held. Raises ChargeNotFound.
    """
    charge = lock_subject(subject)
    paid = charge.sums.collected - charge.sums.refund_decided
    if paid <= 0:
        return None
    facts = {"paid_yen": paid, "text": proposal.text, "article": proposal.article}
    if proposal.yen is not None:
        facts |= {"proposed_yen": proposal.yen, "why": proposal.why, "proposed_by": actor.id}
    return open_task(kind=_KIND, cause=f"charge {charge.id}", charge_id=charge.id, facts=facts, now=now)


@transaction.atomic
def decide_open_refund(
    *, subject: UUID, yen: int, reason: str, actor: Actor, now: datetime
) -> RefundDecision | None:
    """Decide what comes back, in yen, where the rules left it open; 0: nothing, with the reason.

    Of two who decide at once, one does; the other gets TaskClosed. A large amount waits for a second person.
    Raises ReasonNeeded, TaskClosed, InvalidAmount, ChargeNotFound.
    """
    if not reason.strip():
        raise ReasonNeeded
    charge = lock_subject(subject)
    task = Task.objects.filter(kind=_KIND, charge_id=charge.id, closed_at=None).first()
    if task is None:
        raise TaskClosed
    paid = charge.sums.collected - charge.sums.refund_decided
    if not 0 <= yen <= paid:
        raise InvalidAmount
    decision = None
    if yen:
        decision = reduce_charge(
            subject=subject,
            to_yen=charge.sums.net - yen,
            reason=reason.strip(),
            actor=actor,
            now=now,
            article=str(task.facts.get("article") or ""),
        )
    else:
        decided_nothing(charge.id)
    Task.objects.filter(pk=task.pk).update(
        closed_at=now,
        closed_by_id=actor.id if actor.is_staff else None,
        note=reason.strip(),
        facts=task.facts | {"decided_yen": yen},
    )
    return decision


def open_question(subject: UUID) -> Task | None:
    """Return what is still to be decided about a charge, or None."""
    return Task.objects.filter(kind=_KIND, charge__subject=subject, closed_at=None).first()


def last_decision(subject: UUID) -> Task | None:
    """Return what was decided about a charge that the rules had left open, or None."""
    decided = Task.objects.filter(kind=_KIND, charge__subject=subject, closed_at__isnull=False)
    return decided.order_by("-pk").first()


def hall_may_decide(subject: UUID) -> bool:
    """Whether a hall's own staff decide what the rules leave open, or the municipality does (Payee.decided_by): whose
    money it is, wherever the booking moved since.
    """
    payee = Payee.objects.filter(items__charges__subject=subject).first()
    return payee is not None and payee.decided_by == Payee.DecidedBy.HALL
