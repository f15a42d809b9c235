"""Some dates of a series cancelled: one, a range, this and the following, all; and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accounts.actors import Actor
from booking.errors import OutsideRules, ReasonMissing, SlotTaken
from booking.models import Reservation, SeriesDate
from booking.series.afterwards import Some, add_date, cancel_dates, cancel_terms, renew_series
from booking.series.applying import preview_series
from booking.series.errors import DateNotOpen, SeriesEmpty, SeriesNotFound, SeriesTooLong
from booking.series.queries import series_view
from facilities.queries import room_by_key
from tests import factories
from tests.booking.conftest import at
from tests.queue import enqueued

JUNE_8, JUNE_15, JUNE_22, JULY_13 = date(2027, 6, 8), date(2027, 6, 15), date(2027, 6, 22), date(2027, 7, 13)


@pytest.fixture
def series(plan, apply_for):
    """Booked: 8 and 22 June, 13 and 27 July, 10 August; waited for: 24 August; the other Tuesdays closed."""
    found = plan()
    apply_for(found)
    return found


@pytest.fixture
def cancel(series, hanako, now):
    def act(now=now, actor=None, reason="", **some):
        actor = actor or Actor("resident", hanako.pk)
        return cancel_dates(ref=series.ref, some=Some(**some), actor=actor, reason=reason, now=now)

    return act


@pytest.fixture
def shown(series, hanako, now):
    def look(now=now):
        view = series_view(ref=series.ref, actor=Actor("resident", hanako.pk), now=now)
        return {f"{one.day:%m-%d}": one.state for one in view.dates if one.state != "refused"}

    return look


ALL = {
    "06-08": "booked",
    "06-22": "booked",
    "07-13": "booked",
    "07-27": "booked",
    "08-10": "booked",
    "08-24": "intention",
}


def test_one_date(cancel, shown, room):
    done = cancel(first=JUNE_22, last=JUNE_22, room_ids=[room.id])
    assert (done.cancelled, done.withdrawn, done.kept) == (1, 0, [])
    assert shown() == ALL | {"06-22": "cancelled"}
    assert [one["kind"] for one in enqueued("frontend.tell")] == ["series_booked", "reservation_cancelled"]


def test_a_range_of_dates_is_told_once(cancel, shown):
    done = cancel(first=JUNE_15, last=JULY_13)
    assert done.cancelled == 2
    assert shown() == ALL | {"06-22": "cancelled", "07-13": "cancelled"}
    assert [one["kind"] for one in enqueued("frontend.tell")] == ["series_booked", "series_cancelled"]


def test_this_and_the_following_with_what_is_only_waited_for(cancel, shown):
    done = cancel(first=date(2027, 8, 10))
    assert (done.cancelled, done.withdrawn) == (1, 1)
    assert shown() == ALL | {"08-10": "cancelled", "08-24": "left_out"}


def test_all_of_it(cancel, shown):
    assert cancel().cancelled == 5
    assert set(shown().values()) == {"cancelled", "left_out"}
    with pytest.raises(SeriesEmpty):
        cancel()


def test_what_is_over_and_what_may_not_be_cancelled_any_more_stays(cancel, shown):
    """Akiruno lets residents cancel until the day before."""
    done = cancel(now=at("10:00", JUNE_22))
    assert done.cancelled == 3
    assert [(one.day, refusal.code) for one, refusal in done.kept] == [(JUNE_22, "not_cancellable")]
    assert shown()["06-08"] == "booked"


def test_staff_cancel_always_and_say_why(cancel, shown):
    clerk = Actor("staff", factories.a_staff("山田", "yamada@example.jp").pk)
    with pytest.raises(ReasonMissing):
        cancel(actor=clerk)
    assert cancel(now=at("10:00", JUNE_22), actor=clerk, reason="電話で申し出").cancelled == 4


def test_the_terms_are_told_before(series, hanako, now):
    actor = Actor("resident", hanako.pk)
    terms = cancel_terms(ref=series.ref, some=Some(first=JULY_13), actor=actor, now=now)
    assert [one.date.day for one in terms.dates] == [JULY_13, date(2027, 7, 27), date(2027, 8, 10)]
    assert (terms.waiting, terms.charge_yen) == (1, 0)
    assert all(one.allowed for one in terms.dates)
    assert Reservation.objects.filter(status="confirmed").count() == 5


def test_nobody_cancels_anothers_dates(series, ichiro, now):
    with pytest.raises(SeriesNotFound):
        cancel_dates(ref=series.ref, some=Some(), actor=Actor("resident", ichiro.pk), reason="", now=now)


def row_of(series, day):
    return SeriesDate.objects.get(series=series, day=day)


def test_a_cancelled_date_is_added_again(cancel, series, hanako, now, room, shown):
    cancel(first=JUNE_22, last=JUNE_22)
    add_date(ref=series.ref, date_id=row_of(series, JUNE_22).pk, actor=Actor("resident", hanako.pk), now=now)
    assert shown() == ALL
    assert Reservation.objects.filter(starts_at=at("13:00", JUNE_22)).count() == 2


def test_a_refused_date_is_refused_again_until_something_else_is_taken(
    series, hanako, now, book, ichiro, shown
):
    actor, row = Actor("resident", hanako.pk), row_of(series, JUNE_15)
    with pytest.raises(OutsideRules):
        add_date(ref=series.ref, date_id=row.pk, actor=actor, now=now)
    assert row_of(series, JUNE_15).state == "refused"


def test_a_date_left_out_can_be_had_in_another_room(plan, apply_for, hanako, now, book, ichiro, room):
    book("13:00", "15:00", day=JUNE_22, resident=ichiro)
    found = plan()
    apply_for(found)
    actor, row = Actor("resident", hanako.pk), row_of(found, JUNE_22)
    with pytest.raises(SlotTaken):
        add_date(ref=found.ref, date_id=row.pk, actor=actor, now=now)
    view = series_view(ref=found.ref, actor=actor, now=now)
    wish = replace(view.plan.wish(room, JUNE_22), room=room_by_key("chuo-kominkan", "kenshu-3"))
    added = add_date(ref=found.ref, date_id=row.pk, actor=actor, now=now, instead=wish)
    assert (added.state, added.reservation.room.key) == ("booked", "kenshu-3")


def test_another_room_that_opens_later_is_not_waited_for_in_its_place(cancel, series, hanako, now):
    day = date(2027, 8, 24)
    cancel(first=day)
    actor, row = Actor("resident", hanako.pk), row_of(series, day)
    wish = series_view(ref=series.ref, actor=actor, now=now).plan.wish(
        room_by_key("chuo-kominkan", "kenshu-3"), day
    )
    with pytest.raises(OutsideRules):
        add_date(ref=series.ref, date_id=row.pk, actor=actor, now=now, instead=wish)
    assert row_of(series, day).state == "left_out"


def test_a_date_withdrawn_is_waited_for_again(cancel, series, hanako, now, shown):
    cancel(first=date(2027, 8, 24))
    row = row_of(series, date(2027, 8, 24))
    add_date(ref=series.ref, date_id=row.pk, actor=Actor("resident", hanako.pk), now=now)
    assert shown() == ALL


def test_a_booked_date_is_not_added_twice(series, hanako, now):
    row = row_of(series, JUNE_8)
    with pytest.raises(DateNotOpen):
        add_date(ref=series.ref, date_id=row.pk, actor=Actor("resident", hanako.pk), now=now)


def test_the_same_again_goes_on_where_it_ends(series, hanako, now):
    draft = renew_series(ref=series.ref, actor=Actor("resident", hanako.pk), now=now)
    plan, rows = preview_series(ref=draft.ref, actor=Actor("resident", hanako.pk), now=now)
    assert (plan.days[0], len(plan.days)) == (date(2027, 8, 31), 12)
    assert (draft.purpose, draft.state) == ("コーラス", "draft")
    assert {one.wish.details.headcount for one in rows} == {10}


def test_a_rhythm_whose_next_day_is_years_away_cannot_go_on(plan, hanako, now):
    draft = plan(rule="FREQ=MONTHLY;INTERVAL=12;BYDAY=5TU;COUNT=1", first=date(2027, 6, 29))
    with pytest.raises(SeriesTooLong):
        renew_series(ref=draft.ref, actor=Actor("resident", hanako.pk), now=now)
