"""Worked cases: added and changed; the rules answer, a person says whether that is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from facilities.ordinance import CaseResult, editing, parse, run_cases
from facilities.ordinance.document import values
from facilities.ordinance.errors import NoSuchPlace, OrdinanceError
from facilities.ordinance.telling.naming import names_of
from facilities.reviewing import accept_answer
from frontend.access import StaffRequest
from frontend.console.rules.case_values import CaseValuesForm
from frontend.console.rules.fields import DayField, OneOfField, WordsField, WrittenField
from frontend.console.rules.places import Draft, draft_page, reasons
from frontend.forms import PlainForm, WholeNumberField
from frontend.templatetags.machinoma import name_of
from tenants.errors import Refusal


class CaseForm(PlainForm):
    """What a worked case about a fee gives, and what must come out."""

    room = forms.ChoiceField(label=gettext_lazy("部屋"))
    date = DayField(label=gettext_lazy("使う日"))
    time = WrittenField(
        values.read_span,
        many=False,
        label=gettext_lazy("使う時間"),
        help_text=gettext_lazy("例：9:00〜12:00"),
    )
    headcount = WholeNumberField(label=gettext_lazy("人数"), min_value=1, max_value=100_000, required=False)
    yen = WholeNumberField(
        label=gettext_lazy("正しい料金"),
        help_text=gettext_lazy("書かずに「いまの答えを見る」を押すと、下書きの答えが入ります。"),
        min_value=0,
        max_value=100_000_000,
        required=False,
    )
    why = WordsField(label=gettext_lazy("理由"), max_length=500, required=False)
    field_order = ["room", "date", "time", "applicant_class", "purpose", "headcount", "yen", "why"]

    def __init__(self, draft: Draft, data: Any = None) -> None:
        """``draft``: whose rooms, classes and purposes can be chosen."""
        super().__init__(data)
        document = draft.document
        self.fields["room"].choices = [  # type: ignore[attr-defined]
            (f"{hall.key}/{room.key}", f"{name_of(hall)} {name_of(room)}")
            for hall in document.facilities
            for room in hall.rooms
        ]
        for key, label, things in (
            ("applicant_class", _("利用者区分"), document.applicant_classes),
            ("purpose", _("目的"), document.purposes),
        ):
            if things:
                options = {one.key: name_of(one) for one in things}
                self.fields[key] = OneOfField(options=options, label=label, required=False)
        self.order_fields(self.field_order)

    def case(self, number: int) -> dict[str, Any]:
        """The worked case as plain values."""
        typed = self.cleaned_data
        hall, room = typed["room"].split("/")
        given: dict[str, Any] = {"facility": hall, "room": room, "date": typed["date"], "time": typed["time"]}
        given |= {key: typed[key] for key in ("applicant_class", "purpose", "headcount") if typed.get(key)}
        case = {"id": f"fee-{number}", "kind": "fee", "given": given, "expect": {"yen": typed["yen"] or 0}}
        return {**case, "why": typed["why"]} if typed.get("why") else case


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_case(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Add a worked case about a fee; without an amount, show the draft's answer to confirm."""
    form = CaseForm(draft, request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _attempt(request, draft, form)
        if answer is not None:
            return answer
    facts = {"draft": draft, "form": form}
    return render(request, "console/rules/case.html", facts, status=422 if form.errors else 200)


@draft_page
@require_POST
def accept_case(request: StaffRequest, draft: Draft, case_number: int) -> HttpResponse:
    """Take the draft's answer to a worked case for the right one."""
    try:
        text, case_id = accept_answer(text=draft.row.text, place=case_number)
        draft.save(request, text)
    except NoSuchPlace:
        raise Http404 from None
    except (Refusal, OrdinanceError) as error:
        messages.error(request, " ".join(reasons(error)))
    else:
        messages.success(request, _("例「%(id)s」の答えを、下書きの答えにしました。") % {"id": case_id})
    return redirect(_checking(draft))


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_case(request: StaffRequest, draft: Draft, case_number: int) -> HttpResponse:
    """Change what a worked case gives and expects, or remove it."""
    if case_number >= len(draft.document.cases):
        raise Http404
    form = CaseValuesForm(draft.at(("cases", case_number)), names_of(draft.document), request.POST or None)
    removing = request.POST.get("step") == "remove"
    if request.method == "POST" and (removing or form.is_valid()):
        try:
            draft.save(request, _without(draft, case_number) if removing else _with(draft, case_number, form))
            messages.success(request, _("例を消しました。") if removing else _("例を直しました。"))
            return redirect(_checking(draft))
        except (Refusal, OrdinanceError) as error:
            form.add_error(None, forms.ValidationError(list(reasons(error))))
    facts = {"draft": draft, "form": form, "case": run_cases(draft.document)[case_number]}
    facts["names"] = names_of(draft.document)
    return render(request, "console/rules/case_change.html", facts, status=422 if form.errors else 200)


def _with(draft: Draft, case_number: int, form: CaseValuesForm) -> str:
    changed = form.changed_values()
    text, why = draft.row.text, changed.pop(("why",), "")
    text = editing.set_values(text, {("cases", case_number, *path): one for path, one in changed.items()})
    if why == "":
        return text
    path = ("cases", case_number, "why")
    return editing.set_value(text, path, why) if why else editing.remove_value(text, path)


def _without(draft: Draft, case_number: int) -> str:
    return editing.remove_item(draft.row.text, ("cases", case_number))


def _checking(draft: Draft) -> str:
    return f"{reverse('console:draft_check', args=[draft.book_id])}#cases"


def _attempt(request: StaffRequest, draft: Draft, form: CaseForm) -> HttpResponse | None:
    try:
        text = editing.add_item(draft.row.text, ("cases",), form.case(_free_number(draft)))
        result = run_cases(parse(text))[-1]
        if form.cleaned_data["yen"] is None or request.POST.get("step") == "ask":
            return _with_answer(request, draft, form, result.got)
        draft.save(request, text)
    except (Refusal, OrdinanceError) as error:
        form.add_error(None, forms.ValidationError(list(reasons(error))))
    else:
        _tell(request, result)
        return redirect("console:draft_check", book_id=draft.book_id)
    return None


def _with_answer(
    request: StaffRequest, draft: Draft, form: CaseForm, got: Mapping[str, Any]
) -> HttpResponse | None:
    yen = got.get("yen")
    if not isinstance(yen, int):
        form.add_error(None, str(got.get("error") or _("この場合の料金は、決まりません。")))
        return None
    data = {**{name: form[name].value() for name in form.fields}, "yen": str(yen)}
    facts = {"draft": draft, "form": CaseForm(draft, data), "answer": yen}
    return render(request, "console/rules/case.html", facts)


def _tell(request: StaffRequest, result: CaseResult) -> None:
    if result.passed:
        messages.success(request, _("確認用の例を加えました。下書きの答えと合っています。"))
    else:
        messages.warning(request, _("確認用の例を加えました。下書きの答えと合いません。"))


def _free_number(draft: Draft) -> int:
    used = {case.id for case in draft.document.cases}
    return next(number for number in range(1, len(used) + 2) if f"fee-{number}" not in used)
