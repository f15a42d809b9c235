"""Somebody who waits for a time, at あきる野市 with its real rules; rooms and people as in the tests of booking."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.models import Membership, Staff
from booking.cancelling import cancel_reservation
from booking.models import Offer
from booking.waiting.asking import wait_for_time
from booking.waiting.offering import advance_all
from tests.booking.conftest import TOKYO, WEDNESDAY, at, book, hanako, hold, ichiro, publish, room
from tests.factories import a_group, a_staff
from tests.queue import enqueued

__all__ = ["TOKYO", "WEDNESDAY", "at", "book", "hanako", "hold", "ichiro", "publish", "room"]


@pytest.fixture
def staff(city):
    """A municipality admin."""
    return a_staff(role=Staff.Role.ADMIN)


@pytest.fixture
def choir(city, hanako, now):
    """合唱団, of which Hanako is the representative."""
    group = a_group("合唱団", now=now)
    Membership.objects.create(group=group, resident=hanako, role="representative", since=now)
    return group


@pytest.fixture
def wait(room, now):
    """Wait to be offered a time; 10:00 to 12:00 on a Wednesday unless said otherwise."""

    def make(resident, starts="10:00", ends="12:00", *, day=WEDNESDAY, room=room, now=now, **changes):
        arguments = {
            "room_id": room.id,
            "starts_at": at(starts, day),
            "ends_at": at(ends, day),
            "wish": "offer",
            "any_alike": False,
            "resident_id": resident.pk,
            "actor": Actor("resident", resident.pk),
            "now": now,
        }
        return wait_for_time(**{**arguments, **changes})

    return make


@pytest.fixture
def cancel(now):
    """Cancel a reservation as who booked it, and carry a release on as the worker would."""

    def act(reservation, *, now=now, **changes):
        actor = changes.pop("actor", Actor("resident", reservation.resident_id))
        cancel_reservation(
            ref=reservation.ref, actor=actor, reason=changes.pop("reason", ""), now=now, **changes
        )
        advance_all(now=now)

    return act


@pytest.fixture
def told(city):
    """``told("offer_made")``: the ids of the residents who were told, in order."""

    def find(kind):
        return [one["resident_id"] for one in enqueued("frontend.tell") if one["kind"] == kind]

    return find


@pytest.fixture
def open_offer(city):
    """The offer that is open now; None when none is."""
    return lambda: Offer.objects.filter(state="open").first()
