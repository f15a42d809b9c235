"""Cancelling: the resident until the rules' deadline, staff with a reason; the room is free at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.errors import AlreadyCancelled, NotCancellable, ReasonMissing, ReservationNotFound
from booking.models import Claim, Reservation
from payments.queries import payment_states
from payments.services import collect_cash
from tests.booking.conftest import at


@pytest.fixture
def cancel(hanako, now):
    def act(reservation, *, actor=None, reason="", now=now):
        actor = actor or Actor("resident", hanako.pk)
        return cancel_reservation(ref=reservation.ref, actor=actor, reason=reason, now=now)

    return act


def test_the_room_is_free_for_the_next_person_at_once(book, cancel, ichiro):
    cancel(book())
    assert not Claim.objects.filter(active=True).exists()
    assert book(resident=ichiro).status == "confirmed"


def test_calendars_see_a_higher_sequence(book, cancel):
    cancelled = cancel(book())
    stored = Reservation.objects.get()
    assert (stored.status, stored.sequence) == ("cancelled", 1)
    assert cancelled.sequence == 1


def test_price_and_history_stay(book, cancel):
    cancel(book("13:00", "16:00"))
    stored = Reservation.objects.get()
    assert stored.price_yen == 1200
    assert [step.verb for step in stored.transitions.all()] == ["book", "cancel"]


def test_an_unpaid_charge_is_reduced_to_nothing(book, cancel):
    reservation = cancel(book())
    state = payment_states([reservation.ref])[reservation.ref]
    assert state.state in {"cancelled", "free"}


def test_on_the_day_itself_the_resident_must_call(book, cancel):
    with pytest.raises(NotCancellable) as refusal:
        cancel(book(), now=at("08:00"))
    assert refusal.value.message
    assert Reservation.objects.get().status == "confirmed"


def test_staff_may_cancel_on_the_day_with_a_reason(book, cancel):
    assert cancel(book(), actor=Actor("staff", 1), reason="台風", now=at("08:00")).status == "cancelled"


def test_staff_must_give_a_reason(book, cancel):
    with pytest.raises(ReasonMissing):
        cancel(book(), actor=Actor("staff", 1), reason=" ")


def test_cancelling_twice_is_refused(book, cancel):
    reservation = book()
    cancel(reservation)
    with pytest.raises(AlreadyCancelled):
        cancel(reservation)


def test_a_hold_is_not_cancelled_but_released(hold, cancel):
    with pytest.raises(NotCancellable):
        cancel(hold())


def test_somebody_elses_reservation_is_not_found(book, cancel, ichiro):
    with pytest.raises(ReservationNotFound):
        cancel(book(), actor=Actor("resident", ichiro.pk))


def test_a_minute_after_the_deadline_is_too_late(book, cancel):
    reservation = book()
    midnight = at("00:00")
    with pytest.raises(NotCancellable):
        cancel(reservation, now=midnight)
    assert cancel(reservation, now=midnight - timedelta(minutes=1)).status == "cancelled"


def test_what_was_paid_is_kept_for_staff_to_decide_when_the_rules_are_silent(book, cancel, dai, now):
    """あきる野市's page does not show its refunds: nothing is given back by itself, nothing is lost."""
    reservation = book("13:00", "16:00")
    collect_cash(subject=reservation.ref, yen=1200, staff_id=dai.staff.pk, now=now)
    cancel(reservation)
    state = payment_states([reservation.ref])[reservation.ref]
    assert (state.collected_yen, state.refund_due_yen) == (1200, 0)
