"""Why the engine answered as it did, as a sentence in Japanese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from facilities.ordinance.document.clauses import Rule
from facilities.ordinance.document.values import write_clock
from facilities.ordinance.sentences import SENTENCES

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def say_day(day: date, language: str) -> str:
    """A date in words: 2027年8月1日, or 1 August 2027."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _say_moment(iso: str, language: str) -> str:
    moment = datetime.fromisoformat(iso)
    day = say_day(moment.date(), language)
    minutes = moment.hour * 60 + moment.minute
    if not minutes:
        return day
    return f"{day}{write_clock(minutes)}" if language == "ja" else f"{day}, {write_clock(minutes)}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that led to an answer. `params` holds numbers, names (`…_en` beside them) and ISO moments;
    `assumed` says that the rule is a practical value, not from the source."""

    code: str
    params: Mapping[str, str | int]
    article: str | None = None
    assumed: bool = False

    def sentence(self, language: str = "ja") -> str:
        """The reason in plain words, `ja` or `en` (any other language is answered in English)."""
        words = SENTENCES[self.code][0 if language == "ja" else 1]
        values: dict[str, str | int] = dict(self.params)
        if "at" in values:
            values["at"] = _say_moment(str(values["at"]), language)
        if "yen" in values:
            values["yen"] = f"{values['yen']:,}"
        return words.format(**values)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "code": self.code,
            "params": dict(self.params),
            "article": self.article,
            "assumed": self.assumed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reason:
        """The reason that `to_dict` wrote."""
        return cls(data["code"], dict(data["params"]), data["article"], data.get("assumed", False))


@dataclass(frozen=True, slots=True)
class RegistrationCheck:
    """One requirement of a registration, and whether the group meets it (None: not told, or for staff to see)."""

    requirement: Reason
    met: bool | None
    found: int | None = None


def reason_of(code: str, rule: Rule, **params: str | int) -> Reason:
    """A reason that carries the article of its rule."""
    return Reason(code, params, rule.article, rule.assumed)
