"""Two requests at once cannot both slip under a limit; without the lock they would."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.services import register_resident
from booking import limits
from booking.models import Reservation
from facilities.models import RuleBook
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tests.booking.conftest import WEDNESDAY, rules_text
from tests.races.conftest import outcomes
from tests.races.test_one_winner import hold_act

pytestmark = pytest.mark.race

APPLICATION = "applications:\n  open:\n"
ONE_A_WEEK = "    limits: [{key: weekly, name: 1週間の予約, at_most: 1, of: bookings, per: week}]\n"


@pytest.fixture
def wishes(committed_city, now):
    """Four different days of one week, wished for by one resident at the same instant."""
    with inside(committed_city):
        text = rules_text("akiruno").replace(APPLICATION, APPLICATION + ONE_A_WEEK)
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=now)
        room, resident = room_by_key("chuo-kominkan", "kenshu-1"), register_resident(name="急ぐ人")
    days = [WEDNESDAY + timedelta(days=offset) for offset in range(4)]
    return [hold_act(room.id, resident.pk, "10:00", "11:00", now, day=day) for day in days]


def test_of_four_at_once_one_is_within_the_limit(committed_city, race, wishes):
    assert outcomes(race(wishes)) == {"won": 1, "OutsideRules": 3}
    with inside(committed_city):
        assert Reservation.objects.count() == 1


def test_without_the_lock_several_slip_under_it(committed_city, race, wishes, meet, monkeypatch):
    """The bug the lock is there for: each counts before the others have committed."""
    monkeypatch.setattr(limits, "_LOCK_RESIDENT", "SELECT 1 WHERE %s > 0")
    real, everybody = limits.decide, meet(len(wishes))

    def decide_once_all_have_counted(*args, **kwargs):
        everybody()
        return real(*args, **kwargs)

    monkeypatch.setattr(limits, "decide", decide_once_all_have_counted)
    assert outcomes(race(wishes)) == {"won": 4}
