"""One more named set of rules (closed days, hours, applications, …): copied from one there is, and who follows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from facilities.ordinance import editing
from facilities.ordinance.document.ordinance import Ordinance, Room
from facilities.ordinance.errors import OrdinanceError
from facilities.ordinance.reading.problems import Path
from facilities.ordinance.telling.labels import label
from frontend.access import StaffRequest
from frontend.console.rules.blanks import said
from frontend.console.rules.places import Draft, address, draft_page, reasons
from frontend.forms import PlainForm
from tenants.errors import Refusal

# What is named in the document's own words (chapter), and the field by which halls and rooms say what they follow.
SETS = {
    "calendars": "calendar",
    "times": "time",
    "applications": "application",
    "cancellations": "cancellation",
    "exemptions": "exemption",
    "adjustments": "adjustment",
    "extras": "extras",
    "payments": "payment",
}
_OF_HALLS_ONLY = {"exemption", "extras", "payment"}


class NewSetForm(PlainForm):
    """Which set is copied, what the copy is called, and who follows it from then on."""

    copy_of = forms.ChoiceField(
        label=gettext_lazy("どれを写しますか"), help_text=gettext_lazy("写したものを、あとで直します。")
    )
    key = forms.RegexField(
        r"^[a-z][a-z0-9-]{0,39}$",
        label=gettext_lazy("記号"),
        help_text=gettext_lazy(
            "文書の中で使います。半角の英小文字で始め、英小文字・数字・ハイフンで書きます。"
        ),
        error_messages={
            "invalid": gettext_lazy("半角の英小文字で始め、英小文字・数字・ハイフンだけで書いてください。")
        },
    )
    users = forms.MultipleChoiceField(
        label=gettext_lazy("どこで使いますか"),
        help_text=gettext_lazy("あとから、施設や部屋の「直す」でも選べます。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, draft: Draft, chapter: str, data: Any = None) -> None:
        """``chapter``: the chapter of the draft that gets a set more."""
        self.used = set(draft.plain[chapter])
        super().__init__(data, initial={"key": _free_key(chapter, self.used)})
        maker = draft.maker()
        self.paths = dict(_places(draft, SETS[chapter]))
        self.fields["copy_of"].choices = [  # type: ignore[attr-defined]
            (key, maker.set_words(chapter, key)) for key in draft.plain[chapter]
        ]
        self.fields["users"].choices = [  # type: ignore[attr-defined]
            ("-".join(map(str, path)), words) for words, path in self.paths.items()
        ]

    def clean_key(self) -> str:
        """A key names one set only."""
        key: str = self.cleaned_data["key"]
        if key in self.used:
            raise forms.ValidationError(_("この記号は、もう使われています。"))
        return key

    def text_of(self, draft: Draft, chapter: str) -> str:
        """The draft's text with the copy, followed by who was ticked."""
        key, chosen = self.cleaned_data["key"], set(self.cleaned_data["users"])
        copied = draft.at((chapter, self.cleaned_data["copy_of"]))
        follows: dict[Path, Any] = {
            (*path, SETS[chapter]): key for path in self.paths.values() if "-".join(map(str, path)) in chosen
        }
        return editing.set_values(draft.row.text, {(chapter, key): copied, **follows})


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_set(request: StaffRequest, draft: Draft, chapter: str) -> HttpResponse:
    """Copy a set of the chapter under a new key."""
    if chapter not in SETS or not draft.plain.get(chapter):
        raise Http404
    form = NewSetForm(draft, chapter, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft.save(request, form.text_of(draft, chapter))
            messages.success(request, _("下書きに加えました。写したものを、ここで直してください。"))
            return redirect(address(draft.book_id, (chapter, form.cleaned_data["key"])))
        except (Refusal, OrdinanceError) as error:
            form.add_error(None, forms.ValidationError(list(reasons(error))))
    facts = {"draft": draft, "form": form, "what": said(label(chapter, Ordinance))}
    return render(request, "console/rules/new_set.html", facts, status=422 if form.errors else 200)


def chapters_of(draft: Draft) -> list[tuple[str, str]]:
    """The chapters of a draft that have sets to copy: (chapter, its name)."""
    return [(chapter, said(label(chapter, Ordinance))) for chapter in SETS if draft.plain.get(chapter)]


def _places(draft: Draft, field: str) -> Iterator[tuple[str, Path]]:
    """Halls and rooms as the text writes them (several of a kind may be written as one room), by their names."""
    for index, hall in enumerate(draft.plain.get("facilities", ())):
        yield str(hall["name"]), ("facilities", index)
        if field in _OF_HALLS_ONLY or field not in Room.model_fields:
            continue
        for number, room in enumerate(hall.get("rooms", ())):
            yield f"{hall['name']}　{room['name']}", ("facilities", index, "rooms", number)


def _free_key(chapter: str, used: set[str]) -> str:
    word = SETS[chapter]
    return next(key for number in range(2, len(used) + 3) if (key := f"{word}-{number}") not in used)
