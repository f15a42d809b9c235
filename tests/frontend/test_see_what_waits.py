"""Where staff begin their day, what waits for their decision is counted, for their own halls."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Group
from facilities.models import GroupRegistration, RuleBook
from tenants.context import inside

WAITING = "団体登録の審査"


@pytest.fixture
def a_club_waits(akiruno):
    with inside(akiruno):
        now = timezone.now()
        GroupRegistration.objects.create(
            group=Group.objects.create(name="コーラスの会", created_at=now),
            rule_book=RuleBook.objects.get(),
            kind="",
            state=GroupRegistration.State.APPLIED,
            began_at=now,
            applied_at=now,
        )


def shown(person, address):
    return person.client().get(address, follow=True).content.decode()


@pytest.mark.parametrize("address", ["/desk/", "/console/"])
def test_admin_sees_how_many_groups_wait(a_club_waits, emi, address):
    page = shown(emi, address)
    assert WAITING in page
    assert "1件" in page
    assert "/desk/groups/" in page


def test_manager_sees_it_above_the_day(a_club_waits, dai):
    assert WAITING in shown(dai, "/desk/")


def test_nothing_is_said_where_nothing_waits(dai):
    assert "判断を待っていること" not in shown(dai, "/desk/")
