"""Work of the worker that speaks with people: mails."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import connection
from django.utils.timezone import now as clock_now

from accounts.models import Staff
from booking.errors import ReservationNotFound
from booking.messages import begin_message, finish_message, give_up_message
from booking.queries import reservation_for_staff
from frontend.addresses import site_address
from frontend.mails.invitations import invitation_mail
from frontend.mails.reservations import TEXTS, reservation_mail
from tenants.jobs import job

_log = logging.getLogger("machinoma.mail")


@job("frontend.mail_reservation")
def mail_reservation(ref: str, event: str) -> None:
    """Tell the hirer that a reservation was confirmed or cancelled.

    1. The reservation is read again: what is no longer true is not told.
    2. The right to send this mail is taken, committed, before the mail server is spoken to: two workers or a
       repeated job send it once.
    3. A failure gives the right back and is raised, so that the queue tries again.
    """
    try:
        view = reservation_for_staff(ref=UUID(ref))
    except ReservationNotFound:
        return
    if event not in TEXTS or view.status != event or not view.resident.email:
        return
    message_id = begin_message(reservation_id=view.id, kind=event, sequence=view.sequence, now=clock_now())
    if message_id is None:
        return
    try:
        municipality = connection.tenant  # type: ignore[attr-defined]
        mail = reservation_mail(view, event, municipality=municipality, site=site_address(municipality))
        mail.send()
    except Exception:
        give_up_message(message_id=message_id)
        raise
    finish_message(message_id=message_id, now=clock_now())
    _log.info("mail_sent", extra={"event": event})


@job("frontend.mail_invitation")
def mail_invitation(staff_id: int) -> None:
    """Tell somebody that they are now staff; who is no longer staff is not told."""
    staff = Staff.objects.select_related("user").filter(pk=staff_id, is_active=True).first()
    if staff is None:
        return
    municipality = connection.tenant  # type: ignore[attr-defined]
    invitation_mail(staff, municipality=municipality, site=site_address(municipality)).send()
    _log.info("mail_sent", extra={"event": "invitation"})
