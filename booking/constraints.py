"""The one invariant, as a constraint that every PostgreSQL has: no extension needed."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db.models import F, Func, Q, Value


class _SpaceRange(Func):
    """``int8range(space_id, space_id, '[]')``: equality of a bigint said as overlap of one-element ranges.

    btree_gist would allow ``space_id WITH =``, but an extension lives in one schema: dropping that municipality
    would drop every other one's constraint.
    """

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self) -> None:
        super().__init__(F("space_id"), F("space_id"), Value("[]"))


# Writers insert with ON CONFLICT DO NOTHING and count (booking.claiming); a space short is SlotTaken or RoomsInUse.
NO_OVERLAP = ExclusionConstraint(
    name="claim_no_overlap",
    expressions=[(_SpaceRange(), RangeOperators.OVERLAPS), ("occupied", RangeOperators.OVERLAPS)],
    condition=Q(active=True),
)
