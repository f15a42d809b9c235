"""Where every piece of a YAML text stands, so that one piece can be replaced and the rest stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError, YAMLWarning
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

# An anchor before a piece: it stays where it is when the piece is replaced.
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+[ ]*")


@dataclass(slots=True)
class Piece:
    """A scalar, mapping, list or alias of the text; ``start`` and ``end`` count characters.

    ``start`` is after an anchor, ``outer`` before it. ``end`` is the end of what is written, before blanks and
    comments. ``text`` is what a scalar says.
    """

    kind: str
    start: int
    end: int
    flow: bool = False
    quote: str = ""
    anchor: str | None = None
    outer: int = 0
    text: str = ""
    entries: list[tuple[Piece, Piece]] = field(default_factory=list)
    items: list[Piece] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is written here (``key:``)."""
        return self.kind == "scalar" and self.start == self.end

    def children(self) -> Iterator[Piece]:
        """The values of a mapping, the items of a list."""
        yield from self.items
        for _key, value in self.entries:
            yield value

    def all(self) -> Iterator[Piece]:
        """This piece and everything inside."""
        yield self
        for child in self.children():
            yield from child.all()


def tree_of(text: str) -> Piece | None:
    """The pieces of a YAML text (None: an empty one). Raises ValueError for what is not plain YAML."""
    try:
        found = list(YAML(typ="safe", pure=True).parse(text))
    except (YAMLError, YAMLWarning, RecursionError) as error:
        raise ValueError("not YAML") from error
    if sum(isinstance(one, DocumentStartEvent) for one in found) > 1:
        raise ValueError("several documents")
    nodes = iter([one for one in found if isinstance(one, NodeEvent | CollectionEndEvent)])
    first = next(nodes, None)
    return None if first is None else _piece(text, first, nodes, 0)


def _piece(text: str, event: Any, rest: Iterator[Any], floor: int) -> Piece:
    """One piece; ``floor`` is where the writing before it ends, for pieces that are not written."""
    outer, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, AliasEvent):
        return Piece("alias", outer, end, anchor=str(event.anchor), outer=outer)
    if getattr(event, "tag", None) is not None and text[outer : outer + 1] == "!":
        raise ValueError("tags")
    start, anchor = _after_anchor(text, outer, event.anchor)
    if isinstance(event, ScalarEvent):
        if not event.value and not event.style:
            return Piece("scalar", floor, floor, outer=floor)
        end = start + len(text[start:end].rstrip())
        return Piece(
            "scalar", start, end, quote=event.style or "", anchor=anchor, outer=outer, text=event.value
        )
    flow = bool(event.flow_style)
    if isinstance(event, MappingStartEvent):
        return _mapping(text, Piece("mapping", start, end, flow, anchor=anchor, outer=outer), rest)
    if isinstance(event, SequenceStartEvent):
        return _list(text, Piece("list", start, end, flow, anchor=anchor, outer=outer), rest)
    raise ValueError("unknown piece")


def _after_anchor(text: str, start: int, anchor: Any) -> tuple[int, str | None]:
    if anchor is None:
        return start, None
    found = _ANCHOR.match(text, start)
    return (found.end() if found else start), str(anchor)


def _mapping(text: str, piece: Piece, rest: Iterator[Any]) -> Piece:
    for event in rest:
        if isinstance(event, CollectionEndEvent):
            return _closed(piece, event)
        key = _piece(text, event, rest, piece.start)
        colon = skip(text, key.end) + 1
        piece.entries.append((key, _piece(text, next(rest), rest, colon)))
    raise ValueError("unclosed")


def _list(text: str, piece: Piece, rest: Iterator[Any]) -> Piece:
    end = piece.start
    for event in rest:
        if isinstance(event, CollectionEndEvent):
            return _closed(piece, event)
        dash = skip(text, end)
        piece.items.append(_piece(text, event, rest, dash + 1))
        end = piece.items[-1].end
    raise ValueError("unclosed")


def _closed(piece: Piece, event: Any) -> Piece:
    if piece.flow:
        piece.end = event.end_mark.index
    elif piece.entries:
        piece.start, piece.end = piece.entries[0][0].start, piece.entries[-1][1].end
    else:
        piece.end = piece.items[-1].end
    return piece


def skip(text: str, index: int) -> int:
    """The next place that is neither blank nor in a comment."""
    while index < len(text):
        if text[index] == "#":
            index = end_of_line(text, index)
        elif text[index] in " \t\n":
            index += 1
        else:
            return index
    return index


def end_of_line(text: str, index: int) -> int:
    """Where the line of a place ends: after its line break, or at the end of the text."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def column(text: str, index: int) -> int:
    """How many characters stand before a place on its line."""
    return index - (text.rfind("\n", 0, index) + 1)


def leads_line(text: str, index: int) -> bool:
    """Whether only blanks stand before a place on its line."""
    return not text[index - column(text, index) : index].strip()
