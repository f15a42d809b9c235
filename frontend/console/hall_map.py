"""The map of an import: our own drawing, with nothing fetched from elsewhere. Geometry for console/_hall_map.html."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians

from facilities.opendata import columns
from facilities.opendata.placing import Point, far_away
from facilities.opendata.rows import Row

# In the drawing's own units; the page scales it. Below the points is a strip for the scale bar and the north arrow.
WIDTH, HEIGHT, _MARGIN = 360.0, 240.0, 26.0
_KM_PER_DEGREE = 111.32
# A single hall still gets some land around it.
_LEAST_KM = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the drawing: its row number, where it stands, and whether its place is suspected or off the map."""

    number: int
    name: str
    x: float
    y: float
    numbered: bool
    suspect_km: int | None

    @property
    def text_x(self) -> float:
        """Where the number stands: beside the point, inside the drawing."""
        return self.x + 6 if self.x < WIDTH - 30 else self.x - 6

    @property
    def anchor(self) -> str:
        """How the number is set at ``text_x``."""
        return "start" if self.x < WIDTH - 30 else "end"


@dataclass(frozen=True, slots=True)
class HallMap:
    """The drawing: marks, the frame around the town's points, and a scale bar."""

    marks: tuple[Mark, ...]
    frame: tuple[float, float, float, float]
    bar: float
    bar_km: str

    @property
    def suspects(self) -> tuple[Mark, ...]:
        """The marks whose place is suspected."""
        return tuple(mark for mark in self.marks if mark.suspect_km is not None)


def points_of(rows: Sequence[Row]) -> dict[int, Point]:
    """Return the places of those rows that have one, by row number."""
    return {
        row.number: (float(row.values[columns.LATITUDE]), float(row.values[columns.LONGITUDE]))
        for row in rows
        if row.values.get(columns.LATITUDE)
    }


def draw_map(rows: Sequence[Row], numbered: Sequence[Row]) -> HallMap | None:
    """Draw the places of ``rows``, with a number at those in ``numbered``; None when no row has a place.

    Points far from the others stand at the edge, so that they do not shrink the town to a dot.
    """
    points = points_of(rows)
    if not points:
        return None
    suspects = far_away(points)
    inside = [point for number, point in points.items() if number not in suspects]
    view = _View(inside)
    shown = {row.number for row in numbered}
    marks = tuple(
        _mark(view, row, points[row.number], row.number in shown, suspects.get(row.number))
        for row in rows
        if row.number in points and (row.number in shown or row.number not in suspects)
    )
    return HallMap(marks, view.frame(), *view.bar())


def _mark(view: _View, row: Row, point: Point, numbered: bool, suspect_km: int | None) -> Mark:
    x, y = view.place(point)
    return Mark(row.number, row.name, round(x, 1), round(y, 1), numbered, suspect_km)


class _View:
    """From degrees to units of the drawing: north up, the same scale both ways."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.north, self.south = max(lat for lat, _ in points), min(lat for lat, _ in points)
        self.east, self.west = max(lon for _, lon in points), min(lon for _, lon in points)
        self.narrowing = cos(radians((self.north + self.south) / 2))
        high = max((self.north - self.south) * _KM_PER_DEGREE, _LEAST_KM)
        wide = max((self.east - self.west) * _KM_PER_DEGREE * self.narrowing, _LEAST_KM)
        self.units_per_km = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point stands; one outside the drawing is moved to its edge."""
        km_east = (point[1] - (self.east + self.west) / 2) * _KM_PER_DEGREE * self.narrowing
        km_north = (point[0] - (self.north + self.south) / 2) * _KM_PER_DEGREE
        x, y = WIDTH / 2 + km_east * self.units_per_km, HEIGHT / 2 - km_north * self.units_per_km
        return min(max(x, 8.0), WIDTH - 8), min(max(y, 8.0), HEIGHT - 8)

    def frame(self) -> tuple[float, float, float, float]:
        """The rectangle around the points: x, y, width, height."""
        left, top = self.place((self.north, self.west))
        right, bottom = self.place((self.south, self.east))
        pad = 12.0
        wide, high = right - left + 2 * pad, bottom - top + 2 * pad
        return round(left - pad, 1), round(top - pad, 1), round(wide, 1), round(high, 1)

    def bar(self) -> tuple[float, str]:
        """The length of the scale bar and what it says: a round distance of at most a quarter of the width."""
        most = WIDTH / 4 / self.units_per_km
        ten = 10.0 ** floor(log10(most))
        km = next(step * ten for step in (5, 2, 1) if step * ten <= most)
        return round(km * self.units_per_km, 1), f"{km:g} km" if km >= 1 else f"{km * 1000:g} m"
