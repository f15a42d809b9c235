"""Reminders before use: the day before at the municipality's hour, and so many hours before, as it wishes.

What was told is told once: each run takes the reservations whose moment came since the run before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import NoticeSettings
from booking.telling import tell
from booking.told import to_remind_of
from facilities.periods import local, moment
from tenants.context import current_zone

# After a longer silence (the worker was off) what is older is not told any more.
_LATEST = timedelta(hours=20)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Enqueue the reminders whose moment has come since the last run. Returns how many."""
    NoticeSettings.objects.get_or_create(pk=1)
    settings = NoticeSettings.objects.select_for_update(no_key=True).get(pk=1)
    since = max(settings.reminded_until or now, now - _LATEST)
    due = list(_due(settings, since, now))
    for ref, starts_at, way in due:
        tell(
            "reminder_before_use",
            now=now,
            reservation_ref=ref,
            occasion=f"{ref} {starts_at.isoformat()} {way}",
        )
    NoticeSettings.objects.filter(pk=1).update(reminded_until=now)
    return len(due)


def reminder_settings() -> NoticeSettings:
    """Return when the municipality reminds people; the defaults where it never said."""
    return NoticeSettings.objects.filter(pk=1).first() or NoticeSettings(pk=1)


def change_reminders(
    *, day_before: bool, hour: int, hours_before: int | None, due_days: int | None = 3
) -> None:
    """Set when people are reminded: the day before at a local ``hour`` (0 to 23), so many hours before the use, and
    (booking.overdue) so many days before the last day to pay; None: not."""
    NoticeSettings.objects.update_or_create(
        pk=1,
        defaults={
            "remind_day_before": day_before,
            "remind_hour": hour,
            "remind_hours_before": hours_before,
            "remind_due_days": due_days,
        },
    )


def _due(settings: NoticeSettings, since: datetime, now: datetime) -> Iterator[tuple[UUID, datetime, str]]:
    """The reservations whose moment lies in [since, now); who booked after their moment has just been told enough."""
    zone = current_zone()
    day, last = local(since, zone)[0], local(now, zone)[0]
    while settings.remind_day_before and day <= last:
        told_at = moment(day, settings.remind_hour * 60, zone)
        if since <= told_at < now:
            tomorrow = moment(day + timedelta(days=1), 0, zone), moment(day + timedelta(days=2), 0, zone)
            found = to_remind_of(begins_from=tomorrow[0], begins_before=tomorrow[1], booked_before=told_at)
            yield from ((ref, starts_at, "day") for ref, starts_at in found)
        day += timedelta(days=1)
    if settings.remind_hours_before:
        ahead = timedelta(hours=settings.remind_hours_before)
        found = to_remind_of(begins_from=since + ahead, begins_before=now + ahead, booked_before=since)
        yield from ((ref, starts_at, "hours") for ref, starts_at in found)
