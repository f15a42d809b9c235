"""From text to document and back. A mistake is answered with its line, never with a library's exception."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from facilities.ordinance.checking import check
from facilities.ordinance.document import Ordinance
from facilities.ordinance.problems import InvalidDocument, Path, Problem, explain, field_name

MAX_CHARACTERS = 1_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 40


class Places:
    """Where each field of a text stands: line and column, counted from 1."""

    def __init__(self) -> None:
        """Starts empty; the top of the text is line 1."""
        self.known: dict[Path, tuple[int, int]] = {(): (1, 1)}

    def find(self, path: Path) -> tuple[int, int]:
        """Line and column of a field; of what encloses it where it is not written."""
        walked: Path = ()
        for part in path:
            if (*walked, part) in self.known:
                walked = (*walked, part)
        return self.known[walked]

    def problem(self, path: Path, reason_ja: str, reason_en: str) -> Problem:
        """A mistake at a field."""
        line, column = self.find(path)
        return Problem(line, column, field_name(path), reason_ja, reason_en)


def parse(text: str) -> Ordinance:
    """The document written in `text` (YAML).

    Raises InvalidDocument with every mistake found: of the YAML, else of fields and values,
    else of what refers to what.
    """
    places = Places()
    plain = _Reader(places).read(_load(text))
    try:
        document = Ordinance.model_validate(plain)
    except ValidationError as error:
        raise InvalidDocument(_explain_all(error, places)) from None
    mistakes = [places.problem(path, japanese, english) for path, japanese, english in check(document)]
    if mistakes:
        raise InvalidDocument(mistakes)
    return document


def write(document: Ordinance) -> str:
    """The text of a document, as `parse` reads it; fields left at their default are left out."""
    yaml = YAML()
    yaml.width = 110
    yaml.allow_unicode = True
    stream = io.StringIO()
    plain = document.model_dump(exclude_defaults=True)
    yaml.dump({"format": document.format, **plain}, stream)
    return stream.getvalue()


def _load(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise _broken(1, 1, "文書が大きすぎます (100万字まで)。", "The document is too large.")
    try:
        return YAML().load(text.removeprefix("\ufeff"))
    except DuplicateKeyError as error:
        line, column = _mark(error)
        name = text.removeprefix("\ufeff").splitlines()[line - 1].strip().split(":")[0].lstrip("- ")
        raise _broken(
            line, column, f"同じ項目「{name}」が二度書かれています。", f"“{name}” is written twice."
        ) from None
    except MarkedYAMLError as error:
        raise _syntax(error) from None
    except RecursionError:
        raise _broken(1, 1, "入れ子が深すぎます。", "The nesting is too deep.") from None
    except (YAMLError, ValueError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise _broken(
            line, 1, "読めない文字または値があります。", "There is a character or value that cannot be read."
        ) from None


def _mark(error: MarkedYAMLError) -> tuple[int, int]:
    mark = error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _syntax(error: MarkedYAMLError) -> InvalidDocument:
    line, column = _mark(error)
    if "\\t" in (error.problem or ""):
        return _broken(
            line,
            column,
            "タブは使えません。行頭は半角の空白で下げてください。",
            "Tabs are not allowed; indent with spaces.",
        )
    return _broken(
        line,
        column,
        f"YAML の書き方が正しくありません ({error.problem})。字下げ、コロンの後の空白、"
        "引用符の閉じ忘れを確かめてください。",
        f"This is not well-formed YAML ({error.problem}). Check indentation, the space after a colon, "
        "and quotes.",
    )


def _broken(line: int, column: int, reason_ja: str, reason_en: str) -> InvalidDocument:
    return InvalidDocument([Problem(line, column, "文書", reason_ja, reason_en)])


class _Reader:
    """Turns loaded YAML into plain values and notes where each stands."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.count = 0

    def read(self, value: Any, path: Path = ()) -> Any:
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            raise InvalidDocument(
                [
                    self.places.problem(
                        path[:3], "値の数または入れ子が多すぎます。", "There are too many values or levels."
                    )
                ]
            )
        if isinstance(value, CommentedMap):
            return {self._key(key, path): self._field(value, key, path) for key in value}
        if isinstance(value, CommentedSeq):
            return tuple(self._item(value, index, path) for index in range(len(value)))
        return self._scalar(value, path)

    def _key(self, key: Any, path: Path) -> str:
        return key if isinstance(key, str) else str(key)

    def _field(self, value: CommentedMap, key: Any, path: Path) -> Any:
        here = (*path, self._key(key, path))
        line, column = value.lc.data[key][:2] if key in (value.lc.data or {}) else (0, 0)
        self.places.known[here] = (line + 1, column + 1)
        return self.read(value[key], here)

    def _item(self, value: CommentedSeq, index: int, path: Path) -> Any:
        here = (*path, index)
        line, column = value.lc.item(index)
        self.places.known[here] = (line + 1, column + 1)
        return self.read(value[index], here)

    def _scalar(self, value: Any, path: Path) -> Any:
        if value is None or isinstance(value, bool):
            return value
        for kind in (str, int, float):
            if isinstance(value, kind):
                return kind(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise InvalidDocument(
            [
                self.places.problem(
                    path,
                    "この書き方の値は使えません。日付と時刻は引用符で囲んでください。",
                    "This kind of value is not used here.",
                )
            ]
        )


def _explain_all(error: ValidationError, places: Places) -> list[Problem]:
    found = []
    for details in error.errors(include_url=False, include_input=False):
        path = tuple(part for part in details["loc"] if part != "[key]")
        japanese, english = explain(details, _known_fields(path[:-1]))
        found.append(places.problem(path, japanese, english))
    return found


def _known_fields(path: Path) -> tuple[str, ...]:
    """The fields that may be written at a place of the document."""
    annotation: Any = Ordinance
    for part in path:
        if isinstance(part, int):
            continue
        model = _model_in(annotation)
        if get_origin(annotation) is dict:
            annotation = model
        elif model and part in model.model_fields:
            annotation = model.model_fields[part].annotation
    model = _model_in(annotation)
    return tuple(model.model_fields) if model else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation such as `tuple[Model, ...]`, `dict[Key, Model]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for one in get_args(annotation) if (model := _model_in(one))), None)
