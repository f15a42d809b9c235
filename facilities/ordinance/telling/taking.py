"""Reading a part of a document so that nothing in it is passed over unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from facilities.ordinance.document.clauses import Part
from facilities.ordinance.telling.chapters import Cell, Path, Row, Sentence
from facilities.ordinance.telling.naming import Names
from facilities.ordinance.telling.saying import labelled, say_field, written
from facilities.ordinance.telling.words import NOTHING, Words, say, together


class Taking:
    """One part, where it stands in the document, and which of its fields have been told so far.

    A field that nobody takes is told by `remaining`, in the form 項目: 値.
    """

    def __init__(self, part: Part, path: Path, names: Names) -> None:
        """Nothing has been told yet, except names: whoever tells a part names it."""
        self.part, self.path, self.names = part, path, names
        self._told = {"key", "name", "name_en" if getattr(part, "name", None) else "name"}

    def get(self, field: str, default: Any = None) -> Any:
        """The value of a field, which counts as told from now on; `default` where there is no such field."""
        self._told.add(field)
        return getattr(self.part, field, default)

    def words(self, field: str) -> Words:
        """The value of a field in words; nothing where it is not written."""
        value = self.get(field)
        return NOTHING if value is None or value in ((), {}) else say_field(field, value, self.names)

    def unusual(self, field: str, usual: str) -> Words:
        """The value of a field in words; nothing where it is the usual one."""
        return self.words(field) if self.get(field, usual) != usual else NOTHING

    def each(self, field: str) -> Iterator[Taking]:
        """The parts of a list, each with its own path; a part that is not in a list is one."""
        if isinstance(self.get(field), Part):
            yield Taking(self.get(field), (*self.path, field), self.names)
            return
        for place, part in enumerate(self.get(field) or ()):
            yield Taking(part, (*self.path, field, place), self.names)

    def one(self, field: str) -> Taking | None:
        """The part in a field."""
        part = self.get(field)
        return None if part is None else Taking(part, (*self.path, field), self.names)

    def remaining(self) -> Words:
        """What has not been told yet, in a row: 項目: 値."""
        left = [field for field in written(self.part) if field not in self._told]
        return together(labelled(field, self.get(field), self.names, type(self.part)) for field in left)

    def sentence(self, words: Words) -> Sentence:
        """A sentence with this part's source, its note, and whatever of the part has not been told."""
        article, note, assumed = self._source()
        words = with_more(words, self.remaining())
        return Sentence(words.ja, words.en, article, self.path, assumed, note)

    def row(self, *cells: Cell) -> Row:
        """A row of a table with this part's source and note; what has not been told goes into the note."""
        article, note, assumed = self._source()
        rest = self.remaining()
        more = "、".join(one for one in (note, rest.ja) if one)
        return Row(cells, self.path, article, assumed, more or None)

    def rest(self) -> tuple[Sentence, ...]:
        """A sentence of what has not been told yet; none where nothing is left."""
        article, note, assumed = self._source()
        left = self.remaining()
        if not left and not (article or note or assumed):
            return ()
        if not left and note:
            return (Sentence(note, note, article, self.path, assumed),)
        return (Sentence(left.ja, left.en, article, self.path, assumed, note),)

    def _source(self) -> tuple[str | None, str | None, bool]:
        return self.get("article"), self.get("note"), bool(self.get("assumed", False))


def with_more(words: Words, more: Words) -> Words:
    """A phrase with a remark behind it."""
    if not more:
        return words
    return say("{words}（{more}）", "{words} ({more})", words=words, more=more)
