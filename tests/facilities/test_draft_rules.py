"""The draft of the next rules: begun once, saved by one person at a time, dropped."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.drafting import begin_draft, draft_of, drop_draft, save_draft, the_draft
from facilities.errors import (
    DraftChanged,
    DraftExists,
    DraftNotFound,
    DraftTooLong,
    RulesNotFound,
)
from facilities.models import RuleBook, RuleDraft, RuleVersion
from facilities.services import publish_rules


@pytest.fixture
def book(city):
    return RuleBook.objects.get()


@pytest.fixture
def draft(book, emi, now):
    return begin_draft(rule_book_id=book.pk, staff_id=emi.staff.pk, now=now)


def save(draft, emi, now, text="x", expected=None):
    return save_draft(
        rule_book_id=draft.rule_book_id,
        text=text,
        expected_changed_at=expected or draft.changed_at,
        staff_id=emi.staff.pk,
        now=now,
    )


def test_a_draft_begins_with_the_version_in_effect_today(book, emi, now):
    old = RuleVersion.objects.get()
    publish_rules(rule_book_id=book.pk, text=old.text, now=now, effective_from=date(2028, 4, 1))
    draft = begin_draft(rule_book_id=book.pk, staff_id=emi.staff.pk, now=now)
    assert (draft.based_on, draft.text, draft.changed_by_id) == (old, old.text, emi.staff.pk)
    assert draft_of(book.pk) == draft


def test_a_draft_can_begin_with_a_chosen_version_of_the_same_book(book, emi, now):
    old = RuleVersion.objects.get()
    later = publish_rules(
        rule_book_id=book.pk, text=old.text + "# 2", now=now, effective_from=date(2028, 4, 1)
    )
    draft = begin_draft(rule_book_id=book.pk, staff_id=emi.staff.pk, now=now, version_id=later.pk)
    assert draft.text == old.text + "# 2"
    other = RuleBook.objects.create(key="other", name="別")
    with pytest.raises(RulesNotFound):
        begin_draft(rule_book_id=other.pk, staff_id=emi.staff.pk, now=now, version_id=later.pk)


def test_a_book_without_versions_gets_an_empty_draft(city, emi, now):
    book = RuleBook.objects.create(key="other", name="別")
    draft = begin_draft(rule_book_id=book.pk, staff_id=emi.staff.pk, now=now)
    assert (draft.text, draft.based_on) == ("", None)


def test_a_book_has_one_draft(draft, emi, now):
    with pytest.raises(DraftExists):
        begin_draft(rule_book_id=draft.rule_book_id, staff_id=emi.staff.pk, now=now)
    assert RuleDraft.objects.count() == 1


def test_a_draft_is_kept_as_typed_even_with_mistakes(draft, emi, now):
    save(draft, emi, now, text="format: [")
    assert the_draft(draft.rule_book_id).text == "format: ["


def test_who_saved_later_with_an_old_state_is_refused_and_changes_nothing(draft, emi, now):
    first = save(draft, emi, now, text="first")
    assert first.changed_at > draft.changed_at  # although the clock stands still
    with pytest.raises(DraftChanged):
        save(draft, emi, now, text="second", expected=draft.changed_at)
    assert the_draft(draft.rule_book_id).text == "first"


def test_a_text_no_document_could_have_is_refused(draft, emi, now):
    with pytest.raises(DraftTooLong):
        save(draft, emi, now, text="x" * 1_000_001)


def test_a_dropped_draft_is_gone_and_a_changed_one_is_not_dropped(draft, emi, now):
    saved = save(draft, emi, now)
    with pytest.raises(DraftChanged):
        drop_draft(rule_book_id=draft.rule_book_id, expected_changed_at=draft.changed_at)
    drop_draft(rule_book_id=draft.rule_book_id, expected_changed_at=saved.changed_at)
    with pytest.raises(DraftNotFound):
        the_draft(draft.rule_book_id)


def test_the_draft_of_an_unknown_book_is_refused(city):
    with pytest.raises(RulesNotFound):
        the_draft(999)
