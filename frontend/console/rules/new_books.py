"""A further rules document of the municipality: for one group of halls, say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from facilities.drafting import begin_rule_book
from facilities.model_documents import model_documents, model_text
from facilities.queries import rule_books
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.forms import DocumentForm
from frontend.console.rules.drafts import mistakes_of
from frontend.console.rules.fields import is_japanese
from frontend.desk.forms import offer


class NewBookForm(DocumentForm):
    """What the document is called, and what it begins with: a model, a file, or a text."""

    name = forms.CharField(
        label=gettext_lazy("規則の名前"),
        help_text=gettext_lazy("例：体育施設の規則、市民会館条例"),
        max_length=100,
    )
    key = forms.RegexField(
        r"^[a-z][a-z0-9-]{0,39}$",
        label=gettext_lazy("記号"),
        help_text=gettext_lazy(
            "ファイルの名前などに使います。半角の英小文字で始め、英小文字・数字・ハイフンで書きます。"
        ),
        error_messages={
            "invalid": gettext_lazy("半角の英小文字で始め、英小文字・数字・ハイフンだけで書いてください。")
        },
    )
    model = forms.ChoiceField(
        label=gettext_lazy("手本にする文書"),
        help_text=gettext_lazy(
            "ほかの自治体の規則を写して、書きはじめます。自治体の名前は、この自治体のものに入れかわります。"
        ),
        required=False,
    )
    field_order = ["name", "key", "model", "file", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The models are those that came with the product."""
        super().__init__(*args, **kwargs)
        told = [(one.key, one.about if is_japanese() else one.name_en) for one in model_documents()]
        offer(self, "model", [("", _("使わない")), *told])

    def clean(self) -> dict[str, Any]:
        """A model, or a file or text of one's own; not both, not neither."""
        cleaned = super().clean()
        own = bool(cleaned.get("file") or (cleaned.get("text") or "").strip())
        if cleaned.get("model"):
            self.errors.pop("file", None)
            if own:
                self.add_error("model", _("手本を使うか、自分の文書を使うか、どちらか一つにしてください。"))
        elif not own and "file" in self.errors:
            self.errors.pop("file")
            self.add_error("model", _("手本を選ぶか、ファイルを選ぶか、文書をはりつけてください。"))
        return cleaned


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_book(request: StaffRequest) -> HttpResponse:
    """Begin a further document as a draft."""
    form = NewBookForm(request.POST or None, request.FILES or None, initial={"key": _free_key()})

    def act() -> HttpResponse:
        row = begin_rule_book(
            key=form.cleaned_data["key"],
            name=form.cleaned_data["name"],
            text=_text(request, form),
            staff_id=request.staff.id,
            now=clock_now(),
        )
        wrong = mistakes_of(row.text)
        messages.success(request, _("規則を増やしました。公開するまで、予約や料金は変わりません。"))
        return redirect("console:draft_text" if wrong else "console:draft", book_id=row.rule_book_id)

    return carry_out(request, form, act, "console/rules/new_book.html", {"form": form})


def _text(request: StaffRequest, form: NewBookForm) -> str:
    chosen: str = form.cleaned_data["model"]
    if chosen:
        return model_text(key=chosen, municipality=request.tenant)  # type: ignore[attr-defined]
    return str(form.cleaned_data["text"])


def _free_key() -> str:
    used = {book.key for book in rule_books()}
    return next(key for number in range(2, len(used) + 3) if (key := f"rules-{number}") not in used)
