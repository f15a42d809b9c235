"""Taking spaces: the one way in which anything gets a claim.

Why these steps, in this order (measured in docs/locking.md):

1. ``lock_spaces`` takes row locks on the spaces in ascending order, so that two baskets never wait for each other
   in a circle.
2. ``take_over_expired`` frees what holds and releases left behind: a constraint cannot know the time.
3. The claims are written by one INSERT … ON CONFLICT DO NOTHING. The exclusion constraint decides; a plain INSERT
   would put its own entry into the index first and then wait, and waiters would wait for each other.
4. The caller counts: fewer claims than spaces means somebody else has the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

_LOCK = "SELECT id FROM facilities_space WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"

# The reservation rows are updated first and in order: two takers of one expired hold on different spaces wait for
# each other here, once, instead of on its claims.
_TAKE_OVER = """
WITH expired AS (
    SELECT DISTINCT c.id, c.reservation_id, c.release_id FROM unnest(%s::bigint[]) s(id) CROSS JOIN LATERAL (
        SELECT c.id, c.reservation_id, c.release_id, c.expires_at FROM booking_claim c
        WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
          AND c.occupied && tstzrange(%s, %s) AND c.active OFFSET 0
    ) c WHERE c.expires_at <= %s
), locked AS (
    SELECT r.id FROM booking_reservation r WHERE r.id IN (SELECT reservation_id FROM expired)
      AND r.status = 'hold' AND r.held_until <= %s ORDER BY r.id FOR NO KEY UPDATE OF r
), released AS (
    SELECT c.id FROM booking_claim c JOIN expired e ON e.id = c.id
    WHERE e.release_id IS NOT NULL AND c.active ORDER BY c.id FOR NO KEY UPDATE OF c
), let_go AS (
    UPDATE booking_claim c SET active = false FROM released WHERE c.id = released.id
), gone AS (
    UPDATE booking_reservation r SET status = 'expired', held_until = NULL, updated_at = %s
    FROM locked WHERE r.id = locked.id AND r.status = 'hold' RETURNING r.id
), freed AS (
    UPDATE booking_claim c SET active = false FROM gone WHERE c.reservation_id = gone.id AND c.active
), noted AS (
    INSERT INTO booking_transition (reservation_id, verb, actor_kind, actor_id, at, reason)
    SELECT id, 'expire', 'system', 0, %s, '' FROM gone
)
SELECT count(*) FROM gone
"""

# LATERAL … OFFSET 0 makes PostgreSQL search the constraint's index by space and time, once for each space. Left to
# itself it may think the time alone is enough and search by that, across all spaces: 40 times slower.
# A cheap look at the time, without any lock: is somebody there, did holds leave something behind? Only a hint; the
# constraint decides. Needs: now, now, space ids, starts_at, ends_at.
LOOK = """
SELECT bool_or(c.expires_at IS NULL OR c.expires_at > %s) AS taken, bool_or(c.expires_at <= %s) AS left_behind
FROM unnest(%s::bigint[]) s(id) CROSS JOIN LATERAL (
    SELECT c.expires_at FROM booking_claim c
    WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
      AND c.occupied && tstzrange(%s, %s) AND c.active OFFSET 0
) c
"""


# The same for many wishes at once; each is asked with its place, its spaces and its time.
_LOOK_AT = """
SELECT w.place, bool_or(c.expires_at IS NULL OR c.expires_at > %s), bool_or(c.expires_at <= %s)
FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) w(place, space_id, starts_at, ends_at)
CROSS JOIN LATERAL (
    SELECT c.expires_at FROM booking_claim c
    WHERE int8range(c.space_id, c.space_id, '[]') && int8range(w.space_id, w.space_id, '[]')
      AND c.occupied && tstzrange(w.starts_at, w.ends_at) AND c.active OFFSET 0
) c GROUP BY w.place
"""


def look_at(
    cursor: Any, wishes: Sequence[tuple[int, Sequence[int], datetime, datetime]], now: datetime
) -> dict[int, tuple[bool, bool]]:
    """Return, by place, whether somebody has the time of a wish, and whether expired holds are in its way.

    Only a hint, unless the caller has locked the spaces (``lock_spaces``): then nobody else can take them any more.
    """
    flat = [(place, space, begins, ends) for place, spaces, begins, ends in wishes for space in spaces]
    columns = [list(column) for column in zip(*flat, strict=True)] or [[], [], [], []]
    cursor.execute(_LOOK_AT, [now, now, *columns])
    seen = {place: (bool(taken), bool(left_behind)) for place, taken, left_behind in cursor.fetchall()}
    return {place: seen.get(place, (False, False)) for place, *_ in wishes}


def lock_spaces(cursor: Any, space_ids: Sequence[int]) -> None:
    """Lock these spaces in ascending order until the transaction ends."""
    cursor.execute(_LOCK, [sorted(space_ids)])


def take_over_expired(
    cursor: Any, space_ids: Sequence[int], starts_at: datetime, ends_at: datetime, now: datetime
) -> int:
    """End the holds on these spaces and this time whose ten minutes are over, and free what releases kept until now.

    Returns how many holds. Whoever carries the release on (booking.waiting) ends it itself.
    """
    cursor.execute(_TAKE_OVER, [list(space_ids), starts_at, ends_at, now, now, now, now])
    return int(cursor.fetchone()[0])
