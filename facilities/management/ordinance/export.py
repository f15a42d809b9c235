"""`manage.py ordinance export`: published documents of a municipality, as they were published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from facilities.management.choosing import book_named, municipality_named
from facilities.models import RuleBook, RuleVersion
from facilities.periods import local
from facilities.queries import rule_versions
from facilities.reviewing import current_number
from tenants.context import current_zone, inside

HELP = "Write a published document to the terminal, or documents to a folder."


def add_arguments(parser: CommandParser) -> None:
    """Whose, which book, which version, where to."""
    parser.add_argument("--municipality", required=True, metavar="HOST_OR_CODE")
    parser.add_argument("--book", metavar="KEY", help="The rule book; needed only where there are several.")
    parser.add_argument(
        "--version", dest="number", type=int, metavar="N", help="Default: the one in effect today."
    )
    parser.add_argument("--all", action="store_true", help="Every version; needs --to.")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="Write files named BOOK-N.yaml there.")


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Write the text of a version, or say which files were written."""
    if options["all"] and not options["to"]:
        raise CommandError("--all には --to FOLDER が要ります。 --all needs --to FOLDER.")
    with inside(municipality_named(options["municipality"])):
        book = book_named(options["book"])
        versions = _versions(book, options)
    if options["to"] is None:
        write(versions[0].text.rstrip("\n"))
        return True
    for one in versions:
        write(str(_written(options["to"], book, one)))
    return True


def _versions(book: RuleBook, options: Mapping[str, Any]) -> list[RuleVersion]:
    versions = rule_versions(book.pk)
    number = options["number"]
    if number is None and not options["all"]:
        today = local(timezone.now(), current_zone())[0]
        number = current_number([(one.number, one.effective_from) for one in versions], today)
    found = [one for one in versions if options["all"] or one.number == number]
    if not found:
        known = ", ".join(str(one.number) for one in reversed(versions)) or "—"
        raise CommandError(f"その版はありません。ある版: {known}  No such version; there are: {known}")
    return found


def _written(folder: Path, book: RuleBook, version: RuleVersion) -> Path:
    path = folder / f"{book.key}-{version.number}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(version.text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    return path
