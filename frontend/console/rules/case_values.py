"""A form for any worked case: one field for each thing it gives and each answer it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from facilities.ordinance.document import values
from facilities.ordinance.reading.problems import Path
from facilities.ordinance.telling.case_words import case_word
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.words import Words, capital, say
from frontend.console.rules import fields
from frontend.console.rules.blanks import said
from frontend.forms import PlainForm

_MOST = 1_000_000_000
_PARTS = {
    "given": ("{words}", "{words}"),
    "expect": ("正しい答え：{words}", "Right answer: {words}"),
}
# Of whose keys a mapping inside a case is, and of what its values are keys.
_INSIDE = {"question": "choice", "extra": "", "limit": "", "people": ""}


class CaseValuesForm(PlainForm):
    """What a worked case gives and expects; uses, events and applicants, which are lists of their own, stay."""

    def __init__(self, case: Mapping[str, Any], names: Names, data: Any = None) -> None:
        """``case``: the case as plain values of the document; ``names``: those of the document."""
        self.paths: dict[str, tuple[Path, Any]] = {}
        self.case, self.names = case, names
        super().__init__(data)
        for part in _PARTS:
            for path, words, field, plain in self._fields((part,), case[part], ""):
                name = "-".join(map(str, path))
                field.label = said(capital(say(*_PARTS[part], words=words)))
                self.fields[name], self.paths[name] = field, (path, plain)
                self.initial[name] = field.shown(plain)
        self.fields["why"] = fields.WordsField(
            label=gettext_lazy("理由"), max_length=500, long=True, required=False
        )
        self.initial["why"] = case.get("why", "")
        self._plain_words()

    def changed_values(self) -> dict[Path, Any]:
        """What was filled in otherwise than it was, by its path below the case."""
        found: dict[Path, Any] = {}
        for name, (path, plain) in self.paths.items():
            new = self.cleaned_data[name]
            # Slots are ticked in the document's order, whatever the order in which the case names them.
            same = set(new) == set(plain) if isinstance(plain, tuple) and new else new == plain
            if not same:
                found[path] = new
        if (self.cleaned_data["why"] or "") != self.case.get("why", ""):
            found[("why",)] = self.cleaned_data["why"]
        return found

    def _fields(
        self, path: Path, plain: Mapping[str, Any], kind: str
    ) -> Iterator[tuple[Path, Words, Any, Any]]:
        for key, value in plain.items():
            of, words = (_INSIDE[kind], self.names.of(kind, key)) if kind in _INSIDE else case_word(key)
            if isinstance(value, Mapping):
                for inner, name, field, plain_inside in self._fields((*path, key), value, of):
                    yield (
                        inner,
                        say("{it}（{name}）", "{it} ({name})", it=words, name=name),
                        field,
                        plain_inside,
                    )
                continue
            made = self._field(key, of, value)
            if made is not None:
                yield (*path, key), words, made, value

    def _field(self, key: str, kind: str, value: Any) -> Any:
        options = {one: said(name) for one, name in self.names.by_kind.get(kind, {}).items()}
        if isinstance(value, bool):
            return fields.OneOfField(
                options={True: said(Words("はい", "yes")), False: said(Words("いいえ", "no"))}
            )
        if isinstance(value, int):
            return fields.NumberField(min_value=-_MOST, max_value=_MOST)
        if isinstance(value, date):
            return fields.DayField()
        if isinstance(value, tuple):
            plain = all(isinstance(one, str) for one in value)
            return fields.SeveralOfField(options=options) if plain and options else None
        if not isinstance(value, str):
            return None
        if key == "time" and "-" in value:
            return fields.WrittenField(values.read_span, many=False)
        return fields.OneOfField(options=options) if options else fields.WordsField(max_length=500)
