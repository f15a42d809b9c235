"""Money: what is due, paying it at a provider, what goes back, exemptions and papers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from rest_framework.request import Request

from booking.exempting.applying import apply_for_exemption
from booking.exempting.queries import exemptions_of, may_apply_for
from booking.idempotency import Answer
from booking.paying import begin_paying, choose_ways, payables_of, payment_of
from frontend.api import money_answers, money_outputs
from frontend.api.applying import check_hall, reservation_seen_by, resident_calling
from frontend.api.documenting import downloads, reads, writes
from frontend.api.inputs import NoQuery
from frontend.api.money_inputs import ChosenInput, ExemptionInput, PaymentInput
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query
from frontend.documents.money_papers import pdf_answer
from payments.errors import PaperNotFound
from payments.papers.issuing import is_about, paper_of_token, papers_about
from payments.refunds.queries import refunds_of


class Charges(Route):
    """What is due."""

    @reads("listCharges", "What one, and one's groups, still have to pay", money_outputs.Charges)
    def get(self, request: Request) -> HttpResponse:
        """For residents."""
        read_query(NoQuery, request.query_params)
        found = payables_of(resident_id=resident_calling(self.caller))
        rows = [money_answers.charge(one) for one in found]
        return answer(request, money_outputs.Charges(charges=rows))


class ChargeWays(Route):
    """Ways to pay."""

    @reads(
        "lookChargeWays",
        "In which ways several charges can be paid at once now; writes nothing",
        money_outputs.Ways,
        body=ChosenInput,
        problems=(404, 409),
        cached=False,
    )
    def post(self, request: Request) -> HttpResponse:
        """Those of one payee only."""
        sent, resident_id = read_body(ChosenInput, request.data), resident_calling(self.caller)
        payables = payables_of(resident_id=resident_id, refs=sent.reservations)
        return answer(request, money_answers.ways(choose_ways(payables, now=self.now)))


class Payments(Route):
    """Payments at a provider."""

    @writes(
        "beginPayment",
        "Begin to pay all that is due of these reservations; its page is prepared in the background",
        201,
        body=PaymentInput,
        output=money_outputs.Payment,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Begun again while it is under way, the same payment comes back. The payer returns to its page here."""
        sent, resident_id = read_body(PaymentInput, request.data), resident_calling(self.caller)
        site = f"{request.scheme}://{request.get_host()}"

        def act() -> Answer:
            attempt = begin_paying(
                refs=sent.reservations,
                way=sent.way,
                return_url=f"{site}/my/pay/{{ref}}/?back=1",
                actor=self.actor,
                language=get_language() or "ja",
                now=self.now,
            )
            found = payment_of(resident_id=resident_id, ref=attempt.ref)
            return as_answer(201, money_answers.payment(found))

        return self.once(act, at="payments")


class PaymentOne(Route):
    """A payment."""

    @reads("getPayment", "How a payment stands", money_outputs.Payment, problems=(404,))
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """Of reservations the caller sees, all of them."""
        read_query(NoQuery, request.query_params)
        found = payment_of(resident_id=resident_calling(self.caller), ref=ref)
        return answer(request, money_answers.payment(found))


class ReservationRefunds(Route):
    """Refunds."""

    @reads("listRefunds", "What goes back of a reservation", money_outputs.Refunds, problems=(404,))
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """One's own, or at a hall where the caller works."""
        read_query(NoQuery, request.query_params)
        reservation_seen_by(self.caller, ref)
        rows = [money_answers.refund(row) for row in refunds_of(ref)]
        return answer(request, money_outputs.Refunds(refunds=rows))


class ReservationExemptions(Route):
    """Exemptions."""

    @reads(
        "listExemptions",
        "Exemptions of a reservation, and the grounds one may apply for",
        money_outputs.Exemptions,
        problems=(404,),
    )
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """One's own, or at a hall where the caller works."""
        read_query(NoQuery, request.query_params)
        view = reservation_seen_by(self.caller, ref)
        found = money_outputs.Exemptions(
            exemptions=[money_answers.exemption(one) for one in exemptions_of(reservation_id=view.id)],
            grounds=[money_answers.ground(one) for one in may_apply_for(view, self.now)],
        )
        return answer(request, found)

    @writes(
        "applyForExemption",
        "Apply for exemption; what the rules grant by themselves is granted at once",
        200,
        body=ExemptionInput,
        output=money_outputs.Exemption,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """For one's own reservation; staff for the applicant. Evidence is handed in on the web page."""
        sent, actor = read_body(ExemptionInput, request.data), self.actor
        check_hall(self.caller, ref)

        def act() -> Answer:
            row = apply_for_exemption(
                ref=ref, ground=sent.ground, remark=sent.remark, actor=actor, now=self.now
            )
            return as_answer(200, money_answers.exemption(row))

        return self.once(act)


class ReservationPapers(Route):
    """Papers."""

    @reads("listPapers", "Papers about a reservation's money", money_outputs.Papers, problems=(404,))
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """One's own, or at a hall where the caller works."""
        read_query(NoQuery, request.query_params)
        reservation_seen_by(self.caller, ref)
        rows = [money_answers.paper(row, ref) for row in papers_about([ref])]
        return answer(request, money_outputs.Papers(papers=rows))


class ReservationPaper(Route):
    """A paper."""

    @downloads("downloadPaper", "A paper as PDF", "application/pdf", problems=(404,))
    def get(self, request: Request, ref: UUID, token: str) -> HttpResponse:
        """One's own, or at a hall where the caller works."""
        read_query(NoQuery, request.query_params)
        reservation_seen_by(self.caller, ref)
        paper = paper_of_token(token)
        if not is_about(paper, ref):
            raise PaperNotFound
        return pdf_answer(paper)
