"""Staff and their roles."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Staff
from accounts.queries import staff_entries, staff_entry
from accounts.services import appoint_staff, change_staff
from facilities.queries import staff_facilities
from facilities.services import assign_staff
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.forms import InviteForm, MemberForm
from frontend.templatetags.machinoma import name_of
from tenants.jobs import enqueue


@console_page
@require_safe
def staff_list(request: StaffRequest) -> HttpResponse:
    """List staff with their roles and halls."""
    names = {hall.pk: name_of(hall) for hall in staff_facilities(None)}
    rows = [(one, [names[pk] for pk in one.facility_ids if pk in names]) for one in staff_entries()]
    return render(request, "console/staff.html", {"rows": rows})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Appoint somebody; the invitation goes out by mail."""
    form = InviteForm(request.POST or None, halls=staff_facilities(None))

    def act() -> HttpResponse:
        given = form.cleaned_data
        with transaction.atomic():
            staff = appoint_staff(email=given["email"], name=given["name"], role=given["role"])
            assign_staff(staff_id=staff.pk, facility_ids=_halls_of(form))
            enqueue("frontend.mail_invitation", staff_id=staff.pk)
        messages.success(request, _("招待のメールを送ります。届いた方は、メールの番号でログインできます。"))
        return redirect("console:staff")

    return carry_out(request, form, act, "console/invite.html", {"form": form})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Change somebody's name, role and halls, or switch the access off and on."""
    entry = staff_entry(staff_id)
    initial = {"name": entry.name, "role": entry.role, "halls": entry.facility_ids}
    form = MemberForm(request.POST or None, initial=initial, halls=staff_facilities(None))
    active = {"stop": False, "start": True}.get(request.POST.get("access", ""), entry.is_active)

    def act() -> HttpResponse:
        given = form.cleaned_data
        with transaction.atomic():
            change_staff(staff_id=staff_id, name=given["name"], role=given["role"], is_active=active)
            assign_staff(staff_id=staff_id, facility_ids=_halls_of(form))
        messages.success(request, _("職員の内容を変えました。"))
        return redirect("console:staff")

    return carry_out(request, form, act, "console/member.html", {"form": form, "entry": entry})


def _halls_of(form: MemberForm) -> list[int]:
    """An admin works at all halls, so none are kept for them."""
    given = form.cleaned_data
    return list(given["halls"]) if given["role"] == Staff.Role.MANAGER else []
