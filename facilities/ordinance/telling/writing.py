"""A telling as plain text, for the terminal and for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from facilities.ordinance.telling.chapters import Cell, Chapter, Row, Sentence, Table


def lines_of(chapters: Iterable[Chapter], language: str = "ja") -> Iterator[str]:
    """The lines of a telling in `ja` (any other language: English), with headings as in Markdown."""
    ja = language == "ja"
    for chapter in chapters:
        yield f"# {chapter.title_ja if ja else chapter.title_en}"
        yield ""
        for section in chapter.sections:
            title = section.title_ja if ja else section.title_en
            if title:
                yield f"## {title}"
                yield ""
            for part in section.parts:
                yield from _table(part, ja) if isinstance(part, Table) else [f"- {_sentence(part, ja)}"]
            yield ""


def _sentence(one: Sentence, ja: bool) -> str:
    return f"{one.ja if ja else one.en}{_source(one, ja)}"


def _source(one: Sentence | Row, ja: bool) -> str:
    assumed = ("仮に決めた" if ja else "assumed") if one.assumed else None
    found = [text for text in (one.article, assumed, one.note) if text]
    return f" [{' / '.join(found)}]" if found else ""


def _table(table: Table, ja: bool) -> Iterator[str]:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(text.replace('|', '/') for text in cells)} |"

    def text(one: Cell) -> str:
        return one.ja if ja else one.en

    yield ""
    yield line(text(one) for one in table.head)
    yield line("---" for _ in table.head)
    for row in table.rows:
        missing = [""] * (len(table.head) - len(row.cells))
        yield line([*missing, *(text(one) for one in row.cells)]) + _source(row, ja)
    yield ""
