"""Which papers about money a reservation has, what holds of each now, and which can be issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.actors import Actor
from booking.queries import ReservationView, class_of_hirer
from facilities.periods import local
from frontend.documents.money_papers import number_line
from payments.errors import NoPaperYet, UnknownGateway
from payments.models import Charge, Paper, Payee
from payments.papers.issuing import Kind, Truth, papers_about, truth_of
from payments.papers.receipts import issue_invoice, issue_receipts, receipts_to_issue
from payments.slips.issuing import issue_slips, last_due_day, may_issue_slips
from payments.ways import ways_for


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper in a list: ``number_line`` as it is printed, ``truth`` what holds of it now."""

    paper: Paper
    truth: Truth
    number_line: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be issued now. ``receipt`` is the kind of paper for what was paid, or empty."""

    receipt: str = ""
    invoice: bool = False
    slip: bool = False
    slip_day: date | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything to issue."""
        return bool(self.receipt or self.invoice or self.slip)


def rows_of(view: ReservationView) -> list[PaperRow]:
    """Return the papers of a reservation, the latest first."""
    return [PaperRow(paper, truth_of(paper), number_line(paper)) for paper in papers_about([view.ref])]


def offered_for(view: ReservationView, rows: Sequence[PaperRow], now: datetime, *, at_desk: bool) -> Offered:
    """Return what can be issued for a reservation. A slip to residents only where their hall lets them pay so."""
    charge = Charge.objects.select_related("item__payee").filter(subject=view.ref).first()
    if charge is None:
        return Offered()
    payee = charge.item.payee
    slip = view.payment.due_yen > 0 and may_issue_slips(payee_id=payee.pk)
    if slip and not at_desk:
        slip = "bank_slip" in ways_for(
            facility_id=charge.facility_id, applicant_class=class_of_hirer(view), payee_id=payee.pk
        )
    day = slip_day(view, charge.pk, now) if slip else None
    return Offered(
        receipt=_receipt(view, payee),
        invoice=_invoice(view, payee, rows),
        slip=slip and (at_desk or day is not None),
        slip_day=day,
    )


def slip_day(view: ReservationView, charge_id: int, now: datetime) -> date | None:
    """Until when a slip asks for its money: the day the rules say, else the day of use; None where that is over."""
    written = last_due_day([charge_id], now)
    of_use = local(view.starts_at, view.room.zone)[0]
    return written or (of_use if of_use >= local(now, view.room.zone)[0] else None)


def issue(view: ReservationView, what: str, *, actor: Actor, now: datetime) -> list[Paper]:
    """Issue what was asked for: ``receipt``, ``invoice`` or ``slip``. Raises refusals of payments, NoPaperYet."""
    if what == "receipt":
        return issue_receipts(subject=view.ref, actor=actor, now=now)
    if what == "invoice":
        return [issue_invoice(subjects=[view.ref], actor=actor, now=now)]
    if what == "slip":
        return issue_slips_for([view], actor=actor, now=now)
    raise NoPaperYet


def issue_slips_for(views: Sequence[ReservationView], *, actor: Actor, now: datetime) -> list[Paper]:
    """Issue slips for what is due of a hirer's reservations, to be paid by the earliest of their days.

    Raises UnknownGateway where one of their halls lets nobody pay with slips, and refusals of ``issue_slips``.
    """
    offered = [offered_for(view, (), now, at_desk=False) for view in views]
    if not offered or not all(one.slip for one in offered):
        raise UnknownGateway
    due_on = min(one.slip_day for one in offered if one.slip_day)
    return issue_slips(subjects=[view.ref for view in views], actor=actor, now=now, due_on=due_on)


def paper_facts(view: ReservationView, now: datetime, *, at_desk: bool) -> dict[str, Any]:
    """What the list of papers of a reservation shows."""
    rows = rows_of(view)
    return {"rows": rows, "offered": offered_for(view, rows, now, at_desk=at_desk)}


def _receipt(view: ReservationView, payee: Payee) -> str:
    missing = receipts_to_issue(view.ref)
    if not missing:
        return ""
    if any(entry.gateway == "desk_cash" for entry in missing):
        return Kind.RECEIPT
    return payee.online_paper if any(entry.attempt_id for entry in missing) else Kind.PROOF


def _invoice(view: ReservationView, payee: Payee, rows: Sequence[PaperRow]) -> bool:
    """Once for what is asked for now; what was issued and still holds is in the list."""
    asked = view.payment.assessed_yen
    if not payee.invoice_number or asked <= 0:
        return False
    standing = [row for row in rows if row.paper.kind == Kind.INVOICE and row.truth.state != "cancelled"]
    return not any(
        part.yen == asked for row in standing for part in row.paper.parts.filter(charge__subject=view.ref)
    )
