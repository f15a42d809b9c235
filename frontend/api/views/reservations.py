"""Holds and reservations: a resident's own, or those at the halls where staff work."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from booking.cancelling import cancel_reservation
from booking.idempotency import Answer
from booking.queries import search_reservations
from booking.services import (
    book_room,
    confirm_reservation,
    hold_room,
    release_hold,
)
from frontend.api import answers, outputs
from frontend.api.applying import channel, check_hall, check_hirer, group_id, hirer_id, reservation_seen_by
from frontend.api.cursors import cursor_after, place_of
from frontend.api.documenting import reads, writes
from frontend.api.inputs import (
    CancelInput,
    ConfirmInput,
    HoldInput,
    NoQuery,
    ReservationInput,
    ReservationsQuery,
)
from frontend.api.opening import door_codes_of
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query


class Holds(Route):
    """Keep a room for ten minutes."""

    @writes(
        "holdRoom",
        "Hold a room for ten minutes",
        201,
        body=HoldInput,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """The rules of this moment hold for it from now on."""
        sent, actor = read_body(HoldInput, request.data), self.actor
        check_hirer(self.caller, sent, [sent.room])

        def act() -> Answer:
            wish = sent.model_dump(include={"starts_at", "ends_at"}) | {"details": sent.as_details}
            wish |= {"room_id": sent.room, "resident_id": hirer_id(self.caller, sent)}
            wish |= {"group_id": group_id(self.caller, sent)}
            row = hold_room(**wish, channel=channel(self.caller, sent), actor=actor, now=self.now)
            return as_answer(201, answers.reservation(row))

        return self.once(act)


class HoldOne(Route):
    """A hold."""

    @writes("releaseHold", "Give a held time back", 204, problems=(404,))
    def delete(self, request: Request, ref: UUID) -> HttpResponse:
        """Giving back what is no longer held changes nothing."""
        actor = self.actor
        check_hall(self.caller, ref)

        def act() -> Answer:
            release_hold(ref=ref, actor=actor, now=self.now)
            return as_answer(204)

        return self.once(act)


class HoldConfirm(Route):
    """From a hold to a reservation."""

    @writes(
        "confirmHold",
        "Turn a hold into a reservation",
        200,
        body=ConfirmInput,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """Confirming twice is answered with the reservation."""
        sent, actor = read_body(ConfirmInput, request.data), self.actor
        check_hall(self.caller, ref)

        def act() -> Answer:
            row = confirm_reservation(
                ref=ref, purpose=sent.purpose, details=sent.as_details, actor=actor, now=self.now
            )
            return as_answer(200, answers.reservation(row))

        return self.once(act)


class Reservations(Route):
    """Reservations."""

    @reads(
        "listReservations",
        "Own reservations; for staff, those of their halls",
        outputs.Reservations,
        query=ReservationsQuery,
    )
    def get(self, request: Request) -> HttpResponse:
        """Latest start first, page by page."""
        query, _actor = read_query(ReservationsQuery, request.query_params), self.actor
        caller, listing = self.caller, f"reservations:{query.status}:{self.caller.user_id}"
        staff = caller.staff
        views = search_reservations(
            resident_id=None if staff else caller.resident_id,
            facility_ids=sorted(staff.facility_ids) if staff and not staff.is_admin else None,
            status=query.status or "",
            before=place_of(query.cursor, listing=listing),
            limit=query.limit + 1,
        )
        page, more = views[: query.limit], len(views) > query.limit
        after = cursor_after((page[-1].starts_at, page[-1].id), listing=listing) if more else None
        rows = [answers.detail(view, for_staff=staff is not None) for view in page]
        return answer(request, outputs.Reservations(reservations=rows, next=after))

    @writes(
        "bookRoom",
        "Hold and confirm in one",
        201,
        body=ReservationInput,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Book a room."""
        sent, actor = read_body(ReservationInput, request.data), self.actor
        check_hirer(self.caller, sent, [sent.room])

        def act() -> Answer:
            wish = sent.model_dump(include={"starts_at", "ends_at", "purpose"}) | {"details": sent.as_details}
            wish |= {"room_id": sent.room, "resident_id": hirer_id(self.caller, sent)}
            wish |= {"group_id": group_id(self.caller, sent)}
            row = book_room(**wish, channel=channel(self.caller, sent), actor=actor, now=self.now)
            return as_answer(201, answers.reservation(row))

        return self.once(act)


class ReservationOne(Route):
    """A reservation."""

    @reads("getReservation", "A reservation", outputs.ReservationDetail, problems=(404,))
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """Own, or at a hall where the caller works."""
        read_query(NoQuery, request.query_params)
        view = reservation_seen_by(self.caller, ref)
        return answer(request, answers.detail(view, for_staff=self.caller.staff is not None))


class ReservationCancel(Route):
    """Cancelling."""

    @writes(
        "cancelReservation",
        "Cancel a reservation",
        200,
        body=CancelInput,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """Residents until the rules' deadline; staff always, with a reason."""
        sent, actor = read_body(CancelInput, request.data), self.actor
        check_hall(self.caller, ref)

        def act() -> Answer:
            row = cancel_reservation(ref=ref, actor=actor, reason=sent.reason, now=self.now)
            return as_answer(200, answers.reservation(row))

        return self.once(act)


class ReservationDoorCode(Route):
    """The door."""

    @reads(
        "getDoorCode",
        "The door code, from 24 hours before the start",
        outputs.DoorCodes,
        problems=(404, 409),
        cached=False,
    )
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """For the hirer only."""
        read_query(NoQuery, request.query_params)
        codes = door_codes_of(self.caller, ref, now=self.now)
        response = HttpResponse(codes.model_dump_json(), content_type="application/json")
        response["Cache-Control"] = "no-store"
        return response
