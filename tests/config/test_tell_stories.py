"""What the demo's resident and their choir have under way: something on each of their pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from booking.models import Appeal, BasketItem, Reservation, SeriesDate
from config.demo.clubs import seed_clubs
from config.demo.stories import tell_stories
from facilities.models import GroupRegistration
from tests import factories


def test_resident_and_choir_have_something_of_everything(city):
    now = timezone.now()
    factories.Facility.objects.update(is_open=False)
    (hall,) = factories.halls_of(factories.EXAMPLES / "inzai.yaml")[:1]
    resident = factories.a_resident("青木 春子", "resident@example.jp", login=True)
    clerk = factories.a_staff(facilities=[hall])
    seed_clubs(representative=resident, clerk_id=clerk.pk, now=now - timedelta(days=40))
    tell_stories(hall=hall, resident=resident, clerk_id=clerk.pk, now=now)
    choir = GroupRegistration.objects.get(state="registered").group
    assert Reservation.objects.filter(resident=resident, group=None, status="confirmed").exists()
    assert BasketItem.objects.count() == 1
    assert {"booked", "intention"} <= set(SeriesDate.objects.values_list("state", flat=True))
    assert Appeal.objects.get().offence.group == choir
