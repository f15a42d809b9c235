"""What people type about exemptions: the ground and a word; how much, why, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.exempting.grounds import Ground
from facilities.models import Facility
from frontend.forms import PlainForm, WholeNumberField
from frontend.templatetags.machinoma import article, name_of, sentence

_WORDS = forms.Textarea(attrs={"rows": 3})
ALL_HALLS = "all"


def ground_label(ground: Ground) -> SafeString:
    """A ground as a choice: its name, what it takes off, and where that is written."""
    more = sentence(ground.reason)
    if ground.reason.article:
        more = f"{more} {article(ground.reason.article)}"
    name = format_html('<span class="choice__name">{}</span>', name_of(ground))
    return format_html('{}<span class="choice__more">{}</span>', name, more)


class ApplyForm(PlainForm):
    """Which ground of the rules, and a word to those who decide."""

    ground = forms.ChoiceField(label=gettext_lazy("減免の理由"), widget=forms.RadioSelect)
    remark = forms.CharField(
        label=gettext_lazy("くわしく"),
        help_text=gettext_lazy("だれが、何のために使うかなど。書かなくてもかまいません。"),
        widget=_WORDS,
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, grounds: Sequence[Ground], **kwargs: Any) -> None:
        """``grounds``: those that can be applied for."""
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(one.key, ground_label(one)) for one in grounds]  # type: ignore[attr-defined]


class StandingForm(ApplyForm):
    """Which ground, at one hall or at all halls under the same rules."""

    where = forms.ChoiceField(
        label=gettext_lazy("どこで使いますか"), widget=forms.RadioSelect, initial=ALL_HALLS
    )

    def __init__(self, *args: Any, halls: Sequence[Facility], **kwargs: Any) -> None:
        """``halls``: those under the rules that know these grounds."""
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), name_of(one)) for one in halls]
        everywhere = [(ALL_HALLS, _("つぎのすべての館"))] if len(halls) > 1 else []
        self.fields["where"].choices = [*everywhere, *choices]  # type: ignore[attr-defined]
        if len(halls) == 1:
            self.fields["where"].initial = choices[0][0]
        self.order_fields(["ground", "where", "remark"])


class DecideForm(PlainForm):
    """A decision about an application: how much where the rules leave it open, and why."""

    percent = WholeNumberField(
        label=gettext_lazy("減らす割合（%）"), required=False, min_value=1, max_value=100
    )
    yen = WholeNumberField(label=gettext_lazy("減らす額（円）"), required=False, min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("決定の理由"),
        help_text=gettext_lazy("申請した人に伝え、通知書に書きます。認めないときは、書いてください。"),
        widget=_WORDS,
        max_length=2000,
        required=False,
    )
    opinion = forms.CharField(
        label=gettext_lazy("館の意見"),
        help_text=gettext_lazy("決める人だけが見ます。進達するときに、書いてください。"),
        widget=_WORDS,
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, ground: Ground | None, decides: bool, **kwargs: Any) -> None:
        """``ground`` says whether something is to be measured; ``decides``: this person may do more than pass on."""
        super().__init__(*args, **kwargs)
        self.decision = str(self.data.get("decide", "")) if self.is_bound else ""
        if not decides:
            for name in ("percent", "yen", "reason"):
                del self.fields[name]
        elif ground is None or not ground.left_to_staff:
            del self.fields["percent"], self.fields["yen"]
        else:
            self._say_ceilings(ground)

    def _say_ceilings(self, ground: Ground) -> None:
        words = _("規則では、{most}%までです。割合か額の、どちらか一つを書きます。")
        self.fields["percent"].help_text = words.format(most=ground.most_percent)
        if ground.most_yen is not None:
            self.fields["yen"].help_text = _("規則では、{most:,}円までです。").format(most=ground.most_yen)

    def clean(self) -> dict[str, Any]:
        """A button was pressed; a refusal says why."""
        given = super().clean() or {}
        if self.decision not in ("grant", "refuse", "relay", "look"):
            raise forms.ValidationError(_("どうするかを、下のボタンで選んでください。"))
        if self.decision == "refuse" and not given.get("reason", "").strip():
            self.add_error("reason", _("認めない理由を書いてください。"))
        return given

    @property
    def measure(self) -> dict[str, int | None]:
        """What was decided to be taken off, for the services."""
        return {"percent": self.cleaned_data.get("percent"), "yen": self.cleaned_data.get("yen")}


class StandingDecideForm(DecideForm):
    """A decision about a standing exemption: also for which days of use."""

    valid_from = forms.DateField(
        label=gettext_lazy("いつの利用から"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    valid_until = forms.DateField(
        label=gettext_lazy("いつの利用まで"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def __init__(self, *args: Any, decides: bool, **kwargs: Any) -> None:
        """``decides`` as in ``DecideForm``."""
        super().__init__(*args, decides=decides, **kwargs)
        if not decides:
            del self.fields["valid_from"], self.fields["valid_until"]

    def clean(self) -> dict[str, Any]:
        """Granted, it has a first and a last day."""
        given = super().clean()
        for name in ("valid_from", "valid_until"):
            if self.decision == "grant" and not given.get(name) and name not in self.errors:
                self.add_error(name, _("日を選んでください。"))
        return given


class RevokeForm(PlainForm):
    """Why an exemption is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("取り消す理由"),
        help_text=gettext_lazy("申請した人に伝え、通知書に書きます。"),
        widget=_WORDS,
        max_length=2000,
    )
