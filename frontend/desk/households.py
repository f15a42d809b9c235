"""Households at the desk: find a resident, see who is linked with them, link and unlink."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.households import household_of, link_residents, unlink_resident
from accounts.queries import find_residents, resident_by_id
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.penalty_forms import FindPersonForm, LinkForm


@desk_page
@require_safe
def households(request: StaffRequest) -> HttpResponse:
    """Find a resident by name or phone."""
    form = FindPersonForm(request.GET or None)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    facts = {"form": form, "found": find_residents(text=text), "text": text}
    return render(request, "desk/households.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: StaffRequest, resident_id: int) -> HttpResponse:
    """Who is linked with a resident; link one more."""
    resident, people = resident_by_id(resident_id), household_of(resident_id=resident_id)
    linked = {resident.pk, *(one.pk for one in people)}
    text = (request.POST or request.GET).get("text", "")
    others = [one for one in find_residents(text=text) if one.pk not in linked]
    form = LinkForm(request.POST or None, others=others)

    def act() -> HttpResponse:
        other_id = int(form.cleaned_data["other"])
        link_residents(resident_id=resident.pk, other_id=other_id, staff_id=request.staff.id, now=clock_now())
        messages.success(request, _("同じ世帯としてつなぎました。"))
        return redirect("desk:household", resident.pk)

    find = FindPersonForm(request.GET or None)
    facts = {
        "resident": resident,
        "people": people,
        "find": find,
        "form": form,
        "others": others,
        "text": text,
    }
    return carry_out(request, form, act, "desk/household.html", facts)


@desk_page
@require_POST
def unlink(request: StaffRequest, resident_id: int) -> HttpResponse:
    """Take a resident out of their household."""
    resident = resident_by_id(resident_id)
    unlink_resident(resident_id=resident.pk)
    messages.success(request, _("世帯から外しました。"))
    return redirect("desk:household", resident.pk)
