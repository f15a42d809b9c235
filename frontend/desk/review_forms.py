"""What reviewers type: which applications they decide, and their words for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.queries import ReservationView
from booking.reviewing.queue import Waiting
from frontend.forms import PlainForm
from frontend.templatetags.machinoma import clock, hall_of, name_of, short_day, until_clock

# An application and its sequence, as ``seen_now`` writes them.
_SEEN = re.compile(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{1,9})\b")
DECISIONS = ("permit", "refuse", "note")


class ReviewForm(PlainForm):
    """One decision about one or several applications of the same applicant."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("決める申込み"), widget=forms.CheckboxSelectMultiple, required=False
    )
    opinion = forms.CharField(
        label=gettext_lazy("審査の意見"),
        help_text=gettext_lazy("職員だけが見ます。決める人が別にいるときに、書いておきます。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    conditions = forms.CharField(
        label=gettext_lazy("許可の条件"),
        help_text=gettext_lazy("許可書に書きます。条件は1行に1つ。なければ、書かなくてかまいません。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("許可しない理由"),
        help_text=gettext_lazy("申込みをした人に伝えます。許可しないときは、書いてください。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, items: Sequence[Waiting], chosen: UUID, **kwargs: Any) -> None:
        """``items``: what was applied for together and still waits; ``chosen`` is the one that was opened."""
        super().__init__(*args, **kwargs)
        self.decision = str(self.data.get("decide", "")) if self.is_bound else ""
        self.chosen = chosen
        if len(items) > 1:
            self.fields["items"].choices = [(str(one.view.ref), item_label(one)) for one in items]  # type: ignore[attr-defined]
            self.fields["items"].initial = [str(one.view.ref) for one in items]
        else:
            del self.fields["items"]

    def clean(self) -> dict[str, Any]:
        """A decision was pressed, about at least one application; a refusal says why."""
        given = super().clean() or {}
        if self.decision not in DECISIONS:
            raise forms.ValidationError(_("どうするかを、下のボタンで選んでください。"))
        if "items" in self.fields and not given.get("items") and "items" not in self.errors:
            self.add_error("items", _("申込みを一つ以上選んでください。"))
        if self.decision == "refuse" and not given.get("reason", "").strip():
            self.add_error("reason", _("許可しない理由を書いてください。"))
        return given

    def refs(self) -> list[UUID]:
        """The applications that are decided."""
        return [UUID(ref) for ref in self.cleaned_data.get("items", [])] or [self.chosen]

    def seen(self) -> dict[UUID, int]:
        """What the page showed when it was sent, by ``seen_now``; what cannot be read counts as not shown."""
        found = _SEEN.findall(str(self.data.get("seen", "")))
        return {UUID(ref): int(sequence) for ref, sequence in found}


def seen_now(views: Iterable[ReservationView]) -> str:
    """Return which state of these applications a page shows, for the form to send back."""
    return " ".join(dict.fromkeys(f"{view.ref}:{view.sequence}" for view in views))


def item_label(one: Waiting) -> str:
    """A use in a line: 6月12日（土） 10:00〜12:00 中央公民館 第1研修室."""
    view = one.view
    when = f"{short_day(view.starts_at)} {clock(view.starts_at)}〜{until_clock(view.ends_at, view.starts_at)}"
    return f"{when} {hall_of(view.room)} {name_of(view.room)}"
