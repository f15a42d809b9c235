"""Where in a document something stands, in words: 中央公民館 › 会議室1 › 使用料."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from facilities.ordinance.document.clauses import Part
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.chapters import Path
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import SETS, Names
from facilities.ordinance.telling.saying import say_field
from facilities.ordinance.telling.sets import title_of
from facilities.ordinance.telling.words import NOTHING, Words, named, say, together

_SETS = frozenset(kind for _, kind in SETS)
# Containers whose own label says nothing beside what they contain.
_SILENT = frozenset({"table", "yen_per_slot", "rows", "slots", "choices"})
# What tells parts without a name from each other, the first that is written.
_IDENTITY = ("who", "causes", "channels", "time", "when", "unless")
_EVERY = Words("いつでも・だれでも", "in all other cases")


def top_label(field: str) -> Words:
    """What a field of the whole document is called."""
    return label(field, Ordinance)


def part_name(part: Any, names: Names) -> Words:
    """What a part of a list is called: its name, or for whom or when it holds; nothing where neither is written."""
    if not isinstance(part, Part):
        return NOTHING
    if getattr(part, "name", None):
        return named(part)
    fields = [field for field in _IDENTITY if getattr(part, field, None)]
    if not fields:
        return NOTHING
    return together(_identity(field, getattr(part, field), names) for field in fields)


def _identity(field: str, value: Any, names: Names) -> Words:
    words = say_field(field, value, names)
    return say("{it}を除く", "except {it}", it=words) if field == "unless" else words


def where(document: Ordinance, path: Path, names: Names) -> Words:
    """The way to a place of the document, a hall or a named set first."""
    steps: list[Words] = []
    value: Any = document
    for depth, step in enumerate(path):
        parent, value = value, step_into(value, step)
        if depth == 1 and path[0] in _SETS:
            kind, key = str(path[0]), str(step)
            alone = len(getattr(document, kind, {})) == 1
            steps[-1] = title_of(kind, key, steps[-1], names, alone)
            continue
        if isinstance(step, int):
            _number(steps, step, value, names, path[depth - 1])
        elif isinstance(parent, Mapping):
            steps.append(names.of("slot" if path[depth - 1] == "yen_per_slot" else "extra", step))
        elif step not in _SILENT:
            steps.append(label(step, type(parent)))
    return together(steps, " › ", " › ")


def _number(steps: list[Words], step: int, value: Any, names: Names, field: str | int) -> None:
    name = part_name(value, names) if isinstance(value, Part) else NOTHING
    if field in ("facilities", "rooms") and name:
        steps[-1] = name
        return
    if not isinstance(value, Part):
        return
    if not name and field in ("table", "windows", "refunds", "due"):
        name = _EVERY
    steps.append(name or say("{n}番目", "number {n}", n=step + 1))


def step_into(value: Any, step: str | int) -> Any:
    """What stands one step of a path further on; None where there is nothing."""
    try:
        return (
            value[step] if isinstance(step, int) or isinstance(value, Mapping) else getattr(value, step, None)
        )
    except (KeyError, IndexError, TypeError):
        return None
