"""A series before anything is booked: every date with its state, its reason, and what could be had instead."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from accounts.actors import Actor
from accounts.models import Membership
from booking.errors import NotForGroup, PurposeUnfit
from booking.models import Reservation, Series
from booking.series.applying import preview_series
from booking.series.errors import BadSeries, SeriesEmpty, SeriesNotFound, SeriesTooLong
from booking.series.planning import forget_drafts, say_of_series
from facilities.queries import room_by_key
from tests.booking.conftest import TOKYO, at
from tests.factories import a_group

JUNE_8, JUNE_22, JULY_13 = date(2027, 6, 8), date(2027, 6, 22), date(2027, 7, 13)


@pytest.fixture
def preview(now):
    def look(series, now=now):
        actor = Actor("resident", series.resident_id)
        _plan, rows = preview_series(ref=series.ref, actor=actor, now=now)
        return {(row.wish.day, row.wish.room.key): row for row in rows}

    return look


def states(rows):
    return {day.isoformat()[5:]: row.state for (day, _), row in rows.items()}


def whys(row):
    return [why if isinstance(why, str) else why.sentence("ja") for why in row.foreseen.whys]


def test_every_date_has_its_state_before_anything_is_booked(plan, preview):
    rows = preview(plan())
    assert states(rows) == {
        "06-08": "free",
        "06-15": "refused",
        "06-22": "free",
        "06-29": "refused",
        "07-06": "refused",
        "07-13": "free",
        "07-20": "refused",
        "07-27": "free",
        "08-03": "refused",
        "08-10": "free",
        "08-17": "refused",
        "08-24": "later",
    }
    assert not Reservation.objects.exists()


def test_a_closed_day_says_why_and_what_is_not_open_yet_says_when(plan, preview):
    rows = preview(plan())
    assert whys(rows[date(2027, 6, 15), "kenshu-1"]) == ["第3火曜日のため休館です。"]
    later = rows[date(2027, 8, 24), "kenshu-1"].foreseen
    assert later.opens_at == datetime(2027, 5, 24, tzinfo=TOKYO)
    assert whys(rows[date(2027, 8, 24), "kenshu-1"])


def test_a_taken_date_says_so_and_offers_another_time_and_another_room(plan, preview, book, ichiro):
    book("14:00", "16:00", day=JUNE_22, resident=ichiro)
    row = preview(plan())[JUNE_22, "kenshu-1"]
    assert row.state == "refused"
    assert whys(row) == ["この時間は、先に予約が入りました。ほかの時間を選んでください。"]
    offered = [
        (one.kind, one.wish.room.key, one.wish.starts // 60, one.wish.ends // 60) for one in row.alternatives
    ]
    assert offered[:2] == [("time", "kenshu-1", 12, 14), ("time", "kenshu-1", 11, 13)]
    assert ("room", "kenshu-3", 13, 15) in offered
    assert all(one.price_yen is not None for one in row.alternatives)


def test_what_is_taken_is_told_even_where_the_window_is_not_open_yet(plan, preview, book, ichiro):
    book("13:00", "14:00", day=date(2027, 8, 24), resident=ichiro, now=at("10:00", date(2027, 6, 1)))
    assert preview(plan())[date(2027, 8, 24), "kenshu-1"].state == "refused"


def test_alternatives_take_nothing_the_series_needs_itself(plan, preview, book, ichiro, room):
    book("13:00", "15:00", day=JUNE_22, resident=ichiro)
    third = room_by_key("chuo-kominkan", "kenshu-3")
    row = preview(plan(room, third))[JUNE_22, "kenshu-1"]
    assert "kenshu-3" not in [one.wish.room.key for one in row.alternatives if one.kind == "room"]


def test_a_room_too_small_is_not_offered(plan, preview, book, ichiro):
    book("13:00", "15:00", day=JUNE_22, resident=ichiro)
    row = preview(plan(headcount=25))[JUNE_22, "kenshu-1"]
    others = [one.wish.room for one in row.alternatives if one.kind != "time"]
    assert others
    assert all(room.capacity >= 25 for room in others)


def test_several_rooms_are_looked_at_day_by_day(plan, preview, room):
    second = room_by_key("chuo-kominkan", "kenshu-2")
    rows = preview(plan(second, room))
    assert list(rows)[:2] == [(JUNE_8, "kenshu-1"), (JUNE_8, "kenshu-2")]
    assert len(rows) == 24


def test_what_a_limit_would_stop_is_told_before(plan, preview, publish, now):
    publish(
        (
            "applications:\n  open:\n",
            "applications:\n  open:\n    limits:\n"
            "      - {key: two, name: 月2回, at_most: 2, of: bookings, per: month, by: use}\n",
        )
    )
    rows = preview(plan(rule="FREQ=WEEKLY;BYDAY=WE;COUNT=5", first=date(2027, 6, 9)))
    assert list(states(rows).values()) == ["free", "free", "refused", "refused", "free"]
    assert any("2" in why for why in whys(rows[date(2027, 6, 23), "kenshu-1"]))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"rule": "FREQ=DAILY;COUNT=3"}, BadSeries),
        ({"rule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270601"}, SeriesEmpty),
        ({"rule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20990601"}, SeriesTooLong),
        ({"starts": 900}, BadSeries),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(plan, changes, refusal):
    with pytest.raises(refusal):
        plan(**changes)


def test_nobody_sees_anothers_series(plan, ichiro, now):
    with pytest.raises(SeriesNotFound):
        preview_series(ref=plan().ref, actor=Actor("resident", ichiro.pk), now=now)


def test_only_who_acts_for_a_group_plans_for_it(plan, now):
    group = a_group("コーラスの会", now=now)
    with pytest.raises(NotForGroup):
        plan(group_id=group.pk)


def test_who_only_sees_a_groups_plan_cannot_write_it_anew(plan, hanako, ichiro, now):
    group = a_group("コーラスの会", now=now)
    Membership.objects.create(group=group, resident=hanako, role="representative", since=now)
    Membership.objects.create(group=group, resident=ichiro, role="viewer", since=now)
    draft = plan(group_id=group.pk)
    with pytest.raises(NotForGroup):
        plan(ref=draft.ref, resident=ichiro)
    kept = Series.objects.get()
    assert (kept.resident_id, kept.group_id) == (hanako.pk, group.pk)
    assert plan(ref=draft.ref, group_id=group.pk, starts=840).starts == 840


@pytest.mark.parametrize("purpose", ["あ" * 201, "\0"])
def test_words_that_cannot_be_kept_are_refused(plan, hanako, now, purpose):
    draft = plan()
    with pytest.raises(PurposeUnfit):
        say_of_series(ref=draft.ref, purpose=purpose, said={}, actor=Actor("resident", hanako.pk), now=now)
    assert Series.objects.get().purpose == "コーラス"


def test_a_plan_nobody_applied_for_is_forgotten_after_a_week(plan, now):
    plan()
    assert forget_drafts(now=at("10:00", date(2027, 5, 16))) == 0
    assert forget_drafts(now=at("11:00", date(2027, 5, 17))) > 0
    assert not Series.objects.exists()
