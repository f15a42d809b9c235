"""How a resident wants to be told: once for all that matters, and one by one for what may be switched off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import Channel
from accounts.notices.choosing import Wish
from frontend.forms import PlainForm
from frontend.templatetags.machinoma import name_of

IMPORTANT = "important"


class NoticeForm(PlainForm):
    """One group of boxes for the important kinds together (where there is a choice), and one for each other kind."""

    def __init__(self, *args: Any, wishes: Sequence[Wish], **kwargs: Any) -> None:
        """Ask about the channels that reach the resident now."""
        super().__init__(*args, **kwargs)
        self._important = [wish for wish in wishes if not wish.kind.optional]
        ways = list(wishes[0].wanted) if wishes else []
        if len(ways) > 1:
            self._ask(IMPORTANT, _("大切なお知らせ"), self._important[0].wanted)
            self.fields[IMPORTANT].help_text = _(
                "予約・変更・取消し・審査の結果など。受け取り方を一つは選んでください。"
            )
            self.fields[IMPORTANT].required = True
            self.fields[IMPORTANT].error_messages["required"] = _(
                "大切なお知らせの受け取り方を、一つは選んでください。"
            )
        for wish in wishes:
            if wish.kind.optional and ways:
                self._ask(wish.kind.key, name_of(wish.kind), wish.wanted)
        self._ways = ways

    def _ask(self, name: str, label: str, wanted: Any) -> None:
        words = {Channel.MAIL.value: _("メール"), Channel.LINE.value: _("LINE")}
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[(way, words[way]) for way in wanted],
            widget=forms.CheckboxSelectMultiple,
            initial=[way for way, yes in wanted.items() if yes],
        )

    def wanted(self) -> set[tuple[str, str]]:
        """Return (kind, channel) of all that was ticked."""
        important = self.cleaned_data.get(IMPORTANT, self._ways)
        found = {(wish.kind.key, way) for wish in self._important for way in important}
        return found | {
            (name, way) for name, ways in self.cleaned_data.items() if name != IMPORTANT for way in ways
        }
