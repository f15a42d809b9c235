"""What became of messages: for staff, who see whom they have to call, and for the receiver."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Channel, Notice
from accounts.notices.errors import NoticeNotFound, NotResendable
from accounts.notices.kinds import KINDS, Kind
from accounts.notices.recording import NewNotice, dedupe_of, record
from accounts.notices.sending import address_of

State = Notice.State
UNDELIVERED = (State.FAILED, State.GIVEN_UP)
_CODE = re.compile(r" \[(\d+)\]$")


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One message as staff see it. ``problem`` is a sentence to be translated, ``code`` the provider's number."""

    id: int
    kind: Kind | None
    kind_key: str
    receiver: str
    for_staff: bool
    channel: str
    address: str
    language: str
    state: str
    problem: str
    code: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime | None
    subject: str
    body: str
    has_calendar: bool
    is_wiped: bool
    about: UUID | None

    @property
    def is_undelivered(self) -> bool:
        """Whether it did not reach the person and will not by itself."""
        return self.state in UNDELIVERED


def notices_about(refs: Collection[UUID]) -> list[NoticeView]:
    """Return the messages about these refs (a reservation and its application, say), newest first."""
    return [_view(row) for row in _rows().filter(about__in=refs).order_by("-id")[:200]]


def search_notices(
    *, state: str = "", kind: str = "", before: int | None = None, limit: int = 50
) -> list[NoticeView]:
    """Return messages, newest first. ``state``: "undelivered" or a state; ``before``: the id of the last one seen."""
    rows = _rows()
    if state == "undelivered":
        rows = rows.filter(state__in=UNDELIVERED)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_view(row) for row in rows.order_by("-id")[:limit]]


def notice_view(notice_id: int) -> NoticeView:
    """Return one message. Raises NoticeNotFound."""
    row = _rows().filter(pk=notice_id).first()
    if row is None:
        raise NoticeNotFound
    return _view(row)


def mail_trouble(*, resident_id: int, now: datetime) -> bool:
    """Return whether the last mail to a resident in the last 90 days did not arrive."""
    ended = Q(state__in=UNDELIVERED) | Q(state=State.SENT)
    last = Notice.objects.filter(
        ended, resident_id=resident_id, channel=Channel.MAIL, created_at__gt=now - timedelta(days=90)
    )
    newest = last.order_by("-id").values_list("state", flat=True).first()
    return newest in UNDELIVERED


def resend(*, notice_id: int, now: datetime) -> None:
    """Send a message once more, to where its receiver can be reached now; pressed twice in a minute, once.

    Raises NoticeNotFound, NotResendable.
    """
    old = _rows().filter(pk=notice_id).first()
    if old is None:
        raise NoticeNotFound
    if not old.body or old.state in {State.WAITING, State.SENDING} or old.address_enc:
        raise NotResendable
    channel = old.channel
    if channel == Channel.NONE or not address_of(old):
        channel = Channel.MAIL
    address = old.staff.user.email if old.staff else old.resident.email if old.resident else ""
    if channel == Channel.MAIL and not address:
        raise NotResendable
    again = NewNotice(
        kind=old.kind,
        channel=channel,
        language=old.language,
        subject=old.subject,
        body=old.body,
        dedupe=dedupe_of(old.kind, f"again {old.pk} {now:%Y%m%d%H%M}", "", channel),
        address=address if channel == Channel.MAIL else "",
        calendar=old.calendar if channel == Channel.MAIL else "",
        about=old.about,
        resident_id=old.resident_id,
        staff_id=old.staff_id,
    )
    record([again], now=now)


def _rows() -> QuerySet[Notice]:
    return Notice.objects.select_related("resident__line_friend", "staff__user")


def _view(row: Notice) -> NoticeView:
    code = _CODE.search(row.last_error)
    return NoticeView(
        id=row.pk,
        kind=KINDS.get(row.kind),
        kind_key=row.kind,
        receiver=row.staff.name if row.staff else row.resident.name if row.resident else "",
        for_staff=row.staff_id is not None,
        channel=row.channel,
        address=row.address_shown,
        language=row.language,
        state=row.state,
        problem=_CODE.sub("", row.last_error),
        code=code.group(1) if code else "",
        attempts=row.attempts,
        created_at=row.created_at,
        sent_at=row.sent_at,
        next_attempt_at=row.next_attempt_at,
        subject=row.subject,
        body=row.body,
        has_calendar=bool(row.calendar),
        is_wiped=row.wiped_at is not None,
        about=row.about,
    )
