"""Slips: where they are paid, and the files in which they go to others (eL-QR)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.money.slip_forms import (
    EXAMPLE,
    SOURCE_NAMES,
    ExportForm,
    ExportFormatForm,
    SlipTermsForm,
)
from payments.models import SlipExportFormat, SlipTerms
from payments.payees import payee_of, payees
from payments.slips.exporting import export_format_of, export_slips, save_export_format
from payments.slips.settings import save_slip_terms

_NEW_FORMAT = {"encoding": "utf-8", "with_titles": True, "columns": EXAMPLE}


@console_page
@require_safe
def slips(request: StaffRequest) -> HttpResponse:
    """Where slips are paid, and the files of slips."""
    terms = {one.payee_id: one for one in SlipTerms.objects.all()}
    formats = list(SlipExportFormat.objects.order_by("name"))
    rows = [(one, terms.get(one.pk)) for one in payees()]
    facts = {"rows": rows, "formats": formats, "form": ExportForm(formats=formats)}
    return render(request, "console/money/slips.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def slip_terms(request: StaffRequest, payee_id: int) -> HttpResponse:
    """Say where the slips of a payee are paid."""
    payee = payee_of(payee_id)
    found = SlipTerms.objects.filter(payee=payee).first()
    form = SlipTermsForm(request.POST or None, initial=SlipTermsForm.initial_of(found))

    def act() -> HttpResponse:
        save_slip_terms(payee_id=payee_id, **form.cleaned_data)
        messages.success(request, _("納付書の内容を保存しました。"))
        return redirect("console:slips")

    return carry_out(request, form, act, "console/money/slip_terms.html", {"form": form, "payee": payee})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def export_format(request: StaffRequest, export_format_id: int | None = None) -> HttpResponse:
    """Write down which columns a file of slips has."""
    found = export_format_of(export_format_id) if export_format_id else None
    form = ExportFormatForm(
        request.POST or None, initial=ExportFormatForm.initial_of(found) if found else _NEW_FORMAT
    )

    def act() -> HttpResponse:
        save_export_format(format_id=export_format_id, **form.cleaned_data)
        messages.success(request, _("ファイルの形式を保存しました。"))
        return redirect("console:slips")

    facts = {"form": form, "found": found, "sources": SOURCE_NAMES}
    return carry_out(request, form, act, "console/money/export_format.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: StaffRequest) -> HttpResponse:
    """Download the slips of some days as a file."""
    formats = list(SlipExportFormat.objects.order_by("name"))
    form = ExportForm(request.POST or None, formats=formats)

    def act() -> HttpResponse:
        said = form.cleaned_data
        data = export_slips(format_id=said["form"], first=said["first"], last=said["last"])
        answer = HttpResponse(data, content_type="text/csv")
        answer["Content-Disposition"] = f'attachment; filename="slips-{said["first"]}-{said["last"]}.csv"'
        return answer

    return carry_out(request, form, act, "console/money/slip_export.html", {"form": form, "formats": formats})
