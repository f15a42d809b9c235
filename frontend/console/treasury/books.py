"""Closing fiscal years, and which halls take their cash into drawers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.queries import staff_facilities, staff_facility
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.desk.drawer_forms import CountForm
from frontend.templatetags.treasury import fiscal_year
from payments.cash.drawers import close_drawer, use_drawers
from payments.cash.queries import Held, held
from payments.errors import DrawerNotFound
from payments.models import Drawer, HallTerms, RevenueItem
from payments.treasury.closing import close_year, years_of_books


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def years(request: StaffRequest) -> HttpResponse:
    """List the years with entries and until when their books are open; close one."""
    if request.method == "POST":
        asked = request.POST.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else 0
        close_year(fiscal_year=year, staff_id=request.staff.id, now=clock_now())
        messages.success(request, _("%(year)s の帳簿を閉鎖しました。") % {"year": fiscal_year(year)})
        return redirect("console:treasury-years")
    return render(request, "console/treasury/years.html", {"years": years_of_books(now=clock_now())})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def drawer_halls(request: StaffRequest) -> HttpResponse:
    """Show which halls take their cash into drawers; begin or end it for one."""
    if request.method == "POST":
        hall, used = staff_facility(request.POST.get("hall", "")), request.POST.get("used") == "1"
        item = RevenueItem.objects.get(is_default=True)
        use_drawers(facility_id=hall.pk, used=used, default_item_id=item.pk, now=clock_now())
        messages.success(request, _("レジの使い方を変えました。"))
        return redirect("console:treasury-drawers")
    since = dict(HallTerms.objects.values_list("facility_id", "drawers_since"))
    rows = [(hall, since.get(hall.pk)) for hall in staff_facilities(None)]
    return render(request, "console/treasury/drawer_halls.html", {"rows": rows})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def close_for(request: StaffRequest, drawer_id: int) -> HttpResponse:
    """Count and close the drawer of somebody who does not come back."""
    form, found = CountForm(request.POST or None), _open_one(drawer_id)

    def act() -> HttpResponse:
        why, now = form.cleaned_data["explanation"], clock_now()
        close_drawer(drawer_id=drawer_id, pieces=form.pieces, explanation=why, staff=request.staff, now=now)
        messages.success(request, _("レジを閉めました。中のお金は、金庫に移した記録になりました。"))
        return redirect("console:treasury-cash")

    facts = {"form": form, "held": found, "act": "close", "console": True}
    return carry_out(request, form, act, "desk/money/count.html", facts)


def _open_one(drawer_id: int) -> Held:
    """An open drawer somebody keeps."""
    kept = Drawer.objects.select_related("facility", "keeper").filter(keeper__isnull=False)
    found = held(kept.filter(pk=drawer_id, closed_at=None))
    if not found:
        raise DrawerNotFound
    return found[0]
