"""A wrong collection is taken back: by the municipality, with the reason, and the fee is to be paid again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.halls import my_reservation
from frontend.desk.refund_forms import WhyForm
from frontend.templatetags.machinoma import yen
from payments.reversing import collections_of, reverse_collection


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show what was collected for a booking; take back what was entered by mistake."""
    if not request.staff.is_admin:
        raise Http404
    view, rows = my_reservation(request.staff, ref), collections_of(ref)
    chosen = {str(entry.pk): entry.pk for entry, may in rows if may}
    form = WhyForm(request.POST or None)

    def act() -> HttpResponse:
        return _take_back(request, ref, chosen.get(request.POST.get("entry", "")), form)

    facts = {"view": view, "rows": rows, "form": form, "may": bool(chosen)}
    return carry_out(request, form, act, "desk/money/collections.html", facts)


def _take_back(request: StaffRequest, ref: UUID, entry_id: int | None, form: WhyForm) -> HttpResponse:
    if entry_id is None:
        return redirect("desk:collections", ref)
    reason, staff_id = form.cleaned_data["reason"], request.staff.id
    made = reverse_collection(entry_id=entry_id, reason=reason, staff_id=staff_id, now=clock_now())
    messages.success(request, _("%(yen)s の収納を取り消しました。") % {"yen": yen(made.yen)})
    return redirect("desk:reservation", ref)
