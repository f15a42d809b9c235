"""Pages of the resident through Django's client: Akiruno's 集会室 by the hour, on a day three weeks ahead."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Reservation
from facilities.queries import room_by_key
from frontend.resident.days import first_free_day

ROOM = "/h/chuo-kominkan/shukai/"


@pytest.fixture
def room(city):
    """集会室: by the hour, 150 people, 800 yen an hour."""
    return room_by_key("chuo-kominkan", "shukai")


@pytest.fixture
def day(room):
    """A day about three weeks ahead on which the room is free."""
    later = timezone.now() + timedelta(days=21)
    return first_free_day(rooms=[room], applicant_class="general", now=later)


@pytest.fixture
def browser_of_aiko(aiko):
    """Aiko's browser, signed in; errors come as pages, as in production."""
    client = aiko.client()
    client.raise_request_exception = False
    return client


@pytest.fixture
def hold(browser_of_aiko, day):
    """Hold 13:00 to 15:00 on the page and return the reservation."""

    def make(time="13:00-15:00", key=None):
        answer = browser_of_aiko.post(
            f"{ROOM}{day}/", {"time": time, "idempotency_key": key or uuid.uuid4().hex}
        )
        assert answer.status_code == 302, answer.content.decode()
        return Reservation.objects.get(ref=answer.url.strip("/").split("/")[1])

    return make
