"""From text to document and back. A mistake is answered with its line, never with a library's exception."""

from __future__ import annotations

import io
from datetime import date
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from facilities.ordinance.document.copying import expand_copies
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.reading.broken_text import WIDE_SIGN, explain_syntax, is_wide
from facilities.ordinance.reading.checking import check
from facilities.ordinance.reading.problems import InvalidDocument, Path, Problem, explain, field_name

MAX_CHARACTERS = 1_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 40
_LONGEST_NUMBER = 20


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
    plain = read_plain(text, places)
    try:
        document = Ordinance.model_validate(expand_copies(plain))
    except ValidationError as error:
        raise InvalidDocument(_explain_all(error, places)) from None
    mistakes = [places.problem(path, japanese, english) for path, japanese, english in check(document)]
    if mistakes:
        raise InvalidDocument(mistakes)
    return document


def read_plain(text: str, places: Places | None = None) -> Any:
    """The plain values of a text: mappings, tuples, texts, whole numbers, dates, true and false.

    Notes in `places` where each stands. Raises InvalidDocument for what is not YAML, or is written twice.
    """
    reader = _Reader(places or Places())
    plain = reader.read(_compose(text))
    if reader.twice:
        raise InvalidDocument(reader.twice)
    return plain


def write(document: Ordinance) -> str:
    """The text of a document, as `parse` reads it; fields left at their default are left out."""
    yaml = YAML()
    yaml.width = 110
    yaml.allow_unicode = True
    stream = io.StringIO()
    plain = document.model_dump(exclude_defaults=True)
    yaml.dump({"format": document.format, **plain}, stream)
    return stream.getvalue()


def _compose(text: str) -> Node | None:
    if len(text) > MAX_CHARACTERS:
        raise _broken(1, 1, "文書が大きすぎます (100万字まで)。", "The document is too large.")
    try:
        return cast("Node | None", YAML(typ="safe", pure=True).compose(text.removeprefix("\ufeff")))
    except MarkedYAMLError as error:
        raise _broken(*explain_syntax(error, text)) from None
    except RecursionError:
        raise _broken(1, 1, "入れ子が深すぎます。", "The nesting is too deep.") from None
    except (YAMLError, YAMLWarning, ValueError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise _broken(
            line, 1, "読めない文字または値があります。", "There is a character or value that cannot be read."
        ) from None


def _broken(line: int, column: int, reason_ja: str, reason_en: str) -> InvalidDocument:
    return InvalidDocument([Problem(line, column, "文書", reason_ja, reason_en)])


class _Reader:
    """Turns YAML nodes into plain values, and notes where each stands and which fields are written twice."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.twice: list[Problem] = []
        self.count = 0

    def read(self, node: Node | None, path: Path = ()) -> Any:
        """The value of a node. Raises InvalidDocument for what no document needs."""
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            reasons = ("値の数または入れ子が多すぎます。", "There are too many values or levels.")
            raise InvalidDocument([self.places.problem(path[:3], *reasons)])
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return tuple(self._item(one, (*path, index)) for index, one in enumerate(node.value))
        return _scalar(node) if isinstance(node, ScalarNode) else None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            here = (*path, name)
            self._note(here, key)
            if name in found:
                reasons = (f"同じ項目「{name}」が二度書かれています。", f"“{name}” is written twice.")
                self.twice.append(self.places.problem(here, *reasons))
            found[name] = self.read(value, here)
        return found

    def _item(self, node: Node, path: Path) -> Any:
        self._note(path, node)
        return self.read(node, path)

    def _note(self, path: Path, node: Node) -> None:
        self.places.known[path] = (node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: ScalarNode) -> Any:
    """The value of a scalar; what cannot be read as its kind stays text, so that its line can be named."""
    kind, text = str(node.tag).rpartition(":")[2], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        if kind == "int" and len(text) < _LONGEST_NUMBER:
            return int(text)
        return date.fromisoformat(text) if kind == "timestamp" else text
    except ValueError:
        return text


def _explain_all(error: ValidationError, places: Places) -> list[Problem]:
    found, wide = list[Problem](), list[Problem]()
    for details in error.errors(include_url=False, include_input=False):
        path = tuple(part for part in details["loc"] if part != "[key]")
        if is_wide(path):
            wide.append(places.problem(path, *WIDE_SIGN))
            continue
        japanese, english = explain(details, _known_fields(path[:-1]))
        found.append(places.problem(path, japanese, english))
    return wide or found


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
