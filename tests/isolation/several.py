"""A basket and a series of somebody, for the addresses of their pages."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import Actor
from booking.basket.services import Basket, put_in
from booking.models import SeriesDate
from booking.series.applying import Choices, apply_for_series
from booking.series.planning import plan_series, say_of_series
from facilities.details import Details
from facilities.periods import moment
from tests.booking.conftest import WEDNESDAY


def plant_several(room, resident, now):
    """Put something into the basket, apply for a series and begin another. Returns (examples, refs)."""
    actor = Actor("resident", resident.pk)
    period = [moment(WEDNESDAY, hour * 60, room.zone) for hour in (17, 18)]
    item = put_in(
        Basket(resident.pk), room_id=room.id, starts_at=period[0], ends_at=period[1], actor=actor, now=now
    )
    refs = []
    for weeks in (1, 2):
        draft = plan_series(
            room_ids=[room.id],
            rule="FREQ=WEEKLY;BYDAY=WE;COUNT=1",
            first=WEDNESDAY + timedelta(weeks=weeks),
            starts=600,
            ends=720,
            resident_id=resident.pk,
            channel="web",
            actor=actor,
            now=now,
        )
        said = {room.id: Details(headcount=5)}
        say_of_series(ref=draft.ref, purpose="会", said=said, actor=actor, now=now)
        refs.append(str(draft.ref))
    applied = apply_for_series(
        ref=draft.ref, choices=Choices(), all_or_nothing=True, actor=actor, now=now
    ).series
    row = SeriesDate.objects.get(series=applied)
    refs.append(str(row.reservation.application.ref))
    return {"item_id": [str(item.pk)], "date_id": [str(row.pk)]}, refs
