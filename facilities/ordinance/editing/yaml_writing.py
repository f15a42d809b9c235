"""Plain values as YAML, in the style of the examples: short things on one line, long ones in a block."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

WIDTH = 110
_FIRST = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~=<.+0-9]")
_NUMBERISH = re.compile(r"[-+.]?[0-9][0-9_.eExXoO+\-a-fA-F]*")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
_UNSAFE = set(",[]{}#&*!|>'\"%@`:?\\")


def scalar(value: Any, quote: str = "") -> str:
    """A text, number, date, yes or no; ``quote`` is the mark it was written with before, kept for texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if quote == "'" and _printable(text):
        return "'" + text.replace("'", "''") + "'"
    return text if quote != '"' and _is_plain(text) else _quoted(text)


def flow(value: Any) -> str:
    """A value on one line: ``{key: hall, days: [mon, tue]}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def block(value: Any, indent: int) -> str:
    """A value after ``key:``: on the same line when it is short, else in lines of its own below."""
    if isinstance(value, Mapping) and value and (_is_deep(value) or indent + len(flow(value)) > WIDTH):
        return "\n" + " " * (indent + 2) + entries(value, indent + 2)
    if isinstance(value, Sequence) and not isinstance(value, str) and value and _holds_mappings(value):
        start = "\n" + " " * (indent + 2) + "- "
        return "".join(start + item(one, indent + 4) for one in value)
    return " " + flow(value)


def item(value: Any, indent: int) -> str:
    """A value after ``- ``; ``indent`` is the column of the value."""
    if isinstance(value, Mapping) and value and (_is_deep(value) or indent + len(flow(value)) > WIDTH):
        return entries(value, indent)
    return flow(value)


def entries(value: Mapping[str, Any], indent: int) -> str:
    """The fields of a mapping, one below the other, the first without its indentation."""
    return ("\n" + " " * indent).join(f"{scalar(key)}:{block(one, indent)}" for key, one in value.items())


def _is_deep(value: Mapping[str, Any]) -> bool:
    return any(
        isinstance(one, Sequence) and not isinstance(one, str) and len(one) > 1 and _holds_mappings(one)
        for one in value.values()
    )


def _holds_mappings(value: Sequence[Any]) -> bool:
    return any(isinstance(one, Mapping) for one in value)


def _is_plain(text: str) -> bool:
    """Whether a text can stand without quotes, anywhere, and be read as the same text."""
    if not text or (not _FIRST.match(text) and not re.fullmatch(r"[0-9]+[^\x00-\x7f].*", text)):
        return False
    if text != text.strip() or text.lower() in _RESERVED or _NUMBERISH.fullmatch(text):
        return False
    return _printable(text) and not _UNSAFE & set(text)


def _printable(text: str) -> bool:
    return all(one == "\u3000" or one.isprintable() for one in text)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(one) for one in text) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign == "\n":
        return "\\n"
    if sign == "\u3000" or (sign.isprintable() and unicodedata.category(sign) != "Cs"):
        return sign
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08X}"
