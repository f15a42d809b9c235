"""How each municipality is: read from the register and from its own schema, never from personal data."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction

from booking.queries import count_reservations
from facilities.errors import NoRulesYet
from facilities.periods import local
from facilities.queries import open_rooms, rule_books, rule_versions
from facilities.reviewing import current_number
from tenants.context import current_zone, inside, inside_public
from tenants.migrating import applied_migrations
from tenants.models import Municipality
from tenants.template import TEMPLATE_SCHEMA

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """A municipality in the operator's list. ``schema`` is "ok", "behind" (migrations to run) or "broken"."""

    municipality: Municipality
    host: str
    schema: str
    rooms: int = 0
    rules_number: int | None = None
    booked: int = 0

    @property
    def is_bookable(self) -> bool:
        """Whether a resident could book here now."""
        return self.schema != "broken" and bool(self.rooms and self.rules_number) and self.is_active

    @property
    def is_active(self) -> bool:
        """Whether the municipality is served at all."""
        return bool(self.municipality.status == Municipality.Status.ACTIVE)


def healths(*, now: datetime) -> list[Health]:
    """Return the health of every municipality, by code. One that cannot be read is "broken" and stops no other."""
    with inside_public():
        rows = list(
            Municipality.objects.exclude(schema_name="public").prefetch_related("domains").order_by("lg_code")
        )
        known = applied_migrations([TEMPLATE_SCHEMA, *(row.schema_name for row in rows)])
    return [_health(row, known[row.schema_name] >= known[TEMPLATE_SCHEMA], now) for row in rows]


def _health(row: Municipality, migrated: bool, now: datetime) -> Health:
    host = _host(row)
    try:
        with inside(row), transaction.atomic():
            return Health(
                row,
                host,
                "ok" if migrated else "behind",
                rooms=len(open_rooms()),
                rules_number=_rules_number(now),
                booked=count_reservations(since=now),
            )
    except (DatabaseError, NoRulesYet):
        _log.exception("municipality_unreadable", extra={"municipality": row.schema_name})
        return Health(row, host, "broken")


def _host(row: Municipality) -> str:
    domains: Sequence[str] = sorted(one.domain for one in row.domains.all())
    return domains[0] if domains else ""


def _rules_number(now: datetime) -> int | None:
    today = local(now, current_zone())[0]
    books = rule_books()
    versions = rule_versions(books[0].pk) if books else []
    return current_number([(one.number, one.effective_from) for one in versions], today)
