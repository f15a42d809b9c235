"""Mistakes in a document, said to the person who wrote it: line, field, reason in Japanese and English."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake. Line and column count from 1; `field` is the way to it: `facilities[0].rooms[2].fee`."""

    line: int
    column: int
    field: str
    reason_ja: str
    reason_en: str


class InvalidDocument(Exception):
    """規則の文書に誤りがあります。"""

    code = "invalid_document"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """`problems` are all mistakes found, in the order of their lines."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [f"{problem.line}行目 {problem.field}: {problem.reason_ja}" for problem in self.problems]
        return "\n".join([(type(self).__doc__ or "").strip(), *lines])


def field_name(path: Path) -> str:
    """The way to a field in words: ("facilities", 0, "key") is `facilities[0].key`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "文書"


_SLUG = (
    "半角の英小文字で始め、英小文字・数字・ハイフンで書いてください (例: kaigi-1)。",
    "Start with a small letter; then small letters, digits and hyphens (e.g. kaigi-1).",
)
_COMMA = (
    "数字だけの項目があります。額の中のコンマなら、取ってください (1,200 は 1200 と書きます)。",
    "A field of mere digits: leave out the comma in an amount (1200).",
)
_PATTERNS: Mapping[str, tuple[str, str]] = {
    "^[0-9]{6}$": (
        '数字6けたを引用符で囲んで書いてください (例: "132284")。',
        'Write six digits in quotes (e.g. "132284").',
    ),
}
_TYPES: Mapping[str, tuple[str, str]] = {
    "missing": ("この項目が必要です。", "This field is required."),
    "int_type": (
        "整数で書いてください (引用符・「円」・「%」・コンマは付けません)。",
        "Write a whole number, without quotes, units or commas.",
    ),
    "string_type": (
        "文字で書いてください (数字だけのときは引用符で囲みます)。",
        "Write text (put quotes around mere digits).",
    ),
    "string_too_short": ("空にはできません。", "This must not be empty."),
    "string_too_long": ("長すぎます ({max_length}字まで)。", "Too long (at most {max_length} characters)."),
    "bool_type": ("true か false で書いてください。", "Write true or false."),
    "date_type": (
        "日付は 2027-04-01 の形で書いてください (存在する日付に限ります)。",
        "Write a date that exists, as 2027-04-01.",
    ),
    "dict_type": ("「項目: 値」の形で書いてください。", "Write fields as `name: value` here."),
    "model_type": ("「項目: 値」の形で書いてください。", "Write fields as `name: value` here."),
    "tuple_type": (
        "一覧 ([a, b] または行頭に - ) で書いてください。",
        "Write a list here: [a, b] or lines with -.",
    ),
    "too_short": ("少なくとも{min_length}つ書いてください。", "Write at least {min_length}."),
    "greater_than_equal": ("{ge}以上の数にしてください。", "The number must be at least {ge}."),
    "less_than_equal": ("{le}以下の数にしてください。", "The number must be at most {le}."),
    "literal_error": ("使えるのは {expected} です。", "Use one of {expected}."),
    "clock": (
        "時刻は 09:00 の形で書いてください。翌日の10時は 34:00 か 翌10:00 です (72:00 まで)。",
        "Write a time as 09:00; ten o'clock of the next day as 34:00 (72:00 at most).",
    ),
    "span": ("時間帯は 09:00-22:00 の形で書いてください。", "Write a span of time as 09:00-22:00."),
    "span_order": (
        "終わりの時刻は始まりより後にしてください (翌日の10時までなら 15:00-翌10:00)。",
        "The end must be after the start (until ten of the next day: 15:00-34:00).",
    ),
    "number_span": (
        "数は 5、1000..2999、6000..、..4 の形で、選択肢は key で、はい・いいえは true か false で書いてください。",
        "Write numbers as 5, 1000..2999, 6000.. or ..4, choices by key, yes or no as true or false.",
    ),
    "share": (
        "割合は 5割、50%、1/3、1.5倍 のように、単位をつけて書いてください。",
        "Write a share with its unit: 5割, 50%, 1/3 or 1.5倍.",
    ),
    "month_day": (
        "same (同じ日)、month_start (初日)、month_end (末日) か、1〜31 の数で書いてください (-2 は末日の前日)。",
        "Write same, month_start, month_end or a number from 1 to 31 (-2 is the day before the last).",
    ),
    "points": ("点数は 1 や 0.5 の形で書いてください。", "Write points as 1 or 0.5."),
    "no_such_date": ("この日付は存在しません。", "This date does not exist."),
    "date_span": (
        "日付は 12-28..01-04 (毎年) または 2027-05-01..2027-05-10 の形で書いてください。",
        "Write days as 12-28..01-04 (every year) or 2027-05-01..2027-05-10.",
    ),
    "date_span_order": (
        "終わりの日は始まりの日より前にできません。",
        "The last day must not be before the first.",
    ),
}


def reason_for(kind: str) -> str:
    """What a value that cannot be read should be, in Japanese, by the type of the error."""
    return _TYPES[kind][0] if kind in _TYPES else kind


def explain(error: ErrorDetails, known: Sequence[str]) -> tuple[str, str]:
    """What a pydantic error means, in Japanese and English; `known` are the fields allowed there."""
    kind, context = error["type"], _plain(error.get("ctx", {}))
    if kind == "extra_forbidden":
        return _unknown_field(str(error["loc"][-1]), known)
    if kind == "string_pattern_mismatch" and error["loc"][-1] == "[key]" and str(error["loc"][-2]).isdigit():
        return _COMMA
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context.get("pattern")), _SLUG)
    words = _TYPES.get(kind)
    if words is None:
        return f"値が正しくありません ({error['msg']})。", f"The value is not right ({error['msg']})."
    japanese, english = words[0].format(**context), words[1].format(**context)
    return (japanese.replace(" or ", " か "), english)


def _plain(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value) for key, value in context.items()}


def _unknown_field(name: str, known: Sequence[str]) -> tuple[str, str]:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    if near:
        return (
            f"「{name}」という項目はありません。「{near[0]}」のことですか。",
            f"There is no field “{name}”. Did you mean “{near[0]}”?",
        )
    return (
        f"「{name}」という項目はありません。使えるのは {'、'.join(known)} です。",
        f"There is no field “{name}”. The fields here are {', '.join(known)}.",
    )
