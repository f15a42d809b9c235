"""Changing a reservation: another time, room or day in one step that never loses the old one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from booking.changing import change_reservation, change_terms
from booking.idempotency import Answer
from facilities.details import Details
from frontend.api import answers, several_answers, several_outputs
from frontend.api.applying import check_rooms, refuse_for_residents, reservation_seen_by
from frontend.api.change_inputs import ChangeInput, ChangeLook
from frontend.api.documenting import reads, writes
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body
from frontend.api.views.facilities import rooms_with


class ReservationChangeLook(Route):
    """Looking."""

    @reads(
        "lookAtReservationChange",
        "What changing a reservation would mean now: allowed, price, what is paid or comes back; nothing is written",
        several_outputs.ChangeTerms,
        body=ChangeLook,
        problems=(404, 409),
        cached=False,
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """By the rules the reservation was agreed under; the new time by those of its day."""
        sent, actor = read_body(ChangeLook, request.data), self.actor
        terms = change_terms(**_use(self, ref, sent), actor=actor, now=self.now)
        return answer(request, several_answers.change_terms(terms))


class ReservationChange(Route):
    """Changing."""

    @writes(
        "changeReservation",
        "Move a reservation to another time, room or day, or make it longer or shorter",
        200,
        body=ChangeInput,
        output=several_outputs.Changed,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """Its number, ref and calendar UID stay. ``sequence``: a change made meanwhile is not overwritten."""
        sent, actor = read_body(ChangeInput, request.data), self.actor
        use = _use(self, ref, sent) | {"expected_sequence": sent.sequence}

        def act() -> Answer:
            done = change_reservation(**use, actor=actor, now=self.now)
            row = answers.reservation(done.reservation)
            model = several_outputs.Changed(reservation=row, pay_yen=done.pay_yen, refund_yen=done.refund_yen)
            return as_answer(200, model)

        return self.once(act)


def _use(route: Route, ref: UUID, sent: ChangeLook) -> dict[str, Any]:
    """The new use as the service wants it; what is left out stays as it is. Raises ReservationNotFound, OtherHall."""
    view = reservation_seen_by(route.caller, ref)
    refuse_for_residents(route.caller, override_reason=sent.override_reason)
    room = sent.room or view.room.id
    if room != view.room.id:
        rooms_with([room])
        check_rooms(route.caller, [room])
    return {
        "ref": ref,
        "room_id": room,
        "starts_at": sent.starts_at or view.starts_at,
        "ends_at": sent.ends_at or view.ends_at,
        "details": _details(sent, view.details),
        "override_reason": sent.override_reason,
    }


def _details(sent: ChangeLook, before: Details) -> Details | None:
    """What is said of the new use; None: what was said stays."""
    if sent.details is None and sent.headcount is None:
        return None
    headcount = sent.headcount or before.headcount
    if sent.details is None:
        return replace(before, headcount=headcount, applicant_class="")
    return sent.details.with_headcount(headcount)
