"""Pages of papers about money: whether one is true (for everybody), and those of a resident's own reservation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.queries import reservation_of
from frontend.documents.money_lists import issue, issue_slips_for, paper_facts
from frontend.documents.money_papers import number_line, pdf_answer
from frontend.middleware import log_refusal
from frontend.resident.pay_pages import refs_in
from frontend.resident.people import actor_of, for_resident
from payments.errors import PaperNotFound
from payments.papers.issuing import is_about, paper_of_token, truth_of
from tenants.errors import Refusal


@require_safe
def verify_paper(request: HttpRequest, token: str) -> HttpResponse:
    """Tell anybody who scanned a paper whether it is true now; never whose it is."""
    try:
        paper = paper_of_token(token)
    except PaperNotFound:
        answer = render(request, "documents/verify_paper.html", {"paper": None}, status=404)
    else:
        facts = {"paper": paper, "truth": truth_of(paper), "number": number_line(paper)}
        answer = render(request, "documents/verify_paper.html", facts)
    patch_cache_control(answer, private=True, no_store=True)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def my_papers(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The papers of one's own reservation, and what else can be issued for it."""
    resident = request.resident  # type: ignore[attr-defined]
    view, now, problem = reservation_of(resident_id=resident.pk, ref=ref), clock_now(), None
    if request.method == "POST":
        try:
            issue(view, request.POST.get("what", ""), actor=actor_of(resident), now=now)
            messages.success(request, _("書類を作りました。下から開いてください。"))
            return redirect("my-papers", ref=ref)
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    facts = {"reservation": view, "problem": problem, **paper_facts(view, now, at_desk=False)}
    return render(request, "documents/my_papers.html", facts, status=422 if problem else 200)


@require_POST
@for_resident
def pay_slip(request: HttpRequest) -> HttpResponse:
    """Make the slip with which some of one's own reservations are paid at a bank, all on one where that can be."""
    resident, refs = request.resident, refs_in(request.POST)  # type: ignore[attr-defined]
    views = [reservation_of(resident_id=resident.pk, ref=ref) for ref in refs]
    try:
        issue_slips_for(views, actor=actor_of(resident), now=clock_now())
    except Refusal as refusal:
        log_refusal(refusal)
        messages.error(request, _(refusal.message))
        return redirect("pay")
    messages.success(request, _("書類を作りました。下から開いてください。"))
    return redirect("my-papers", ref=views[0].ref)


@require_safe
@for_resident
def my_paper(request: HttpRequest, ref: UUID, token: str) -> HttpResponse:
    """The PDF of a paper of one's own reservation."""
    resident = request.resident  # type: ignore[attr-defined]
    reservation_of(resident_id=resident.pk, ref=ref)
    paper = paper_of_token(token)
    if not is_about(paper, ref):
        raise PaperNotFound
    return pdf_answer(paper)
