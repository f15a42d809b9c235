"""Background work of facilities, registered with the worker."""

from __future__ import annotations

from django.utils import timezone

from facilities.groups.keeping import delete_what_is_over, end_expired, remind_of_ends
from tenants.jobs import periodic


@periodic("facilities.keep_registrations", cron="7 23 * * *")
def sweep_registrations() -> None:
    """Once a day (08:07 in Tokyo), end registrations, remind of those that end soon, delete what nobody needs."""
    now = timezone.now()
    end_expired(now=now)
    remind_of_ends(now=now)
    delete_what_is_over(now=now)
