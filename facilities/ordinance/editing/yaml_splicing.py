"""Replace, add, remove and reorder pieces of a YAML text in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.editing import yaml_writing as writing
from facilities.ordinance.editing.yaml_tree import Piece, column, end_of_line, leads_line, skip, tree_of
from facilities.ordinance.errors import NotEditable
from facilities.ordinance.reading.parsing import read_plain
from facilities.ordinance.reading.problems import Path

# One edit looks at the same text several times, and the next edit begins with the text the last one made.
plain_of = lru_cache(maxsize=8)(read_plain)
_tree_of = lru_cache(maxsize=8)(tree_of)


class Splicer:
    """The changes of one text. Values of scalars can change together; a change of structure comes alone."""

    def __init__(self, text: str) -> None:
        """Raises NotEditable for a text that is not plain YAML with something in it, InvalidDocument for no YAML."""
        self.text = text.removeprefix("\ufeff")
        self.splices: list[tuple[int, int, str]] = []
        self.restructured = False
        self._values: dict[int, Any] = {}
        self._parents: dict[int, Piece] = {}
        plain = plain_of(self.text)
        try:
            tree = _tree_of(self.text)
        except ValueError as error:
            raise NotEditable from error
        if tree is None or tree.kind != "mapping":
            raise NotEditable
        self.tree = tree
        self._note(tree, plain)

    def _note(self, piece: Piece, plain: Any) -> None:
        if any(key.kind != "scalar" for key, _value in piece.entries):
            raise NotEditable
        self._values[id(piece)] = plain
        children = [(child, plain[index]) for index, child in enumerate(piece.items)]
        children += [(child, plain[key.text]) for key, child in piece.entries]
        for child, value in children:
            self._parents[id(child)] = piece
            self._note(child, value)

    def find(self, path: Path) -> Piece | None:
        """The piece at a path, or None."""
        pieces = self.way(path)
        return pieces[-1] if len(pieces) == len(path) + 1 else None

    def way(self, path: Path) -> list[Piece]:
        """The pieces from the top to a path, as far as they are written."""
        pieces = [self.tree]
        for part in path:
            found = _child(pieces[-1], part)
            if found is None:
                break
            pieces.append(found)
        return pieces

    def value(self, piece: Piece) -> Any:
        """The plain value of a piece."""
        return self._values[id(piece)]

    def result(self) -> str:
        """The text with all changes."""
        text = self.text
        for start, end, new in sorted(self.splices, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def change(self, piece: Piece, value: Any) -> None:
        """Make the piece mean ``value``, keeping what both have in common: at most one change of structure."""
        old = self.value(piece)
        if same(old, value):
            return
        if piece.kind == "mapping" and isinstance(value, Mapping) and set(old) & set(value):
            self._change_mapping(piece, value)
        elif piece.kind == "list" and isinstance(value, tuple) and old and value:
            self._change_list(piece, old, value)
        elif piece.kind == "scalar" and not isinstance(value, (Mapping, tuple)):
            self._splice(piece.start, piece.end, _after_colon(piece) + writing.scalar(value, piece.quote))
        else:
            self.replace(piece, value)

    def _change_mapping(self, piece: Piece, value: Mapping[str, Any]) -> None:
        for index, (key, child) in enumerate(piece.entries):
            if key.text not in value:
                self._remove_entry(piece, index)
            else:
                self.change(child, value[key.text])
            if self.restructured:
                return
        for name in value:
            if self._entry(piece, name) is None:
                self.add_entry(piece, name, value[name])
                return

    def _change_list(self, piece: Piece, old: tuple[Any, ...], new: tuple[Any, ...]) -> None:
        same_first = _common(old, new)
        same_last = _common(old[same_first:][::-1], new[same_first:][::-1])
        both = min(len(old), len(new)) - same_first - same_last
        for index in range(same_first, same_first + both):
            self.change(piece.items[index], new[index])
            if self.restructured:
                return
        if len(old) > len(new):
            self._remove_item(piece, same_first + both)
        elif len(new) > len(old):
            self._insert_item(piece, same_first + both, new[same_first + both])

    def replace(self, piece: Piece, value: Any) -> None:
        """Write ``value`` in the place of the whole piece."""
        if not self._may_restructure():
            return
        parent = self._parents.get(id(piece))
        if parent is None:
            raise NotEditable
        if self._in_flow(parent) or (piece.flow and self.value(piece)):
            self._splice(piece.start, piece.end, _after_colon(piece) + writing.flow(value))
        elif parent.kind == "list":
            self._splice(
                piece.start,
                piece.end,
                _after_colon(piece) + writing.item(value, column(self.text, piece.start)),
            )
        else:
            self._replace_in_block(parent, piece, value)

    def _replace_in_block(self, parent: Piece, piece: Piece, value: Any) -> None:
        key = next(key for key, child in parent.entries if child is piece)
        after_colon = skip(self.text, key.end) + 1
        if self.text[after_colon : piece.start].strip():
            # An anchor or a comment stands between: it stays.
            self._splice(piece.start, piece.end, writing.flow(value))
        else:
            self._splice(after_colon, piece.end, writing.block(value, column(self.text, key.start)))

    def add_entry(self, piece: Piece, name: str, value: Any) -> None:
        """Add a field to a mapping: last; at the top of the document in the order of its chapters."""
        if not piece.entries:
            self.replace(piece, {name: value})
            return
        if not self._may_restructure():
            return
        before = piece.entries[-1] if piece is not self.tree else self._chapter_before(name)
        if piece.flow:
            self._splice(before[1].end, before[1].end, f", {writing.scalar(name)}: {writing.flow(value)}")
            return
        indent = column(self.text, piece.entries[0][0].start)
        self._add_lines(before[1].end, " " * indent + writing.entries({name: value}, indent))

    def reorder(self, piece: Piece, order: Sequence[int]) -> None:
        """Put the items of a list into another order; in a block, with their comments."""
        if not self._may_restructure() or piece.kind != "list":
            raise NotEditable
        if piece.flow:
            written = [self.text[one.outer : one.end] for one in piece.items]
            for one, index in zip(piece.items, order, strict=True):
                self._splice(one.outer, one.end, written[index])
            return
        first = self._dash(piece, 0)
        if not leads_line(self.text, first):
            raise NotEditable
        ends = [end_of_line(self.text, one.end) for one in piece.items]
        starts = [first - column(self.text, first), *ends[:-1]]
        lines = [self.text[start:end] for start, end in zip(starts, ends, strict=True)]
        lines = [one if one.endswith("\n") else one + "\n" for one in lines]
        self._splice(starts[0], ends[-1], "".join(lines[index] for index in order))

    def _remove_entry(self, piece: Piece, index: int) -> None:
        if not self._may_restructure():
            return
        key, value = piece.entries[index]
        if piece.flow:
            self._remove_between([(one.outer, child.end) for one, child in piece.entries], index)
        elif leads_line(self.text, key.start):
            self._remove_lines(key.start, value.end)
        else:
            following = piece.entries[index + 1][0].start
            comment = "#" in self.text[value.end : following]
            self._splice(key.start, value.end if comment else following, "")

    def _remove_item(self, piece: Piece, index: int) -> None:
        if not self._may_restructure():
            return
        if piece.flow:
            self._remove_between([(one.outer, one.end) for one in piece.items], index)
            return
        dash = self._dash(piece, index)
        if not leads_line(self.text, dash):
            raise NotEditable
        self._remove_lines(dash, piece.items[index].end)

    def _insert_item(self, piece: Piece, index: int, value: Any) -> None:
        if not self._may_restructure():
            return
        before = piece.items[index - 1] if index else None
        if piece.flow:
            if before:
                self._splice(before.end, before.end, f", {writing.flow(value)}")
            else:
                self._splice(piece.items[0].outer, piece.items[0].outer, f"{writing.flow(value)}, ")
            return
        dash = self._dash(piece, 0)
        indent = column(self.text, dash)
        new = "- " + writing.item(value, indent + 2)
        if before:
            self._add_lines(before.end, " " * indent + new)
        else:
            self._splice(dash, dash, f"{new}\n{' ' * indent}")

    def _remove_between(self, spans: Sequence[tuple[int, int]], index: int) -> None:
        if index + 1 < len(spans):
            self._splice(spans[index][0], spans[index + 1][0], "")
        else:
            self._splice(spans[index - 1][1], spans[index][1], "")

    def _remove_lines(self, start: int, end: int) -> None:
        self._splice(start - column(self.text, start), end_of_line(self.text, end), "")

    def _add_lines(self, after: int, lines: str) -> None:
        place = end_of_line(self.text, after)
        start = "" if self.text[:place].endswith("\n") else "\n"
        self._splice(place, place, f"{start}{lines}\n")

    def _splice(self, start: int, end: int, new: str) -> None:
        self.splices.append((start, end, new))

    def _may_restructure(self) -> bool:
        """Whether a change of structure may be made now; it ends this step."""
        self.restructured = True
        return not self.splices

    def _dash(self, piece: Piece, index: int) -> int:
        return skip(self.text, piece.items[index - 1].end if index else piece.start)

    def _in_flow(self, piece: Piece | None) -> bool:
        while piece is not None:
            if piece.flow:
                return True
            piece = self._parents.get(id(piece))
        return False

    def _entry(self, piece: Piece, name: str) -> Piece | None:
        return next((value for key, value in piece.entries if key.text == name), None)

    def _chapter_before(self, name: str) -> tuple[Piece, Piece]:
        chapters = list(Ordinance.model_fields)
        place = chapters.index(name) if name in chapters else len(chapters)
        earlier = [one for one in self.tree.entries if one[0].text in chapters[:place]]
        return earlier[-1] if earlier else self.tree.entries[-1]


def unshared(text: str, path: Path) -> str:
    """The text with every value written out that a change at ``path`` would otherwise change somewhere else too."""
    while True:
        splicer = Splicer(text)
        pieces = splicer.way(path)
        alias = next((one for one in pieces if one.kind == "alias"), None)
        if alias is None:
            break
        splicer.replace(alias, splicer.value(alias))
        text = splicer.result()
    names = {one.anchor for one in [*pieces, *pieces[-1].all()] if one.anchor}
    for _alias in [one for one in splicer.tree.all() if one.kind == "alias" and one.anchor in names]:
        splicer = Splicer(text)
        alias = next(one for one in splicer.tree.all() if one.kind == "alias" and one.anchor in names)
        splicer.replace(alias, splicer.value(alias))
        text = splicer.result()
    return text


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are the same; true is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _child(piece: Piece, part: str | int) -> Piece | None:
    if isinstance(part, str):
        return next((value for key, value in piece.entries if key.text == part), None)
    if piece.kind == "list":
        return piece.items[part] if part < len(piece.items) else None
    return piece if part == 0 and piece.kind != "alias" else None


def _common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many values both have in common at the start."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if not same(first, second):
            break
        count += 1
    return count


def _after_colon(piece: Piece) -> str:
    return " " if piece.empty else ""
