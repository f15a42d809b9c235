"""Chapters for the document's named sets of rules: each says whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from facilities.ordinance.document.clauses import Part
from facilities.ordinance.telling.chapters import Chapter, Path
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.taking import Taking
from facilities.ordinance.telling.words import Words, same, say


def title_of(kind: str, key: str, subject: Words, names: Names, alone: bool) -> Words:
    """The title of a set: its subject, and who follows it unless there is only one set."""
    users = names.used_by(kind, key)
    if alone and users:
        return subject
    if not users:
        return say(
            "{subject}（どこでも使っていない: {key}）",
            "{subject} (used nowhere: {key})",
            subject=subject,
            key=same(key),
        )
    return say("{subject}（{users}）", "{subject} ({users})", subject=subject, users=users)


def chapters_of(
    kind: str,
    sets: Mapping[str, Part],
    subject: Words,
    names: Names,
    tell: Callable[[str, Words, Taking], Chapter],
) -> list[Chapter]:
    """One chapter for each set of a kind."""
    return [
        tell(
            f"{kind}-{key}",
            title_of(kind, key, subject, names, len(sets) == 1),
            Taking(part, (kind, key), names),
        )
        for key, part in sets.items()
    ]


def lists_of(
    kind: str,
    sets: Mapping[str, tuple[Any, ...]],
    subject: Words,
    names: Names,
    tell: Callable[[str, Words, Path, list[Taking]], Chapter],
) -> list[Chapter]:
    """One chapter for each set that is a list of parts."""
    return [
        tell(
            f"{kind}-{key}",
            title_of(kind, key, subject, names, len(sets) == 1),
            (kind, key),
            [Taking(part, (kind, key, place), names) for place, part in enumerate(parts)],
        )
        for key, parts in sets.items()
    ]
