"""Dates of a series moved to another time or room: all, or those that can be."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from booking.models import Reservation, SeriesDate
from booking.series.afterwards import Some
from booking.series.errors import BadSeries, SeriesEmpty, SeriesNotWhole
from booking.series.moving import Target, move_dates, move_terms
from booking.series.queries import series_view
from facilities.queries import room_by_key
from tests.booking.conftest import at

JUNE_22, JULY_13 = date(2027, 6, 22), date(2027, 7, 13)
LATER = Target(900, 1020)


@pytest.fixture
def series(plan, apply_for):
    """Booked: 8 and 22 June, 13 and 27 July, 10 August; waited for: 24 August; each from 13:00 to 15:00."""
    found = plan()
    apply_for(found)
    return found


@pytest.fixture
def move(series, hanako, now):
    def act(target=LATER, *, all_or_nothing=True, now=now, **some):
        actor = Actor("resident", hanako.pk)
        return move_dates(
            ref=series.ref,
            some=Some(**some),
            target=target,
            all_or_nothing=all_or_nothing,
            actor=actor,
            now=now,
        )

    return act


@pytest.fixture
def starts(series, hanako, now):
    def look():
        view = series_view(ref=series.ref, actor=Actor("resident", hanako.pk), now=now)
        return [one.starts // 60 for one in view.dates if one.state in ("booked", "intention")]

    return look


def test_one_date_is_moved_and_keeps_its_number(move, starts):
    ref = Reservation.objects.get(starts_at=at("13:00", JUNE_22)).ref
    assert move(first=JUNE_22, last=JUNE_22).moved == 1
    assert starts() == [13, 15, 13, 13, 13, 13]
    assert Reservation.objects.get(ref=ref).starts_at == at("15:00", JUNE_22)


def test_this_and_the_following_with_what_is_waited_for(move, starts):
    done = move(first=JULY_13)
    assert (done.moved, done.waiting) == (3, 1)
    assert starts() == [13, 13, 15, 15, 15, 15]


def test_all_of_them_to_another_room(move, series):
    third = room_by_key("chuo-kominkan", "kenshu-3")
    assert move(Target(780, 900, third.id)).moved == 5
    assert set(Reservation.objects.values_list("room_id", flat=True)) == {third.id}


def test_all_or_nothing_moves_none_when_one_is_taken(move, starts, book, ichiro):
    book("16:00", "18:00", day=JUNE_22, resident=ichiro)
    with pytest.raises(SeriesNotWhole) as refused:
        move()
    assert [key[-10:] for key in refused.value.facts["refused"]] == ["2027-06-22"]
    assert starts() == [13] * 6


def test_else_those_that_can_are_moved_and_the_others_stay(move, starts, book, ichiro):
    book("16:00", "18:00", day=JUNE_22, resident=ichiro)
    done = move(all_or_nothing=False)
    assert [(row.day, refusal.code) for row, refusal in done.kept] == [(JUNE_22, "slot_taken")]
    assert starts() == [15, 13, 15, 15, 15, 15]


def test_the_terms_are_told_before(series, hanako, now, starts, book, ichiro):
    book("16:00", "18:00", day=JUNE_22, resident=ichiro)
    some = {"some": Some(), "target": Target(780, 960), "actor": Actor("resident", hanako.pk), "now": now}
    rows = move_terms(ref=series.ref, **some)
    assert [one.allowed for one in rows] == [True] * 5
    assert {one.terms.pay_yen for one in rows} == {400}
    assert starts() == [13] * 6


def test_nothing_to_move_and_no_time_are_refused(move):
    with pytest.raises(SeriesEmpty):
        move(first=date(2028, 1, 1))
    with pytest.raises(BadSeries):
        move(Target(900, 900))


def test_a_moved_date_stays_the_same_date_of_the_series(move, series):
    move()
    assert SeriesDate.objects.filter(series=series, state="booked").count() == 5
