"""Any value of any field in words: known kinds by their own phrase, all others as 項目: 値. Never raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from facilities.ordinance.document.clauses import Part
from facilities.ordinance.document.values import DateSpan, NumberSpan
from facilities.ordinance.telling import figures
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.labels import FIELDS, label
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.words import Words, either, listed, same, say, together

Phrase = Callable[[Any, Names], Words]
PHRASES: dict[type[Part], Phrase] = {}
_CLOCKS = {"at", "until", "since"}
_SPANS = {"time", "usual", "open", "within", "during"}
_MINUTES = {
    "minutes",
    "step",
    "minimum",
    "maximum",
    "counts_as",
    "turnaround",
    "minutes_before_start",
    "latest_minutes_before_start",
    "after_minutes",
    "accept_within_minutes",
    "start_step",
}
_EITHER = {
    "open_on",
    "when",
    "unless",
    "days",
    "skip",
    "day_after",
    "day_before",
    "since",
    "starts",
    "ends",
    "open_for",
}
_IN_DAYS = ("run_day", "run_days", "days_ahead", "days_since_booking")
# Fields that hold keys, and of what.
_KEYS = {
    "who": "who",
    "purpose": "purpose",
    "causes": "cause",
    "room": "room",
    "with_room": "room",
    "with_extra": "extra",
    "exempted": "ground",
    "kind": "day_kind",
    "slot": "slot",
    "combines": "slot",
    "spaces": "space",
    "skip_closures": "closure",
    "to": "extra",
    "covers": "extra",
    "excludes": "extra",
    "of": "room",
    "per": "question",
    "channel": "channel",
    "channels": "channel",
    "barred_roles": "role",
    "yen_per_slot": "slot",
}


def phrase(kind: type[Part]) -> Callable[[Phrase], Phrase]:
    """Makes a function the way to say a kind of part."""

    def keep(found: Phrase) -> Phrase:
        PHRASES[kind] = found
        return found

    return keep


def written(part: Part) -> list[str]:
    """The fields of a part that a document says something in: set, and not to what would hold anyway."""
    fields = type(part).model_fields
    found = [name for name, field in fields.items() if getattr(part, name) != field.default]
    return [name for name in found if getattr(part, name) not in ((), {})] + list(part.model_extra or {})


def say_field(field: str, value: Any, names: Names) -> Words:
    """The value of a field in words."""
    if isinstance(value, bool):
        return Words("はい", "yes") if value else Words("いいえ", "no")
    if isinstance(value, int) and not isinstance(value, bool):
        return _whole_number(field, value)
    if isinstance(value, str):
        return _text(field, value, names)
    if isinstance(value, (tuple, list)):
        return _several(field, value, names)
    if isinstance(value, Mapping):
        return together(_entry(field, key, one, names) for key, one in value.items())
    return _one_value(field, value, names)


def say_part(part: Part, names: Names) -> Words:
    """A part in words: by the phrase of its kind, or field by field."""
    for kind in type(part).__mro__:
        if kind in PHRASES:
            return PHRASES[kind](part, names)
    return field_by_field(part, names)


def field_by_field(part: Part, names: Names) -> Words:
    """A part of which nothing more is known than its fields."""
    return together(labelled(name, getattr(part, name), names, type(part)) for name in written(part))


def labelled(field: str, value: Any, names: Names, of: type | None = None) -> Words:
    """項目: 値."""
    words = say_field(field, value, names)
    return say("{label}: {words}", "{label}: {words}", label=_label(field, names, of), words=words)


def _label(field: str, names: Names, of: type | None) -> Words:
    return (
        label(field, of) if field in FIELDS or field not in names.questions else names.of("question", field)
    )


def _one_value(field: str, value: Any, names: Names) -> Words:
    if isinstance(value, Part):
        return say_part(value, names)
    if isinstance(value, Fraction):
        return figures.points(value) if field in ("points", "at_least") else figures.share(value)
    if isinstance(value, NumberSpan):
        return figures.numbers(value, _unit(field, names))
    if isinstance(value, DateSpan):
        return figures.dates(value)
    if isinstance(value, date):
        return figures.day(value)
    return same("" if value is None else value)


def _unit(field: str, names: Names) -> Words:
    question = names.questions.get(field)
    if question is not None and question.unit:
        return figures.unit_words(question.unit)
    units = {"headcount": "人", "minutes": "分"} | dict.fromkeys(_IN_DAYS, "日")
    return figures.unit_words(units[field]) if field in units else same("")


def _whole_number(field: str, value: int) -> Words:
    if field.startswith("yen") or field.endswith("yen") or field == "at_least":
        return figures.yen(value)
    if field in _CLOCKS:
        return figures.clock(value)
    if field in _MINUTES:
        return figures.minutes(value)
    if field.endswith("percent"):
        return Words(f"{value}%", f"{value}%")
    return same(value) if field == "format" else same(f"{value:,}")


def _text(field: str, value: str, names: Names) -> Words:
    if field == "weekdays" or field == "week_starts":
        return figures.WEEKDAYS.get(value) or same(value)
    fixed = fixed_word(field, value)
    if fixed:
        return fixed
    if field in _KEYS:
        return names.of(_KEYS[field], value)
    if field in names.questions:
        return names.of("choice", value)
    return same(value)


def _several(field: str, values: Any, names: Names) -> Words:
    if len(values) == 2 and field in _SPANS and all(isinstance(one, int) for one in values):
        return figures.span((values[0], values[1]))
    if field == "months" and all(isinstance(one, int) for one in values):
        return figures.months(values)
    if field == "month_days":
        return listed(figures.month_day(one) for one in values)
    words = [say_field(field, one, names) for one in values]
    if field in _EITHER:
        return either(words)
    return together(words) if any(isinstance(one, (Part, tuple)) for one in values) else listed(words)


def _entry(field: str, key: str, value: Any, names: Names) -> Words:
    name = names.of(_KEYS.get(field, "extra"), key)
    return say("{name} {words}", "{name} {words}", name=name, words=say_field(field, value, names))
