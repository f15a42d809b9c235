"""Mistakes in what was sent, in plain words and with the place of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError

from frontend.api.errors import InvalidInput

Model = TypeVar("Model", bound=BaseModel)

# By pydantic's type of error; {…} are its facts.
_SENTENCES = {
    "missing": gettext_lazy("必ず送ってください。"),
    "extra_forbidden": gettext_lazy("この名前の項目はありません。"),
    "string_type": gettext_lazy("文字列で送ってください。"),
    "string_too_short": gettext_lazy("{min_length}文字以上で書いてください。"),
    "string_too_long": gettext_lazy("{max_length}文字以内で書いてください。"),
    "string_pattern_mismatch": gettext_lazy("使えない文字が入っています。"),
    "int_type": gettext_lazy("整数で送ってください。"),
    "int_parsing": gettext_lazy("整数で送ってください。"),
    "int_parsing_size": gettext_lazy("数が大きすぎます。"),
    "int_from_float": gettext_lazy("整数で送ってください。"),
    "greater_than_equal": gettext_lazy("{ge}以上にしてください。"),
    "less_than_equal": gettext_lazy("{le}以下にしてください。"),
    "too_long": gettext_lazy("{max_length}個までにしてください。"),
    "list_type": gettext_lazy("一覧で送ってください。"),
    "literal_error": gettext_lazy("{expected} のどれかにしてください。"),
    "model_type": gettext_lazy("JSONのオブジェクト { } で送ってください。"),
    "model_attributes_type": gettext_lazy("JSONのオブジェクト { } で送ってください。"),
    "dict_type": gettext_lazy("JSONのオブジェクト { } で送ってください。"),
    "answer_unreadable": gettext_lazy("true か false、0以上の整数、選ぶ答えの名前のどれかにしてください。"),
    "moment_not_text": gettext_lazy("日時は文字列で送ってください。例：2026-12-02T09:00:00+09:00"),
    "moment_unreadable": gettext_lazy(
        "この日時は、ありません。例：2026-12-02T09:00:00+09:00（24:00は次の日の00:00）"
    ),
    "moment_naive": gettext_lazy("時差（+09:00 など）も書いてください。例：2026-12-02T09:00:00+09:00"),
    "day_unreadable": gettext_lazy("この日付は、ありません。例：2026-12-02"),
    "clock_unreadable": gettext_lazy("この時刻は、ありません。例：09:00"),
    "date_unknown": gettext_lazy("この日は、このくり返しの予約にありません。"),
    "alternative_unknown": gettext_lazy("この代わりの部屋や時間は、えらべません。"),
    "day_far_away": gettext_lazy("2000年から2100年までの日にしてください。"),
    "text_unprintable": gettext_lazy("使えない文字（制御文字）が入っています。"),
    "text_empty": gettext_lazy("何か書いてください。"),
    "address_unreadable": gettext_lazy("メールアドレスの形が正しくありません。"),
    "rooms_or_facility": gettext_lazy("room か facility のどちらかを送ってください。"),
    "staff_only": gettext_lazy("この項目は、職員だけが送れます。"),
    "one_resident": gettext_lazy("resident か resident_id のどちらか一つを送ってください。"),
}


def read_body(model: type[Model], data: Any) -> Model:
    """Return a request's body as ``model``. Raises InvalidInput with JSON pointers."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(_mistakes(error, "pointer")) from error


def read_query(model: type[Model], query: QueryDict) -> Model:
    """Return a request's query as ``model``; a repeated name is a list. Raises InvalidInput with parameters."""
    lists = {name for name, field in model.model_fields.items() if field.default_factory is list}
    values = {
        name: values if name in lists or len(values) > 1 else values[0] for name, values in query.lists()
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(_mistakes(error, "parameter")) from error


def say(kind: str) -> str:
    """Return the sentence for a kind of mistake in the caller's language."""
    return str(_SENTENCES[kind])


def _mistakes(error: ValidationError, place: Literal["pointer", "parameter"]) -> list[dict[str, str]]:
    found = error.errors(include_url=False, include_input=False)
    return [{place: _place(mistake["loc"], place), "detail": _sentence(mistake)} for mistake in found[:50]]


def _place(location: tuple[int | str, ...], place: str) -> str:
    # A name that was never ours may hold anything, so it is cut; RFC 6901 escapes ~ and /.
    parts = [str(part)[:100].replace("~", "~0").replace("/", "~1") for part in location]
    if place == "parameter":
        return parts[0] if parts else ""
    return "".join(f"/{part}" for part in parts)


def _sentence(mistake: Mapping[str, Any]) -> str:
    words = _SENTENCES.get(mistake["type"])
    if words is None:
        return _("この値は使えません。")
    text = str(words)
    for name, value in (mistake.get("ctx") or {}).items():
        text = text.replace("{" + name + "}", str(value))
    return text
