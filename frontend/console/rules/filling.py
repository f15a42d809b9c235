"""A form for a part of the draft: made of its blanks, filled in, and turned back into plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from facilities.ordinance.document.calendar_clauses import Closure, Move
from facilities.ordinance.document.clauses import When
from facilities.ordinance.document.fee_clauses import Charge, Extra
from facilities.ordinance.document.ordinance import Room
from facilities.ordinance.reading.problems import Path, Problem, field_name
from frontend.console.rules.blanks import Blank, Group
from frontend.console.rules.fields import SeveralOfField, WrittenField, is_japanese
from frontend.console.rules.places import sentence_of
from frontend.console.rules.substitution import OTHER, SENTENCES, sentence_of_closure, with_sentence
from frontend.forms import PlainForm

SUBSTITUTION = "on_holidays"
# Shown even while empty; what else is empty waits under 「ほかの項目」.
_USUAL = {
    *(
        "name",
        "days",
        "time",
        "open",
        "usual",
        "percent",
        "take",
        "add",
        "times",
        "at_most",
        "opens",
        "closes",
    ),
    *(
        "months_before",
        "days_before",
        "at",
        "capacity",
        "unit",
        "mode",
        "weekdays",
        "nth",
        "dates",
        "holidays",
    ),
    *("yen_per_hour", "yen_per_slot", "yen", "address", "phone", "points", "discretionary", "article"),
    *("at_least_days_before", "causes", "who", "channels", "deadline", "moves", "fee"),
    *("calendar", "application", "cancellation"),
}
# Kinds of part of which other things are usual.
_USUAL_OF: dict[type, set[str]] = {
    Move: {"when", "by_days", "skip"},
    When: {"who", "purpose", "room", "slot"},
    Room: {"name", "capacity", "fee"},
    Charge: {"yen_per_hour", "yen_per_slot", "percent", "of", "article"},
    Extra: {"name", "unit", "fee", "article"},
}
# Filled in once, when the part is made; changed by nobody who need not.
_SELDOM = {"key", "name_en", "name_kana", "note", "assumed", "position"}


class PartForm(PlainForm):
    """The blanks of one part of the document."""

    def __init__(self, group: Group, data: Any = None, plain: Any = None) -> None:
        """``data``: what was sent; ``plain``: what is written now, where the form has a sentence for it."""
        self.group = group
        super().__init__(data, auto_id="id_%s")
        for blank in group.all():
            self.fields[blank.name] = blank.field
            self.initial[blank.name] = blank.field.shown(blank.plain)  # type: ignore[attr-defined]
        if group.model is Closure:
            self.fields[SUBSTITUTION] = forms.ChoiceField(
                label=_("どうしますか"), choices=list(SENTENCES.items()), widget=forms.RadioSelect
            )
            self.initial[SUBSTITUTION] = sentence_of_closure(plain)
        self._plain_words()

    def filled(self, plain: Any) -> dict[str, Any]:
        """The part as plain values: ``plain`` with what was filled in; what is not asked here stays."""
        new = _filled(self.group, plain if isinstance(plain, Mapping) else {}, self.cleaned_data)
        if SUBSTITUTION in self.changed_data:
            return with_sentence(new, self.cleaned_data[SUBSTITUTION])
        return new

    def show_problems(self, problems: Iterable[Problem], path: Path) -> None:
        """Put the document's mistakes at their fields; those elsewhere above the form."""
        for problem in problems:
            name = self._field_of(problem, path)
            words = problem.reason_ja if is_japanese() else problem.reason_en
            self.add_error(name, words if name else sentence_of(problem, is_japanese()))

    def _field_of(self, problem: Problem, path: Path) -> str | None:
        start = field_name(path) if path else ""
        if not problem.field.startswith(start):
            return None
        names = re.findall(r"[^.\[\]]+", problem.field[len(start) :])
        wanted = "-".join(one for one in names if not one.isdigit())
        fits = [name for name in self.fields if name == wanted or wanted.startswith(f"{name}-")]
        inside = [name for name in self.fields if wanted and name.startswith(f"{wanted}-")]
        return max(fits, key=len) if fits else next(iter(inside), None)

    def tree(self) -> dict[str, Any]:
        """For the page: what is shown at once, and what waits under 「ほかの項目」."""
        return self._shown(self.group)

    def _shown(self, group: Group) -> dict[str, Any]:
        usual: list[BoundField] = []
        other: list[BoundField] = []
        for blank in group.blanks:
            (usual if self._is_usual(blank, group) else other).append(self[blank.name])
        usual_here = _usual_of(group)
        groups = [
            (one.written or one.path[-1] in usual_here or self._wrong(one), self._shown(one))
            for one in group.groups
            if one.blanks or one.groups
        ]
        if group.model is Closure and SUBSTITUTION in self.fields:
            return self._closure_shown(group, usual, other)
        return {
            "title": group.title,
            "usual": usual,
            "groups": [shown for at_once, shown in groups if at_once],
            "other": other,
            "other_groups": [shown for at_once, shown in groups if not at_once],
            "links": group.links,
            "open": any(bound.errors for bound in other),
        }

    def _closure_shown(
        self, group: Group, usual: list[BoundField], other: list[BoundField]
    ) -> dict[str, Any]:
        """A closure: what happens on holidays is one question; how it is written in detail waits below it."""
        inside = {str(one.path[-1]): one for one in group.groups if one.blanks or one.groups}
        detailed = [inside.pop(name) for name in ("unless", "moves")]
        asked = {
            "title": _("祝日に当たるとき"),
            "usual": [self[SUBSTITUTION]],
            "groups": [],
            "other": [],
            "other_groups": [self._shown(one) for one in detailed],
            "links": [],
            "open": self[SUBSTITUTION].value() == OTHER or any(map(self._wrong, detailed)),
        }
        at_once = [
            one for one in inside.values() if one.written or one.path[-1] == "days" or self._wrong(one)
        ]
        return {
            "title": group.title,
            "usual": usual,
            "groups": [*map(self._shown, at_once), asked],
            "other": other,
            "other_groups": [self._shown(one) for one in inside.values() if one not in at_once],
            "links": group.links,
            "open": any(bound.errors for bound in other),
        }

    def _is_usual(self, blank: Blank, group: Group) -> bool:
        bound: BoundField = self[blank.name]
        name = str(blank.path[-1])
        if bound.errors or (blank.field.required and blank.plain is None):
            return True
        if name in _SELDOM:
            return False
        sent = self.is_bound and bound.data not in (None, "", [])
        return blank.plain is not None or name in _usual_of(group) or bool(sent) or group.model is None

    def _wrong(self, group: Group) -> bool:
        return any(self[blank.name].errors for blank in group.all())


def _usual_of(group: Group) -> set[str]:
    """The names of what is shown at once of a group."""
    kinds = group.model.__mro__ if group.model else ()
    return next((_USUAL_OF[kind] for kind in kinds if kind in _USUAL_OF), _USUAL)


def _filled(group: Group, old: Mapping[str, Any], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    new = dict(old)
    for blank in group.blanks:
        _put(new, str(blank.path[-1]), _kept_form(blank, cleaned.get(blank.name)))
    for inner in group.groups:
        key = str(inner.path[-1])
        before = old.get(key)
        entry = before[0] if isinstance(before, tuple) and before else before
        filled = _filled(inner, entry if isinstance(entry, Mapping) else {}, cleaned)
        _put(new, key, (filled,) if filled and isinstance(before, tuple) else filled or None)
    return new


def _put(part: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        part.pop(key, None)
    else:
        part[key] = value


def _kept_form(blank: Blank, new: Any) -> Any:
    """What was filled in; as it was written before where it means the same."""
    old = blank.plain
    if new is None or old is None:
        # Nothing is not written, unless it was already said to be so (``deferred: false``).
        return old if new is None and old is False else new
    before = old if isinstance(old, tuple) or not isinstance(new, tuple) else (old,)
    if isinstance(blank.field, WrittenField):
        same = _read(blank.field, before) == _read(blank.field, new)
    elif isinstance(blank.field, SeveralOfField):
        same = set(map(str, before)) == set(map(str, new))
    else:
        same = before == new
    return old if same else new


def _read(field: WrittenField, plain: Any) -> Any:
    return [field.reader(one) for one in plain] if isinstance(plain, tuple) else field.reader(plain)
