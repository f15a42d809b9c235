"""Municipalities and rule books as they are named on the command line."""

from __future__ import annotations

from django.core.management.base import CommandError

from facilities.models import RuleBook
from facilities.queries import rule_books
from tenants.context import inside_public
from tenants.models import Municipality


def municipality_named(text: str) -> Municipality:
    """The municipality with this code or host. Raises CommandError."""
    with inside_public():
        places = Municipality.objects
        by_code: Municipality | None = places.filter(lg_code=text).first()
        found = by_code or places.filter(domains__domain=text.lower()).first()
    if found is None:
        raise CommandError(f"自治体「{text}」は見つかりません。 No municipality {text!r}.")
    return found


def book_named(key: str | None) -> RuleBook:
    """The rule book with this key of the municipality we are inside; without a key the only one.

    Raises CommandError, naming those there are.
    """
    books = {one.key: one for one in rule_books()}
    if key is None and len(books) == 1:
        return next(iter(books.values()))
    if key not in books:
        known = ", ".join(books) or "—"
        raise CommandError(f"--book に、次のどれかを書いてください。 Name a book with --book: {known}")
    return books[key]
