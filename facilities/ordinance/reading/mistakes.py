"""Mistakes of meaning in a document, and the checks that many parts share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from facilities.ordinance.document.clauses import AnyDays
from facilities.ordinance.reading.problems import Path

Mistake = tuple[Path, str, str]
"""Where, in Japanese, in English."""


def walk(part: Any, path: Path = ()) -> Iterator[tuple[BaseModel, Path]]:
    """Every piece of a document with the way to it."""
    if isinstance(part, tuple):
        for index, one in enumerate(part):
            yield from walk(one, (*path, index))
    elif isinstance(part, dict):
        for key, one in part.items():
            yield from walk(one, (*path, key))
    elif isinstance(part, BaseModel):
        yield part, path
        for key in type(part).model_fields:
            yield from walk(getattr(part, key), (*path, key))


def unique(keys: Iterable[str], path: Path, last: str = "key") -> Iterator[Mistake]:
    """Keys of a list that are used twice."""
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            yield (*path, index, last), f"「{key}」が二度使われています。", f"“{key}” is used twice."
        seen.add(key)


def refers(key: str | None, known: Iterable[str], path: Path) -> Iterator[Mistake]:
    """A key that names nothing in the document."""
    known = tuple(known)
    if key is not None and key not in known:
        listed = "、".join(known) or "なし"
        yield (
            path,
            f"「{key}」はこの文書にありません (あるもの: {listed})。",
            f"“{key}” is not in this document (there is: {', '.join(known) or 'none'}).",
        )


def days_mistakes(days: AnyDays, path: Path) -> Iterator[Mistake]:
    """Days that cannot be meant."""
    for index, one in enumerate(days):
        here = (*path, index)
        if not one.model_fields_set:
            yield here, "どの日かを書いてください (weekdays、holidays など)。", "Say which days."
        if one.nth and not one.weekdays:
            yield (*here, "nth"), "nth は weekdays と一緒に書いてください。", "nth needs weekdays."
        if 0 in one.nth or 0 in one.month_days:
            yield here, "0 番目の日はありません (月末は -1)。", "There is no 0th day (the last is -1)."
