"""`manage.py ordinance check FILE…`: needs no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from facilities.ordinance.cases.reporting import Report

HELP = "Run the worked cases of documents and print those that fail."


def add_arguments(parser: CommandParser) -> None:
    """The documents."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Print what is wrong and the score; False when something failed."""
    report = Report()
    for text in report.check(options["files"]):
        write(text)
    return not report.failed
