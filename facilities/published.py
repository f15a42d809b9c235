"""Rules as they were published, for whoever wants to read them: ordinances are public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from facilities.errors import RulesNotFound
from facilities.models import RuleBook, RuleVersion
from facilities.periods import local
from facilities.queries import rule_books, rule_versions
from facilities.reviewing import current_number
from tenants.context import current_zone


@dataclass(frozen=True, slots=True)
class PublishedBook:
    """A rule book with its versions that stand, newest first, and the number of the one in effect."""

    book: RuleBook
    versions: tuple[RuleVersion, ...]
    current: int | None


def published_books(now: datetime) -> list[PublishedBook]:
    """Return the municipality's rule books that have anything published."""
    books = [_published(book, now) for book in rule_books()]
    return [one for one in books if one.versions]


def published_version(book_key: str, number: int) -> RuleVersion:
    """Return a version that stands. Raises RulesNotFound, also for one that was withdrawn."""
    books = [one for one in rule_books() if one.key == book_key]
    found = [version for book in books for version in rule_versions(book.pk) if version.number == number]
    if not found:
        raise RulesNotFound
    return found[0]


def _published(book: RuleBook, now: datetime) -> PublishedBook:
    versions = rule_versions(book.pk)
    today = local(now, current_zone())[0]
    current = current_number([(one.number, one.effective_from) for one in versions], today)
    return PublishedBook(book, tuple(versions), current)
