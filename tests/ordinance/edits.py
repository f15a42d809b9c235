"""Every field a document can hold, and a document in which it says something else: made from the clauses themselves,
so that a field added to them is tried from its first day on."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

from facilities.ordinance.document import clauses
from facilities.ordinance.document.clauses import Part, When
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.document.values import DateSpan, NumberSpan

Path = tuple[str | int, ...]
# The same whole numbers and texts in every sample; none of them stands in an example.
NUMBER, TEXT = 77, "zz-sample"


def parts_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """Every part of a document with its path."""
    if isinstance(value, Part):
        yield path, value
        for field in type(value).model_fields:
            yield from parts_of(getattr(value, field), (*path, field))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from parts_of(one, (*path, key))
    elif isinstance(value, (tuple, list)):
        for place, one in enumerate(value):
            yield from parts_of(one, (*path, place))


def at(value: Any, path: Path) -> Any:
    """What stands at a path. Raises where there is nothing."""
    for step in path:
        value = value[step] if isinstance(value, (tuple, list, Mapping)) else getattr(value, str(step))
    return value


def replaced(value: Any, path: Path, new: Any) -> Any:
    """The same document with another value at a path."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, Part):
        return value.model_copy(update={str(step): replaced(getattr(value, str(step)), rest, new)})
    if isinstance(value, Mapping):
        return {**value, step: replaced(value[step], rest, new)}
    assert isinstance(step, int)
    return (*value[:step], replaced(value[step], rest, new), *value[step + 1 :])


def sample(annotation: Any, old: Any = None, depth: int = 0, limits: tuple[Any, ...] = ()) -> Any:
    """A value of a type, within its limits, that differs from the old one (the same where there is no other)."""
    annotation, limits = _plain(annotation, limits)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return next((one for one in arguments if one != old), old)
    if origin in (Union, types.UnionType):
        kinds = [one for one in arguments if one is not type(None)]
        return sample(kinds[0], old, depth, limits)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is not Ellipsis:
            return (421, 487)
        return (sample(arguments[0], old[0] if old else None, depth),)
    if origin is dict:
        return {TEXT: sample(arguments[1], None, depth)}
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return _part(annotation, depth)
    return _simple(annotation, old, limits)


def _plain(annotation: Any, limits: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    while True:
        if isinstance(annotation, (str, ForwardRef)):
            name = annotation if isinstance(annotation, str) else annotation.__forward_arg__
            annotation = getattr(clauses, name)
        elif get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            limits = (*limits, *(one for field in more for one in getattr(field, "metadata", ())))
        else:
            return annotation, limits


def _simple(annotation: Any, old: Any, limits: tuple[Any, ...]) -> Any:
    least = max((one.ge for one in limits if hasattr(one, "ge")), default=0)
    most = min((one.le for one in limits if hasattr(one, "le")), default=NUMBER + 1)
    numbers = [one for one in (NUMBER, NUMBER + 1, 29, 11, 5, 4, 3, 2) if least <= one <= most and one != old]
    samples: dict[Any, Any] = {
        bool: not old,
        int: (numbers or [old])[0],
        str: TEXT if old != TEXT else TEXT + "-2",
        Fraction: Fraction(7, 9),
        NumberSpan: NumberSpan(NUMBER, NUMBER + 11),
        DateSpan: DateSpan(date(2031, 7, 17), date(2031, 7, 19), False),
        date: date(2031, 7, 17),
        Any: TEXT,
    }
    return samples[annotation]


def _part(kind: type[Part], depth: int) -> Part:
    """A part of a kind: what it must have, and at the top whatever it may have of simple values."""
    fields = {name: field for name, field in kind.model_fields.items() if field.is_required()}
    if not fields and depth < 3:
        fields = dict(list(kind.model_fields.items())[:1])
    values = {
        name: sample(field.annotation, None, depth + 1, tuple(field.metadata))
        for name, field in fields.items()
    }
    extra = {"__pydantic_extra__": {}} if issubclass(kind, When) else {}
    return kind.model_construct(**values, **extra)


def every_edit(documents: Mapping[str, Ordinance]) -> Iterator[tuple[str, Ordinance, Path, Any]]:
    """For every field of every kind of part: its name, a document, where the field stands, and another value.

    Kinds that stand in no example are put into one by the field that holds them.
    """
    places: dict[type[Part], tuple[Ordinance, Path]] = {}
    for document in sorted(documents.values(), key=lambda one: len(str(one))):
        for path, part in parts_of(document):
            places.setdefault(type(part), (document, path))
    waiting = list(places)
    while waiting:
        kind = waiting.pop(0)
        document, path = places[kind]
        part = at(document, path)
        for field, info in kind.model_fields.items():
            value = sample(info.annotation, getattr(part, field), limits=tuple(info.metadata))
            value = f"{TEXT}-{field}".replace("_", "-") if value == TEXT else value
            if value == getattr(part, field):
                continue  # a field with one possible value
            yield f"{kind.__name__}.{field}", document, (*path, field), value
            changed = replaced(document, (*path, field), value)
            for inner_path, inner in parts_of(value, (*path, field)):
                if type(inner) not in places:
                    places[type(inner)] = (changed, inner_path)
                    waiting.append(type(inner))


def kinds_of(kind: type[Part], found: set[type[Part]] | None = None) -> set[type[Part]]:
    """A kind of part and all kinds that can stand in it."""
    found = set() if found is None else found
    if kind not in found:
        found.add(kind)
        for field in kind.model_fields.values():
            for inner in _inside(field.annotation):
                if isinstance(inner, type) and issubclass(inner, Part):
                    kinds_of(inner, found)
    return found


def fixed_words(annotation: Any) -> list[str]:
    """The words of which a field may hold one."""
    return [
        one
        for inner in _inside(annotation)
        if get_origin(inner) is Literal
        for one in get_args(inner)
        if isinstance(one, str)
    ]


def _inside(annotation: Any) -> list[Any]:
    annotation, _ = _plain(annotation, ())
    inner = [] if get_origin(annotation) is Literal else get_args(annotation)
    return [annotation, *(one for each in inner if each is not Ellipsis for one in _inside(each))]
