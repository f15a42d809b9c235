"""`manage.py ordinance tell FILE`: the document in plain sentences; needs no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from facilities.management.reading_files import read_document
from facilities.ordinance.telling import tell
from facilities.ordinance.telling.writing import lines_of

HELP = "Tell a document in plain sentences and tables."


def add_arguments(parser: CommandParser) -> None:
    """The document, and the language."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--lang", choices=["ja", "en"], default="ja")


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Print the chapters, headings as in Markdown."""
    for line in lines_of(tell(read_document(options["file"])), options["lang"]):
        write(line)
    return True
