"""`manage.py ordinance diff OLD NEW`: what changed, in sentences; needs no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from facilities.management.reading_files import read_document
from facilities.ordinance.telling import compare

HELP = "Say what differs between two documents."
_SIGNS = {"added": "+", "removed": "-", "changed": "*"}
_SAME = {"ja": "規則に違いはありません。", "en": "The rules do not differ."}


def add_arguments(parser: CommandParser) -> None:
    """The documents, and the language."""
    parser.add_argument("old", type=Path, metavar="OLD")
    parser.add_argument("new", type=Path, metavar="NEW")
    parser.add_argument("--lang", choices=["ja", "en"], default="ja")


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Print a line for each difference: + added, - removed, * changed."""
    language = options["lang"]
    found = compare(read_document(options["old"]), read_document(options["new"]))
    for one in found:
        write(f"{_SIGNS[one.kind]} {one.ja if language == 'ja' else one.en}")
    if not found:
        write(_SAME[language])
    return True
