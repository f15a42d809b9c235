"""Applying for a series: what is free is booked together, what opens later is kept, the rest keeps its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from accounts.actors import Actor
from booking.errors import ReasonMissing
from booking.models import Application, Reservation, Series, SeriesDate
from booking.series.applying import preview_series
from booking.series.errors import SeriesApplied, SeriesEmpty, SeriesNotWhole
from booking.series.queries import series_of, series_view
from booking.whys import read_whys
from facilities.queries import room_by_key
from tests import factories
from tests.queue import enqueued

JUNE_8, JUNE_15, JUNE_22 = date(2027, 6, 8), date(2027, 6, 15), date(2027, 6, 22)


def key(day, room):
    return f"{room.id}-{day.isoformat()}"


def counts(series):
    return Counter(SeriesDate.objects.filter(series=series).values_list("state", flat=True))


def test_what_is_free_is_booked_and_the_rest_is_kept_with_its_reason(plan, apply_for):
    series = plan()
    done = apply_for(series)
    assert (done.booked, done.waiting, done.refused) == (5, 1, 6)
    assert counts(series) == {"booked": 5, "intention": 1, "refused": 6}
    closed = SeriesDate.objects.get(series=series, day=JUNE_15)
    assert [why.sentence("ja") for why in read_whys(closed.reasons)] == ["第3火曜日のため休館です。"]
    rows = Reservation.objects.all()
    assert {row.purpose for row in rows} == {"コーラス"}
    assert {row.headcount for row in rows} == {10}
    assert {row.price_yen for row in rows} == {800}
    assert Application.objects.count() == 1


def test_one_notice_tells_of_the_whole_series(plan, apply_for):
    series = plan()
    apply_for(series)
    (notice,) = enqueued("frontend.tell")
    assert notice["kind"] == "series_booked"
    assert notice["facts"] == {"path": f"/series/{series.ref}/", "count": "5", "skipped": "6"}


def test_a_date_can_be_left_and_an_alternative_taken(plan, apply_for, room, book, ichiro, now, hanako):
    book("13:00", "15:00", day=JUNE_22, resident=ichiro)
    series = plan()
    _plan, rows = preview_series(ref=series.ref, actor=Actor("resident", hanako.pk), now=now)
    row = next(one for one in rows if one.wish.day == JUNE_22)
    other_room = next(one for one in row.alternatives if one.kind == "room")
    apply_for(series, left={key(JUNE_8, room)}, instead={key(JUNE_22, room): other_room.wish})
    assert SeriesDate.objects.get(series=series, day=JUNE_8).state == "left_out"
    moved = SeriesDate.objects.get(series=series, day=JUNE_22)
    assert moved.state == "booked"
    assert moved.reservation.room_id == other_room.wish.room.id
    view = series_view(ref=series.ref, actor=Actor("resident", hanako.pk), now=now)
    assert [one.day for one in view.dates if one.differs] == [JUNE_22]


def test_all_or_nothing_books_nothing_when_one_chosen_date_is_gone(
    plan, apply_for, room, book, ichiro, now, hanako
):
    series = plan()
    taken = replace(_wish(series, JUNE_15, now, hanako), starts=1080, ends=1200)
    book("18:00", "20:00", day=JUNE_22, resident=ichiro)
    with pytest.raises(SeriesNotWhole) as refused:
        apply_for(series, all_or_nothing=True, instead={key(JUNE_15, room): taken})
    assert list(refused.value.facts["refused"]) == [key(JUNE_15, room)]
    assert Reservation.objects.count() == 1
    assert Series.objects.get().state == "draft"
    assert not SeriesDate.objects.exists()


def test_all_or_nothing_does_not_mind_dates_that_were_left_or_open_later(plan, apply_for):
    assert apply_for(plan(), all_or_nothing=True).booked == 5


def test_a_series_of_nothing_is_refused(plan, apply_for):
    with pytest.raises(SeriesEmpty):
        apply_for(plan(rule="FREQ=MONTHLY;BYDAY=3TU;COUNT=3"))
    assert Series.objects.get().state == "draft"


def test_a_series_is_applied_for_once(plan, apply_for):
    series = plan()
    apply_for(series)
    with pytest.raises(SeriesApplied):
        apply_for(series)
    assert Reservation.objects.count() == 5


def test_two_rooms_become_one_application(plan, apply_for, room):
    series = plan(room, room_by_key("chuo-kominkan", "kenshu-2"))
    assert apply_for(series).booked == 10
    assert Reservation.objects.values("application").distinct().count() == 1


def test_staff_book_a_date_against_the_rules_with_a_reason_only(plan, apply_for, room, hanako, now):
    clerk = Actor("staff", factories.a_staff("山田", "yamada@example.jp").pk)
    series = plan(actor=clerk, channel="phone")
    with pytest.raises(ReasonMissing):
        apply_for(series, actor=clerk, forced={key(JUNE_15, room)})
    done = apply_for(series, actor=clerk, forced={key(JUNE_15, room)}, override_reason="館長の許可")
    assert done.booked == 6
    forced = SeriesDate.objects.get(series=series, day=JUNE_15).reservation
    assert forced.transitions.get().reason == "館長の許可"
    other = SeriesDate.objects.get(series=series, day=JUNE_8).reservation
    assert other.transitions.get().reason == ""


def test_a_resident_cannot_force_a_date(plan, apply_for, room):
    with pytest.raises(ReasonMissing):
        apply_for(plan(), forced={key(JUNE_15, room)}, override_reason="おねがい")


def test_the_series_stays_one_object_in_the_list(plan, apply_for, hanako, ichiro):
    apply_for(plan())
    (line,) = series_of(resident_id=hanako.pk)
    assert (line.first, line.last, line.booked, line.waiting) == (JUNE_8, date(2027, 8, 24), 5, 1)
    assert series_of(resident_id=ichiro.pk) == []


def _wish(series, day, now, hanako):
    _plan, rows = preview_series(ref=series.ref, actor=Actor("resident", hanako.pk), now=now)
    return replace(next(one.wish for one in rows if one.wish.day == day), day=JUNE_22)


def test_the_reasons_are_those_of_the_day_it_was_applied_for(plan, apply_for, publish):
    series = plan()
    apply_for(series)
    publish(('name_en: "{n} Tuesday of the month"', "name_en: a day of rest"))
    closed = SeriesDate.objects.get(series=series, day=JUNE_15)
    assert "Tuesday of the month" in read_whys(closed.reasons)[0].sentence("en")
