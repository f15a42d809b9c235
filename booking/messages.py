"""Which mails about a reservation were sent: each once, whatever is repeated or run twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from booking.models import Message

# A worker that died in the middle leaves its claim; after this long another one may take it.
ABANDONED = timedelta(minutes=5)

_CLAIM = """
INSERT INTO booking_message (reservation_id, kind, sequence, claimed_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (reservation_id, kind, sequence) DO UPDATE SET claimed_at = EXCLUDED.claimed_at
WHERE booking_message.sent_at IS NULL AND booking_message.claimed_at <= %s
RETURNING id
"""


def begin_message(*, reservation_id: int, kind: str, sequence: int, now: datetime) -> int | None:
    """Take the right to send one mail; its id, or None when it was sent or somebody is just sending it."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [reservation_id, kind, sequence, now, now - ABANDONED])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def finish_message(*, message_id: int, now: datetime) -> None:
    """Note that the mail was handed over."""
    Message.objects.filter(pk=message_id).update(sent_at=now)


def give_up_message(*, message_id: int) -> None:
    """Give the right back after a failure, so that the next try may send."""
    Message.objects.filter(pk=message_id, sent_at__isnull=True).delete()
