"""Say that something happened which people must be told. Nothing is sent here: a row on the job queue, no more.

The worker (``settings.NOTICE_JOB``) reads what is true then, finds who gets it, and writes one message for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings

from accounts.notices.kinds import kind_of
from tenants.jobs import enqueue

# What a caller may add, as text: ids and plain values, never a name, an address, words somebody wrote, or a code.
FACTS = frozenset(
    {
        "path",  # where to look, on this municipality's pages: "/series/…/"
        "room_id",
        "facility_id",
        "starts_at",  # ISO 8601, like all moments
        "ends_at",
        "before_room_id",  # where and when it was before a change
        "before_starts_at",
        "before_ends_at",
        "until",  # a moment or a day (ISO 8601)
        "count",
        "skipped",  # how many dates were left out
        "points",
        "yen",  # an amount, in whole yen
        "offence",  # the refs of what a message about penalties speaks of
        "measure",
        "appeal",
        "decision",  # "granted" or "dismissed"
        "reason_code",  # a Refusal's code: its sentence is shown
        "invitation",  # the id of the invitation whose address gets it
        "exemption",  # the ids of the exemption, or the standing one, it is about
        "standing",
        "registration",  # the id of the group's registration it is about
    }
)


def tell(
    kind: str,
    *,
    now: datetime,
    reservation_ref: UUID | None = None,
    application_ref: UUID | None = None,
    series_ref: UUID | None = None,
    group_ref: UUID | None = None,
    resident_id: int | None = None,
    facts: Mapping[str, str] | None = None,
    occasion: str | None = None,
    at: datetime | None = None,
) -> None:
    """Enqueue the notice ``kind`` in the caller's transaction: it is told if, and only if, that commits.

    Whose matter it is follows from the reservation, application or series; ``group_ref`` and ``resident_id`` say it
    where there is none. ``facts``: see FACTS. ``occasion``: what may be told only once however often it is noticed
    (a reminder); without it every call is an occasion of its own. ``at``: not before this instant.
    Raises KeyError for a kind that is not in the catalogue, ValueError for a fact that is not in FACTS.
    """
    kind_of(kind)
    unknown = set(facts or ()) - FACTS
    if unknown:
        raise ValueError(f"facts that no notice knows: {', '.join(sorted(unknown))}")
    refs = {
        "reservation_ref": reservation_ref,
        "application_ref": application_ref,
        "series_ref": series_ref,
        "group_ref": group_ref,
    }
    enqueue(
        settings.NOTICE_JOB,
        at=at,
        kind=kind,
        occasion=occasion or uuid4().hex,
        happened_at=now.isoformat(),
        resident_id=resident_id,
        facts=dict(facts or {}),
        **{name: str(ref) if ref else None for name, ref in refs.items()},
    )
