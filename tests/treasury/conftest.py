"""A hall that uses drawers, its clerks, and charges to take. All rows of あきる野市."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.actors import Actor
from accounts.models import Staff
from accounts.roles import staff_member
from facilities.models import Facility
from payments.cash.drawers import open_drawer, stock_safe, use_drawers
from payments.models import RevenueItem
from payments.services import assess_charge
from tests import factories


@pytest.fixture
def hall(city):
    """Akiruno's first hall."""
    return Facility.objects.all()[0]


@pytest.fixture
def hana(hall):
    """A manager of the hall."""
    return staff_member(factories.a_staff("花井 花", "hana@example.jp", facilities=[hall]).user)


@pytest.fixture
def jun(hall):
    """Another manager of the hall."""
    return staff_member(factories.a_staff("順田 順", "jun@example.jp", facilities=[hall]).user)


@pytest.fixture
def boss(city):
    """An admin."""
    return staff_member(factories.a_staff("課長", "boss@example.jp", Staff.Role.ADMIN).user)


@pytest.fixture
def charge(hall, now):
    """Make a charge and return its subject."""

    def make(yen=800, *, day=date(2027, 6, 9), payer="佐藤 花子", at=now, facility=hall):
        subject = uuid4()
        assess_charge(
            subject=subject,
            yen=yen,
            title="中央公民館 第1研修室",
            payer=payer,
            day=day,
            facility_id=facility.pk,
            actor=Actor("resident", 1),
            now=at,
        )
        return subject

    return make


@pytest.fixture
def with_drawers(hall, now):
    """The hall's cash is taken into drawers."""
    item = RevenueItem.objects.get(is_default=True)
    use_drawers(facility_id=hall.pk, used=True, default_item_id=item.pk, now=now)


@pytest.fixture
def drawer(hall, hana, now):
    """Hana's open drawer with 10,000 yen of change."""
    stock_safe(facility_id=hall.pk, yen=30_000, memo="つり銭資金", staff=hana, now=now)
    return open_drawer(facility_id=hall.pk, float_yen=10_000, staff=hana, now=now)
