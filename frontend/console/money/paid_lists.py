"""The bank's lists of what was paid: hand one in, look at it, carry it out; find the slip of what fits none."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out as answer_form
from frontend.console.money.slip_forms import CarryOutForm, ListFormatForm, MatchForm, PaidListForm
from frontend.templatetags.machinoma import yen as in_words
from payments.models import PaidLine, PaidList, PaidListFormat
from payments.slips.errors import PaidListNotFound
from payments.slips.paid_lists import carry_out, drop_list, match_line, take_list
from payments.slips.settings import list_format_of, save_list_format

_PAGE = 100
_NEW_FORMAT = {"encoding": "cp932", "heading_lines": 1}
Outcome = PaidLine.Outcome
# What people look at first stands first.
_ORDER = (
    Outcome.UNREADABLE,
    Outcome.UNKNOWN,
    Outcome.LESS,
    Outcome.MORE,
    Outcome.EXACT,
    Outcome.REPEATED,
)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def paid_lists(request: StaffRequest) -> HttpResponse:
    """Take a list; the last ones are listed below."""
    formats = list(PaidListFormat.objects.order_by("name"))
    form = PaidListForm(request.POST or None, request.FILES or None, formats=formats)

    def act() -> HttpResponse:
        upload, chosen = form.cleaned_data["file"], form.cleaned_data["form"]
        said = {"data": upload.read(), "name": upload.name, "format_id": chosen}
        taken = take_list(**said, staff_id=request.staff.id, now=clock_now())
        return redirect("console:paid_list", list_id=taken.pk)

    facts = {"form": form, "formats": formats, "lists": _last_lists(), "unmatched": _unmatched()}
    return answer_form(request, form, act, "console/money/paid_lists.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def paid_list(request: StaffRequest, list_id: int) -> HttpResponse:
    """Show what a list says and what will become of it; carry it out, or leave it."""
    taken = PaidList.objects.select_related("format").filter(pk=list_id).first()
    if taken is None:
        raise PaidListNotFound
    form = CarryOutForm(request.POST or None)

    def act() -> HttpResponse:
        if request.POST.get("step") == "drop":
            return _drop(request, list_id)
        seen = form.cleaned_data["unreadable_seen"]
        carry_out(list_id=list_id, unreadable_seen=seen, now=clock_now())
        messages.success(request, _("消込みを始めました。"))
        return redirect("console:paid_list", list_id=list_id)

    facts = {"taken": taken, "form": form, **_lines(request, taken)}
    return answer_form(request, form, act, "console/money/paid_list.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: StaffRequest, line_id: int) -> HttpResponse:
    """Book a payment that belongs nowhere to the slip somebody found."""
    line = _unmatched().filter(pk=line_id).first()
    if line is None:
        raise PaidListNotFound
    form = MatchForm(request.POST or None)

    def act() -> HttpResponse:
        number = form.cleaned_data["slip_number"]
        paper = match_line(line_id=line_id, slip_number=number, staff_id=request.staff.id, now=clock_now())
        said = {"yen": in_words(line.yen), "number": paper.number}
        messages.success(request, _("%(yen)s を、納付書 %(number)s に入れました。") % said)
        return redirect("console:paid_lists")

    return answer_form(request, form, act, "console/money/paid_line.html", {"line": line, "form": form})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def list_format(request: StaffRequest, format_id: int | None = None) -> HttpResponse:
    """Write down how a bank's list is written."""
    found = list_format_of(format_id) if format_id else None
    initial = ListFormatForm.initial_of(found) if found else _NEW_FORMAT
    form = ListFormatForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        said = {key: form.cleaned_data[key] for key in ("name", "encoding", "heading_lines")}
        save_list_format(format_id=format_id, columns=form.columns(), **said)
        messages.success(request, _("一覧の形式を保存しました。"))
        return redirect("console:paid_lists")

    return answer_form(request, form, act, "console/money/list_format.html", {"form": form, "found": found})


def _drop(request: StaffRequest, list_id: int) -> HttpResponse:
    drop_list(list_id=list_id)
    messages.success(request, _("この一覧をやめました。何も変わっていません。"))
    return redirect("console:paid_lists")


def _last_lists() -> Any:
    rows = PaidList.objects.exclude(state=PaidList.State.DROPPED)
    return rows.select_related("format", "handed_in_by").order_by("-pk")[:50]


def _unmatched() -> Any:
    rows = PaidLine.objects.filter(outcome=Outcome.UNKNOWN, taken_at__isnull=False, booked_at__isnull=True)
    return rows.select_related("paid_list").order_by("pk")


def _lines(request: StaffRequest, taken: PaidList) -> dict[str, Any]:
    sums = {
        one["outcome"]: one
        for one in taken.lines.order_by().values("outcome").annotate(n=Count("pk"), yen=Sum("yen"))
    }
    asked = request.GET.get("show", "")
    rows = taken.lines.select_related("paper").order_by("number")
    rows = rows.filter(outcome=asked) if asked in Outcome.values else rows
    return {
        "sums": [sums[outcome] for outcome in _ORDER if outcome in sums],
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "show": asked if asked in Outcome.values else "",
        "unreadable": Outcome.UNREADABLE in sums,
        "to_book": sum(sums[one]["n"] for one in (Outcome.EXACT, Outcome.LESS, Outcome.MORE) if one in sums),
        "done": taken.lines.filter(taken_at__isnull=False).count(),
    }
