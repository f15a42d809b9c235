"""No two people get the same code on one door at the same time: the database sees to it, without an extension."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db.models import F, Func, Q, Value

# States in which a code may open the door, or may be about to.
MAY_OPEN = ("unknown", "accepted", "on_device", "active", "revoking")


class _OneElementRange(Func):
    """``int8range(x, x, '[]')``: equality said as overlap, because btree_gist would be an extension."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column), F(column), Value("[]"))


class _EffectiveRange(Func):
    """``tstzrange(effective_from, effective_until)``: when the code really opens the door."""

    function = "tstzrange"
    output_field = DateTimeRangeField()

    def __init__(self) -> None:
        super().__init__(F("effective_from"), F("effective_until"))


# A range with a NULL end is unbounded and would clash with everything: hence the IS NOT NULL.
CODE_ONCE_PER_DOOR = ExclusionConstraint(
    name="credential_code_once_per_door",
    expressions=[
        (_OneElementRange("door_id"), RangeOperators.OVERLAPS),
        (_OneElementRange("secret_fingerprint"), RangeOperators.OVERLAPS),
        (_EffectiveRange(), RangeOperators.OVERLAPS),
    ],
    condition=Q(secret_fingerprint__isnull=False, state__in=MAY_OPEN),
)
