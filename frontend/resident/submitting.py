"""One submit of one rendered form is one act, however often the button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from booking.errors import SlotTaken
from booking.idempotency import request_hash, run_once
from booking.queries import open_hold
from booking.services import hold_room
from facilities.details import NO_DETAILS, Details
from facilities.periods import moment
from facilities.queries import RoomFacts
from frontend.resident.acting import acting_group_id
from frontend.resident.choices import ChosenTime
from frontend.resident.people import actor_of, resident_of
from tenants.errors import Refusal

_NOT_PART = {"csrfmiddlewaretoken", "idempotency_key"}


class HasRef(Protocol):
    """What a submit makes: a reservation, an application, a series."""

    @property
    def ref(self) -> UUID:
        """By what it is found again."""


def submit_once(request: HttpRequest, *, scope: str, now: datetime, act: Callable[[], HasRef]) -> str:
    """Carry out ``act`` for this form and return the ref of what it made; a repeat gets the same ref.

    Raises what ``act`` raises, and KeyReused when the form was changed under the same key.
    """
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in _NOT_PART)
    status_and_answer = run_once(
        scope=f"web:{scope}:{request.user.pk}",
        key=request.POST.get("idempotency_key", "")[:100],
        request_hash=request_hash(request.path.encode(), repr(fields).encode()),
        now=now,
        act=lambda: (200, {"ref": str(act().ref)}),
    )
    return str(status_and_answer[1]["ref"])


def hold_once(
    request: HttpRequest,
    room: RoomFacts,
    day: date,
    chosen: ChosenTime,
    now: datetime,
    said: Details = NO_DETAILS,
) -> str:
    """Hold a room for the resident who is signed in, or the group they act for, and return the hold's ref.

    ``said``: what decides whether the time can be had, as far as the rules look at it before. Asking again for a
    time one holds already leads back to that hold. Raises what ``hold_room`` raises.
    """
    resident = resident_of(request)
    if resident is None:
        raise Refusal
    starts_at, ends_at = (moment(day, minutes, room.zone) for minutes in chosen.whole)
    details = replace(said, early_minutes=chosen.early_minutes, extension_minutes=chosen.extension_minutes)
    try:
        return submit_once(
            request,
            scope="hold",
            now=now,
            act=lambda: hold_room(
                room_id=room.id,
                starts_at=starts_at,
                ends_at=ends_at,
                resident_id=resident.pk,
                channel="web",
                actor=actor_of(resident),
                now=now,
                details=details,
                group_id=acting_group_id(request),
            ),
        )
    except SlotTaken:
        own = open_hold(resident_id=resident.pk, now=now)
        if own and (own.room.id, own.starts_at, own.ends_at) == (room.id, starts_at, ends_at):
            return str(own.ref)
        raise
