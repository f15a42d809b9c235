"""Several rooms and times applied for at once: looked at together, booked together."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from booking.basket.queries import ApplicationView, application_view
from booking.bulk import book_together
from booking.errors import ReservationNotFound
from booking.idempotency import Answer
from frontend.api import several_answers, several_outputs
from frontend.api.applying import channel, check_hirer, group_id, hirer_id, party_of
from frontend.api.documenting import reads, writes
from frontend.api.errors import NothingBooked
from frontend.api.inputs import NoQuery
from frontend.api.looking import items_of, look_at_items
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query
from frontend.api.several_inputs import ApplicationInput, ApplicationLook
from frontend.api.views.facilities import rooms_with


class ApplicationLooks(Route):
    """Looking."""

    @reads(
        "lookAtApplication",
        "How several rooms and times look now, with reasons, alternatives and prices; nothing is written",
        several_outputs.ApplicationLooked,
        body=ApplicationLook,
        problems=(404,),
        cached=False,
    )
    def post(self, request: Request) -> HttpResponse:
        """Items that overlap on a space: the first one counts."""
        sent, _actor = read_body(ApplicationLook, request.data), self.actor
        ids = [item.room for item in sent.items]
        rooms = rooms_with(ids)
        check_hirer(self.caller, sent, ids)
        party, how = party_of(self.caller, sent), channel(self.caller, sent)
        return answer(request, look_at_items(sent.items, rooms, party=party, channel=how, now=self.now))


class Applications(Route):
    """Booking several."""

    @writes(
        "applyForSeveral",
        "Book several rooms and times as one application: all or nothing, or what is free",
        201,
        body=ApplicationInput,
        output=several_outputs.ApplicationResult,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Where nothing is booked: ``nothing_booked`` with ``refused`` by place."""
        sent, actor = read_body(ApplicationInput, request.data), self.actor
        ids = [item.room for item in sent.items]
        rooms_with(ids)
        check_hirer(self.caller, sent, ids)

        def act() -> Answer:
            facts = sent.model_dump(include={"purpose", "all_or_nothing", "override_reason"})
            facts |= {"resident_id": hirer_id(self.caller, sent), "group_id": group_id(self.caller, sent)}
            facts |= {"items": items_of(sent.items), "channel": channel(self.caller, sent)}
            done = book_together(**facts, actor=actor, now=self.now)
            if done.application is None:
                raise NothingBooked(done.refused)
            view = application_view(ref=done.application.ref, actor=actor)
            return as_answer(201, several_answers.application_result(view, done.refused))

        return self.once(act, at="applications")


class ApplicationOne(Route):
    """An application."""

    @reads(
        "getApplication",
        "What was applied for at once, with its reservations",
        several_outputs.Application,
        problems=(404,),
    )
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """Own, or one's groups'; for staff, one whose rooms are all at halls where they work."""
        read_query(NoQuery, request.query_params)
        view = application_view(ref=ref, actor=self.actor)
        self._check_halls(view)
        return answer(request, several_answers.application(view))

    def _check_halls(self, view: ApplicationView) -> None:
        staff = self.caller.staff
        if staff and not all(staff.works_at(part.room.facility_id) for part in view.parts):
            raise ReservationNotFound
