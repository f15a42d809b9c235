"""What is typed for one item of the rules: times, days, shares, numbers, as people write them.

Each field turns a plain value of the document into what stands in the box (``shown``), and what was typed back into a
plain value (``to_python``; None: nothing is written).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic_core import PydanticCustomError

from facilities.ordinance.document import values
from facilities.ordinance.reading.problems import explain
from frontend.forms import WholeNumberField

_WAVES = str.maketrans({"〜": "~", "～": "~", "－": "-", "ー": "-", "−": "-", "–": "-", "―": "-"})
_SEPARATORS = re.compile(r"[、,\n]+")
_DAY = re.compile(r"(?:([0-9]{4})[年/.\-])?([0-9]{1,2})[月/.\-]([0-9]{1,2})日?")
_TIME = re.compile(r"([0-9]{1,2})時(?:([0-9]{1,2})分|(半))?")
_LONG = 2000

Reader = Callable[[object], Any]


_EXAMPLES: Mapping[Reader, Any] = {
    values.read_span: _("例：9:00〜12:00"),
    values.read_clock: _("例：9:00"),
    values.read_date_span: _("例：12/29〜1/3（毎年）、2027/5/1〜2027/5/10"),
    values.read_number_span: _("例：5、10〜19、20以上"),
    values.read_share: _("例：5割、50%、1/3、1.5倍"),
}


# What a document says of its own forms (09:00-12:00, 12-29..01-03) would only puzzle who never sees it.
_WRONG = {
    "span": _("時間は、9:00〜12:00 のように書いてください。"),
    "clock": _("時刻は、9:00 のように書いてください。"),
    "date_span": _("日は、12/29〜1/3 か、2027/5/1〜2027/5/10 のように書いてください。"),
    "number_span": _("数は、5、10〜19、20以上 のように書いてください。"),
}


class WrittenField(forms.CharField):
    """One value with a written form of its own (``reader`` judges it), or several of them."""

    def __init__(self, reader: Reader, *, many: bool, **kwargs: Any) -> None:
        """``many``: separated by 、 or lines."""
        super().__init__(max_length=_LONG, **{"help_text": _EXAMPLES.get(reader, ""), **kwargs})
        self.reader, self.many = reader, many

    def shown(self, plain: Any) -> str:
        """What stands in the box."""
        entries = plain if isinstance(plain, tuple) else () if plain is None else (plain,)
        return "、".join(_nicely(self.reader, str(one)) for one in entries)

    def to_python(self, value: Any) -> Any:
        """The plain value. Raises ValidationError in the words of the document's own mistakes."""
        text = unicodedata.normalize("NFKC", str(value or "").translate(_WAVES)).strip()
        typed = [one.strip() for one in (_SEPARATORS.split(text) if self.many else [text]) if one.strip()]
        entries = tuple(self._read(one) for one in typed)
        return (entries or None) if self.many else next(iter(entries), None)

    def _read(self, text: str) -> str:
        plain = _PLAINLY.get(self.reader, str)(text)
        try:
            self.reader(plain)
        except PydanticCustomError as error:
            raise forms.ValidationError(_WRONG.get(error.type) or _explained(error)) from error
        return plain


class DayField(forms.DateField):
    """A date."""

    def __init__(self, **kwargs: Any) -> None:
        """Picked from a calendar where the browser has one."""
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages={"invalid": _("この日付は、ありません。")}, **kwargs)

    def shown(self, plain: Any) -> Any:
        """What stands in the box."""
        return plain


class NumberField(WholeNumberField):
    """A whole number."""

    def shown(self, plain: Any) -> Any:
        """What stands in the box."""
        return plain


class WordsField(forms.CharField):
    """A text; with ``many`` one on each line."""

    def __init__(self, *, many: bool = False, long: bool = False, **kwargs: Any) -> None:
        """``long`` texts get more room."""
        if many or long:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        super().__init__(**kwargs)
        self.many = many

    def shown(self, plain: Any) -> str:
        """What stands in the box."""
        return "\n".join(map(str, plain)) if isinstance(plain, tuple) else "" if plain is None else str(plain)

    def clean(self, value: Any) -> Any:
        """The text, or its lines."""
        text = str(super().clean(value)).replace("\r\n", "\n").strip()
        if not self.many:
            return text or None
        return tuple(line.strip() for line in text.split("\n") if line.strip()) or None


class TickField(forms.BooleanField):
    """Yes when ticked; nothing is written when not."""

    def shown(self, plain: Any) -> bool:
        """Whether it is ticked."""
        return plain is True

    def clean(self, value: Any) -> Any:
        """True or nothing."""
        return True if super().clean(value) else None


class OneOfField(forms.ChoiceField):
    """One of fixed values (texts, numbers, true and false); nothing when none is chosen."""

    def __init__(self, *, options: Mapping[Any, str], **kwargs: Any) -> None:
        """``options``: plain values with their names."""
        super().__init__(choices=[("", "—"), *_choices(options)], **kwargs)
        self.offered = dict(_choices(options))
        self.plain = {_code(key): key for key in options}

    def shown(self, plain: Any) -> str:
        """What is chosen."""
        if plain is not None and _code(plain) not in self.plain:
            self.plain[_code(plain)] = plain
            self.offered[_code(plain)] = str(plain)
            self.choices = [("", "—"), *self.offered.items()]
        return "" if plain is None else _code(plain)

    def clean(self, value: Any) -> Any:
        """The plain value."""
        return self.plain.get(super().clean(value))


class SeveralOfField(forms.MultipleChoiceField):
    """Any of fixed values; nothing when none is ticked."""

    def __init__(self, *, options: Mapping[Any, str], **kwargs: Any) -> None:
        """``options``: plain values with their names."""
        super().__init__(choices=_choices(options), widget=forms.CheckboxSelectMultiple, **kwargs)
        self.offered = dict(_choices(options))
        self.plain = {_code(key): key for key in options}

    def shown(self, plain: Any) -> Sequence[str]:
        """What is ticked; a value that is not among the options becomes one."""
        entries = plain if isinstance(plain, tuple) else () if plain is None else (plain,)
        for one in entries:
            if _code(one) not in self.plain:
                self.plain[_code(one)] = one
                self.offered[_code(one)] = str(one)
                self.choices = list(self.offered.items())
        return [_code(one) for one in entries]

    def clean(self, value: Any) -> Any:
        """The plain values in the order of the options."""
        chosen = set(super().clean(value))
        return tuple(plain for code, plain in self.plain.items() if code in chosen) or None


def _explained(error: PydanticCustomError) -> str:
    details: Any = {"type": error.type, "ctx": {}, "loc": (), "msg": error.message()}
    japanese, english = explain(details, ())
    return japanese if is_japanese() else english


def _choices(options: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(_code(key), name) for key, name in options.items()]


def _code(plain: Any) -> str:
    return {True: "true", False: "false"}[plain] if isinstance(plain, bool) else str(plain)


def is_japanese() -> bool:
    """Whether the page is in Japanese."""
    return (get_language() or "ja").startswith("ja")


def _span(text: str) -> str:
    parts = [_clock(one.strip()) for one in re.split(r"[~\-]|から", text) if one.strip()]
    return "-".join(parts) if len(parts) == 2 else text


def _clock(text: str) -> str:
    found = _TIME.fullmatch(text)
    if found:
        return f"{int(found[1]):02d}:{30 if found[3] else int(found[2] or 0):02d}"
    hour, _colon, minutes = text.partition(":")
    return f"{int(hour):02d}:{minutes}" if hour.isdecimal() and minutes else text


def _dates(text: str) -> str:
    written = re.sub(r"まで$|から$", lambda found: {"まで": "", "から": "~"}[found[0]], text)
    written = re.sub(r"\s*(\.\.|から|~)\s*", "~", written)
    if text.endswith("まで") and "~" not in written:
        written = f"~{written}"
    days = [_one_day(part) for part in written.split("~")]
    if len(days) == 2 and len(days[0]) == len("2027-05-01") and len(days[1]) == len("05-10"):
        days[1] = f"{days[0][:5]}{days[1]}"
    return "..".join(days)


def _one_day(text: str) -> str:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return text.strip()
    year = f"{found[1]}-" if found[1] else ""
    return f"{year}{int(found[2]):02d}-{int(found[3]):02d}"


def _numbers(text: str) -> str:
    written = text.replace(",", "").rstrip("人分日円")
    for word, form in (("以上", "{}.."), ("以下", "..{}"), ("から", "{}.."), ("まで", "..{}")):
        if written.endswith(word):
            return form.format(written.removesuffix(word).rstrip("人分日円"))
    return re.sub(r"\s*(~|-)\s*", "..", written)


_PLAINLY: Mapping[Reader, Callable[[str], str]] = {
    values.read_span: _span,
    values.read_clock: _clock,
    values.read_date_span: _dates,
    values.read_number_span: _numbers,
}


def _nicely(reader: Reader, text: str) -> str:
    """A written value as people write it: 12/29〜1/3, 10以上."""
    if reader is values.read_date_span:
        return "〜".join(_nice_day(one) for one in text.split(".."))
    if reader is values.read_span:
        return text.replace("-", "〜")
    if reader is values.read_number_span and ".." in text:
        low, _dots, high = text.partition("..")
        return f"{low}〜{high}"
    return text


def _nice_day(text: str) -> str:
    try:
        return date.fromisoformat(text).strftime("%Y/%-m/%-d")
    except ValueError:
        month, _dash, day = text.partition("-")
        return f"{int(month)}/{int(day)}" if month.isdecimal() and day.isdecimal() else text
