"""Points that are probably wrong: far from all the others of the list. Pure; people decide."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from statistics import median

Point = tuple[float, float]

_EARTH_KM = 6371.0
_FEWEST = 3
# The widest municipality reaches 40 km from its middle; islands of one village lie farther apart, so the measure
# grows with how far apart the list's own points are.
_NEAR_KM, _TIMES = 15.0, 5.0


def distance_km(one: Point, other: Point) -> float:
    """Return the distance of two points (latitude, longitude in degrees) in kilometres."""
    (north, east), (north_2, east_2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((north_2 - north) / 2) ** 2 + cos(north) * cos(north_2) * sin((east_2 - east) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(half, 1.0)))


def far_away(points: Mapping[int, Point]) -> dict[int, int]:
    """Return by row number how many kilometres those points lie from the middle that are far outside the others."""
    if len(points) < _FEWEST:
        return {}
    middle = (median(lat for lat, _ in points.values()), median(lon for _, lon in points.values()))
    distances = {number: distance_km(point, middle) for number, point in points.items()}
    limit = max(_NEAR_KM, _TIMES * median(distances.values()))
    return {number: round(km) for number, km in distances.items() if km > limit}
