"""Files for the accounting system: which columns, in which form; and the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.treasury.files import answer, csv_bytes, xlsx_bytes
from frontend.forms import PlainForm
from frontend.templatetags.treasury import budget_word, entry_word, way_word
from payments.models import ExportLayout, LedgerEntry
from payments.treasury.exports import (
    FIELDS,
    Column,
    columns_of,
    drop_layout,
    export_rows,
    layout_of,
    save_layout,
)
from payments.years import today_at

# Empty lines below the columns there are, for more of them.
EMPTY_LINES = 4
# A new layout begins with what most accounting systems ask for.
USUAL = ("date", "year", "item_code", "account", "kan", "kou", "moku", "setsu", "kind", "way", "yen")
MOST_DAYS = 400


ROWS = {
    "entries": gettext_lazy("台帳の記録を1件ずつ"),
    "days": gettext_lazy("日・科目・方法ごとの合計"),
    "months": gettext_lazy("月・科目・方法ごとの合計"),
}
ENCODINGS = {
    "utf-8-sig": gettext_lazy("UTF-8（Excel で開ける）"),
    "utf-8": "UTF-8",
    "cp932": gettext_lazy("Shift_JIS（Windows）"),
}
FORMATS = {"csv": "CSV", "xlsx": "Excel（XLSX）"}


class LayoutForm(PlainForm):
    """How a file is to look, but for its columns."""

    name = forms.CharField(label=gettext_lazy("名前"), max_length=60)
    rows = forms.ChoiceField(
        label=gettext_lazy("1行に何を書くか"), choices=list(ROWS.items()), widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("書き出す記録"),
        help_text=gettext_lazy("選ばなければ、すべて"),
        choices=lambda: [(one, entry_word(one)) for one in LedgerEntry.Kind.values],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file_format = forms.ChoiceField(
        label=gettext_lazy("ファイルの形"), choices=list(FORMATS.items()), widget=forms.RadioSelect
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("文字コード（CSV のとき）"),
        help_text=gettext_lazy("Shift_JIS にない文字は「〓」になります。"),
        choices=list(ENCODINGS.items()),
    )
    date_style = forms.ChoiceField(label=gettext_lazy("日付の書き方"), choices=ExportLayout.DateStyle.choices)
    with_heading = forms.BooleanField(label=gettext_lazy("はじめの行に見出しを書く"), required=False)


class DaysForm(PlainForm):
    """From which day to which."""

    first = forms.DateField(
        label=gettext_lazy("はじめの日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("終わりの日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning, and a file is of a year at most."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and not 0 <= (last - first).days <= MOST_DAYS:
            self.add_error("last", _("終わりの日は、はじめの日から1年以内にしてください。"))
        return given


@console_page
@require_safe
def layouts(request: StaffRequest) -> HttpResponse:
    """List the saved layouts, each with the days to write a file of."""
    today = today_at(clock_now())
    form = DaysForm(initial={"first": today.replace(day=1), "last": today})
    return render(request, "console/treasury/layouts.html", {"rows": _listed(), "form": form})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: StaffRequest, layout_id: int | None = None) -> HttpResponse:
    """Write a new layout, or change a saved one."""
    saved = layout_of(layout_id) if layout_id else None
    form = LayoutForm(request.POST or None, initial=_initial(saved))
    columns = _columns(request) if request.method == "POST" else _shown(saved)

    def act() -> HttpResponse:
        wanted = [one for one in columns if one.field]
        save_layout(layout_id=layout_id, columns=wanted, **form.cleaned_data)
        messages.success(request, _("書き出しの形を保存しました。"))
        return redirect("console:treasury-layouts")

    shown = [*columns, *[Column("", "")] * EMPTY_LINES]
    facts = {"form": form, "saved": saved, "columns": shown, "fields": list(field_words().items())}
    return carry_out(request, form, act, "console/treasury/layout.html", facts)


@console_page
@require_POST
def drop(request: StaffRequest, layout_id: int) -> HttpResponse:
    """Forget a layout."""
    drop_layout(layout_id=layout_id)
    messages.success(request, _("書き出しの形を消しました。"))
    return redirect("console:treasury-layouts")


@console_page
@require_safe
def download(request: StaffRequest, layout_id: int) -> HttpResponse:
    """Write the file of the days asked for."""
    wanted, form = layout_of(layout_id), DaysForm(request.GET)
    if not form.is_valid():
        facts = {"rows": _listed(), "form": form}
        return render(request, "console/treasury/layouts.html", facts, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    rows = export_rows(wanted, first=first, last=last, words=_words())
    xlsx = wanted.format == ExportLayout.Format.XLSX
    body = xlsx_bytes(rows, sheet="1") if xlsx else csv_bytes(rows, wanted.encoding)
    return answer(body, name=f"zaimu-{first:%Y%m%d}-{last:%Y%m%d}", file_format=wanted.format)


def field_words() -> dict[str, str]:
    """What each field of a column is called."""
    words = (
        *(
            _("日付"),
            _("会計年度"),
            _("記録の種類"),
            _("方法"),
            _("歳入・歳出"),
            _("科目コード"),
            _("会計区分"),
            _("款"),
        ),
        *(_("項"), _("目"), _("節"), _("収納する者"), _("館"), _("件数"), _("金額（正の数）")),
        *(
            _("金額（減るものは負の数）"),
            _("記録の番号"),
            _("請求の番号"),
            _("納入義務者"),
            _("件名"),
            _("メモ"),
        ),
        _("決まった文字"),
    )
    return dict(zip(FIELDS, words, strict=True))


def _words() -> dict[str, dict[str, str]]:
    ways = ("desk_cash", "bank_slip", "stripe", "credit", "bank_transfer")
    return {
        "kind": {one: entry_word(one) for one in LedgerEntry.Kind.values},
        "budget": {one: budget_word(one) for one in LedgerEntry.Budget.values},
        "way": {way: way_word(way) for way in ways},
    }


def _listed() -> list[tuple[ExportLayout, list[Any]]]:
    """The saved layouts, each with the words for what it writes."""
    return [
        (
            one,
            [
                ROWS[one.rows],
                FORMATS[one.format],
                *([ENCODINGS[one.encoding]] if one.format == "csv" else []),
            ],
        )
        for one in ExportLayout.objects.all()
    ]


def _initial(saved: ExportLayout | None) -> dict[str, Any]:
    if saved is None:
        return {"rows": "entries", "file_format": "csv", "encoding": "cp932", "with_heading": True}
    names = ("name", "rows", "kinds", "encoding", "date_style", "with_heading")
    return {name: getattr(saved, name) for name in names} | {"file_format": saved.format}


def _shown(saved: ExportLayout | None) -> list[Column]:
    if saved:
        return columns_of(saved)
    words = field_words()
    return [Column(field, words[field]) for field in USUAL]


def _columns(request: StaffRequest) -> list[Column]:
    """The lines as they were sent; one without a heading of its own gets the field's name."""
    words = field_words()
    sent: Sequence[Sequence[str]] = [request.POST.getlist(name) for name in ("field", "heading", "value")]
    lines = zip(*sent, strict=False)
    return [
        Column(field, heading.strip()[:60] or words.get(field, ""), value.strip()[:60])
        for field, heading, value in lines
        if field
    ]
