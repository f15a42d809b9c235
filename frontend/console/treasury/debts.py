"""What is owed: the list with age and due day, letters that name a new day, and what has lapsed."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from facilities.queries import staff_facilities
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.documents.money_papers import pdf_answer
from frontend.forms import PlainForm
from frontend.templatetags.machinoma import name_of
from frontend.templatetags.treasury import sum_yen
from payments.errors import PaperNotFound
from payments.models import Paper
from payments.papers.issuing import paper_of_token
from payments.treasury.dunning import issue_dunning, write_off
from payments.treasury.unpaid import Unpaid, unpaid_charges
from payments.years import today_at

# A letter usually gives so many days.
USUAL_DAYS = 14
MOST_LETTERS = 200


class LettersForm(PlainForm):
    """Until when those written to have to pay."""

    due_on = forms.DateField(
        label=gettext_lazy("新しい納期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WriteOffForm(PlainForm):
    """Why a claim is given up."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


@console_page
@require_safe
def unpaid(request: StaffRequest) -> HttpResponse:
    """List what has not been paid, the longest overdue first; some of it can be chosen for letters."""
    late_only = request.GET.get("late") == "1"
    found = [one for one in unpaid_charges(now=clock_now()) if one.days_late or not late_only]
    halls = {hall.pk: name_of(hall) for hall in staff_facilities(None)}
    facts = {
        "rows": [(one, halls.get(one.facility_id or 0, "")) for one in found],
        "total_yen": sum(one.due_yen for one in found),
        "late_yen": sum(one.due_yen for one in found if one.days_late),
        "late_only": late_only,
    }
    return render(request, "console/treasury/unpaid.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: StaffRequest) -> HttpResponse:
    """Show whom letters would go to; write them."""
    usual = today_at(clock_now()) + timedelta(days=USUAL_DAYS)
    sent = request.POST if "due_on" in request.POST else None
    form = LettersForm(sent, initial={"due_on": usual})
    chosen = _chosen(request)

    def act() -> HttpResponse:
        ids, due_on = [one.charge_id for one in chosen], form.cleaned_data["due_on"]
        made = issue_dunning(charge_ids=ids, due_on=due_on, actor=request.staff.actor, now=clock_now())
        messages.success(request, _("督促状を %(count)d 通作りました。") % {"count": len(made)})
        return redirect("console:treasury-letters-made")

    if sent is None:
        facts = {"form": form, "chosen": chosen, "problem": None}
        return render(request, "console/treasury/letters.html", facts)
    return carry_out(request, form, act, "console/treasury/letters.html", {"form": form, "chosen": chosen})


@console_page
@require_safe
def letters_made(request: StaffRequest) -> HttpResponse:
    """List the letters, the latest first."""
    papers = Paper.objects.filter(kind=Paper.Kind.DUNNING).order_by("-pk")[:MOST_LETTERS]
    return render(request, "console/treasury/letters_made.html", {"papers": papers})


@console_page
@require_safe
def letter(request: StaffRequest, token: str) -> HttpResponse:
    """The PDF of a letter."""
    paper = paper_of_token(token)
    if paper.kind != Paper.Kind.DUNNING:
        raise PaperNotFound
    return pdf_answer(paper)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: StaffRequest, charge_id: int) -> HttpResponse:
    """Give up a claim that has lapsed, with the reason."""
    owed = next(iter(unpaid_charges(now=clock_now(), charge_ids=[charge_id])), None)
    if owed is None:
        raise Http404
    form = WriteOffForm(request.POST or None)

    def act() -> HttpResponse:
        why, who = form.cleaned_data["reason"], request.staff.actor
        entry = write_off(charge_id=charge_id, reason=why, actor=who, now=clock_now())
        messages.success(request, _("%(yen)s を不納欠損にしました。") % {"yen": sum_yen(entry.yen)})
        return redirect("console:treasury-unpaid")

    return carry_out(request, form, act, "console/treasury/write_off.html", {"form": form, "owed": owed})


def _chosen(request: StaffRequest) -> list[Unpaid]:
    """What was ticked and can be written about; what was paid meanwhile is left out."""
    ticked = [int(one) for one in request.POST.getlist("charge") if one.isdecimal() and len(one) <= 18]
    found = unpaid_charges(now=clock_now(), charge_ids=ticked[:MOST_LETTERS]) if ticked else []
    return [one for one in found if one.days_late]
