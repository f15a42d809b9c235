"""Waiting for a taken time, and answering what is offered."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from booking.idempotency import Answer
from booking.waiting.answering import accept_offer, decline_offer
from booking.waiting.asking import wait_for_time, withdraw_wait
from booking.waiting.queries import wait_of, waits_of
from frontend.api import answers, outputs, waiting_answers, waiting_outputs
from frontend.api.applying import check_hirer, group_id, hirer_id, resident_calling
from frontend.api.documenting import reads, writes
from frontend.api.inputs import ConfirmInput, NoQuery
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query
from frontend.api.views.facilities import rooms_with
from frontend.api.waiting_inputs import WaitInput


class Waits(Route):
    """Waits."""

    @reads("listWaits", "Own waits and one's groups', with what was offered", waiting_outputs.Waits)
    def get(self, request: Request) -> HttpResponse:
        """For residents."""
        read_query(NoQuery, request.query_params)
        coming, past = waits_of(resident_id=resident_calling(self.caller), now=self.now)
        return answer(
            request,
            waiting_outputs.Waits(
                coming=[waiting_answers.wait(one) for one in coming],
                past=[waiting_answers.wait(one) for one in past],
            ),
        )

    @writes(
        "waitForTime",
        "Wait for a taken time: to be told, or to be offered it when it becomes free",
        201,
        body=WaitInput,
        output=waiting_outputs.Wait,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Who is offered it is drawn when it is cancelled; asking first or twice gains nothing."""
        sent, actor = read_body(WaitInput, request.data), self.actor
        rooms_with([sent.room])
        check_hirer(self.caller, sent, [sent.room])

        def act() -> Answer:
            who = {"resident_id": hirer_id(self.caller, sent)}
            facts = sent.model_dump(include={"starts_at", "ends_at", "wish", "any_alike"}) | who
            facts |= {"room_id": sent.room, "group_id": group_id(self.caller, sent)}
            made = wait_for_time(**facts, actor=actor, now=self.now)
            return as_answer(201, waiting_answers.wait(wait_of(**who, ref=made.ref, now=self.now)))

        return self.once(act, at="waits")


class WaitOne(Route):
    """A wait."""

    @reads("getWait", "A wait, with what was offered", waiting_outputs.Wait, problems=(404,))
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """Own, or one's groups'."""
        read_query(NoQuery, request.query_params)
        view = wait_of(resident_id=resident_calling(self.caller), ref=ref, now=self.now)
        return answer(request, waiting_answers.wait(view))

    @writes("withdrawWait", "Stop waiting", 204, problems=(404,))
    def delete(self, request: Request, ref: UUID) -> HttpResponse:
        """An open offer goes to the next; a second time changes nothing."""
        resident_calling(self.caller)
        actor = self.actor

        def act() -> Answer:
            withdraw_wait(ref=ref, actor=actor, now=self.now)
            return as_answer(204)

        return self.once(act)


class OfferAccept(Route):
    """Yes."""

    @writes(
        "acceptOffer",
        "Book what is offered",
        200,
        body=ConfirmInput,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """By the rules that hold now; accepting twice is answered with the reservation."""
        sent = read_body(ConfirmInput, request.data)
        resident_calling(self.caller)
        said, actor = sent.as_details, self.actor

        def act() -> Answer:
            row = accept_offer(ref=ref, purpose=sent.purpose, details=said, actor=actor, now=self.now)
            return as_answer(200, answers.reservation(row))

        return self.once(act)


class OfferDecline(Route):
    """No."""

    @writes("declineOffer", "Leave what is offered to the next in line", 204, problems=(404,))
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """The wait goes on for other times."""
        resident_calling(self.caller)
        actor = self.actor

        def act() -> Answer:
            decline_offer(ref=ref, actor=actor, now=self.now)
            return as_answer(204)

        return self.once(act)
