"""A room lent by the slot and by the hour: a resident and a manager choose either, with every page inspected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities.queries import room_by_key
from facilities.room_rules import Asker
from frontend.resident.days import first_free_day
from tenants.context import inside
from tests import factories
from tests.conftest import Person
from tests.frontend.test_offer_slots_and_hours import halls_with_both
from tests.journeys.conftest import WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def halls(akiruno, committed_city, tmp_path):
    """見本市運動公園 with 多目的室 (slots and hours) and 談話室 (hours that can be made longer)."""
    with inside(akiruno):
        return halls_with_both(tmp_path)


@pytest.mark.parametrize("width", WIDTHS)
def test_resident_takes_a_slot_or_longer_hours(visit, akiruno, aiko, halls, width):
    visitor = visit(akiruno, person=aiko, width=width).go("/h/kouen/both/")
    visitor.tap(visitor.page.locator("a.hour").nth(4))
    visitor.inspect()
    assert visitor.page.locator("#length").is_visible()
    visitor.choose("input[value='18:00-21:30']").press("つぎへ進む")
    assert "3,500円" in visitor.text
    visitor.go("/h/kouen/longer/")
    visitor.tap(visitor.page.locator("a.hour").last)
    visitor.page.locator(".longer > summary").first.click()
    visitor.inspect()
    visitor.choose("input[value$='16:00-17:00+30']").press("つぎへ進む")
    assert "17:30" in visitor.text


@pytest.fixture
def manager(akiruno, halls):
    """Manager of 見本市運動公園."""
    with inside(akiruno):
        staff = factories.a_staff("園 守", "sono@example.jp", "manager", halls)
        return Person("園 守", staff.user, akiruno, staff=staff)


@pytest.mark.parametrize("width", WIDTHS)
def test_manager_books_hours_or_a_slot_for_a_caller(visit, akiruno, manager, width):
    with inside(akiruno):
        day = first_free_day(
            rooms=[room_by_key("kouen", "both")],
            asker=Asker("", "phone", timezone.now() + timedelta(days=2)),
        )
    visitor = visit(akiruno, person=manager, width=width).go(f"/desk/kouen/both/{day}/new/?from=840")
    visitor.page.select_option("[name=starts]", "840")
    visitor.page.select_option("[name=ends]", "960")
    visitor.choose("input[name=resident][value=new]")
    visitor.fill(name="森 かおり", phone="042-555-0177", purpose="俳句の会", headcount="8")
    visitor.press("料金を確かめる")
    assert "1,400円" in visitor.text
    visitor.press("直す").choose("input[value='1080-1290']").press("料金を確かめる")
    assert "3,500円" in visitor.text
    visitor.press("この内容で予約する")
    assert "18:00" in visitor.text
