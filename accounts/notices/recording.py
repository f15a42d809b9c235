"""Writing notices down before they are sent: one row each, whatever runs twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts.models import Channel, Notice
from tenants import sealing
from tenants.jobs import enqueue


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A message to be sent. ``dedupe``: see ``dedupe_of``. ``address`` is kept only where nobody is behind it."""

    kind: str
    channel: str
    language: str
    subject: str
    body: str
    dedupe: str
    address: str = field(default="", repr=False)
    calendar: str = ""
    about: UUID | None = None
    resident_id: int | None = None
    staff_id: int | None = None


def dedupe_of(kind: str, occasion: str, receiver: str, channel: str) -> str:
    """Return the key under which the database keeps one message of a kind, an occasion, a receiver and a channel."""
    return hashlib.sha256("|".join((kind, occasion, receiver, channel)).encode()).hexdigest()


def was_told(kind: str, occasion: str, receiver: str) -> bool:
    """Return whether a message of this kind and occasion to this receiver is written down, by any channel."""
    keys = [dedupe_of(kind, occasion, receiver, channel) for channel in Channel.values]
    return Notice.objects.filter(dedupe__in=keys).exists()


@transaction.atomic
def record(notices: Sequence[NewNotice], *, now: datetime) -> list[int]:
    """Write messages down and enqueue their sending, in one transaction. Returns the ids of those that were new.

    What has no way to anybody is written down as failed, so that staff see whom they have to call.
    """
    known = set(
        Notice.objects.filter(dedupe__in=[one.dedupe for one in notices]).values_list("dedupe", flat=True)
    )
    rows = [_row(one, now) for one in notices if one.dedupe not in known]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [row.retry_key for row in rows]
    written = Notice.objects.filter(retry_key__in=keys).order_by("pk").values_list("pk", "state")
    for notice_id, state in written:
        if state == Notice.State.WAITING:
            enqueue(settings.NOTICE_SEND_JOB, notice_id=notice_id)
    return [notice_id for notice_id, _state in written]


def masked(address: str) -> str:
    """Return a mail address as far as staff need it to recognize it: ``a***@example.jp``."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***@{host}"[:100] if at else ""


def _row(new: NewNotice, now: datetime) -> Notice:
    nobody = new.channel == Channel.NONE
    stranger = new.resident_id is None and new.staff_id is None
    place = {"table": "notice", "row": new.dedupe, "field": "address"}
    return Notice(
        kind=new.kind,
        resident_id=new.resident_id,
        staff_id=new.staff_id,
        channel=new.channel,
        address_enc=sealing.seal(new.address.encode(), purpose="notices", **place) if stranger else b"",
        address_shown=masked(new.address),
        language=new.language,
        subject=new.subject[:300],
        body=new.body,
        calendar=new.calendar,
        about=new.about,
        dedupe=new.dedupe,
        state=Notice.State.FAILED if nobody else Notice.State.WAITING,
        last_error=_("送り先（メール・LINE）がありません。") if nobody else "",
        next_attempt_at=None if nobody else now,
        created_at=now,
    )
