"""A club books every week around closed days, moves dates, cancels a range, adds one, and goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from booking.models import Reservation, SeriesDate
from facilities.queries import room_by_key
from facilities.room_rules import Asker, open_on
from tenants.context import inside
from tests.journeys.conftest import PHONE, WIDTHS

pytestmark = pytest.mark.browser


def next_tuesday(municipality):
    """The next Tuesday (not today) on which the hall is open."""
    with inside(municipality):
        room = room_by_key("chuo-kominkan", "kenshu-1")
        day = timezone.localdate() + timedelta(days=2)
        while day.weekday() != 1 or open_on(room, day, Asker("", "web", timezone.now())).closed:
            day += timedelta(days=1)
        return day


def begin(visitor, first: date):
    """From the room's page to the question how it comes back."""
    visitor.go(f"/h/chuo-kominkan/kenshu-1/{first.isoformat()}/?start=13:00")
    visitor.choose("#length input[name=time] >> nth=1").press("くり返して予約する")
    assert "最初の日" in visitor.text


def apply_for(visitor, first: date, weeks: int, *, rooms=()):
    begin(visitor, first)
    if rooms:
        visitor.page.get_by_text("ほかの部屋も同時に使う").click()
    for name in rooms:
        visitor.page.get_by_label(name, exact=True).check()
    visitor.fill(until=(first + timedelta(weeks=weeks)).isoformat()).press("つぎへ進む")
    visitor.fill(purpose="太極拳の会", headcount="8").press("つぎへ進む")


def states(municipality):
    with inside(municipality):
        return sorted(SeriesDate.objects.values_list("state", flat=True))


@pytest.mark.parametrize("width", WIDTHS)
def test_half_a_year_of_tuesdays_in_two_rooms_around_closed_days(visit, akiruno, aiko, width):
    first = next_tuesday(akiruno)
    visitor = visit(akiruno, width=width, person=aiko)
    apply_for(visitor, first, 26, rooms=["第2研修室"])
    assert "のため休館です" in visitor.text
    assert "受付前" in visitor.text
    visitor.press("この内容で予約する")
    assert "くり返しの予約を申し込みました" in visitor.text
    assert set(states(akiruno)) == {"booked", "intention", "refused"}
    assert len(states(akiruno)) == 54
    visitor.go("/series/")
    visitor.follow("太極拳の会")
    assert "取れなかった日" in visitor.text


def test_dates_are_left_moved_cancelled_added_and_renewed(visit, akiruno, aiko):
    first = next_tuesday(akiruno)
    visitor = visit(akiruno, width=PHONE, person=aiko)
    apply_for(visitor, first, 9)
    visitor.page.locator("input[name=take]").first.uncheck()
    visitor.press("この内容で予約する")
    assert "left_out" in states(akiruno)
    visitor.follow("時間や部屋を変える")
    visitor.fill(starts="15:00", ends="17:00").press("変えるとどうなるかを見る")
    assert "払うお金は変わりません" in visitor.text
    visitor.press("このように変える")
    assert "変更しました" in visitor.text
    with inside(akiruno):
        begins = {timezone.localtime(one.starts_at).hour for one in Reservation.objects.all()}
    assert begins == {15}
    visitor.follow("いくつかの日を取り消す")
    visitor.fill(first=(first + timedelta(weeks=1)).isoformat()).press("取り消す日を見る")
    assert "返すお金の合計" in visitor.text
    visitor.press("これらの日を取り消す")
    assert "取り消しました" in visitor.text
    visitor.follow("この日を足す").press("この日を予約する")
    assert "予約しました" in visitor.text
    with inside(akiruno):
        assert Reservation.objects.filter(status="confirmed").count() == 1
    visitor.press("このつづきを、同じ内容で申し込む")
    assert "日を確かめて、予約してください" in visitor.text


def test_a_series_works_without_javascript_by_the_month(visit, akiruno, aiko):
    first = next_tuesday(akiruno)
    visitor = visit(akiruno, width=PHONE, person=aiko, javascript=False)
    begin(visitor, first)
    visitor.choose("#id_rhythm_4").choose("#id_ends_1").press("つぎへ進む")
    assert "回数を書いてください" in visitor.text
    visitor.fill(count="３回").press("つぎへ進む")
    visitor.fill(purpose="俳句の会", headcount="8").press("つぎへ進む")
    assert "毎月 第" in visitor.text
    visitor.choose("#id_which_all").press("この内容で予約する")
    assert "くり返しの予約を申し込みました" in visitor.text
