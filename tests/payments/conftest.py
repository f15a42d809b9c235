"""Charges for tests. The clerk and the hall are real rows of あきる野市."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.actors import Actor
from facilities.models import Facility
from payments.queries import payment_states
from payments.services import assess_charge
from tests import factories


@pytest.fixture
def clerk(city):
    """A hall manager."""
    return factories.a_staff()


@pytest.fixture
def charge(city, now):
    """Make a charge of 800 yen and return its subject; ``charge(0)``: nothing due."""

    def make(yen=800, *, subject=None, day=date(2027, 6, 9), payer="佐藤 花子", title="中央公民館 第1研修室"):
        subject = subject or uuid4()
        assess_charge(
            subject=subject,
            yen=yen,
            title=title,
            payer=payer,
            day=day,
            facility_id=Facility.objects.all()[0].pk,
            actor=Actor("resident", 1),
            now=now,
        )
        return subject

    return make


@pytest.fixture
def state(city):
    """``state(subject)``: where its charge stands."""
    return lambda subject: payment_states([subject])[subject]
