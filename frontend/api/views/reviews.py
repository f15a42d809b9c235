"""Staff decide about what the rules want reviewed."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from booking.idempotency import Answer
from booking.reviewing.deciding import permit_applications, refuse_applications
from booking.reviewing.queue import waiting_applications
from frontend.api import answers, official_answers, official_outputs
from frontend.api.applying import check_hall, halls_of, staff_calling
from frontend.api.documenting import reads, writes
from frontend.api.inputs import NoQuery
from frontend.api.official_inputs import PermitInput, RefuseInput
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query


class Reviews(Route):
    """The queue."""

    @reads("listReviews", "Staff: what waits for a decision, the longest first", official_outputs.Reviews)
    def get(self, request: Request) -> HttpResponse:
        """At one's halls, at most 300."""
        read_query(NoQuery, request.query_params)
        found = waiting_applications(facility_ids=halls_of(self.caller), now=self.now)
        rows = [official_answers.waiting(one) for one in found]
        return answer(request, official_outputs.Reviews(reviews=rows))


class ReviewsPermit(Route):
    """Yes."""

    @writes(
        "permitReviews",
        "Staff: permit what is under review, on conditions",
        200,
        body=PermitInput,
        output=official_outputs.Decided,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """All of them, or none."""
        sent, actor = read_body(PermitInput, request.data), staff_calling(self.caller).actor
        for ref in sent.reservations:
            check_hall(self.caller, ref)

        def act() -> Answer:
            refs, words = sent.reservations, sent.conditions
            done = permit_applications(refs=refs, conditions=words, actor=actor, now=self.now)
            rows = [answers.reservation(row) for row in done]
            return as_answer(200, official_outputs.Decided(reservations=rows))

        return self.once(act)


class ReviewsRefuse(Route):
    """No."""

    @writes(
        "refuseReviews",
        "Staff: refuse what is under review, with a reason",
        200,
        body=RefuseInput,
        output=official_outputs.Decided,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """All of them, or none; the applicant reads why, and where to appeal."""
        sent, actor = read_body(RefuseInput, request.data), staff_calling(self.caller).actor
        for ref in sent.reservations:
            check_hall(self.caller, ref)

        def act() -> Answer:
            done = refuse_applications(refs=sent.reservations, reason=sent.reason, actor=actor, now=self.now)
            rows = [answers.reservation(row) for row in done]
            return as_answer(200, official_outputs.Decided(reservations=rows))

        return self.once(act)
