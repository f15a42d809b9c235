"""Rooms for official use (公用・選挙・災害): who is hit, one act, and what the applicants answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from booking.displacing import Choice, Taking, accept_offer, decline_offer, displace, foresee
from booking.displacing.queries import displacement_for_staff
from booking.errors import ClosureNotFound
from booking.idempotency import Answer
from facilities.queries import staff_facility
from frontend.api import answers, official_answers, official_outputs, outputs
from frontend.api.applying import check_hall, staff_calling
from frontend.api.documenting import reads, writes
from frontend.api.errors import OtherHall
from frontend.api.inputs import NoQuery
from frontend.api.official_inputs import AnswerInput, DisplaceInput, TakingInput
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query


class DisplacementLook(Route):
    """Looking."""

    @reads(
        "lookAtDisplacement",
        "Staff: who would be hit when rooms are taken, and where they could go; nothing is written",
        official_outputs.DisplacementLook,
        body=TakingInput,
        problems=(404,),
        cached=False,
    )
    def post(self, request: Request) -> HttpResponse:
        """At a hall where one works."""
        staff_calling(self.caller)
        taking = _taking(self, read_body(TakingInput, request.data))
        return answer(request, official_answers.foreseen(foresee(taking, now=self.now)))


class Displacements(Route):
    """The act."""

    @writes(
        "makeDisplacement",
        "Staff: take rooms; every booking that is hit is moved, asked or cancelled, in one act",
        201,
        body=DisplaceInput,
        output=official_outputs.Displacement,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Where who is hit is not who was decided about: ``hits_changed``, and nothing happens."""
        staff, sent = staff_calling(self.caller), read_body(DisplaceInput, request.data)
        facts = _decisions(sent) | {"taking": _taking(self, sent), "staff_id": staff.id}

        def act() -> Answer:
            done = displace(**facts, now=self.now)
            return as_answer(201, official_answers.displacement(displacement_for_staff(ref=done.ref)))

        return self.once(act, at="displacements")


class DisplacementOne(Route):
    """An act."""

    @reads(
        "getDisplacement",
        "Staff: what became of every booking that was hit",
        official_outputs.Displacement,
        problems=(404,),
    )
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """At a hall where one works."""
        read_query(NoQuery, request.query_params)
        staff, view = staff_calling(self.caller), displacement_for_staff(ref=ref)
        if not staff.works_at(view.facility_id):
            raise ClosureNotFound
        return answer(request, official_answers.displacement(view))


class ProposalAccept(Route):
    """Yes."""

    @writes(
        "acceptDisplacement",
        "Accept the other time the hall proposes",
        200,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """Saying it twice changes nothing more."""
        actor = self.actor
        check_hall(self.caller, ref)

        def act() -> Answer:
            return as_answer(200, answers.reservation(accept_offer(ref=ref, actor=actor, now=self.now)))

        return self.once(act)


class ProposalDecline(Route):
    """No."""

    @writes(
        "declineDisplacement",
        "Decline it: the booking is cancelled, and everything that was paid comes back",
        200,
        body=AnswerInput,
        output=outputs.Reservation,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """Without penalty."""
        sent, actor = read_body(AnswerInput, request.data), self.actor
        check_hall(self.caller, ref)

        def act() -> Answer:
            row = decline_offer(ref=ref, actor=actor, now=self.now, reason=sent.reason)
            return as_answer(200, answers.reservation(row))

        return self.once(act)


def _taking(route: Route, sent: TakingInput) -> Taking:
    """What is to be taken. Raises FacilityNotFound, OtherHall."""
    hall = staff_facility(sent.facility)
    if not staff_calling(route.caller).works_at(hall.pk):
        raise OtherHall
    return Taking(hall.pk, tuple(sent.rooms), sent.starts_at, sent.ends_at, sent.kind, sent.reason)


def _decisions(sent: DisplaceInput) -> dict[str, Any]:
    return {
        "choices": {
            one.reservation: Choice(one.verdict, one.room, one.starts_at, one.ends_at) for one in sent.choices
        },
        "seen": {one.reservation: one.sequence for one in sent.choices},
        "appeal_notice": sent.appeal_notice,
        "answer_by": sent.answer_by,
    }
