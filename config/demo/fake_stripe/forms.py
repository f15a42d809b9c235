"""What a call brings: parameters in Stripe's bracketed form encoding, and the problems they can be."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Row = dict[str, Any]

_INDEX = re.compile(r"\[\d*\]")
_WHOLE = re.compile(r"-?\d{1,18}")
_MOST_WORDS, _LONGEST_KEY, _LONGEST_WORD = 50, 40, 500


@dataclass
class Problem(Exception):
    """An error answer. ``kept``: the work had begun, so the idempotency key keeps this answer too."""

    message: str
    status: int = 400
    type: str = "invalid_request_error"
    code: str | None = None
    param: str | None = None
    kept: bool = False
    more: Row = field(default_factory=dict)

    def content(self) -> Row:
        """Return the body of the answer."""
        facts = {"code": self.code, "message": self.message, "param": self.param, "type": self.type}
        return {"error": {key: value for key, value in {**facts, **self.more}.items() if value is not None}}


@dataclass(frozen=True)
class Params:
    """The parameters of one call, by their names as sent: ``line_items[0][price_data][currency]``."""

    sent: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Params:
        """Read a query or a form body."""
        sent: dict[str, str] = {}
        for number, (key, value) in enumerate(parse_qsl(text, keep_blank_values=True)):
            sent[key.replace("[]", f"[{number}]")] = value
        return cls(sent)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Raise Problem for the first parameter that the route does not know."""
        for key in self.sent:
            general = _INDEX.sub("[]", key)
            if general not in known and re.sub(r"\[[^\]]*\]$", "[*]", key) not in known:
                raise Problem(f"Received unknown parameter: {key}", code="parameter_unknown", param=key)

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return a parameter; an empty one is none."""
        return self.sent.get(key) or default

    def needed(self, key: str) -> str:
        """Return a parameter that must be there."""
        value = self.sent.get(key)
        if not value:
            raise Problem(f"Missing required param: {key}.", code="parameter_missing", param=key)
        return value

    def whole(self, key: str, default: int | None = None) -> int | None:
        """Return a whole number."""
        value = self.sent.get(key)
        if value is None:
            return default
        if not _WHOLE.fullmatch(value):
            raise Problem(f"Invalid integer: {value}", code="parameter_invalid_integer", param=key)
        return int(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self.sent.get(key, "true" if default else "false")
        if value not in {"true", "false"}:
            raise Problem(f"Invalid boolean: {value}", param=key)
        return value == "true"

    def one_of(self, key: str, choices: Collection[str], default: str | None = None) -> str | None:
        """Return one of the words that are allowed."""
        value = self.text(key, default)
        if value is not None and value not in choices:
            allowed = ", ".join(sorted(choices))
            raise Problem(f"Invalid {key}: must be one of {allowed}", param=key)
        return value

    def address(self, key: str) -> str:
        """Return a web address that must be there."""
        value = self.needed(key)
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise Problem("Not a valid URL", code="url_invalid", param=key)
        return value

    def words(self, key: str) -> list[str]:
        """Return a list of words."""
        pattern = re.compile(re.escape(key) + r"\[\d*\]")
        return [value for name, value in self.sent.items() if pattern.fullmatch(name)]

    def table(self, key: str) -> dict[str, str]:
        """Return a table of free keys, such as metadata."""
        pattern = re.compile(re.escape(key) + r"\[([^\]]+)\]")
        found = {match[1]: value for name, value in self.sent.items() if (match := pattern.fullmatch(name))}
        if len(found) > _MOST_WORDS:
            raise Problem(f"{key} can have at most {_MOST_WORDS} keys.", param=key)
        for name, value in found.items():
            if len(name) > _LONGEST_KEY or len(value) > _LONGEST_WORD:
                raise Problem(
                    f"{key}: a key has at most {_LONGEST_KEY} characters and a value at most {_LONGEST_WORD}.",
                    param=f"{key}[{name}]",
                )
        return {name: value for name, value in found.items() if value}

    def items(self, key: str) -> list[str]:
        """Return the names of the items of a list of tables: ``["line_items[0]", …]``."""
        pattern = re.compile(re.escape(key) + r"\[(\d+)\]\[")
        numbers = {int(match[1]) for name in self.sent if (match := pattern.match(name))}
        return [f"{key}[{number}]" for number in sorted(numbers)]

    def has(self, key: str) -> bool:
        """Whether this parameter, or one within it, was sent."""
        return any(name == key or name.startswith(f"{key}[") for name in self.sent)
