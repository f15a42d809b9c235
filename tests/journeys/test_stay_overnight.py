"""A night from 15:00 to 10:00 of the next day: chosen on a phone, seen at the desk on both days."""

from __future__ import annotations

import pytest
from django.utils import timezone

from facilities.models import FacilityStaff
from tenants.context import inside
from tests import factories
from tests.journeys.conftest import PHONE, TABLET, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def camp(akiruno, committed_city):
    """見本市青少年の家, beside Akiruno's own hall."""
    with inside(akiruno):
        return factories.halls_of(factories.RULES / "overnight.yaml")


@pytest.fixture
def day():
    """A day three weeks ahead."""
    return timezone.localdate() + timezone.timedelta(days=21)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_night_is_chosen_and_held(visit, akiruno, aiko, camp, day, width):
    visitor = visit(akiruno, person=aiko, width=width).go(f"/h/camp/{day}/")
    assert "翌日10:00" in visitor.text
    visitor.go(f"/h/camp/bungalow/{day}/")
    visitor.choose("input[value='15:00-34:00']").press("つぎへ進む")
    assert "15:00〜翌日10:00" in visitor.text


@pytest.mark.parametrize("width", [PHONE, TABLET])
def test_the_desk_books_a_night_and_sees_it_on_both_days(visit, akiruno, dai, aiko, camp, day, width):
    with inside(akiruno):
        FacilityStaff.objects.create(facility=camp[0], staff=dai.staff)
        factories.a_resident("佐藤 花子", phone="042-555-0101", name_kana="さとう はなこ")
    visitor = visit(akiruno, person=dai, width=width).go(f"/desk/camp/{day}/")
    visitor.tap(visitor.page.locator("#gap-bungalow-0"))
    visitor.choose("input[name=slot][value='900-2040']").fill(text="サトウ").press("さがす")
    visitor.choose("input[name=slot][value='900-2040']").fill(purpose="合宿", headcount="8")
    visitor.press("料金を確かめる")
    assert "15:00〜翌日10:00" in visitor.text
    visitor.press("この内容で予約する")
    visitor.go(f"/desk/camp/{day}/")
    assert "15:00〜翌日10:00" in visitor.text
    visitor.follow("次の日")
    assert "前日15:00〜10:00" in visitor.text
