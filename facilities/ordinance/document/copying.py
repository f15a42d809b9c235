"""One entry for several rooms of a kind: `copies` makes court-1, court-2 … of court, before anything is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_MOST = 60
_REFERRING = ("room", "with_room")


def expand_copies(plain: Any) -> Any:
    """A document (plain values) in which every room with `copies` is as many rooms.

    The first stands where the entry stood, the others at the end of the hall's rooms, so that every other entry keeps
    its place. Keys get the number (`court-1`), names too (`コート1`, or where `{n}` stands). Conditions that name
    the room mean all of them. What is not written as it should be is left for the reader to complain of.
    """
    if not isinstance(plain, Mapping) or not isinstance(plain.get("facilities"), Sequence):
        return plain
    made: dict[str, tuple[str, ...]] = {}
    halls = tuple(_hall(hall, made) for hall in plain["facilities"])
    if not made:
        return plain
    rest = {
        key: value if key in ("facilities", "cases") else _referring(value, made)
        for key, value in plain.items()
    }
    return {**rest, "facilities": _referring(halls, made)}


def _hall(hall: Any, made: dict[str, tuple[str, ...]]) -> Any:
    rooms = hall.get("rooms") if isinstance(hall, Mapping) else None
    if not isinstance(rooms, tuple):
        return hall
    first, more = [], []
    for room in rooms:
        copies = _copies(room)
        first.append(copies[0] if copies else room)
        more += copies[1:]
        if copies:
            made[str(room["key"])] = tuple(str(one["key"]) for one in copies)
    return {**hall, "rooms": (*first, *more)}


def _copies(room: Any) -> list[dict[str, Any]]:
    wanted = room.get("copies") if isinstance(room, Mapping) else None
    key = room.get("key") if isinstance(room, Mapping) else None
    if isinstance(wanted, bool) or not isinstance(key, str):
        return []
    if isinstance(wanted, int) and 2 <= wanted <= _MOST:
        return [_copy(room, number, None) for number in range(1, wanted + 1)]
    if (
        isinstance(wanted, tuple)
        and 2 <= len(wanted) <= _MOST
        and all(isinstance(one, (str, tuple)) for one in wanted)
    ):
        return [_copy(room, number, spaces) for number, spaces in enumerate(wanted, 1)]
    return []


def _copy(room: Mapping[str, Any], number: int, spaces: tuple[Any, ...] | None) -> dict[str, Any]:
    one = {name: value for name, value in room.items() if name != "copies"}
    one["key"] = f"{room['key']}-{number}"
    for field in ("name", "name_kana", "name_en"):
        text = room.get(field)
        if isinstance(text, str):
            spaced = f"{text} {number}" if field == "name_en" else f"{text}{number}"
            one[field] = text.replace("{n}", str(number)) if "{n}" in text else spaced
    if spaces is not None:
        one["spaces"] = spaces
    return one


def _referring(value: Any, made: Mapping[str, tuple[str, ...]]) -> Any:
    """The value with every room that was copied replaced by its copies (in `of`, by the first)."""
    if isinstance(value, tuple):
        return tuple(_referring(one, made) for one in value)
    if not isinstance(value, Mapping):
        return value
    found: dict[Any, Any] = {}
    for name, one in value.items():
        if name in _REFERRING and isinstance(one, (str, tuple)):
            keys = one if isinstance(one, tuple) else (one,)
            found[name] = tuple(key for each in keys for key in made.get(str(each), (each,)))
        elif name == "of" and isinstance(one, str) and one in made:
            found[name] = made[one][0]
        else:
            found[name] = _referring(one, made)
    return found
