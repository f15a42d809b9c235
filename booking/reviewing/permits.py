"""Permits (使用許可書): numbered without gaps, said once and for all, revoked when no longer true.

The number is given in the worker, after the booking is committed: the one row of the counter is no place for a rush to
queue at. ``settle_permit`` brings a permit to the state it should have and may run as often as it likes.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from booking.models import Permit, PermitCounter, Reservation, Review
from booking.reviewing.content import content_of, same_use
from booking.reviewing.deciding import agreed_room
from booking.reviewing.errors import PermitNotFound, PermitNotReady
from booking.transactions import one_transaction
from facilities.periods import local
from facilities.room_rules import permit_on
from payments.services import fiscal_year_of
from tenants.jobs import enqueue

Status = Reservation.Status
# What is in one of these states will not take place.
OVER = frozenset({Status.CANCELLED, Status.REFUSED, Status.EXPIRED})


def settle_permit(*, ref: UUID, now: datetime) -> int | None:
    """Issue, revoke or renew the permit of a reservation, as its rules and its state want it.

    Returns the id of a permit whose PDF is still to be drawn. A reservation that is gone has none.
    """
    with one_transaction():
        rows = Reservation.objects.select_related("resident", "group").filter(ref=ref)
        reservation = rows.select_for_update(of=("self",), no_key=True).first()
        if reservation is None:
            return None
        valid = Permit.objects.filter(reservation_id=reservation.pk, revoked_at__isnull=True).first()
        review = _permitted_review(reservation)
        if valid is not None and not (
            reservation.status == Status.CONFIRMED and same_use(valid.content, reservation)
        ):
            _revoke(valid, "cancelled" if reservation.status in OVER else "changed", now)
            valid = None
        if valid is None and _wanted(reservation, review):
            valid = _issue(reservation, review, now)
        return valid.pk if valid is not None and valid.pdf is None else None


def keep_pdf(*, permit_id: int, reissues: int, pdf: bytes) -> None:
    """Keep what was drawn for an issue of a permit. Drawn for an earlier issue, or a second time, it is dropped."""
    Permit.objects.filter(pk=permit_id, reissues=reissues, pdf__isnull=True).update(pdf=pdf)


def reissue_permit(*, ref: UUID, now: datetime) -> Permit:
    """Issue a lost permit again: the same number and words, marked as issued again. Raises PermitNotFound."""
    with one_transaction():
        permit = valid_permit(ref=ref, lock=True)
        Permit.objects.filter(pk=permit.pk).update(reissues=F("reissues") + 1, reissued_at=now, pdf=None)
        enqueue(settings.PERMIT_JOB, ref=str(ref))
    return permit


def valid_permit(*, ref: UUID, lock: bool = False) -> Permit:
    """Return the permit that holds for a reservation. Raises PermitNotFound."""
    rows = Permit.objects.filter(
        reservation__ref=ref, revoked_at__isnull=True, reservation__status=Status.CONFIRMED
    )
    found = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if found is None:
        raise PermitNotFound
    return found


def permit_of(*, reservation_id: int) -> Permit | None:
    """Return the permit that holds for a reservation, without its PDF; None where there is none."""
    rows = Permit.objects.filter(reservation_id=reservation_id, revoked_at__isnull=True)
    return rows.annotate(is_drawn=Q(pdf__isnull=False)).defer("pdf").first()


def pdf_of(*, ref: UUID) -> tuple[Permit, bytes]:
    """Return the permit that holds for a reservation with its PDF. Raises PermitNotFound, PermitNotReady."""
    permit = valid_permit(ref=ref)
    if permit.pdf is None:
        raise PermitNotReady
    return permit, bytes(permit.pdf)


def permit_of_token(token: str) -> Permit:
    """Return the permit, valid or not, whose QR code leads here. Raises PermitNotFound."""
    rows = Permit.objects.select_related("reservation").defer("pdf")
    permit = rows.filter(token=token.replace("\0", "")).first()
    if permit is None:
        raise PermitNotFound
    return permit


def unsettled_permits(*, now: datetime) -> list[UUID]:
    """Return the reservations whose permit still has to be drawn, or was lost sight of when they changed."""
    undrawn = Q(pdf__isnull=True)
    ended = ~Q(reservation__status=Status.CONFIRMED)
    rows = Permit.objects.filter(undrawn | ended, revoked_at__isnull=True, issued_at__lte=now)
    return list(rows.order_by("pk").values_list("reservation__ref", flat=True)[:200])


def _wanted(reservation: Reservation, review: Review | None) -> bool:
    if reservation.status != Status.CONFIRMED:
        return False
    room = agreed_room(reservation)
    day, _ = local(reservation.starts_at, room.zone)
    return permit_on(room, day).given == "every" or review is not None


def _permitted_review(reservation: Reservation) -> Review | None:
    permitted = Review.objects.filter(reservation_id=reservation.pk, state=Review.State.PERMITTED)
    return permitted.order_by("-pk").first()


def _issue(reservation: Reservation, review: Review | None, now: datetime) -> Permit:
    room = agreed_room(reservation)
    year = fiscal_year_of(local(now, room.zone)[0])
    return Permit.objects.create(
        reservation_id=reservation.pk,
        review=review,
        fiscal_year=year,
        serial=_next_serial(year),
        token=secrets.token_urlsafe(18),
        content=content_of(reservation, room, review),
        issued_at=now,
    )


def _next_serial(year: int) -> int:
    """The next number of the year; its row stays locked until this permit stands or falls."""
    PermitCounter.objects.get_or_create(fiscal_year=year)
    counter = PermitCounter.objects.select_for_update(no_key=True).get(fiscal_year=year)
    counter.last += 1
    PermitCounter.objects.filter(fiscal_year=year).update(last=counter.last)
    return counter.last


def _revoke(permit: Permit, because: str, now: datetime) -> None:
    Permit.objects.filter(pk=permit.pk).update(revoked_at=now, revoked_because=because)
