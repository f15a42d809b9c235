"""How pages show a telling of a rules document: in the page's language, with an address to edit beside each part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from facilities.ordinance.telling import Cell, Path, Row, Table

register = template.Library()


@register.filter
def in_words(told: Any) -> str:
    """A sentence or a cell in the page's language."""
    return str(told.ja if _japanese() else told.en)


@register.filter
def title_words(told: Any) -> str:
    """The title of a chapter or a section in the page's language."""
    return str(told.title_ja if _japanese() else told.title_en)


@register.filter
def caption_words(told: Table) -> str:
    """The caption of a table in the page's language."""
    return told.caption_ja if _japanese() else told.caption_en


@register.filter
def has_sources(table: Table) -> bool:
    """Whether any row of a table has an article, a note, or was assumed."""
    return any(row.article or row.note or row.assumed for row in table.rows)


@register.filter
def is_wide(table: Table) -> bool:
    """Whether a phone shows each row of a table as a block of its own: it has three columns or more."""
    return len(table.head) + has_sources(table) > 2


@register.filter
def by_column(row: Row, table: Table) -> list[tuple[Cell, str]]:
    """The cells of a row, each with the words of its column (those above may reach down into the row)."""
    heads = table.head[len(table.head) - len(row.cells) :]
    return [(cell, in_words(head)) for cell, head in zip(row.cells, heads, strict=True)]


@register.filter
def at_path(addresses: Mapping[Path, str] | None, path: Path) -> str:
    """Of addresses by path (anything with `get`), the one for this path; empty where there is none."""
    return (addresses.get(path) or "") if addresses else ""


@register.filter
def folded(key: str) -> bool:
    """Whether a chapter stays shut at first: long lists that few people look up."""
    return key in ("cases", "keys")


def _japanese() -> bool:
    return (get_language() or "ja").startswith("ja")
