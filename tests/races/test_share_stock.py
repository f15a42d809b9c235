"""Two requests at once cannot both have the last projector; without the lock they would."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking import stock
from booking.models import Reservation
from booking.services import book_room
from facilities.models import RuleBook
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tests.booking.conftest import WEDNESDAY, at, rules_text
from tests.booking.test_share_stock import STOCK, projectors
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race


@pytest.fixture
def wanted(committed_city, now):
    """Four people want both projectors for four rooms at the same time."""
    with inside(committed_city):
        text = rules_text("akiruno")
        for old, new in STOCK:
            text = text.replace(old, new)
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=WEDNESDAY.replace(year=2026), now=now)
        rooms = [room_by_key("chuo-kominkan", f"kenshu-{number}") for number in (1, 2, 3, 5)]
        people = [register_resident(name=f"人 {number}") for number in range(4)]

    def act(room, person):
        return lambda: book_room(
            room_id=room.id,
            starts_at=at("10:00"),
            ends_at=at("12:00"),
            resident_id=person.pk,
            channel="web",
            purpose="会",
            actor=Actor("resident", person.pk),
            now=now,
            details=projectors(2),
        )

    return [act(room, person) for room, person in zip(rooms, people, strict=True)]


def test_one_gets_the_last_ones(race, wanted, committed_city):
    assert outcomes(race(wanted)) == {"won": 1, "OutsideRules": 3}
    with inside(committed_city):
        assert Reservation.objects.count() == 1


def test_without_the_lock_all_would(race, wanted, meet, monkeypatch):
    together = meet(4)
    read = stock._lent

    def read_together(*args):
        found = read(*args)
        together()
        return found

    monkeypatch.setattr(stock, "_LOCK_STOCK", "SELECT %s")
    monkeypatch.setattr(stock, "_lent", read_together)
    assert outcomes(race(wanted)) == {"won": 4}
