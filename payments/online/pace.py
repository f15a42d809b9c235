"""How fast an account at a provider is called: a leaky bucket in the database, for all processes together."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection

# Takes the next free place. Who comes when nothing is waiting may go at once.
_TAKE = """
INSERT INTO payments_accountwatch AS w (account, next_call_at)
SELECT %(account)s, %(now)s + g.gap FROM (SELECT make_interval(secs => %(gap)s) AS gap) g
ON CONFLICT (account) DO UPDATE
SET next_call_at = greatest(w.next_call_at, %(now)s) + make_interval(secs => %(gap)s)
RETURNING next_call_at - make_interval(secs => %(gap)s)
"""
_HOLD = """
INSERT INTO payments_accountwatch AS w (account, next_call_at) VALUES (%(account)s, %(until)s)
ON CONFLICT (account) DO UPDATE SET next_call_at = greatest(w.next_call_at, %(until)s)
"""


def next_call(account: str, *, now: datetime) -> datetime:
    """Take a place in the queue of calls to an account, and return when its turn is: ``now``, or later in a rush.

    Places are ``1 / STRIPE_CALLS_PER_SECOND`` apart.
    """
    gap = 1 / max(settings.STRIPE_CALLS_PER_SECOND, 1)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"account": account, "now": now, "gap": gap})
        turn: datetime = cursor.fetchone()[0]
    return turn


def hold_calls(account: str, *, until: datetime) -> None:
    """Let nobody call an account before ``until``: the provider asked us to wait."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"account": account, "until": until})
