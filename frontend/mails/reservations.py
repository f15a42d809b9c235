"""The mails about a reservation: confirmed, cancelled. Each with a calendar file; never with a door code."""

from __future__ import annotations

from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from booking.queries import ReservationView, payment_due_of
from frontend.calendars import reservation_calendar
from frontend.paying import pay_words
from frontend.resident.said import questions_of, said_of
from tenants.models import Municipality

TEXTS = {"confirmed": "confirmed.txt", "cancelled": "cancelled.txt"}


def reservation_mail(
    view: ReservationView, event: str, *, municipality: Municipality, site: str
) -> EmailMessage:
    """Return the mail for ``event`` to the hirer, in their language. The template's first line is the subject.

    The Message-ID is made from reservation, event and sequence: should a mail go out twice after all, mail programs
    can tell that it is one.
    """
    language = "en" if view.resident.language == "en" else "ja"
    facts: dict[str, Any] = {
        "reservation": view,
        "room": (view.room.name_en if language == "en" else "") or view.room.name,
        "municipality": (municipality.name_en if language == "en" else "") or municipality.name,
        "address": site + reverse("reservation", args=[view.ref]),
        "home": f"{site}/",
    }
    with override(language):
        facts["said"] = said_of(questions_of(view), view.details)
        facts["pay"] = pay_words(payment_due_of(view), view.price_yen, timezone.now())
        text = render_to_string(f"mails/{language}/{TEXTS[event]}", facts)
        calendar = reservation_calendar(view, site=site)
    subject, _newline, body = text.lstrip().partition("\n")
    host = site.partition("://")[2].partition(":")[0]
    mail = EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        from_email=formataddr((facts["municipality"], parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[view.resident.email],
        headers={
            "Message-ID": f"<{view.ref}.{event}.{view.sequence}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    mail.attach(_attachment(calendar, "CANCEL" if event == "cancelled" else "PUBLISH"))
    return mail


def _attachment(calendar: bytes, method: str) -> MIMEText:
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="yoyaku.ics")
    return part
