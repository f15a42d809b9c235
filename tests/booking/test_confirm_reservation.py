"""Confirming a hold: exactly once, in time, with charge and mail."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actors import Actor
from booking.errors import HeadcountUnfit, HoldExpired, PurposeUnfit, ReservationNotFound, TooManyPeople
from booking.models import Claim, Reservation, Transition
from booking.services import confirm_reservation
from facilities.details import Details
from payments.queries import payment_states


@pytest.fixture
def confirm(hanako, now):
    def act(reservation, *, resident=hanako, now=now, headcount=10, purpose="コーラス"):
        actor = Actor("resident", resident.pk)
        return confirm_reservation(
            ref=reservation.ref,
            purpose=purpose,
            details=Details(headcount=headcount),
            actor=actor,
            now=now,
        )

    return act


def test_a_hold_becomes_a_reservation_that_no_longer_expires(hold, confirm):
    confirm(hold())
    stored = Reservation.objects.get()
    assert (stored.status, stored.held_until, stored.purpose, stored.headcount) == (
        "confirmed",
        None,
        "コーラス",
        10,
    )
    assert Claim.objects.get().expires_at is None
    assert [step.verb for step in Transition.objects.all()] == ["hold", "confirm"]


def test_the_frozen_price_is_assessed(hold, confirm):
    reservation = confirm(hold("13:00", "16:00"))
    state = payment_states([reservation.ref])[reservation.ref]
    assert (state.assessed_yen, state.state) == (1200, "unpaid")


def test_confirming_twice_changes_nothing(hold, confirm):
    held = hold()
    confirm(held)
    again = confirm(held)
    assert again.status == "confirmed"
    assert Transition.objects.filter(verb="confirm").count() == 1


def test_after_ten_minutes_it_is_too_late(hold, confirm, now):
    with pytest.raises(HoldExpired):
        confirm(hold(), now=now + timedelta(minutes=10))
    assert Reservation.objects.get().status == "hold"


def test_somebody_elses_hold_is_not_found(hold, confirm, ichiro):
    with pytest.raises(ReservationNotFound):
        confirm(hold(), resident=ichiro)


def test_an_unknown_reference_is_not_found(hanako, now):
    with pytest.raises(ReservationNotFound):
        confirm_reservation(ref=uuid4(), purpose="", actor=Actor("resident", hanako.pk), now=now)


def test_more_people_than_the_room_holds_are_refused(hold, confirm):
    with pytest.raises(TooManyPeople):
        confirm(hold(), headcount=31)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"purpose": "あ" * 201}, PurposeUnfit),
        ({"purpose": "\0"}, PurposeUnfit),
        ({"headcount": 0}, HeadcountUnfit),
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_time_stays_held(hold, confirm, said, refusal):
    mine = hold()
    with pytest.raises(refusal):
        confirm(mine, **said)
    assert Reservation.objects.get().status == "hold"
