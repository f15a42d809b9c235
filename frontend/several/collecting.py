"""From a room's time into the basket, or on to a series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from booking.basket.services import put_in
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import RoomFacts
from frontend.resident.choices import ChosenTime
from frontend.several.who import Who, resident_who

BASKET, SERIES = "basket", "series"


def collect(
    request: HttpRequest, room: RoomFacts, day: date, chosen: ChosenTime, said: Details, now: datetime
) -> HttpResponse | None:
    """Do what the resident chose to do with a time instead of booking it at once; None: book it.

    Raises BasketFull, InvalidPeriod, RoomNotBookable, NotForGroup.
    """
    then = request.POST.get("then")
    if then == SERIES:
        return redirect(f"{resident_who(request).page('series-new')}?{series_query(room, day, chosen)}")
    if then != BASKET:
        return None
    keep(resident_who(request), room, day, chosen, said, now)
    messages.success(request, _("予約かごに入れました。まだ予約はできていません。"))
    return redirect("basket")


def keep(who: Who, room: RoomFacts, day: date, chosen: ChosenTime, said: Details, now: datetime) -> None:
    """Put a time into somebody's basket. Raises as ``put_in``."""
    starts_at, ends_at = (moment(day, minutes, room.zone) for minutes in chosen.whole)
    put_in(
        who.basket,
        room_id=room.id,
        starts_at=starts_at,
        ends_at=ends_at,
        actor=who.actor,
        now=now,
        details=replace(said, early_minutes=chosen.early_minutes, extension_minutes=chosen.extension_minutes),
    )


def series_query(room: RoomFacts, day: date, chosen: ChosenTime) -> str:
    """Return the first day of a series as an address carries it."""
    return urlencode({"hall": room.facility_key, "room": room.key, "day": day.isoformat(), "time": chosen})
