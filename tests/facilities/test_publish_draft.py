"""A draft becomes a version: as it was looked at, from a day that is not over, without fault."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from facilities.drafting import begin_draft, draft_of, publish_draft, save_draft
from facilities.errors import CasesFailed, DraftChanged, EffectiveTooEarly, InvalidRules, RoomsMissing
from facilities.models import Room, RuleBook, RuleVersion
from facilities.ordinance import parse

FROM = date(2027, 7, 1)


@pytest.fixture
def draft(city, emi, now):
    return begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=now)


def save(draft, text, emi, now):
    return save_draft(
        rule_book_id=draft.rule_book_id,
        text=text,
        expected_changed_at=draft.changed_at,
        staff_id=emi.staff.pk,
        now=now,
    )


def publish(draft, emi, now, day=FROM):
    return publish_draft(
        rule_book_id=draft.rule_book_id,
        expected_changed_at=draft.changed_at,
        effective_from=day,
        staff_id=emi.staff.pk,
        now=now,
    )


def test_the_version_says_the_day_it_holds_from_and_the_draft_is_over(draft, emi, now):
    version = publish(draft, emi, now)
    assert (version.number, version.effective_from, version.published_by) == (2, FROM, emi.staff)
    assert parse(version.text).effective_from == FROM
    assert version.text.replace("2027-07-01", "2021-03-15") == draft.text
    assert draft_of(draft.rule_book_id) is None


def test_today_is_not_too_early_and_yesterday_is(draft, emi, now):
    with pytest.raises(EffectiveTooEarly):
        publish(draft, emi, now, now.date() - timedelta(days=1))
    assert publish(draft, emi, now, now.date()).effective_from == now.date()


def test_what_somebody_changed_meanwhile_is_not_published(draft, emi, now):
    save(draft, draft.text + "# more\n", emi, now)
    with pytest.raises(DraftChanged):
        publish(draft, emi, now)
    assert RuleVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("rounding:", "roundin:", InvalidRules),
        ("fee: {yen_per_hour: 800}", "fee: {yen_per_hour: 801}", CasesFailed),
    ],
)
def test_a_draft_at_fault_is_kept_and_not_published(draft, emi, now, old, new, refusal):
    saved = save(draft, draft.text.replace(old, new), emi, now)
    with pytest.raises(refusal):
        publish(saved, emi, now)
    assert draft_of(draft.rule_book_id).text == saved.text


def test_a_room_in_use_must_be_in_it(draft, emi, now):
    Room.objects.filter(key="kenshu-2").update(key="kenshu-99")
    with pytest.raises(RoomsMissing):
        publish(draft, emi, now)
