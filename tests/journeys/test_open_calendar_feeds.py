"""People open a calendar feed, see its address once, get a new one, and close it; on every width."""

from __future__ import annotations

import os
import re

import pytest

from tests.journeys.conftest import WIDTHS

pytestmark = pytest.mark.browser


def photograph(visitor, name):
    folder = os.environ.get("PICTURES")
    if folder:
        visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_resident_opens_renews_and_closes_a_feed(visit, akiruno, aiko, width):
    visitor = visit(akiruno, person=aiko, width=width).go("/my/").follow("自分のカレンダーに予約を出す")
    visitor.press("カレンダーの住所を作る")
    photograph(visitor, f"my-{width}")
    assert "webcal://" in visitor.page.content()
    visitor.press("住所を新しくする")
    visitor.press("住所を使えなくする")
    assert "カレンダーの住所を作る" in visitor.text


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_open_feeds_of_hall_and_room(visit, akiruno, dai, width):
    visitor = visit(akiruno, person=dai, width=width).go("/desk/calendar/")
    visitor.press(re.compile("カレンダーの住所を作る.*第1研修室"))
    photograph(visitor, f"desk-{width}")
    assert "webcal://" in visitor.page.content()
