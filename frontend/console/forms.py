"""What the municipality admin types: halls, rooms, spaces, staff, tokens, searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from booking.models import Reservation
from facilities.models import Facility, Space
from frontend.desk.forms import offer
from frontend.forms import PhoneField, PlainForm, WholeNumberField
from frontend.templatetags.desk import status_word
from frontend.templatetags.machinoma import name_of

Choices = Sequence[tuple[Any, Any]]


class HallForm(PlainForm):
    """What residents read about a hall."""

    name = forms.CharField(label=_("施設の名前"), max_length=100)
    name_kana = forms.CharField(label=_("ふりがな"), max_length=200, required=False)
    address = forms.CharField(label=_("住所"), max_length=200, required=False)
    phone = PhoneField(label=_("電話番号"), required=False)


class HallChangeForm(HallForm):
    """A hall that exists: also its notice, how to get in, and whether it is open to bookings."""

    barrier_free = forms.CharField(
        label=_("バリアフリー"),
        help_text=_("例：車いす用トイレ;エレベーター。「;」で区切ると、一つずつ分けて出ます。"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    url = forms.URLField(
        label=_("施設のホームページ"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={
            "invalid": _("ホームページの場所の形が正しくありません。例：https://www.city.example.jp/")
        },
    )
    notice = forms.CharField(
        label=_("お知らせ"),
        help_text=_("施設のページのはじめに出ます。"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_open = forms.BooleanField(
        label=_("公開する（予約を受け付ける）"),
        help_text=_("やめると、利用者には見えなくなります。入っている予約は、そのまま残ります。"),
        required=False,
    )


class KeyForm(PlainForm):
    """Which entry of the rules document is meant."""

    key = forms.ChoiceField(
        label=_("規則の文書での名前"),
        help_text=_("規則の文書にあって、まだ登録していないものから選びます。"),
    )

    def __init__(self, *args: Any, keys: Choices, **kwargs: Any) -> None:
        """``keys``: (key, name) of what may still be added."""
        super().__init__(*args, **kwargs)
        offer(self, "key", keys)


class NewHallForm(KeyForm, HallForm):
    """A hall to add."""


class SpaceForm(PlainForm):
    """A space to add: its key is made from its place in the hall."""

    name = forms.CharField(label=_("場所の名前"), help_text=_("例：A面、舞台、楽屋"), max_length=100)


class RoomForm(PlainForm):
    """A room: its name, its people, the pause after each use, and the spaces it takes."""

    name = forms.CharField(label=_("部屋の名前"), max_length=100)
    capacity = WholeNumberField(
        label=_("定員"),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    turnaround_minutes = WholeNumberField(
        label=_("次の利用までの片付け"),
        help_text=_("この時間は、次の予約が入りません。なければ 0。"),
        min_value=0,
        max_value=1440,
        initial=0,
    )
    spaces = forms.TypedMultipleChoiceField(
        label=_("使う場所"),
        help_text=_(
            "同じ場所を使う部屋は、同じ時間に予約できません。例：全面は A面 と B面、半面は A面 だけ。"
        ),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, spaces: Sequence[Space], **kwargs: Any) -> None:
        """``spaces``: those of the hall."""
        super().__init__(*args, **kwargs)
        offer(self, "spaces", [(space.pk, space.name) for space in spaces])


class NewRoomForm(KeyForm, RoomForm):
    """A room to add."""


class RoomChangeForm(RoomForm):
    """A room that exists."""

    note = forms.CharField(
        label=_("説明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_open = forms.BooleanField(label=_("貸し出す（予約を受け付ける）"), required=False)


class MemberForm(PlainForm):
    """A member of staff: name, role, halls."""

    name = forms.CharField(label=_("名前"), max_length=100)
    role = forms.ChoiceField(
        label=_("役割"),
        choices=[
            (Staff.Role.MANAGER, _("会館管理人（担当する館の予約とお金）")),
            (Staff.Role.ADMIN, _("自治体管理者（すべての館と、この管理のページ）")),
        ],
        widget=forms.RadioSelect,
    )
    halls = forms.TypedMultipleChoiceField(
        label=_("担当する館"),
        help_text=_("会館管理人だけが選びます。"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, halls: Sequence[Facility], **kwargs: Any) -> None:
        """``halls``: all of the municipality."""
        super().__init__(*args, **kwargs)
        offer(self, "halls", [(hall.pk, name_of(hall)) for hall in halls])

    def clean(self) -> dict[str, Any]:
        """A hall manager without a hall could do nothing."""
        cleaned = super().clean() or {}
        if cleaned.get("role") == Staff.Role.MANAGER and not cleaned.get("halls"):
            self.add_error("halls", _("担当する館を選んでください。"))
        return cleaned


class InviteForm(MemberForm):
    """A new member of staff."""

    email = forms.EmailField(
        label=_("メールアドレス"),
        help_text=_("このアドレスに、招待のメールを送ります。"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": _("メールアドレスの形が正しくありません。例：yamada@example.jp"),
        },
    )
    field_order = ["email", "name", "role", "halls"]


class TokenForm(PlainForm):
    """An API token to create."""

    name = forms.CharField(
        label=_("何に使うか"),
        help_text=_("例：市のホームページの空き状況"),
        max_length=100,
    )


class SearchForm(PlainForm):
    """What reservations to show. What cannot be read is left out and said."""

    text = forms.CharField(label=_("予約番号・お名前・電話番号"), max_length=100, required=False)
    status = forms.ChoiceField(label=_("状態"), required=False)
    hall = forms.TypedChoiceField(label=_("館"), coerce=int, required=False, empty_value=None)
    first = forms.DateField(
        label=_("使う日（から）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("この日付は、ありません。")},
    )
    last = forms.DateField(
        label=_("使う日（まで）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("この日付は、ありません。")},
    )

    def __init__(self, *args: Any, halls: Sequence[Facility], **kwargs: Any) -> None:
        """``halls``: all of the municipality."""
        super().__init__(*args, **kwargs)
        statuses = [Reservation.Status.CONFIRMED, Reservation.Status.HOLD, Reservation.Status.CANCELLED]
        offer(self, "status", [("", _("すべて")), *((one, status_word(one)) for one in statuses)])
        offer(self, "hall", [("", _("すべて")), *((hall.pk, name_of(hall)) for hall in halls)])

    def clean(self) -> dict[str, Any]:
        """Keep dates within the years a hall plans for."""
        cleaned = super().clean() or {}
        for name in ("first", "last"):
            day = cleaned.get(name)
            if day and not 2000 <= day.year < 2200:
                self.add_error(name, _("この日付は、ありません。"))
        return cleaned


class DocumentForm(PlainForm):
    """A rules document, as a file or as text."""

    # How the file was written, once one was read.
    encoding = "utf-8-sig"
    file = forms.FileField(
        label=_("規則の文書（ファイル）"),
        help_text=_("YAML の文書（UTF-8）"),
        required=False,
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=_("または、ここに書く・はりつける"),
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "wrap": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the file if there is one, else the text; line ends become those of the document format."""
        cleaned = super().clean() or {}
        upload, text = cleaned.get("file"), cleaned.get("text") or ""
        if upload:
            text = self._read(upload)
        if not text.strip() and not self.errors:
            self.add_error("file", _("ファイルを選ぶか、文書をはりつけてください。"))
        cleaned["text"] = text.replace("\r\n", "\n").replace("\r", "\n")
        return cleaned

    def _read(self, upload: Any) -> str:
        if upload.size > 1_000_000:
            self.add_error("file", _("ファイルが大きすぎます（1MBまで）。"))
            return ""
        content = upload.read()
        # UTF-8 first: Shift_JIS would read much of it as nonsense.
        for encoding in ("utf-8-sig", "cp932"):
            try:
                text = str(content.decode(encoding))
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                self.encoding = encoding
                return text
        self.add_error(
            "file", _("このファイルは、読めません。文字コードを UTF-8 にして、保存し直してください。")
        )
        return ""


class ListForm(PlainForm):
    """A list of facilities to import."""

    file = forms.FileField(
        label=_("公共施設一覧（CSV のファイル）"),
        help_text=_("5MB・20,000行まで。文字コードは、UTF-8・Shift_JIS・UTF-16 のどれでも読めます。"),
        error_messages={
            "empty": _("ファイルの中が空です。"),
            "required": _("ファイルを選んでください。"),
            "missing": _("ファイルを選んでください。"),
        },
    )
