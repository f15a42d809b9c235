"""What is typed about a group: what it is, who is in it, what goes with its application, who is invited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.groups.rosters import Line
from accounts.groups.services import GroupFacts
from accounts.models import Group, Membership, RosterEntry
from facilities.details import Answer
from facilities.groups.kinds import Kind
from frontend.forms import PhoneField, PlainForm
from frontend.groups.pasting import read_pasted, too_long
from frontend.groups.words import hall_names, post_word
from frontend.resident.forms import OneLineField
from frontend.resident.question_fields import answers_in, question_field
from frontend.templatetags.machinoma import name_of

_ROLES = {
    Membership.Role.BOOKER: gettext_lazy("予約する人（予約・変更・取消しができます）"),
    Membership.Role.VIEWER: gettext_lazy("見るだけの人（団体の予約を見られます）"),
    Membership.Role.REPRESENTATIVE: gettext_lazy("代表者（すべてできます。団体に一人です）"),
}


class GroupForm(PlainForm):
    """What a group says of itself."""

    name = OneLineField(label=gettext_lazy("団体の名前"), max_length=100)
    name_kana = OneLineField(label=gettext_lazy("団体の名前のふりがな"), max_length=100)
    purpose = forms.CharField(
        label=gettext_lazy("活動の内容"),
        help_text=gettext_lazy("例：コーラスの練習と、年に一度の発表会"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phone = PhoneField(
        label=gettext_lazy("連絡先の電話番号"), help_text=gettext_lazy("例：042-558-1111"), max_length=30
    )
    address = OneLineField(label=gettext_lazy("連絡先の住所"), max_length=200, required=False)

    def facts(self) -> GroupFacts:
        """What was typed, for the services."""
        given = self.cleaned_data
        return GroupFacts(**{key: given[key] for key in ("name", "name_kana", "purpose", "phone", "address")})


def initial_of(group: Group) -> dict[str, str]:
    """Return what a group says of itself as start values."""
    return {key: getattr(group, key) for key in ("name", "name_kana", "purpose", "phone", "address")}


def kind_field(kinds: Sequence[Kind]) -> forms.ChoiceField:
    """As what a group is registered, and where that holds."""
    please = _("どの登録をするかを選んでください。")
    return forms.ChoiceField(
        label=_("どの登録をしますか"),
        choices=[(one.choice, f"{name_of(one)}{_('：')}{hall_names(one)}") for one in kinds],
        widget=forms.RadioSelect,
        error_messages={"required": please, "invalid_choice": please},
    )


class NewGroupForm(GroupForm):
    """A new group with what it wants to be registered as, where there is a choice."""

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        """``kinds``: what the rules know."""
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        if len(kinds) > 1:
            self.fields["kind"] = kind_field(kinds)

    @property
    def choice(self) -> str:
        """The kind that was chosen, or the only one."""
        return str(self.cleaned_data["kind"]) if len(self.kinds) > 1 else self.kinds[0].choice


class KindForm(PlainForm):
    """One more registration of a group that there is."""

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        """``kinds``: what the rules know."""
        super().__init__(*args, **kwargs)
        self.fields["kind"] = kind_field(kinds)


def _facts_field(kind: Kind, label: str, help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        choices=[(fact.key, name_of(fact)) for fact in kind.asked],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class NamesForm(PlainForm):
    """Many names at once, and what holds for all of them."""

    names = forms.CharField(
        label=gettext_lazy("名簿に加える人"),
        help_text=gettext_lazy(
            "1行に1人ずつ書きます。ふりがなは、「、」のあとに書きます。例：山田 花子、やまだ はなこ"
        ),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        """``kind``: what is asked of each person."""
        super().__init__(*args, **kwargs)
        self.fields["names"].error_messages["required"] = _(
            "名簿に加える人のお名前を、1行に1人ずつ書いてください。"
        )
        if kind.asked:
            self.fields["all"] = _facts_field(
                kind,
                _("上に書いた全員にあてはまること"),
                _("一人ずつちがうときは、加えたあとで、下の名簿でしるしをつけます。"),
            )

    def clean_names(self) -> list[tuple[str, str]]:
        """Return the names with their readings."""
        found = read_pasted(self.cleaned_data["names"])
        long = too_long(found)
        if long:
            words = _("お名前が長すぎます。1行に1人ずつ書いてください：{begin}…")
            raise forms.ValidationError(words.format(begin=long[0]), code="long")
        if not found:
            raise forms.ValidationError(self.fields["names"].error_messages["required"], code="required")
        return found

    def lines(self) -> list[Line]:
        """The people, for the services."""
        facts = frozenset(self.cleaned_data.get("all", ()))
        return [Line(name, kana, facts) for name, kana in self.cleaned_data["names"]]


class PersonOnRosterForm(PlainForm):
    """One person on the roster."""

    name = OneLineField(label=gettext_lazy("お名前"), max_length=100)
    name_kana = OneLineField(label=gettext_lazy("ふりがな"), max_length=100, required=False)

    def __init__(self, *args: Any, kind: Kind, entry: RosterEntry, **kwargs: Any) -> None:
        """``entry``: the person as they stand on the roster."""
        initial = {"name": entry.name, "name_kana": entry.name_kana, "facts": entry.facts, "post": entry.post}
        super().__init__(*args, initial=initial, **kwargs)
        self.entry = entry
        self.others = [one for one in entry.facts if one not in {fact.key for fact in kind.asked}]
        if kind.asked:
            self.fields["facts"] = _facts_field(kind, _("この人にあてはまること"))
        if kind.posts:
            self.fields["post"] = forms.ChoiceField(
                label=_("役"),
                choices=[("", _("なし")), *((one, post_word(one)) for one in kind.posts)],
                required=False,
            )

    def line(self) -> Line:
        """The person, for the services. What other registrations ask stays."""
        given = self.cleaned_data
        facts = frozenset([*given.get("facts", ()), *self.others])
        return Line(given["name"], given["name_kana"], facts, given.get("post", self.entry.post))


class PapersForm(PlainForm):
    """Questions about the group as a whole, and a word to the staff."""

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        """``kind``: its questions are asked."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        for question in kind.questions:
            self.fields[f"q_{question.key}"] = question_field(question)
        self.fields["remark"] = forms.CharField(
            label=_("館に伝えたいこと"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def answers(self) -> dict[str, Answer]:
        """The answers, for the services."""
        return answers_in(self.cleaned_data, self.kind.questions)


class EvidenceForm(PlainForm):
    """A file."""

    file = forms.FileField(
        label=gettext_lazy("加える書類"),
        help_text=gettext_lazy("PDF、写真（JPEG・PNG・HEIC）、Word、Excel。一つ5MBまで、10個まで。"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("加える書類を選んでください。")},
    )


class InviteMemberForm(PlainForm):
    """Who is asked to act for the group."""

    email = forms.EmailField(
        label=gettext_lazy("招待する人のメールアドレス"),
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("メールアドレスの形が正しくありません。例：hanako@example.jp")
        },
    )
    role = forms.ChoiceField(label=gettext_lazy("できること"), widget=forms.RadioSelect, initial="booker")

    def __init__(self, *args: Any, by_staff: bool = False, **kwargs: Any) -> None:
        """``by_staff``: who may also invite a representative."""
        super().__init__(*args, **kwargs)
        roles = [key for key in _ROLES if by_staff or key != Membership.Role.REPRESENTATIVE]
        self.fields["role"].choices = [(key.value, _ROLES[key]) for key in roles]  # type: ignore[attr-defined]


class RoleForm(PlainForm):
    """What somebody may do for the group from now on."""

    role = forms.ChoiceField(
        label=gettext_lazy("できること"),
        choices=[(key.value, words) for key, words in _ROLES.items()],
        widget=forms.RadioSelect,
    )
