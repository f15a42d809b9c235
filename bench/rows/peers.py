"""Rows 5 and 7: other systems. They bring stacks of their own, so these rows say why they are not measured here."""

from __future__ import annotations

from bench.comparing import Row
from bench.stage import Stage

_FIVE = (
    "libres and tilavarauspalvelu are not among the product's packages, and the second needs PostGIS, Redis and its "
    "own settings. Compare row 3's in-process limit with what they need for the same question: docs/performance.md."
)
_SEVEN = (
    "MRBS needs PHP, php-fpm and nginx, which a clean machine does not have. Double bookings, where MRBS fails, are "
    "counted in row 1."
)


def libres(stage: Stage) -> list[Row]:
    """Availability against libres and tilavarauspalvelu."""
    return [
        Row(
            "5",
            "availability against peers, in process",
            "libres, tilavarauspalvelu",
            "-",
            "-",
            ">= 20",
            None,
            _FIVE,
        )
    ]


def mrbs(stage: Stage) -> list[Row]:
    """Booking against MRBS."""
    return [Row("7", "booking against a peer over HTTP", "MRBS", "-", "-", ">= 4", None, _SEVEN)]
