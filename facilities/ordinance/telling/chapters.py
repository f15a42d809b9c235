"""What a telling is made of: chapters with sections of sentences and tables, each with its place in the document."""

from __future__ import annotations

from dataclasses import dataclass

from facilities.ordinance.telling.words import Words, capital

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule in both languages. `path` is where it stands in the document: ("calendars", "hall", "closures", 0).

    `assumed` says that it is a practical value and not from the source; `note` is the document's own remark.
    """

    ja: str
    en: str
    article: str | None
    path: Path
    assumed: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a table; `rows` is how many rows it reaches over."""

    ja: str
    en: str
    rows: int = 1
    heading: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with its source and its place in the document."""

    cells: tuple[Cell, ...]
    path: Path
    article: str | None = None
    assumed: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and column heads."""

    caption_ja: str
    caption_en: str
    head: tuple[Cell, ...]
    rows: tuple[Row, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences and tables under one heading (none in a chapter without parts)."""

    title_ja: str
    title_en: str
    path: Path
    parts: tuple[Sentence | Table, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Everything about one subject: a hall, or one of the document's named sets of rules."""

    key: str
    title_ja: str
    title_en: str
    sections: tuple[Section, ...]


def cell(words: Words, *, rows: int = 1, heading: bool = False, number: bool = False) -> Cell:
    """A cell from a phrase."""
    return Cell(words.ja, words.en, rows, heading, number)


def table(caption: Words, head: tuple[Words, ...], rows: list[Row], path: Path) -> Table:
    """A table from phrases."""
    caption = capital(caption)
    return Table(caption.ja, caption.en, tuple(cell(capital(one)) for one in head), tuple(rows), path)


def section(title: Words, path: Path, *parts: Sentence | Table) -> Section:
    """A section from a phrase and its parts."""
    title = capital(title)
    return Section(title.ja, title.en, path, parts)


def chapter(key: str, title: Words, *sections: Section) -> Chapter:
    """A chapter without the sections that say nothing."""
    return Chapter(key, title.ja, title.en, tuple(one for one in sections if one.parts))
