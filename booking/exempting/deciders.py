"""Who may decide an exemption: whose money it is says so (docs/money.md, "Who decides what")."""

from __future__ import annotations

from uuid import UUID

from accounts.actors import Actor
from accounts.models import Staff
from booking.exempting.errors import NotDecider
from payments.models import Payee, RevenueItem


def payee_of(facility_id: int) -> Payee | None:
    """Return who receives the money of a hall; None where nothing was set up."""
    item = (
        RevenueItem.objects.select_related("payee").filter(halls__facility_id=facility_id).first()
        or RevenueItem.objects.select_related("payee").filter(is_default=True).first()
    )
    return item.payee if item else None


def decided_by_hall(facility_id: int, subject: UUID | None = None) -> bool:
    """Whether the hall's own staff may decide about its money: where it is a manager's income, and the payee says so.

    Exempting from a fee is an act of the municipality; who runs the hall for it can only pass an application on. What
    was charged for a reservation (``subject``) stays whose it was, also where the hall's money is somebody else's now.
    """
    charged = Payee.objects.filter(items__charges__subject=subject).first() if subject else None
    payee = charged or payee_of(facility_id)
    return payee is not None and payee.decided_by == Payee.DecidedBy.HALL


def may_decide(actor: Actor, facility_id: int | None, subject: UUID | None = None) -> bool:
    """Whether somebody may decide about the money of a hall (None: of several halls, which only admins may), or what
    was charged there for a reservation (``subject``)."""
    if not actor.is_staff:
        return False
    staff = Staff.objects.filter(pk=actor.id, is_active=True).first()
    if staff is None:
        return False
    if staff.role == Staff.Role.ADMIN:
        return True
    works_there = facility_id is not None and staff.facilities.filter(facility_id=facility_id).exists()
    return works_there and facility_id is not None and decided_by_hall(facility_id, subject)


def require_decider(actor: Actor, facility_id: int | None, subject: UUID | None = None) -> None:
    """Let pass who may decide. Raises NotDecider."""
    if not may_decide(actor, facility_id, subject):
        raise NotDecider
