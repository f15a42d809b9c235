"""Before an application: what a room's rules ask, and what a use would cost and whether it would be taken."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.callers import Caller
from accounts.queries import applicant_class_of
from booking.applications import assess
from booking.exempting.granting import Exempter
from booking.parties import Party
from facilities.periods import local
from facilities.room_rules import Asker
from frontend.api import outputs
from frontend.api.asking import questions_of, use_quote
from frontend.api.documenting import reads
from frontend.api.inputs import QuestionsQuery, QuoteInput
from frontend.api.routes import PublicRoute, answer
from frontend.api.sentences import read_body, read_query
from frontend.api.views.facilities import rooms_with


class RoomQuestions(PublicRoute):
    """What an application for a room is asked."""

    @reads(
        "getRoomQuestions",
        "What an application for a room is asked, by keys, on a day",
        outputs.RoomQuestions,
        public=True,
        query=QuestionsQuery,
        problems=(404, 409),
    )
    def get(self, request: Request, room_id: int) -> HttpResponse:
        """Classes, purposes, questions and extras, by the rules in effect on the day."""
        query, room = read_query(QuestionsQuery, request.query_params), rooms_with([room_id])[0]
        day = query.day or local(self.now, room.zone)[0]
        return answer(request, questions_of(room, day))


class RoomQuote(PublicRoute):
    """What a use would cost."""

    @reads(
        "quoteRoom",
        "Price of a use, and whether the rules would take it now; nothing is written",
        outputs.UseQuote,
        public=True,
        body=QuoteInput,
        problems=(404, 409),
        cached=False,
    )
    def post(self, request: Request, room_id: int) -> HttpResponse:
        """By the caller's applicant class, or the one that is said. Whether the time is free, availability tells."""
        sent, room = read_body(QuoteInput, request.data), rooms_with([room_id])[0]
        caller = cast(Caller | None, request.auth)
        own = applicant_class_of(resident_id=caller.resident_id) if caller and caller.resident_id else ""
        asker = Asker(own, "web", self.now, sent.as_details)
        party = Party(caller.resident_id) if caller and caller.resident_id else None
        assessed = assess(
            room=room,
            starts_at=sent.starts_at,
            ends_at=sent.ends_at,
            asker=asker,
            override=True,
            exempter=Exempter(party) if party else None,
        )
        return answer(request, use_quote(assessed))
