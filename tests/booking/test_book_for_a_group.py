"""Booking for a group: who may, whose it is then, who sees it, in whose name it is charged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Group, Membership
from accounts.services import register_resident
from booking.cancelling import cancel_reservation
from booking.errors import GroupNotRegistered, NotForGroup, ReservationNotFound
from booking.queries import reservation_of, reservations_of
from booking.services import confirm_reservation
from facilities.details import Details
from facilities.models import GroupRegistration
from payments.models import Charge
from tests.booking.conftest import WEDNESDAY
from tests.factories import a_group

ROLE = Membership.Role
TEN = Details(headcount=10)


@pytest.fixture
def chorus(city, hanako, ichiro, now):
    """コーラスの会: Hanako books for it, Ichiro only sees."""
    group = a_group("コーラスの会", now=now)
    for resident, role in ((hanako, ROLE.BOOKER), (ichiro, ROLE.VIEWER)):
        Membership.objects.create(group=group, resident=resident, role=role, since=now)
    return group


def test_the_reservation_is_the_groups_and_its_name_stands_on_the_charge(book, chorus):
    booked = book(group_id=chorus.pk)
    assert booked.group_id == chorus.pk
    assert Charge.objects.get(subject=booked.ref).payer == "コーラスの会"


def test_a_hold_for_a_group_is_confirmed_for_the_group(hold, chorus, hanako, now):
    held = hold(group_id=chorus.pk)
    actor = Actor("resident", hanako.pk)
    booked = confirm_reservation(ref=held.ref, purpose="練習", details=TEN, actor=actor, now=now)
    assert (booked.status, booked.group_id) == ("confirmed", chorus.pk)
    assert Charge.objects.get(subject=booked.ref).payer == "コーラスの会"


def test_all_members_see_it_and_nobody_else(book, chorus, hanako, ichiro, now):
    booked = book(group_id=chorus.pk)
    for member in (hanako, ichiro):
        assert reservation_of(resident_id=member.pk, ref=booked.ref).group.name == "コーラスの会"
        assert [one.ref for one in reservations_of(resident_id=member.pk, now=now)[0]] == [booked.ref]
    Membership.objects.filter(resident=hanako).update(ended_at=now)
    with pytest.raises(ReservationNotFound):
        reservation_of(resident_id=hanako.pk, ref=booked.ref)


def test_their_own_reservations_stay_their_own(book, chorus, ichiro):
    own = book()
    with pytest.raises(ReservationNotFound):
        reservation_of(resident_id=ichiro.pk, ref=own.ref)


def test_who_only_sees_may_neither_book_nor_cancel_for_it(book, chorus, ichiro, now):
    with pytest.raises(NotForGroup):
        book(resident=ichiro, group_id=chorus.pk)
    booked = book(group_id=chorus.pk)
    with pytest.raises(NotForGroup):
        cancel_reservation(ref=booked.ref, actor=Actor("resident", ichiro.pk), reason="", now=now)


def test_a_stranger_cannot_book_for_a_group(book, chorus, city):
    with pytest.raises(NotForGroup):
        book(resident=register_resident(name="よその人"), group_id=chorus.pk)


@pytest.mark.parametrize("ended", ["group", "membership"])
def test_nobody_books_for_a_group_that_is_over(book, chorus, hanako, now, ended):
    rows = (
        Group.objects.filter(pk=chorus.pk) if ended == "group" else Membership.objects.filter(resident=hanako)
    )
    rows.update(ended_at=now)
    with pytest.raises((NotForGroup, ReservationNotFound)):
        book(group_id=chorus.pk)


def test_staff_book_for_a_group_whoever_calls(book, chorus, ichiro):
    booked = book(resident=ichiro, group_id=chorus.pk, actor=Actor("staff", 1), channel="phone")
    assert booked.group_id == chorus.pk


def test_another_booker_of_the_group_may_cancel_it(book, chorus, ichiro, now):
    booked = book(group_id=chorus.pk)
    Membership.objects.filter(resident=ichiro).update(role=ROLE.REPRESENTATIVE)
    cancel_reservation(ref=booked.ref, actor=Actor("resident", ichiro.pk), reason="", now=now)
    assert reservation_of(resident_id=ichiro.pk, ref=booked.ref).status == "cancelled"


@pytest.mark.parametrize("state", ["draft", "applied", "ended"])
def test_nobody_books_for_a_group_that_is_not_registered(book, chorus, state):
    """Else whoever invents names of groups has a limit for each."""
    GroupRegistration.objects.filter(group=chorus).update(state=state)
    with pytest.raises(GroupNotRegistered):
        book(group_id=chorus.pk)


def test_a_registration_must_hold_on_the_day_of_use(book, chorus):
    GroupRegistration.objects.filter(group=chorus).update(valid_until=WEDNESDAY)
    assert book(group_id=chorus.pk).status == "confirmed"
    with pytest.raises(GroupNotRegistered):
        book(group_id=chorus.pk, day=WEDNESDAY + timedelta(days=1))


def test_staff_may_book_for_it_with_a_reason(book, chorus):
    GroupRegistration.objects.filter(group=chorus).update(state="applied")
    booked = book(
        group_id=chorus.pk, actor=Actor("staff", 1), channel="desk", override_reason="登録の手続き中"
    )
    assert booked.group_id == chorus.pk
