"""Work of the worker that speaks with people: messages by mail and LINE."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.timezone import now as clock_now
from django.utils.translation import override

from accounts.line.friends import REPLY_JOB
from accounts.line.official_account import CHECK_JOB, check_account, line_api
from accounts.models import LineFriend, Notice, Staff
from accounts.notices.keeping import wipe_texts
from accounts.notices.kinds import KINDS
from accounts.notices.sending import due_notices, send_notice
from booking.reminding import remind
from booking.told import statuses_about
from frontend.addresses import site_address
from frontend.documents import jobs as _paper_jobs  # noqa: F401 (registers the jobs that make papers)
from frontend.mails.invitations import invitation_mail
from frontend.mails.line_words import line_words
from frontend.mails.occasions import Event
from frontend.mails.writing import tell_people
from tenants.jobs import job, periodic
from tenants.models import Municipality

_log = logging.getLogger("machinoma.mail")


@job(settings.NOTICE_JOB)
def tell(
    kind: str,
    occasion: str,
    happened_at: str,
    facts: Mapping[str, str],
    resident_id: int | None = None,
    reservation_ref: str | None = None,
    application_ref: str | None = None,
    series_ref: str | None = None,
    group_ref: str | None = None,
) -> None:
    """Write the messages about something that happened (accounts.notices.telling); each gets a job of its own."""
    municipality = _municipality()
    event = Event(
        kind=kind,
        occasion=occasion,
        happened_at=datetime.fromisoformat(happened_at),
        facts=facts,
        resident_id=resident_id,
        reservation_ref=_ref(reservation_ref),
        application_ref=_ref(application_ref),
        series_ref=_ref(series_ref),
        group_ref=_ref(group_ref),
    )
    tell_people(event, municipality=municipality, site=site_address(municipality), now=clock_now())


@job(settings.NOTICE_SEND_JOB)
def send(notice_id: int) -> None:
    """Send one message, once. A failure is written down and tried again by the worker's round."""
    send_notice(notice_id=notice_id, clock=clock_now, sender=_sender, still_true=_still_true)


@periodic("frontend.send_due_notices", cron="* * * * *")
def send_due() -> None:
    """Once a minute: what is to be tried again, whose job was lost, and what a dead worker left behind."""
    for notice_id in due_notices(now=clock_now()):
        send(notice_id=notice_id)


@periodic("frontend.remind_before_use", cron="*/5 * * * *")
def remind_before_use() -> None:
    """Every five minutes: reminders whose moment has come."""
    remind(now=clock_now())


@periodic("frontend.wipe_notices", cron="37 18 * * *")
def wipe_notices() -> None:
    """Once a night (03:37 in Tokyo), delete the words of old messages."""
    wipe_texts(now=clock_now())


@job(CHECK_JOB)
def check_line() -> None:
    """Ask LINE whether the official account's token is right."""
    check_account(now=clock_now())


@job(REPLY_JOB, attempts=3)
def greet_on_line(friend_id: int, what: str, key: str) -> None:
    """Answer somebody in the chat: how to go on, or what became of the number they typed."""
    friend = LineFriend.objects.select_related("resident").filter(pk=friend_id, follows=True).first()
    api = line_api()
    if friend is None or api is None:
        return
    municipality = _municipality()
    language = friend.resident.language if friend.resident else "ja"
    with override(language):
        name = municipality.name_en if language == "en" else municipality.name
        text = line_words(what, municipality=name, site=site_address(municipality))
    api.push(to=friend.user_id, text=text, key=UUID(key))


@job("frontend.mail_invitation")
def mail_invitation(staff_id: int) -> None:
    """Tell somebody that they are now staff; who is no longer staff is not told."""
    staff = Staff.objects.select_related("user").filter(pk=staff_id, is_active=True).first()
    if staff is None:
        return
    municipality = _municipality()
    invitation_mail(staff, municipality=municipality, site=site_address(municipality)).send()
    _log.info("mail_sent", extra={"event": "invitation"})


def _still_true(notice: Notice) -> bool:
    """A reservation that changed its state meanwhile makes some messages wrong: those are not sent."""
    kind = KINDS.get(notice.kind)
    if kind is None:
        return False
    if not kind.true_while or notice.about is None:
        return True
    return bool(statuses_about(notice.about) & kind.true_while)


def _sender(language: str) -> tuple[str, str]:
    municipality = _municipality()
    host = site_address(municipality).partition("://")[2].partition(":")[0]
    return (municipality.name_en if language == "en" else "") or municipality.name, host


def _municipality() -> Municipality:
    tenant: Any = connection.tenant  # type: ignore[attr-defined]
    return tenant  # type: ignore[no-any-return]


def _ref(text: str | None) -> UUID | None:
    return UUID(text) if text else None
