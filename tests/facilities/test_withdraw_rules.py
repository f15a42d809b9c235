"""A published version taken back before its first day: from then on nobody books under it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from facilities.drafting import begin_draft, withdraw_rules
from facilities.errors import OnlyRules, RulesInForce, RulesNotFound, RulesWithdrawn
from facilities.models import RuleBook, RuleVersion
from facilities.queries import published_versions, room_by_key, rule_version, rule_versions
from facilities.services import publish_rules

FROM = date(2027, 7, 1)


@pytest.fixture
def book(city):
    return RuleBook.objects.get()


@pytest.fixture
def later(book, now):
    text = RuleVersion.objects.get().text
    return publish_rules(rule_book_id=book.pk, text=text, effective_from=FROM, now=now)


def test_a_withdrawn_version_governs_no_day_any_more(book, later, emi, now):
    old = RuleVersion.objects.get(number=1)
    assert room_by_key("chuo-kominkan", "kenshu-1").version_on(FROM) == later.pk
    withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)
    assert room_by_key("chuo-kominkan", "kenshu-1").version_on(FROM) == old.pk
    assert [one.number for one in rule_versions(book.pk)] == [1]


def test_who_withdrew_it_and_when_stays_visible(book, later, emi, now):
    withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)
    seen = published_versions(book.pk)[0]
    assert (seen.number, seen.withdrawn_at, seen.withdrawn_by) == (2, now, emi.staff)
    assert rule_version(book.pk, 2).withdrawn_by == emi.staff


def test_a_reservation_made_under_it_keeps_version_and_price(later, emi, now, book_under):
    booked = book_under(later)
    withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)
    booked.refresh_from_db()
    assert (booked.rule_version_id, booked.price_yen) == (later.pk, 900)


def test_from_its_first_day_it_cannot_be_withdrawn(later, emi, now):
    begun = now + (FROM - now.date())
    with pytest.raises(RulesInForce):
        withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=begun.replace(hour=0))
    withdraw_rules(
        version_id=later.pk, staff_id=emi.staff.pk, now=begun.replace(hour=0) - timedelta(seconds=1)
    )


def test_twice_or_unknown_is_refused(later, emi, now):
    withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)
    with pytest.raises(RulesWithdrawn):
        withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)
    with pytest.raises(RulesNotFound):
        withdraw_rules(version_id=999_999, staff_id=emi.staff.pk, now=now)


def test_the_only_version_stays(later, emi, now):
    RuleVersion.objects.filter(number=1).update(withdrawn_at=now, withdrawn_by=emi.staff)
    with pytest.raises(OnlyRules):
        withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)


def test_numbers_go_on_after_it_and_drafts_do_not_begin_with_it(book, later, emi, now):
    withdraw_rules(version_id=later.pk, staff_id=emi.staff.pk, now=now)
    again = publish_rules(rule_book_id=book.pk, text=later.text, effective_from=FROM, now=now)
    assert again.number == 3
    after = now.replace(year=2028)
    assert begin_draft(rule_book_id=book.pk, staff_id=emi.staff.pk, now=after).based_on == again
