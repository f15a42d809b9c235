"""The next version of the rules while it is being written: begun, saved, dropped, published; and a version taken back.

A draft may have mistakes: it is kept as it was typed. Only publishing asks that it is without fault.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from facilities.errors import (
    DraftChanged,
    DraftExists,
    DraftNotFound,
    DraftTooLong,
    EffectiveTooEarly,
    KeyTaken,
    OnlyRules,
    RulesInForce,
    RulesNotFound,
    RulesWithdrawn,
)
from facilities.models import RuleBook, RuleDraft, RuleVersion
from facilities.ordinance.editing.changing import set_value
from facilities.ordinance.reading.parsing import MAX_CHARACTERS
from facilities.periods import local
from facilities.queries import rule_book, rule_versions
from facilities.reviewing import current_number
from facilities.services import publish_rules, read_rules
from tenants.context import current_zone


def draft_of(rule_book_id: int) -> RuleDraft | None:
    """Return the draft of a rule book with its book, version and author, or None."""
    drafts = RuleDraft.objects.select_related("rule_book", "based_on", "changed_by")
    return drafts.filter(rule_book_id=rule_book_id).first()


def the_draft(rule_book_id: int) -> RuleDraft:
    """Return the draft of a rule book. Raises RulesNotFound (no such book), DraftNotFound."""
    draft = draft_of(rule_book_id)
    if draft is None:
        rule_book(rule_book_id)
        raise DraftNotFound
    return draft


@transaction.atomic
def begin_draft(
    *, rule_book_id: int, staff_id: int, now: datetime, version_id: int | None = None
) -> RuleDraft:
    """Begin the next version from a published one (default: the one in effect today, else the newest).

    A book without any version gets an empty draft. Raises DraftExists, RulesNotFound (no such book or version).
    """
    book = rule_book(rule_book_id)
    based_on = _version(book.pk, version_id) if version_id else _current(book.pk, now)
    try:
        with transaction.atomic():
            return RuleDraft.objects.create(
                rule_book=book,
                based_on=based_on,
                text=based_on.text if based_on else "",
                changed_at=now,
                changed_by_id=staff_id,
            )
    except IntegrityError as error:
        raise DraftExists from error


@transaction.atomic
def begin_rule_book(*, key: str, name: str, text: str, staff_id: int, now: datetime) -> RuleDraft:
    """Begin a further rules document (of one group of halls, say) as a draft, with or without mistakes.

    It governs nothing before it is published, and halls are added under it. Raises KeyTaken, DraftTooLong.
    """
    if len(text) > MAX_CHARACTERS:
        raise DraftTooLong
    try:
        with transaction.atomic():
            book = RuleBook.objects.create(key=key, name=name)
    except IntegrityError as error:
        raise KeyTaken from error
    return RuleDraft.objects.create(rule_book=book, text=text, changed_at=now, changed_by_id=staff_id)


@transaction.atomic
def save_draft(
    *, rule_book_id: int, text: str, expected_changed_at: datetime, staff_id: int, now: datetime
) -> RuleDraft:
    """Keep a new text of the draft, with or without mistakes.

    ``expected_changed_at`` is the ``changed_at`` of the draft that was looked at; each save gets a later one.
    Raises DraftNotFound, DraftChanged (somebody else saved meanwhile), DraftTooLong.
    """
    draft = _locked(rule_book_id, expected_changed_at)
    if len(text) > MAX_CHARACTERS:
        raise DraftTooLong
    draft.text = text
    # Two saves in one microsecond, or a clock that was put back, must not look like the same state.
    draft.changed_at = max(now, draft.changed_at + timedelta(microseconds=1))
    draft.changed_by_id = staff_id
    draft.save()
    return draft


@transaction.atomic
def drop_draft(*, rule_book_id: int, expected_changed_at: datetime) -> None:
    """Throw the draft away; with it a rule book of which nothing was ever published and that has no halls.

    Raises DraftNotFound, DraftChanged (somebody else saved meanwhile).
    """
    _locked(rule_book_id, expected_changed_at).delete()
    RuleBook.objects.filter(pk=rule_book_id, versions=None, facilities=None).delete()


@transaction.atomic
def publish_draft(
    *, rule_book_id: int, expected_changed_at: datetime, effective_from: date, staff_id: int, now: datetime
) -> RuleVersion:
    """Publish the draft as it was looked at, from a day of use on, and end it. The text says that day from then on.

    Raises DraftNotFound, DraftChanged, EffectiveTooEarly (a day that is over), InvalidRules, CasesFailed, RoomsMissing,
    HallsElsewhere.
    """
    draft = _locked(rule_book_id, expected_changed_at)
    if effective_from < local(now, current_zone())[0]:
        raise EffectiveTooEarly
    read_rules(draft.text)
    version = publish_rules(
        rule_book_id=rule_book_id,
        text=set_value(draft.text, ("effective_from",), effective_from),
        effective_from=effective_from,
        staff_id=staff_id,
        now=now,
    )
    draft.delete()
    return version


@transaction.atomic
def withdraw_rules(*, version_id: int, staff_id: int, now: datetime) -> RuleVersion:
    """Take a published version back before its first day: the versions before it go on.

    Reservations made under it keep it, and their price. Raises RulesNotFound, RulesWithdrawn (already),
    RulesInForce (its first day has come), OnlyRules (no other version stands).
    """
    found = RuleVersion.objects.filter(pk=version_id).values_list("rule_book_id", flat=True).first()
    if found is None:
        raise RulesNotFound
    RuleBook.objects.select_for_update().get(pk=found)
    version = RuleVersion.objects.select_related("rule_book").get(pk=version_id)
    if version.withdrawn_at is not None:
        raise RulesWithdrawn
    if version.effective_from <= local(now, current_zone())[0]:
        raise RulesInForce
    if len(rule_versions(found)) == 1:
        raise OnlyRules
    version.withdrawn_at, version.withdrawn_by_id = now, staff_id
    version.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return version


def _locked(rule_book_id: int, expected_changed_at: datetime) -> RuleDraft:
    draft = RuleDraft.objects.select_for_update().filter(rule_book_id=rule_book_id).first()
    if draft is None:
        raise DraftNotFound
    if draft.changed_at != expected_changed_at:
        raise DraftChanged
    return draft


def _version(rule_book_id: int, version_id: int) -> RuleVersion:
    version = RuleVersion.objects.filter(rule_book_id=rule_book_id, pk=version_id).first()
    if version is None:
        raise RulesNotFound
    return version


def _current(rule_book_id: int, now: datetime) -> RuleVersion | None:
    versions = rule_versions(rule_book_id)
    today = local(now, current_zone())[0]
    number = current_number([(one.number, one.effective_from) for one in versions], today)
    in_effect = [one for one in versions if one.number == number]
    return next(iter(in_effect or versions), None)
