"""Paying for reservations through a provider: what somebody can pay, in which ways, and what they began to pay.

Who may book for a group may pay for it; who only sees what it has, sees what is to be paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.models import Reservation
from booking.parties import theirs
from booking.paying_errors import NothingChosen, PaymentNotFound, TooManyCharges
from booking.queries import ReservationView, reservations_by_refs
from booking.transactions import one_transaction
from facilities.ordinance import Due
from facilities.ordinance.days.moments import last_shown
from facilities.periods import local
from facilities.room_rules import Asker, due_of
from payments.dues import UNDER_WAY, OpenPart, open_parts
from payments.errors import AlreadyPaid, NothingToPay
from payments.models import Attempt, AttemptCharge, Charge, Refund
from payments.online.attempts import begin_attempt
from payments.online.checkout_times import checkout_times
from payments.online.errors import DueTooSoon, NotThisWay, SeveralPayees
from payments.ways import ONLINE, HallClass, fitting, ways_of
from tenants.context import current_zone

Status = Reservation.Status
# More than one page and one payment can sensibly hold.
MOST_CHARGES = 100


@dataclass(frozen=True, slots=True)
class Payable:
    """What is still to be paid for a reservation, to whom, and what is under way for it at the provider."""

    view: ReservationView
    parts: tuple[OpenPart, ...]
    payee_id: int
    payee_name: str
    attempt: Attempt | None

    @property
    def yen(self) -> int:
        """All that is due of it."""
        return sum(part.yen for part in self.parts)

    @property
    def is_divided(self) -> bool:
        """Whether a part of it can be paid alone."""
        return len(self.parts) > 1

    @property
    def due_at(self) -> datetime | None:
        """The first moment too late for what is due first."""
        return min((part.due_at for part in self.parts if part.due_at), default=None)

    @property
    def is_deferred(self) -> bool:
        """Whether the rules let it be paid after the use."""
        return any(part.deferred for part in self.parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """Several payables paid at once: how much, and in which ways that is possible now.

    ``late``: ways the halls have, but for which it is too late. ``first_parts``: only what is due first of each.
    """

    payables: tuple[Payable, ...]
    yen: int
    ways: tuple[str, ...]
    late: tuple[str, ...]
    first_parts: bool = False

    @property
    def is_divided(self) -> bool:
        """Whether something of it could be paid in parts."""
        return any(one.is_divided for one in self.payables)

    @property
    def online(self) -> tuple[str, ...]:
        """The ways that lead to the provider."""
        return tuple(way for way in self.ways if way in ONLINE)


@dataclass(frozen=True, slots=True)
class Payment:
    """An attempt with what it pays, in yen, as the payer sees it. ``back_yen``: what of it goes back."""

    attempt: Attempt
    parts: tuple[tuple[ReservationView, int], ...]
    back_yen: int

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody may pay it any more, though the provider may not have closed it yet."""
        return self.attempt.close_wanted_at is not None and self.attempt.state in UNDER_WAY


def payables_of(*, resident_id: int, refs: Iterable[UUID] | None = None) -> list[Payable]:
    """Return what a resident, and the groups they belong to, still have to pay: what is due first comes first.

    ``refs``: of these reservations only.
    """
    rows = Reservation.objects.filter(theirs(resident_id), status__in=[Status.CONFIRMED, Status.CANCELLED])
    if refs is not None:
        rows = rows.filter(ref__in=set(refs))
    parts = open_parts(rows.values_list("ref", flat=True))
    views = {view.ref: view for view in reservations_by_refs(parts)}
    attempts = attempts_under_way(parts)
    found = [
        Payable(
            views[charge.subject],
            parts[charge.subject],
            charge.item.payee_id,
            charge.item.payee.name,
            attempts.get(charge.subject),
        )
        for charge in Charge.objects.select_related("item__payee").filter(subject__in=parts)
    ]
    return sorted(found, key=lambda one: (one.due_at or one.view.starts_at, one.view.id))


def attempts_under_way(subjects: Iterable[UUID]) -> dict[UUID, Attempt]:
    """Return what somebody has begun to pay and can still go on with, by the subject of its charges."""
    live = AttemptCharge.objects.select_related("attempt", "charge").filter(
        charge__subject__in=list(subjects),
        live=True,
        attempt__state__in=UNDER_WAY,
        attempt__close_wanted_at=None,
    )
    return {part.charge.subject: part.attempt for part in live}


def choose_ways(payables: Sequence[Payable], *, now: datetime, first_parts: bool = False) -> Choice:
    """Return in which ways these can be paid at once now; ``first_parts``: of what is divided only what is due first.

    Raises NothingChosen, TooManyCharges, SeveralPayees.
    """
    if not payables:
        raise NothingChosen
    if len(payables) > MOST_CHARGES:
        raise TooManyCharges(most=MOST_CHARGES)
    payees = {one.payee_id for one in payables}
    if len(payees) > 1:
        raise SeveralPayees
    halls = {HallClass(one.view.room.facility_id, one.view.details.applicant_class) for one in payables}
    yen = sum(one.parts[0].yen if first_parts else one.yen for one in payables)
    ways = fitting(ways_of(halls, payee_id=payees.pop()), yen)
    due_at = min((one.due_at for one in payables if one.due_at), default=None)
    late = tuple(way for way in ways if way in ONLINE and _is_too_late(way, due_at, now))
    return Choice(tuple(payables), yen, tuple(way for way in ways if way not in late), late, first_parts)


def begin_paying(
    *,
    refs: Sequence[UUID],
    way: str,
    return_url: str,
    actor: Actor,
    language: str,
    now: datetime,
    first_parts: bool = False,
) -> Attempt:
    """Begin to pay all that is due of these reservations at once; the worker opens it at the provider.

    ``first_parts``: of what is divided, only what is due first. ``return_url`` as in payments.online.attempts.
    Pressed again, the payment under way comes back.
    Raises NothingChosen, TooManyCharges, NotThisWay, ReservationNotFound, NotForGroup, AlreadyPaid, NothingToPay, and
    what ``begin_attempt`` raises.
    """
    wanted = sorted(set(refs))
    if not wanted:
        raise NothingChosen
    if len(wanted) > MOST_CHARGES:
        raise TooManyCharges(most=MOST_CHARGES)
    with one_transaction():
        chosen = [records.visible(ref, actor, act=True) for ref in wanted]
        payables = payables_of(resident_id=actor.id, refs=wanted)
        if len(payables) < len(wanted):
            raise AlreadyPaid if all(one.status == Status.CONFIRMED for one in chosen) else NothingToPay
        choice = choose_ways(payables, now=now, first_parts=first_parts)
        if way in choice.late:
            raise DueTooSoon
        if way not in choice.online:
            raise NotThisWay
        return begin_attempt(
            charge_subjects=wanted,
            way=way,
            return_url=return_url,
            actor=actor,
            language=language,
            now=now,
            first_parts=first_parts,
        )


def payment_of(*, resident_id: int, ref: UUID) -> Payment:
    """Return a payment somebody began for reservations the resident sees, all of them. Raises PaymentNotFound."""
    attempt = Attempt.objects.select_related("payee").filter(ref=ref).first()
    if attempt is None:
        raise PaymentNotFound
    parts = list(attempt.parts.select_related("charge"))
    subjects = [part.charge.subject for part in parts]
    seen = Reservation.objects.filter(theirs(resident_id), ref__in=subjects).count()
    if not parts or seen < len(parts):
        raise PaymentNotFound
    views = {view.ref: view for view in reservations_by_refs(subjects)}
    paid = [(views[part.charge.subject], part.yen) for part in parts]
    return Payment(
        attempt,
        tuple(sorted(paid, key=lambda one: (one[0].starts_at, one[0].id))),
        sum(Refund.objects.filter(source__attempt_id=attempt.pk).values_list("yen", flat=True)),
    )


def payment_due_of(view: ReservationView) -> Due:
    """Return until when a reservation is to be paid: as the rules it was made by say, and as it was written down when
    that was another day (booking.dues). Without a rule due_at is None."""
    room = view.agreed_room
    day, starts = local(view.starts_at, room.zone)
    asker = Asker(view.details.applicant_class, view.channel, view.created_at, view.details)
    by_rules = due_of(room, day, starts, asker)
    part = next(iter(open_parts([view.ref]).get(view.ref, ())), None)
    if part is None or part.due_at is None or by_rules.parts:
        return by_rules
    if part.due_at == by_rules.due_at:
        return replace(by_rules, unpaid=_unpaid(part))
    at = last_shown(part.due_at.astimezone(room.zone))
    reason = replace(by_rules.reasons[0], code="due_by", params={"at": at})
    return replace(by_rules, due_at=part.due_at, unpaid=_unpaid(part), reasons=(reason,))


def _is_too_late(way: str, due_at: datetime | None, now: datetime) -> bool:
    try:
        checkout_times(way, due_at=due_at, now=now, zone=current_zone())
    except DueTooSoon:
        return True
    return False


def _unpaid(part: OpenPart) -> Literal["cancelled", "staff"]:
    return "cancelled" if part.unpaid == "cancelled" else "staff"
