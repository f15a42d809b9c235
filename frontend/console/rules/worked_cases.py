"""Add a worked case about a fee: the rules answer, a person says whether that is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from facilities.errors import InvalidRules
from facilities.ordinance import CaseResult, editing, parse, run_cases, values
from facilities.ordinance.errors import OrdinanceError
from frontend.access import StaffRequest
from frontend.console.rules.fields import DayField, OneOfField, WordsField, WrittenField, is_japanese
from frontend.console.rules.places import Draft, draft_page, sentence_of
from frontend.forms import PlainForm, WholeNumberField
from frontend.middleware import log_refusal
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


def _attempt(request: StaffRequest, draft: Draft, form: CaseForm) -> HttpResponse | None:
    try:
        text = editing.add_item(draft.row.text, ("cases",), form.case(_free_number(draft)))
        result = run_cases(parse(text))[-1]
        if form.cleaned_data["yen"] is None or request.POST.get("step") == "ask":
            return _with_answer(request, draft, form, result.got)
        draft.save(request, text)
    except InvalidRules as error:
        for one in error.facts["problems"]:
            form.add_error(None, sentence_of(one, is_japanese()))
    except (Refusal, OrdinanceError) as error:
        if isinstance(error, Refusal):
            log_refusal(error)
        form.add_error(None, _(error.message) if isinstance(error, Refusal) else str(error))
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
