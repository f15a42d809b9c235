"""Households at the desk: find a resident, see who is linked with them, link and unlink."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.households import household_of, link_residents, unlink_resident
from accounts.models import Resident
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
    facts = _facts(request, resident_by_id(resident_id))
    form = LinkForm(request.POST or None, others=facts["others"])

    def act() -> HttpResponse:
        other = int(form.cleaned_data["other"])
        link_residents(resident_id=resident_id, other_id=other, staff_id=request.staff.id, now=clock_now())
        messages.success(request, _("同じ世帯としてつなぎました。"))
        return redirect("desk:household", resident_id)

    return carry_out(request, form, act, "desk/household.html", facts | {"form": form})


def _facts(request: StaffRequest, resident: Resident) -> dict[str, Any]:
    """The resident, who is linked with them, and who was found by what was typed and is not."""
    people = household_of(resident_id=resident.pk)
    linked = {resident.pk, *(one.pk for one in people)}
    text = (request.POST or request.GET).get("text", "")
    return {
        "resident": resident,
        "people": people,
        "find": FindPersonForm(request.GET or None),
        "others": [one for one in find_residents(text=text) if one.pk not in linked],
        "text": text,
    }


@desk_page
@require_POST
def unlink(request: StaffRequest, resident_id: int) -> HttpResponse:
    """Take a resident out of their household."""
    resident = resident_by_id(resident_id)
    unlink_resident(resident_id=resident.pk)
    messages.success(request, _("世帯から外しました。"))
    return redirect("desk:household", resident.pk)
