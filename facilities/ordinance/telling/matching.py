"""Which entry of a new list is which entry of the old one: by key, by name, by whom it is for, by place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from facilities.ordinance.document.clauses import Part

Pairs = dict[int, int]
_FOR_WHOM = ("who", "causes", "channels", "time", "when", "unless")


def pairs_of(old: Sequence[Part], new: Sequence[Part]) -> Pairs:
    """Places of old entries with the places of the same entries in the new list.

    The same text first, then the same key or id, the same name, the same cases; what has no key then by its order.
    """
    pairs: Pairs = {}
    for same in (_itself, _key, _name, _cases):
        _pair(old, new, pairs, same)
    free_old = [place for place, one in enumerate(old) if place not in pairs and not _key(one)]
    taken = set(pairs.values())
    free_new = [place for place, one in enumerate(new) if place not in taken and not _key(one)]
    pairs.update(zip(free_old, free_new, strict=False))
    return pairs


def keeps_order(pairs: Pairs) -> bool:
    """Whether the entries that stayed stand in the same order as before."""
    places = [pairs[place] for place in sorted(pairs)]
    return places == sorted(places)


def _pair(
    old: Sequence[Part], new: Sequence[Part], pairs: Pairs, same: Callable[[Any], Hashable | None]
) -> None:
    taken = set(pairs.values())
    free: dict[Hashable, list[int]] = {}
    for place, one in enumerate(new):
        mark = same(one)
        if place not in taken and mark is not None:
            free.setdefault(mark, []).append(place)
    for place, one in enumerate(old):
        mark = same(one)
        if place not in pairs and mark is not None and free.get(mark):
            pairs[place] = free[mark].pop(0)


def _itself(part: Part) -> Hashable:
    return repr(part)


def _key(part: Part) -> Hashable | None:
    key = getattr(part, "key", None) or getattr(part, "id", None)
    return str(key) if key else None


def _name(part: Part) -> Hashable | None:
    name = getattr(part, "name", None)
    return str(name) if name else None


def _cases(part: Part) -> Hashable | None:
    if _key(part) or _name(part):
        return None
    return repr([getattr(part, field, None) for field in _FOR_WHOM])
