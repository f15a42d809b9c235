"""Hall managers are told of the rooms of their halls, as they wish; admins of what waits for a decision."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actors import Actor
from accounts.models import Staff
from accounts.notices.choosing import choose_for_staff
from booking.bulk import Item, book_together
from booking.cancelling import cancel_reservation
from booking.services import book_room
from facilities.details import Details
from facilities.models import Facility
from facilities.periods import moment
from facilities.queries import rooms_of
from tests import factories
from tests.booking.conftest import WEDNESDAY
from tests.queue import deliver_notices, told

ALL = frozenset({"manager_new_booking", "manager_cancelled", "manager_changed", "review_waiting"})


@pytest.fixture
def rooms(city):
    """Two rooms of one hall."""
    found = [
        room for room in rooms_of(Facility.objects.get(key="chuo-kominkan").pk) if room.key[:6] == "kenshu"
    ]
    return found[:2]


@pytest.fixture
def manager(rooms):
    """A manager at the hall of the rooms."""
    return factories.a_staff(
        "館野 守", "tateno@example.jp", Staff.Role.MANAGER, [Facility.objects.get(pk=rooms[0].facility_id)]
    )


@pytest.fixture
def book(aiko, now):
    """``book(room)``: Aiko books the room on a Wednesday, or staff for her."""

    def make(room, hour=10, actor=None):
        return book_room(
            room_id=room.id,
            starts_at=moment(WEDNESDAY, hour * 60, room.zone),
            ends_at=moment(WEDNESDAY, hour * 60 + 60, room.zone),
            resident_id=aiko.resident.pk,
            channel="web",
            purpose="会議",
            details=Details(headcount=5),
            actor=actor or Actor("resident", aiko.resident.pk),
            now=now,
        )

    return make


def to_manager():
    return [one for one in mail.outbox if one.to == ["tateno@example.jp"]]


def test_a_manager_is_told_of_a_booking_nobody_had_to_permit(book, rooms, manager):
    booked = book(rooms[0])
    deliver_notices()
    (sent,) = to_manager()
    assert sent.subject == f"新しい予約（6月9日（水） {rooms[0].name}）"
    for words in ("館野 守 様", "青木 愛子", "042-000-0001", "会議", f"/{booked.ref}/", booked.number):
        assert words in sent.body, words


def test_a_manager_is_told_of_a_cancellation(book, rooms, manager, aiko, now):
    booked = book(rooms[0])
    deliver_notices()
    cancel_reservation(ref=booked.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now)
    deliver_notices()
    assert [one.subject[:6] for one in to_manager()] == ["新しい予約（", "予約の取消し"]


def test_a_manager_hears_only_of_the_rooms_they_want(book, rooms, manager):
    choose_for_staff(staff=manager, wanted=ALL, silent_rooms=[rooms[0].id])
    book(rooms[0])
    heard = book(rooms[1])
    deliver_notices()
    (sent,) = to_manager()
    assert heard.number in sent.body


def test_of_several_rooms_at_once_each_manager_sees_their_own(rooms, manager, aiko, now):
    choose_for_staff(staff=manager, wanted=ALL, silent_rooms=[rooms[0].id])
    items = [
        Item(
            room.id,
            moment(WEDNESDAY, 600, room.zone),
            moment(WEDNESDAY, 660, room.zone),
            Details(headcount=5),
        )
        for room in rooms
    ]
    book_together(
        items=items,
        resident_id=aiko.resident.pk,
        channel="web",
        purpose="",
        all_or_nothing=True,
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )
    deliver_notices()
    (sent,) = to_manager()
    assert rooms[1].name in sent.body
    assert rooms[0].name not in sent.body
    (hirer,) = [one for one in mail.outbox if one.to == ["aiko@example.jp"]]
    assert hirer.subject == "予約できました（2件）"
    assert all(room.name in hirer.body for room in rooms)


def test_who_did_it_is_not_told_of_it(book, rooms, manager):
    book(rooms[0], actor=Actor("staff", manager.pk))
    deliver_notices()
    assert to_manager() == []


def test_who_does_not_want_it_or_works_elsewhere_is_not_told(book, rooms, manager):
    elsewhere = factories.a_facility()
    factories.a_staff("他所 館", "tasho@example.jp", Staff.Role.MANAGER, [elsewhere])
    choose_for_staff(staff=manager, wanted=(), silent_rooms=())
    book(rooms[0])
    deliver_notices()
    assert [one.to for one in mail.outbox] == [["aiko@example.jp"]]


def test_an_admin_is_told_of_bookings_only_when_they_ask(book, rooms, emi):
    book(rooms[0])
    deliver_notices()
    assert told("manager_new_booking") == []
    choose_for_staff(staff=emi.staff, wanted=ALL, silent_rooms=())
    booked = book(rooms[1])
    deliver_notices()
    (notice,) = [one for one in told("manager_new_booking") if one.about == booked.ref]
    assert notice.staff_id == emi.staff.pk


def test_who_left_is_told_nothing(book, rooms, manager):
    Staff.objects.filter(pk=manager.pk).update(is_active=False)
    book(rooms[0])
    deliver_notices()
    assert to_manager() == []
