"""The blanks of a form for any part of a rules document, made from what the format says the part may hold.

So a field that the format learns tomorrow can be filled in tomorrow; nobody writes a form for it.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, PlainValidator
from pydantic.fields import FieldInfo

from facilities.ordinance import Ordinance
from facilities.ordinance.document import values
from facilities.ordinance.document.clauses import Days, Rule, When
from facilities.ordinance.reading.problems import Path
from facilities.ordinance.telling.fixed_words import fixed_word
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import KNOWN, SETS, Names, names_of
from facilities.ordinance.telling.words import Words
from frontend.console.rules import fields

_READERS = {
    values.read_clock,
    values.read_span,
    values.read_date_span,
    values.read_number_span,
    values.read_share,
    values.read_points,
}
# Fields that hold keys, and of what (besides those of `SETS`).
_KEYS = {
    "who": "who",
    "purpose": "purpose",
    "causes": "cause",
    "room": "room",
    "with_room": "room",
    "slot": "slot",
    "combines": "slot",
    "spaces": "space",
    "skip_closures": "closure",
    "to": "extra",
    "covers": "extra",
    "excludes": "extra",
    "of": "room",
    "per": "question",
    "usual": "choice",
}
_ALSO = {"to": ("fee",), "covers": ("fee",), "of": ("fee", "adjusted-fee"), "per": ("headcount",)}
_HELP = {
    "key": _("予約や文書の中で使う記号です。半角の英小文字で始め、英小文字・数字・ハイフンで書きます。"),
    "percent": _("％の数。例：50"),
    "by_days": _("休みを何日うしろへずらすか。次の日なら 1、前の日なら -1。"),
    "add": _("増やす割合。例：5割、50%"),
    "take": _("減らす割合。例：5割、1/3"),
    "times": _("何倍にするか。例：1.5倍"),
    "article": _("条例・規則の条や別表。例：第5条、別表第1"),
}
_LONG = {"note", "discretionary", "discretionary_en"}
_WEEKDAYS = {"mon": "月", "tue": "火", "wed": "水", "thu": "木", "fri": "金", "sat": "土", "sun": "日"}
_NTH = {
    1: ("第1", "1st"),
    2: ("第2", "2nd"),
    3: ("第3", "3rd"),
    4: ("第4", "4th"),
    5: ("第5", "5th"),
    -1: ("最後", "last"),
}


@dataclass(slots=True)
class Blank:
    """One thing to fill in: where it stands below the part, and the form field."""

    path: Path
    field: forms.Field
    plain: Any

    @property
    def name(self) -> str:
        """The name of the form field."""
        return "-".join(map(str, self.path)) or "value"


@dataclass(slots=True)
class Group:
    """Blanks under one heading; ``links`` are parts inside that have pages of their own."""

    title: str
    model: type[BaseModel] | None = None
    blanks: list[Blank] = field(default_factory=list)
    links: list[tuple[str, Path, bool]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    path: Path = ()
    written: bool = False

    def all(self) -> Iterator[Blank]:
        """Every blank, those of the groups inside too."""
        yield from self.blanks
        for group in self.groups:
            yield from group.all()


@dataclass(frozen=True, slots=True)
class Kind:
    """What an annotation says, taken apart."""

    core: Any
    metadata: tuple[Any, ...]
    optional: bool
    many: bool = False
    single_too: bool = False

    @property
    def reader(self) -> Any:
        """How a written value is read, if it has a form of its own."""
        found = [one.func for one in self.metadata if isinstance(one, (BeforeValidator, PlainValidator))]
        return next((one for one in found if one in _READERS), None)

    def bound(self, kind: type, name: str) -> Any:
        """A bound of a number or a text, or None."""
        return next((getattr(one, name) for one in self.metadata if isinstance(one, kind)), None)

    @property
    def model(self) -> type[BaseModel] | None:
        """The kind of part, if it is one."""
        return self.core if isinstance(self.core, type) and issubclass(self.core, BaseModel) else None


class Maker:
    """Makes the blanks for parts of one document."""

    def __init__(self, document: Ordinance, plain: Mapping[str, Any]) -> None:
        """``plain``: the document's plain values, for the keys of its sets."""
        self.names: Names = names_of(document)
        self.plain = plain

    def group(self, model: type[BaseModel], plain: Any, title: str = "", path: Path = ()) -> Group:
        """The blanks for a part of this kind; ``plain`` is what is written now (None: nothing)."""
        group = Group(title, model, path=path, written=plain is not None)
        written: Mapping[str, Any] = plain if isinstance(plain, Mapping) else {}
        # Where a rule comes from is asked last.
        for name, info in sorted(model.model_fields.items(), key=lambda one: one[0] in Rule.model_fields):
            self._add(group, name, info, written.get(name), len(path))
        if model is When:
            for key in self.names.questions:
                blank = Blank((*path, key), self._answer_field(key), written.get(key))
                group.blanks.append(blank)
        return group

    def _add(self, group: Group, name: str, info: FieldInfo, plain: Any, depth: int) -> None:
        kind = kind_of(info.annotation, tuple(info.metadata))
        path = (*group.path, name)
        title = said(label(name, group.model))
        if get_origin(kind.core) is dict:
            self._add_mapping(group, path, title, kind, plain)
        elif kind.model is None:
            required = info.is_required() and not depth
            group.blanks.append(Blank(path, self._field(name, kind, title, required), plain))
        elif kind.many and (not kind.single_too or not _fits_here(kind.model, plain, depth)):
            group.links.append((title, path, plain is not None))
        else:
            inner = plain[0] if isinstance(plain, tuple) and plain else plain
            group.groups.append(self.group(kind.model, inner, title, path))

    def _add_mapping(self, group: Group, path: Path, title: str, kind: Kind, plain: Any) -> None:
        inner = kind_of(get_args(kind.core)[1])
        written: Mapping[str, Any] = plain if isinstance(plain, Mapping) else {}
        if inner.model is not None or inner.many:
            group.links += [
                (f"{title}：{said(self.names.of('extra', key))}", (*path, key), True) for key in written
            ]
            return
        keys = list(dict.fromkeys([*written, *self.names.by_kind["slot"]]))
        table = Group(title, path=path, written=bool(written))
        for key in keys if written or len(keys) <= 12 else []:
            name = said(self.names.of("slot", key))
            table.blanks.append(Blank((*path, key), self._field("yen", inner, name, False), written.get(key)))
        group.groups.append(table)

    def _field(self, name: str, kind: Kind, title: str, required: bool) -> forms.Field:
        facts: dict[str, Any] = {"label": title, "required": required}
        if name in _HELP:
            facts["help_text"] = _HELP[name]
        if kind.reader is not None:
            return fields.WrittenField(kind.reader, many=kind.many, **facts)
        options = self._options(name, kind)
        if options is not None:
            chooser = fields.SeveralOfField if kind.many else fields.OneOfField
            return chooser(options=options, **facts)
        if kind.core is bool:
            return fields.TickField(**{**facts, "required": False})
        if kind.core is int and not kind.many:
            return fields.NumberField(min_value=kind.bound(Ge, "ge"), max_value=kind.bound(Le, "le"), **facts)
        if kind.core is date:
            return fields.DayField(**facts)
        most = kind.bound(MaxLen, "max_length") or 500
        return fields.WordsField(many=kind.many, long=name in _LONG, max_length=most, **facts)

    def _options(self, name: str, kind: Kind) -> dict[Any, str] | None:
        literals = _literals(kind.core)
        if name in ("weekdays", "week_starts"):
            return {key: said(Words(japanese, key.capitalize())) for key, japanese in _WEEKDAYS.items()}
        if name == "nth":
            return {key: said(Words(*words)) for key, words in _NTH.items()}
        if name == "months" and kind.many:
            return {
                month: said(Words(f"{month}月", date(2000, month, 1).strftime("%b")))
                for month in range(1, 13)
            }
        if literals:
            options = {
                one: said(fixed_word(name, str(one)) or KNOWN.get(str(one)) or Words(str(one), str(one)))
                for one in literals
            }
            days = {day: said(Words(f"{day}日", f"day {day}")) for day in range(1, 32)}
            return options if get_origin(kind.core) is Literal else {**options, **days}
        if kind.core is int and kind.many and name == "month_days":
            days = {day: said(Words(f"{day}日", str(day))) for day in range(1, 32)}
            return {**days, -1: said(Words("末日", "last"))}
        sets = dict(SETS)
        if name in sets and kind.core is str:
            return {key: self.set_words(sets[name], key) for key in self.plain.get(sets[name], {})}
        if name in _KEYS and kind.core is str:
            return self._keys(name)
        if get_origin(kind.core) in (Union, types.UnionType):
            yes_or_no = {True: said(Words("はい", "yes")), False: said(Words("いいえ", "no"))}
            return {**yes_or_no, **self._keys(name)} if name in _KEYS else yes_or_no
        return None

    def set_words(self, chapter: str, key: str) -> str:
        """A named set as people know it: who follows it, and its key."""
        users = said(self.names.used_by(chapter, key))
        return f"{users}（{key}）" if users else key

    def _keys(self, name: str) -> dict[Any, str]:
        also = {key: said(KNOWN[key]) for key in _ALSO.get(name, ())}
        found = self.names.by_kind.get(_KEYS[name], {})
        return {**also, **{key: said(words) for key, words in found.items()}}

    def _answer_field(self, key: str) -> forms.Field:
        question = self.names.questions[key]
        facts: dict[str, Any] = {"label": said(self.names.of("question", key)), "required": False}
        if question.choices:
            options = {one.key: said(self.names.of("choice", one.key)) for one in question.choices}
            return fields.SeveralOfField(options=options, **facts)
        if question.unit:
            return fields.WrittenField(values.read_number_span, many=False, **facts)
        return fields.OneOfField(
            options={True: said(Words("はい", "yes")), False: said(Words("いいえ", "no"))}, **facts
        )


def said(words: Words) -> str:
    """A phrase in the page's language."""
    return words.ja if fields.is_japanese() else words.en


def _fits_here(model: type[BaseModel], plain: Any, depth: int) -> bool:
    """Whether a list that is usually one entry can be filled in on this page."""
    return model in (Days, When) and depth < 2 and not (isinstance(plain, tuple) and len(plain) > 1)


def _literals(core: Any) -> list[Any]:
    if get_origin(core) is Literal:
        return list(get_args(core))
    if get_origin(core) in (Union, types.UnionType):
        return [literal for one in get_args(core) for literal in _literals(one)]
    return []


def kind_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Kind:
    """Take apart what the format says of a field: a list or one, optional or not, and what it is at heart."""
    optional = many = single_too = False
    while True:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation, metadata = args[0], (*metadata, *args[1:])
        elif origin in (Union, types.UnionType) and type(None) in args:
            rest = [one for one in args if one is not type(None)]
            optional, annotation = True, rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
            if len(rest) > 1:
                return Kind(annotation, metadata, optional, many, single_too)
        elif origin is tuple and len(args) == 2 and args[1] is Ellipsis and not _read_whole(metadata):
            many, single_too = True, values.one_or_more in metadata
            annotation, metadata = args[0], ()
        else:
            return Kind(annotation, metadata, optional, many, single_too)


def _read_whole(metadata: tuple[Any, ...]) -> bool:
    return any(isinstance(one, PlainValidator) for one in metadata)
