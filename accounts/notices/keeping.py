"""How long the words of a message are kept: some months. That it was sent, when and to whom is kept with the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import Notice

_MONTH = timedelta(days=31)


def wipe_texts(*, now: datetime) -> int:
    """Delete subject, text, calendar file and address of messages older than the settings say. Returns how many."""
    old = now - settings.NOTICE_KEEP_MONTHS * _MONTH
    rows = Notice.objects.filter(created_at__lt=old, wiped_at=None).exclude(
        state__in=[Notice.State.WAITING, Notice.State.SENDING]
    )
    return rows.update(subject="", body="", calendar="", address_enc=b"", address_shown="", wiped_at=now)
