"""Papers about money at the desk: what was issued for a reservation, issued again, and slips for the bank."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.queries import ReservationView
from booking.unpaid_beside import unpaid_beside
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.halls import my_reservation
from frontend.desk.paper_forms import AgainForm, SlipForm
from frontend.documents.money_lists import issue, paper_facts, slip_day
from frontend.documents.money_papers import pdf_answer
from frontend.middleware import log_refusal
from payments.errors import PaperNotFound
from payments.models import Charge, Paper
from payments.papers.issuing import is_about, paper_of_token, reissue_paper
from payments.slips.issuing import issue_slips
from tenants.errors import Refusal


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The papers of a reservation, and what else can be issued for it."""
    view, now, problem = my_reservation(request.staff, ref), clock_now(), None
    if request.method == "POST":
        try:
            issue(view, request.POST.get("what", ""), actor=request.staff.actor, now=now)
            messages.success(request, _("書類を作りました。開いて、印刷してください。"))
            return redirect("desk:papers", ref=ref)
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    facts = {"view": view, "problem": problem, **paper_facts(view, now, at_desk=True)}
    return render(request, "desk/papers.html", facts, status=422 if problem else 200)


@desk_page
@require_safe
def paper(request: StaffRequest, ref: UUID, token: str) -> HttpResponse:
    """The PDF of a paper of a reservation."""
    return pdf_answer(_my_paper(request, ref, token))


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: StaffRequest, ref: UUID, token: str) -> HttpResponse:
    """Issue a lost paper again: the same number, marked 再発行."""
    found = _my_paper(request, ref, token)
    form = AgainForm(request.POST or None)

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        reissue_paper(token=token, reason=reason, actor=request.staff.actor, now=clock_now())
        messages.success(request, _("再発行しました。開いて、印刷してください。"))
        return redirect("desk:papers", ref=ref)

    facts = {"view": my_reservation(request.staff, ref), "paper": found, "form": form}
    return carry_out(request, form, act, "desk/paper_again.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Make a slip for what is due of a reservation, and of others of the same hirer if they are to be paid at once."""
    view, now = my_reservation(request.staff, ref), clock_now()
    beside = [one for one in unpaid_beside(view) if request.staff.works_at(one.room.facility_id)]
    form = SlipForm(request.POST or None, beside=beside, initial={"due_on": _slip_day(view)})

    def act() -> HttpResponse:
        refs = [ref, *form.cleaned_data["others"]]
        made = issue_slips(
            subjects=refs, actor=request.staff.actor, now=now, due_on=form.cleaned_data["due_on"]
        )
        messages.success(request, _("納付書を作りました（%(count)s枚）。") % {"count": len(made)})
        return redirect("desk:papers", ref=ref)

    return carry_out(request, form, act, "desk/slip.html", {"view": view, "form": form, "beside": beside})


def _slip_day(view: ReservationView) -> date | None:
    charge = Charge.objects.filter(subject=view.ref).first()
    return slip_day(view, charge.pk, clock_now()) if charge else None


def _my_paper(request: StaffRequest, ref: UUID, token: str) -> Paper:
    my_reservation(request.staff, ref)
    found = paper_of_token(token)
    if not is_about(found, ref):
        raise PaperNotFound
    return found
