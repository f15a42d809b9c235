"""The sweep frees what expired holds occupy, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import Actor
from booking.models import Claim, Reservation
from booking.queries import search_reservations
from booking.services import expire_holds, release_hold


def test_only_holds_whose_time_is_over_are_swept(hold, book, now):
    old = hold("09:00", "10:00", now=now - timedelta(minutes=10))
    young = hold("10:00", "11:00")
    kept = book("11:00", "12:00")
    assert expire_holds(now=now) == 1
    statuses = dict(Reservation.objects.values_list("pk", "status"))
    assert statuses == {old.pk: "expired", young.pk: "hold", kept.pk: "confirmed"}
    assert set(Claim.objects.filter(active=True).values_list("reservation_id", flat=True)) == {
        young.pk,
        kept.pk,
    }
    assert expire_holds(now=now) == 0


def test_a_released_hold_frees_the_room_and_is_not_swept_again(hold, hanako, ichiro, now):
    reservation = hold()
    release_hold(ref=reservation.ref, actor=Actor("resident", hanako.pk), now=now)
    assert hold(resident=ichiro).status == "hold"
    release_hold(ref=reservation.ref, actor=Actor("resident", hanako.pk), now=now)
    assert Reservation.objects.get(pk=reservation.pk).status == "expired"
    assert search_reservations(resident_id=hanako.pk) == []
