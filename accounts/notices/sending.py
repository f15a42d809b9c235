"""Sending a notice: once, again after a failure, and never for ever.

The right to send is a change of state that one worker wins, committed before the provider is spoken to. What a dead
worker left behind is taken over after five minutes, with the same key, so that a provider that can tell does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from accounts.channels.base import Answer, Delivered, MessageChannel, Outgoing, Permanent, Temporary
from accounts.channels.line import LineChannel
from accounts.channels.line_api import LineApi
from accounts.channels.mail import MailChannel
from accounts.line.official_account import line_api
from accounts.models import Channel, Notice
from accounts.notices.recording import NewNotice, dedupe_of, record
from tenants import sealing

_log = logging.getLogger("machinoma.notice")

# A worker that died in the middle leaves its claim; after this long another one may take it.
ABANDONED = timedelta(minutes=5)
# How long to wait after each failed try; after the last one it is given up. Within a day: LINE keeps a key so long.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 180, 360))
# The worker's round leaves new ones to their own jobs for so long.
_OWN_JOB = timedelta(minutes=1)

State = Notice.State

_CLAIM = """
UPDATE accounts_notice
SET state = 'sending', claimed_at = %s, next_attempt_at = NULL, attempts = attempts + 1
WHERE id = %s AND ((state = 'waiting' AND next_attempt_at <= %s) OR (state = 'sending' AND claimed_at <= %s))
RETURNING id
"""


def send_notice(
    *,
    notice_id: int,
    clock: Callable[[], datetime],
    sender: Callable[[str], tuple[str, str]],
    still_true: Callable[[Notice], bool],
) -> None:
    """Send one notice, if nobody else did or is just doing it. May be called as often as one likes.

    ``sender(language)``: the municipality's name and host. ``still_true``: asked right before; what is not is dropped.
    """
    now = clock()
    if not _claim(notice_id, now):
        return
    notice = Notice.objects.select_related("resident__line_friend", "staff__user").get(pk=notice_id)
    if not still_true(notice):
        _settle(notice, state=State.DROPPED)
        return
    address = address_of(notice)
    channel = channel_of(notice)
    if not address or channel is None:
        answer: Answer = Permanent(_("送り先がありません。"))
    else:
        name, host = sender(notice.language)
        answer = channel.send(_outgoing(notice, address, name, host))
    _note(notice, answer, clock())


def due_notices(*, now: datetime, limit: int = 200) -> list[int]:
    """Return what waits to be sent and whose own job must have been lost, and what dead workers left; oldest first."""
    waiting = Q(state=State.WAITING, next_attempt_at__lte=now, attempts__gt=0) | Q(
        state=State.WAITING, next_attempt_at__lte=now - _OWN_JOB
    )
    left = Q(state=State.SENDING, claimed_at__lte=now - ABANDONED)
    return list(Notice.objects.filter(waiting | left).order_by("id").values_list("pk", flat=True)[:limit])


def address_of(notice: Notice) -> str:
    """Return where a notice goes, as of now; empty when there is no way (any more)."""
    if notice.address_enc:
        return _opened(notice)
    if notice.staff is not None:
        return notice.staff.user.email if notice.staff.is_active else ""
    if notice.resident is None:
        return ""
    if notice.channel == Channel.LINE:
        friend = getattr(notice.resident, "line_friend", None)
        return friend.user_id if friend is not None and friend.follows else ""
    return notice.resident.email


def channel_of(notice: Notice) -> MessageChannel | None:
    """Return the channel of a notice, ready to send; None where the municipality has none."""
    if notice.channel == Channel.MAIL:
        return MailChannel()
    if notice.channel == Channel.LINE:
        api: LineApi | None = line_api()
        return LineChannel(api) if api else None
    return None


def _opened(notice: Notice) -> str:
    place = {"table": "notice", "row": notice.dedupe, "field": "address"}
    return sealing.unseal(notice.address_enc, purpose="notices", **place).decode()


def _claim(notice_id: int, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, notice_id, now, now - ABANDONED])
        return cursor.fetchone() is not None


def _outgoing(notice: Notice, address: str, name: str, host: str) -> Outgoing:
    return Outgoing(
        address=address,
        sender_name=name,
        host=host,
        language=notice.language,
        subject=notice.subject,
        body=notice.body,
        key=notice.retry_key,
        calendar=notice.calendar,
    )


def _note(notice: Notice, answer: Answer, now: datetime) -> None:
    if isinstance(answer, Delivered):
        _settle(notice, state=State.SENT, sent_at=now, provider_id=answer.provider_id[:200], last_error="")
    elif isinstance(answer, Permanent):
        _settle(notice, state=State.FAILED, last_error=_why(answer))
        _by_mail_instead(notice, now)
    elif notice.attempts > len(PAUSES):
        _settle(notice, state=State.GIVEN_UP, last_error=_why(answer))
        _by_mail_instead(notice, now)
    else:
        _try_again(notice, answer, now)


def _why(answer: Temporary | Permanent) -> str:
    """The words and the provider's number, as the log keeps them; ``accounts.notices.log`` takes them apart."""
    return f"{answer.words} [{answer.code}]" if answer.code else answer.words


def _try_again(notice: Notice, answer: Temporary, now: datetime) -> None:
    pause = max(PAUSES[notice.attempts - 1], answer.wait or timedelta())
    _settle(notice, state=State.WAITING, next_attempt_at=now + pause, last_error=_why(answer))


def _settle(notice: Notice, **changes: object) -> None:
    """Write down how a try ended; only the worker that holds the claim may."""
    held = Notice.objects.filter(pk=notice.pk, state=State.SENDING, attempts=notice.attempts)
    if held.update(claimed_at=None, **changes):
        _log.info("notice", extra={"kind": notice.kind, "channel": notice.channel, "state": changes["state"]})


def _by_mail_instead(notice: Notice, now: datetime) -> None:
    """What LINE will not take goes by mail, unless it did so anyway."""
    if notice.channel != Channel.LINE or notice.resident is None or not notice.resident.email:
        return
    sibling = dedupe_of(notice.kind, str(notice.retry_key), "instead", Channel.MAIL)
    same = Notice.objects.filter(
        kind=notice.kind,
        resident=notice.resident,
        about=notice.about,
        channel=Channel.MAIL,
        created_at=notice.created_at,
    )
    if not same.exists():
        record(
            [
                NewNotice(
                    kind=notice.kind,
                    channel=Channel.MAIL,
                    language=notice.language,
                    subject=notice.subject,
                    body=notice.body,
                    about=notice.about,
                    dedupe=sibling,
                    resident_id=notice.resident.pk,
                    address=notice.resident.email,
                )
            ],
            now=now,
        )
