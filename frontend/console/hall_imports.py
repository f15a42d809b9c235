"""公共施設一覧 becomes halls: upload, look over and choose, confirm; and a report of every row as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.opendata.errors import NothingChosen
from facilities.opendata.importing import (
    Offer,
    Preview,
    begin_import,
    carry_out,
    choose_rows,
    drop_import,
    halls_of_import,
    import_in_progress,
    imports_in_progress,
)
from facilities.reviewing import halls_without_rules
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out as answer_form
from frontend.console.csv_rows import csv_line
from frontend.console.forms import ListForm
from frontend.console.hall_map import draw_map
from frontend.middleware import log_refusal

_PAGE = 50
_MOST_REFUSED_SHOWN = 100


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Take a list; those in progress are listed below."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()

    def act() -> HttpResponse:
        upload = form.cleaned_data["file"]
        record = begin_import(
            data=upload.read(),
            file_name=upload.name,
            staff_id=request.staff.id,
            now=clock_now(),
            **_here(request),
        )
        return redirect("console:import", ref=record.ref)

    facts = {"form": form, "records": imports_in_progress()}
    return answer_form(request, form, act, "console/imports.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show what was found and choose from it; once carried out, what became of it."""
    if request.method == "POST":
        return _choose(request, ref)
    found = import_in_progress(ref, **_here(request))
    if found.record.done_at is not None:
        return _done(request, found)
    return render(request, "console/import.html", _page_facts(found, request.GET))


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Say what will be created and changed, and carry it out."""
    if request.method == "POST":
        try:
            carry_out(ref=ref, now=clock_now(), **_here(request))
        except NothingChosen as refusal:
            log_refusal(refusal)
            messages.error(request, str(refusal))
        return redirect("console:import", ref=ref)
    found = import_in_progress(ref, **_here(request))
    if found.record.done_at is not None or not found.chosen:
        return redirect("console:import", ref=ref)
    return render(request, "console/import_confirm.html", _confirm_facts(found))


@console_page
@require_safe
def report(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Download every row that was not taken or was repaired, with the reasons, as CSV."""
    found = import_in_progress(ref, **_here(request))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="torikomi.csv"'
    response.write("\ufeff" + csv_line([_("行"), _("結果"), _("施設"), _("理由・直したこと")]))
    language = "ja" if (get_language() or "ja").startswith("ja") else "en"
    words = {"refused": _("取り込めない"), "repaired": _("直して取り込める")}
    for row in found.rows:
        for note in row.notes:
            response.write(csv_line([row.number, words[row.verdict], row.name, note.sentence(language)]))
    return response


def _here(request: HttpRequest) -> dict[str, str]:
    tenant = request.tenant  # type: ignore[attr-defined]
    return {"lg_code": tenant.lg_code, "town": tenant.name}


def _choose(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Keep the ticks of one page, then go where the button leads."""
    step = request.POST.get("step", "keep")
    if step == "drop":
        drop_import(ref=ref)
        messages.success(request, _("取り込みをやめました。施設は変わっていません。"))
        return redirect("console:imports")
    choose_rows(
        ref=ref, shown=_numbers(request.POST.getlist("shown")), picked=_numbers(request.POST.getlist("row"))
    )
    if step == "confirm":
        found = import_in_progress(ref, **_here(request))
        if found.chosen:
            return redirect("console:import_confirm", ref=ref)
        messages.error(request, str(NothingChosen()))
    query = QueryDict(mutable=True)
    query["show"] = "all" if request.POST.get("show") == "all" else "likely"
    wanted = step.removeprefix("page-") if step.startswith("page-") else request.POST.get("page", "1")
    query["page"] = wanted if wanted.isdecimal() and len(wanted) < 6 else "1"
    answer = redirect("console:import", ref=ref)
    answer["Location"] += f"?{query.urlencode()}"
    return answer


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 7]


def _page_facts(found: Preview, asked: QueryDict) -> dict[str, Any]:
    everything = asked.get("show") == "all"
    offers = found.offers if everything else [offer for offer in found.offers if offer.offered]
    page: Page[Offer] = Paginator(offers, _PAGE).get_page(asked.get("page"))
    drawn = draw_map([offer.row for offer in found.offers], [offer.row for offer in page])
    return {
        "found": found,
        "page": page,
        "show": "all" if everything else "likely",
        "likely": sum(offer.offered for offer in found.offers),
        "repaired": sum(offer.row.verdict == "repaired" for offer in found.offers),
        "map": drawn,
        "far": {mark.number for mark in drawn.suspects} if drawn else set(),
        "refused": found.refused[:_MOST_REFUSED_SHOWN],
        "more_refused": max(len(found.refused) - _MOST_REFUSED_SHOWN, 0),
    }


def _confirm_facts(found: Preview) -> dict[str, Any]:
    return {
        "found": found,
        "new": [offer for offer in found.chosen if offer.hall is None],
        "changed": [offer for offer in found.chosen if offer.hall and offer.changes],
        "same": [offer for offer in found.chosen if offer.hall and not offer.changes],
    }


def _done(request: StaffRequest, found: Preview) -> HttpResponse:
    created, changed = halls_of_import(found.record)
    ruleless = halls_without_rules(clock_now())
    facts = {"found": found, "created": created, "changed": changed, "ruleless": ruleless}
    return render(request, "console/import_done.html", facts)
