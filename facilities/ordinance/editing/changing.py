"""Change a document's text at one place: every other line, comment, quote and anchor stays as it was written.

A path is the way to a place as in `Problem.field`: ("facilities", 0, "rooms", 2, "fee", "yen_per_hour"). Where the
text writes a single entry without a list, index 0 is that entry. A value that is shared by an anchor is written out
before it is changed, so that a change reaches the place that was named and no other.

Values are plain: texts, whole numbers, dates, true and false, lists and mappings of those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from facilities.ordinance.editing.yaml_splicing import Splicer, plain_of, same, unshared
from facilities.ordinance.editing.yaml_tree import Piece
from facilities.ordinance.errors import NoSuchPlace, NotEditable
from facilities.ordinance.reading.problems import InvalidDocument, Path

_MOST_STEPS = 10_000


def value_at(text: str, path: Path) -> Any:
    """The plain value at a place. Raises NoSuchPlace, InvalidDocument (no YAML)."""
    return _follow(plain_of(text), path)


def set_value(text: str, path: Path, value: Any) -> str:
    """The text with another value at a place; a field that is missing is added. Keeps what the two have in common.

    Raises NoSuchPlace (what should hold it is not there), NotEditable, InvalidDocument (no YAML).
    """
    return set_values(text, {path: value})


def set_values(text: str, values: Mapping[Path, Any]) -> str:
    """The text with other values at several places, in their order. Raises as `set_value`."""
    wanted = plain_of(text)
    for path, value in values.items():
        wanted = _with(wanted, path, _frozen(value))
    return _become(text, values, wanted)


def remove_value(text: str, path: Path) -> str:
    """The text without a field or an item. Raises NoSuchPlace, NotEditable, InvalidDocument (no YAML)."""
    parent = value_at(text, path[:-1]) if path else None
    value_at(text, path)
    if isinstance(parent, Mapping):
        return set_value(text, path[:-1], {key: one for key, one in parent.items() if key != path[-1]})
    return remove_item(text, path)


def add_item(text: str, path: Path, item: Any, position: int | None = None) -> str:
    """The text with an item more in the list at ``path`` (last, or before ``position``); a missing list is begun.

    Raises NoSuchPlace, NotEditable, InvalidDocument (no YAML).
    """
    items = _items(text, path)
    where = len(items) if position is None else position
    if not 0 <= where <= len(items):
        raise NoSuchPlace
    return set_value(text, path, (*items[:where], _frozen(item), *items[where:]))


def remove_item(text: str, path: Path) -> str:
    """The text without the item at ``path``. Raises NoSuchPlace, NotEditable, InvalidDocument (no YAML)."""
    items, index = _list_of(text, path)
    return set_value(text, path[:-1], (*items[:index], *items[index + 1 :]))


def move_item(text: str, path: Path, to: int) -> str:
    """The text with the item at ``path`` at another position of its list; comments above an item go with it.

    Raises NoSuchPlace, NotEditable, InvalidDocument (no YAML).
    """
    items, index = _list_of(text, path)
    if not 0 <= to < len(items):
        raise NoSuchPlace
    order = list(range(len(items)))
    order.insert(to, order.pop(index))
    if order == sorted(order):
        return text
    wanted = _with(plain_of(text), path[:-1], tuple(items[one] for one in order))
    unaliased = unshared(text, path[:-1])
    splicer, piece = _at(unaliased, path[:-1])
    splicer.reorder(piece, order)
    return _checked(splicer.result(), wanted)


def _items(text: str, path: Path) -> tuple[Any, ...]:
    try:
        found = value_at(text, path)
    except NoSuchPlace:
        value_at(text, path[:-1])
        return ()
    return found if isinstance(found, tuple) else (found,)


def _list_of(text: str, path: Path) -> tuple[tuple[Any, ...], int]:
    value_at(text, path)
    index = path[-1]
    if not isinstance(index, int):
        raise NoSuchPlace
    return _items(text, path[:-1]), index


def _become(text: str, values: Mapping[Path, Any], wanted: Any) -> str:
    """Take steps, each at most one change of structure, until every value is there."""
    plain = plain_of(text)
    values = {path: value for path, value in values.items() if not _is_there(plain, path, _frozen(value))}
    for path in values:
        text = unshared(text, path)
    for _step in range(_MOST_STEPS):
        splicer = Splicer(text)
        for path, value in values.items():
            _step_towards(splicer, path, _frozen(value))
            if splicer.restructured:
                break
        text = splicer.result()
        if not splicer.restructured:
            break
    return _checked(text, wanted)


def _step_towards(splicer: Splicer, path: Path, value: Any) -> None:
    piece = splicer.find(path)
    if piece is not None:
        splicer.change(piece, value)
        return
    parent = splicer.find(path[:-1])
    if parent is None or parent.kind != "mapping":
        raise NotEditable
    splicer.add_entry(parent, str(path[-1]), value)


def _at(text: str, path: Path) -> tuple[Splicer, Piece]:
    splicer = Splicer(text)
    piece = splicer.find(path)
    if piece is None:
        raise NotEditable
    return splicer, piece


def _checked(text: str, wanted: Any) -> str:
    """Nothing leaves here that reads differently from what was asked for."""
    try:
        if same(plain_of(text), wanted):
            return text
    except InvalidDocument:
        pass
    raise NotEditable


def _is_there(plain: Any, path: Path, value: Any) -> bool:
    try:
        return same(_follow(plain, path), value)
    except NoSuchPlace:
        return False


def _follow(value: Any, path: Path) -> Any:
    for part in path:
        if isinstance(value, Mapping) and isinstance(part, str):
            if part not in value:
                raise NoSuchPlace
            value = value[part]
        elif isinstance(value, tuple) and isinstance(part, int):
            if not 0 <= part < len(value):
                raise NoSuchPlace
            value = value[part]
        elif part != 0:
            raise NoSuchPlace
    return value


def _with(plain: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(plain, Mapping) and isinstance(part, str):
        if part not in plain and rest:
            raise NoSuchPlace
        return {**plain, part: _with(plain.get(part), rest, value)}
    if isinstance(plain, tuple) and isinstance(part, int):
        if not 0 <= part < len(plain):
            raise NoSuchPlace
        return (*plain[:part], _with(plain[part], rest, value), *plain[part + 1 :])
    if part != 0 or plain is None:
        raise NoSuchPlace
    return _with(plain, rest, value)


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _frozen(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_frozen(one) for one in value)
    return value
