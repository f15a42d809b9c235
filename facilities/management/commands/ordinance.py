"""manage.py ordinance: rules documents from the command line; `check FILE…` needs no database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from facilities.ordinance.checking_command import Report


class Command(BaseCommand):
    """Reads files only."""

    help = "check FILE…: runs each document's worked cases and prints those that fail."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Subcommands with their files."""
        subcommands = parser.add_subparsers(dest="subcommand", required=True)
        check = subcommands.add_parser("check", help="Run the worked cases of documents.")
        check.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong and the score; status 1 when something failed."""
        report = Report()
        for text in report.check(options["files"]):
            self.stdout.write(text)
        if report.failed:
            sys.exit(1)
