"""A new municipality's halls, rooms and spaces, from its rules document."""

from __future__ import annotations

from datetime import datetime

from facilities.models import RuleBook, RuleVersion
from facilities.registering import register_hall
from facilities.services import read_rules


def seed_facilities(*, text: str, now: datetime) -> None:
    """Create the rule book, its first version, and the halls, rooms and spaces the document names.

    Runs inside the new municipality, in the transaction that creates it. The first version is in effect from the
    day the document says. Raises InvalidRules, CasesFailed.
    """
    document = read_rules(text)
    book = RuleBook.objects.create(key="main", name=document.municipality.name)
    RuleVersion.objects.create(
        rule_book=book, number=1, text=text, effective_from=document.effective_from, published_at=now
    )
    for position, entry in enumerate(document.facilities):
        register_hall(entry, rule_book_id=book.pk, position=position)
