"""The treasurer's tables: the year by item and month, refunds, exemptions, and whether all sums agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.exempting.totals import exemption_totals
from facilities.queries import staff_facilities
from frontend.access import StaffRequest, console_page
from frontend.console.treasury.files import answer, csv_bytes, xlsx_bytes
from frontend.templatetags.treasury import item_words
from payments.cash.queries import differences, open_at
from payments.treasury.agreement import agreement
from payments.treasury.tables import Sum, YearReport, refund_sums, year_report, years_with_entries


@console_page
@require_safe
def year(request: StaffRequest) -> HttpResponse:
    """Show what was booked in a fiscal year, by item and month."""
    facts = _asked(request)
    facts["report"] = year_report(fiscal_year=facts["year"], facility_id=facts["facility_id"])
    return render(request, "console/treasury/year.html", facts)


@console_page
@require_safe
def year_file(request: StaffRequest, file_format: str) -> HttpResponse:
    """Send the same table as a file for spreadsheets."""
    facts = _asked(request)
    rows = list(_rows(year_report(fiscal_year=facts["year"], facility_id=facts["facility_id"])))
    sheet = str(facts["year"])
    body = xlsx_bytes(rows, sheet=sheet) if file_format == "xlsx" else csv_bytes(rows, "utf-8-sig")
    return answer(body, name=f"shunou-{facts['year']}", file_format=file_format)


@console_page
@require_safe
def refunds(request: StaffRequest) -> HttpResponse:
    """Show what was decided to be given back in a fiscal year, and how much of it has arrived."""
    facts = _asked(request)
    facts["refunds"] = refund_sums(fiscal_year=facts["year"])
    facts["total"] = year_report(fiscal_year=facts["year"]).total
    return render(request, "console/treasury/refunds.html", facts)


@console_page
@require_safe
def exemptions(request: StaffRequest) -> HttpResponse:
    """Show what exemptions came to in a fiscal year, by hall and ground."""
    facts = _asked(request)
    totals = exemption_totals(facts["year"], facility_id=facts["facility_id"])
    facts |= {
        "totals": totals,
        "before_yen": sum(one.before_yen for one in totals),
        "exempted_yen": sum(one.exempted_yen for one in totals),
    }
    return render(request, "console/treasury/exemptions.html", facts)


@console_page
@require_safe
def check(request: StaffRequest) -> HttpResponse:
    """Ask now whether charges, entries, providers and drawers say the same, and show what differs."""
    answers = agreement()
    facts = {"answers": answers, "agrees": all(one.agrees for one in answers), "now": clock_now()}
    return render(request, "console/treasury/check.html", facts)


@console_page
@require_safe
def cash(request: StaffRequest) -> HttpResponse:
    """Show all open drawers and safes, and the differences that counting found."""
    return render(
        request, "console/treasury/cash.html", {"held": open_at(None), "differences": differences()}
    )


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The year and the hall somebody asks about; without one, the current year and all halls."""
    years, halls = years_with_entries(now=clock_now()), staff_facilities(None)
    asked, hall = request.GET.get("year", ""), request.GET.get("hall", "")
    chosen = next((one for one in halls if one.key == hall), None)
    if (asked and asked not in {str(one) for one in years}) or (hall and chosen is None):
        raise Http404
    return {
        "years": years,
        "year": int(asked) if asked else years[0],
        "halls": halls,
        "hall": chosen,
        "facility_id": chosen.pk if chosen else None,
    }


def _rows(report: YearReport) -> Iterator[list[str | int]]:
    """Each item and month, each item's year, and all of it."""
    yield [
        *(_("科目"), _("年度の別"), _("月"), _("調定"), _("収納"), _("還付（歳入）"), _("還付（歳出）")),
        *(_("収入済"), _("不納欠損"), _("収入未済")),
    ]
    for row in report.rows:
        names = [item_words(row.item), _("過年度分") if row.late else _("現年度分")]
        for month, one in sorted(row.months.items()):
            yield [*names, f"{month:%Y-%m}", *_cells(one), ""]
        yield [*names, _("計"), *_cells(row.total), row.open_yen]
    yield [_("合計"), "", _("計"), *_cells(report.total), report.open_yen]


def _cells(one: Sum) -> list[int]:
    return [one.asked, one.received, one.refunded, one.refunded_later, one.revenue, one.written_off]
