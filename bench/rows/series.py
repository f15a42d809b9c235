"""Row 15: how long a resident waits for the preview of a long series."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.actors import Actor
from accounts.models import Resident
from bench.comparing import Row, median
from bench.stage import Stage
from booking.availability import busy_between
from booking.series.applying import preview_series
from booking.series.planning import plan_series, say_of_series
from facilities.details import Details
from facilities.queries import RoomFacts, open_rooms
from tenants.context import inside

ROOMS, WEEKS = 3, 104
MUST_MS = 700.0


def preview(stage: Stage) -> list[Row]:
    """Two years of one weekday over three rooms: state, reason, price and alternatives of every date, in process."""
    resident_id = stage.residents[0].resident_id
    with inside(stage.town):
        rooms = _rooms_of_one_hall()
        first = (stage.now + timedelta(days=2)).date()
        resident = Resident.objects.get(pk=resident_id)
        actor = Actor("resident", resident.pk)
        draft = plan_series(
            room_ids=[room.id for room in rooms],
            rule=f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][first.weekday()]};COUNT={WEEKS}",
            first=first,
            starts=13 * 60,
            ends=15 * 60,
            resident_id=resident.pk,
            channel="web",
            actor=actor,
            now=stage.now,
        )
        said = {room.id: Details(headcount=2) for room in rooms}
        say_of_series(ref=draft.ref, purpose="会", said=said, actor=actor, now=stage.now)
        found = preview_series(ref=draft.ref, actor=actor, now=stage.now)[1]
        took = _median(lambda: preview_series(ref=draft.ref, actor=actor, now=stage.now), stage)
        read = _median(lambda: _claims(rooms, stage.now), stage)
        draft.delete()
    stuck = sum(one.state == "refused" for one in found)
    return [
        Row(
            "15",
            f"preview of a series: {len(found)} dates, {stuck} with a search for alternatives, in process",
            f"reading their claims {read:.1f} ms",
            f"{took:.0f} ms",
            f"{took / read:.0f}",
            f"<= {MUST_MS:.0f} ms",
            took <= MUST_MS,
        )
    ]


def _rooms_of_one_hall() -> list[RoomFacts]:
    rooms = open_rooms()
    return [room for room in rooms if room.facility_id == rooms[0].facility_id][:ROOMS]


def _claims(rooms: list[RoomFacts], now: datetime) -> object:
    spaces = [space for room in rooms for space in room.space_ids]
    return busy_between(space_ids=spaces, starts_at=now, ends_at=now + timedelta(weeks=WEEKS), now=now)


def _median(act: Callable[[], object], stage: Stage) -> float:
    taken = []
    for _ in range(stage.rounds + 2):
        begin = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken)
