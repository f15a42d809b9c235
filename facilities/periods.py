"""Local days and minutes ↔ aware instants: the only place where the municipality's clock meets UTC."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=65536)
def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the instant ``minutes`` after local midnight of ``day`` by the wall clock (1440 = 24:00)."""
    days, rest = divmod(minutes, 1440)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
    return wall.replace(tzinfo=zone)


def epoch_minutes(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return ``moment`` as whole minutes since 1970 UTC."""
    return _epoch_of(day, minutes, zone)


@lru_cache(maxsize=65536)
def _epoch_of(day: date, minutes: int, zone: ZoneInfo) -> int:
    return int(moment(day, minutes, zone).timestamp()) // 60


def local(instant: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """Return the local day of an aware instant and the minutes since its midnight by the wall clock."""
    wall = instant.astimezone(zone)
    return wall.date(), wall.hour * 60 + wall.minute


def local_end(instant: datetime, first: date, zone: ZoneInfo) -> int:
    """Return an end instant as minutes of day ``first`` (24:00 of that day is 1440, not 0 of the next)."""
    day, minutes = local(instant, zone)
    return (day - first).days * 1440 + minutes
