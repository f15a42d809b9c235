"""`manage.py ordinance simulate FILE`: what a document would have made of the reservations of a past period."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone, translation

from booking.repricing import Result
from booking.trial_report import report_lines
from booking.trials import check_trial_period, last_twelve_months, reprice_period
from facilities.management.choosing import book_named, municipality_named
from facilities.management.reading_files import read_document
from facilities.ordinance import Ordinance
from facilities.periods import local
from tenants.context import current_zone, inside
from tenants.errors import Refusal

HELP = (
    "Price the reservations of a past period under a document: what comes in, who pays more. Writes nothing."
)


def add_arguments(parser: CommandParser) -> None:
    """The document, where, and which days."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--municipality", required=True, metavar="HOST_OR_CODE")
    parser.add_argument("--book", metavar="KEY", help="The rule book; needed only where there are several.")
    parser.add_argument(
        "--from", dest="first", type=_day, metavar="DAY", help="Default: the last 12 whole months."
    )
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY")
    parser.add_argument("--lang", choices=["ja", "en"], default="ja")


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Print the sums and tables; always well when it could be calculated."""
    document = read_document(options["file"])
    with inside(municipality_named(options["municipality"])), translation.override(options["lang"]):
        for line in _lines(document, options):
            write(line)
    return True


def _lines(document: Ordinance, options: Mapping[str, Any]) -> Iterator[str]:
    usual = last_twelve_months(local(timezone.now(), current_zone())[0])
    first, last = options["first"] or usual[0], options["last"] or usual[1]
    try:
        check_trial_period(first, last)
    except Refusal as refusal:
        raise CommandError(translation.gettext(refusal.message)) from refusal
    book = book_named(options["book"])
    result = reprice_period(rule_book_id=book.pk, document=document, first=first, last=last)
    return report_lines(Result(result), first=first, last=last)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text}: 2026-04-01 のように書いてください。 Write a day as 2026-04-01."
        ) from None
