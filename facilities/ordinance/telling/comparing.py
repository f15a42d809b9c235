"""What differs between two documents, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from facilities.ordinance.document.clauses import Part, Rule
from facilities.ordinance.document.fee_clauses import Charge
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.telling.chapters import Chapter, Path, Row, Sentence, Table
from facilities.ordinance.telling.matching import keeps_order, pairs_of
from facilities.ordinance.telling.naming import Names, names_of
from facilities.ordinance.telling.places import part_name, step_into, where
from facilities.ordinance.telling.saying import PHRASES, field_by_field, say_field, say_part, written
from facilities.ordinance.telling.words import Words, capital, same, say, together

Kind = Literal["added", "removed", "changed"]
_NOTHING = Words("定めなし", "nothing")
_MOST = 5
_BESIDE = frozenset({"article", "note", "assumed", "table", "choose", "when", "unless"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, in both languages. `path` is its place in the new document; of what was
    removed, in the old one."""

    kind: Kind
    ja: str
    en: str
    path: Path


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents: its names, and what it tells, by path."""

    document: Ordinance
    names: Names
    told: tuple[Chapter, ...]
    texts: dict[Path, list[Words]] = field(default_factory=dict)

    def detail(self, path: Path, part: Any, name: str) -> Words:
        """What this document tells about a place and all below it; field by field where nothing is told."""
        if not self.texts:
            self._collect()
        found = [words for at, texts in self.texts.items() if at[: len(path)] == path for words in texts]
        found = list(dict.fromkeys(found))
        if not found:
            return say_field(name, part, self.names)
        more = len(found) - _MOST
        rest = say("ほか{n}件", "and {n} more", n=more) if more > 0 else Words("", "")
        return together([*found[:_MOST], rest], " ", " ")

    def _collect(self) -> None:
        parts = [part for one in self.told for section in one.sections for part in section.parts]
        rows = [row for part in parts if isinstance(part, Table) for row in part.rows]
        told: list[Sentence | Row] = [part for part in parts if isinstance(part, Sentence)]
        for one in [*told, *rows]:
            self.texts.setdefault(one.path, []).append(_text(one))


def side_of(document: Ordinance, told: tuple[Chapter, ...]) -> Side:
    """A document with what is needed to name its places. `told` is what `tell` gives of it."""
    kept = tuple(one for one in told if one.key not in ("assumed", "keys"))
    return Side(document, names_of(document), kept)


def differences(old: Side, new: Side) -> Iterator[Difference]:
    """What differs, in the order of the document."""
    yield from _Comparison(old, new).parts(old.document, new.document, (), ())


def _text(told: Sentence | Row) -> Words:
    if isinstance(told, Sentence):
        return Words(told.ja, told.en)
    cells = together(Words(one.ja, one.en) for one in told.cells if one.ja != "—")
    return Words(cells.ja + "。", cells.en + ".")


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: Side
    new: Side

    def parts(self, old: Part, new: Part, at_old: Path, at_new: Path) -> Iterator[Difference]:
        """Two parts of a kind, field by field; a price of another kind as a whole."""
        fields = list(dict.fromkeys([*type(old).model_fields, *type(new).model_fields]))
        if isinstance(old, Charge) and isinstance(new, Charge) and _manner(old) != _manner(new):
            yield self._price(old, new, at_new)
            fields = [one for one in fields if one in _BESIDE]
        for one in fields:
            before, after = getattr(old, one, None), getattr(new, one, None)
            if before != after:
                yield from self.values(one, before, after, (*at_old, one), (*at_new, one))

    def values(self, name: str, old: Any, new: Any, at_old: Path, at_new: Path) -> Iterator[Difference]:
        """Two values of a field that are not the same."""
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self._mappings(name, old, new, at_old, at_new)
        elif _are_lists_of_parts(old, new):
            yield from self._lists(name, old, new, at_old, at_new)
        elif _has_inner(old) and type(old) is type(new):
            yield from self.parts(old, new, at_old, at_new)
        elif _has_inner(new) and not old:
            yield self._added(name, new, at_new)
        elif _has_inner(old) and not new:
            yield self._removed(name, old, at_old)
        else:
            yield self._changed(name, old, new, at_new)

    def _mappings(
        self, name: str, old: Mapping[str, Any], new: Mapping[str, Any], at_old: Path, at_new: Path
    ) -> Iterator[Difference]:
        for key in dict.fromkeys([*old, *new]):
            if key not in new:
                yield self._gone(name, key, old[key], (*at_old, key))
            elif key not in old:
                yield self._come(name, key, new[key], (*at_new, key))
            elif old[key] != new[key]:
                yield from self.values(name, old[key], new[key], (*at_old, key), (*at_new, key))
        if list(old) != list(new) and set(old) == set(new):
            yield self._reordered(name, [*old], [*new], at_new)

    def _lists(self, name: str, old: Any, new: Any, at_old: Path, at_new: Path) -> Iterator[Difference]:
        pairs = pairs_of(old, new)
        for place, one in enumerate(old):
            if place not in pairs:
                yield self._removed(name, one, (*at_old, place))
        for place, into in sorted(pairs.items(), key=lambda pair: pair[1]):
            if old[place] != new[into]:
                yield from self.values(name, old[place], new[into], (*at_old, place), (*at_new, into))
        for place, one in enumerate(new):
            if place not in pairs.values():
                yield self._added(name, one, (*at_new, place))
        if not keeps_order(pairs):
            before = [self._label(old[place], self.old, place) for place in sorted(pairs)]
            after = [self._label(new[place], self.new, place) for place in sorted(pairs.values())]
            yield self._reordered(name, before, after, at_new)

    def _come(self, name: str, key: str, value: Any, path: Path) -> Difference:
        if isinstance(value, Part) or _is_list_of_parts(value):
            return self._added(name, value, path)
        return self._changed(name, None, value, path)

    def _gone(self, name: str, key: str, value: Any, path: Path) -> Difference:
        if isinstance(value, Part) or _is_list_of_parts(value):
            return self._removed(name, value, path)
        return self._changed(name, value, None, path, of=self.old)

    def _added(self, name: str, part: Any, path: Path) -> Difference:
        words = say(
            "{where}が加わります。{detail}",
            "{where}: added. {detail}",
            where=where(self.new.document, path, self.new.names),
            detail=self.new.detail(path, part, name),
        )
        return Difference("added", *_both(_sourced(words, self.new, path)), path)

    def _removed(self, name: str, part: Any, path: Path) -> Difference:
        words = say(
            "{where}がなくなります。これまで: {detail}",
            "{where}: removed. Until now: {detail}",
            where=where(self.old.document, path, self.old.names),
            detail=self.old.detail(path, part, name),
        )
        return Difference("removed", *_both(_sourced(words, self.old, path)), path)

    def _changed(self, name: str, old: Any, new: Any, path: Path, of: Side | None = None) -> Difference:
        before, after = self._say(name, old, self.old), self._say(name, new, self.new)
        if before == after:
            before, after = (self._plainly(one) for one in (old, new))
        return self._from_to(before, after, path, of or self.new)

    def _price(self, old: Charge, new: Charge, path: Path) -> Difference:
        before, after = say_part(_bare(old), self.old.names), say_part(_bare(new), self.new.names)
        return self._from_to(before, after, path, self.new)

    def _reordered(self, name: str, before: list[Any], after: list[Any], path: Path) -> Difference:
        orders = [
            together(one if isinstance(one, Words) else same(one) for one in order)
            for order in (before, after)
        ]
        place = where(self.new.document, path, self.new.names)
        words = say(
            "{where}の順番: {old} → {new}",
            "Order of {where}: {old} → {new}",
            where=place,
            old=orders[0],
            new=orders[1],
        )
        return Difference("changed", *_both(words), path)

    def _from_to(self, before: Words, after: Words, path: Path, of: Side) -> Difference:
        place = where(of.document, path, of.names)
        words = say("{where}: {old} → {new}", "{where}: {old} → {new}", where=place, old=before, new=after)
        return Difference("changed", *_both(_sourced(words, of, path)), path)

    def _label(self, part: Any, side: Side, place: int) -> Words:
        return part_name(part, side.names) or say("{n}番目", "number {n}", n=place + 1)

    def _say(self, name: str, value: Any, side: Side) -> Words:
        if value is None or value == () or value == {}:
            return _NOTHING
        return say_field(name, value, side.names)

    def _plainly(self, value: Any) -> Words:
        """Where both are the same in words (two things of one name), what is written."""
        if isinstance(value, Part):
            return field_by_field(value, self.new.names)
        return _NOTHING if value is None else same(value)


def _both(words: Words) -> tuple[str, str]:
    return words.ja, capital(words).en


def _are_lists_of_parts(old: Any, new: Any) -> bool:
    """Whether two values are lists of parts, of which one may be empty."""
    return all(one == () or _is_list_of_parts(one) for one in (old, new))


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(_has_inner(one) for one in value)


def _has_inner(value: Any) -> bool:
    """Whether a value is a part that is compared field by field; days, cases and moments are said as a whole."""
    if not isinstance(value, Part):
        return False
    return isinstance(value, Rule) or not any(kind in PHRASES for kind in type(value).__mro__)


def _manner(charge: Charge) -> set[str]:
    """In what way a price is said: by the hour, by slot, …"""
    return set(written(charge)) - _BESIDE


def _bare(charge: Charge) -> Charge:
    """A price without the cases and sources beside it."""
    return Charge.model_construct(
        **{one: getattr(charge, one) for one in Charge.model_fields if one not in _BESIDE}
    )


def _sourced(words: Words, side: Side, path: Path) -> Words:
    """With the article of the rule in which a place stands."""
    value: Any = side.document
    article = None
    for step in path:
        value = step_into(value, step)
        if isinstance(value, Rule):
            article = value.article
    if not article or path[-1:] == ("article",):
        return words
    return say("{words}（{article}）", "{words} ({article})", words=words, article=article)
