"""Dates kept until their window opens: tried then, in a fair order, once, and the result is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Membership
from accounts.services import register_resident
from booking.models import Reservation, Series, SeriesDate
from booking.series import intentions
from booking.series.intentions import renew_openings, try_intentions
from facilities.queries import room_by_key
from tests.booking.conftest import TOKYO, at
from tests.factories import a_group
from tests.queue import enqueued

AUGUST_24 = date(2027, 8, 24)
OPENING = datetime(2027, 5, 24, tzinfo=TOKYO)
ONE = "FREQ=WEEKLY;BYDAY=TU;COUNT=1"


@pytest.fixture
def waiting(plan, apply_for):
    """A series of one date, 24 August, which opens on 24 May."""

    def make(**changes):
        series = plan(rule=ONE, first=AUGUST_24, **changes)
        assert apply_for(series).waiting == 1
        return series

    return make


def only(series):
    return SeriesDate.objects.get(series=series)


def kinds():
    return [one["kind"] for one in enqueued("frontend.tell")]


def test_the_worker_is_called_for_the_instant_the_window_opens(waiting):
    waiting()
    assert only(Series.objects.get()).opens_at == OPENING
    assert len(enqueued("booking.try_intentions")) == 1


def test_nothing_happens_before_the_window_opens(waiting):
    waiting()
    assert try_intentions(now=OPENING - timedelta(seconds=1)) == 0
    assert not Reservation.objects.exists()


def test_it_is_booked_when_the_window_opens_and_told_once(waiting):
    series = waiting()
    assert try_intentions(now=OPENING) == 1
    assert try_intentions(now=OPENING) == 0
    row = only(series)
    assert (row.state, row.opens_at) == ("booked", None)
    assert row.reservation.starts_at == at("13:00", AUGUST_24)
    assert row.reservation.purpose == "コーラス"
    assert kinds() == ["series_intention_booked"]


def test_what_somebody_else_has_by_then_is_refused_with_its_reason_and_told(waiting, book, ichiro):
    series = waiting()
    book("14:00", "15:00", day=AUGUST_24, resident=ichiro, now=OPENING)
    try_intentions(now=OPENING)
    row = only(series)
    assert (row.state, row.reasons) == (
        "refused",
        [{"sentence": "この時間は、先に予約が入りました。ほかの時間を選んでください。"}],
    )
    assert kinds()[-1] == "series_intention_failed"


def test_each_applicant_draws_one_ticket_for_an_opening_however_often_they_ask(waiting, ichiro, monkeypatch):
    first = waiting()
    again = waiting()
    other = waiting(resident=ichiro)
    monkeypatch.setattr(
        intentions,
        "_ticket",
        lambda opens_at, resident_id, group_id: "a" if resident_id == ichiro.pk else "b",
    )
    assert try_intentions(now=OPENING) == 3
    assert [only(one).state for one in (first, again, other)] == ["refused", "refused", "booked"]


def test_the_draw_favours_nobody_for_having_asked_earlier(city):
    firsts = 0
    for day in range(200):
        opens_at = OPENING + timedelta(days=day)
        firsts += intentions._ticket(opens_at, 1, None) < intentions._ticket(opens_at, 2, None)
    assert 60 < firsts < 140
    assert intentions._ticket(OPENING, 1, 7) == intentions._ticket(OPENING, 2, 7)


def test_who_may_no_longer_act_for_the_group_gets_no_date(waiting, hanako, now):
    group = a_group("コーラスの会", now=now)
    member = Membership.objects.create(group=group, resident=hanako, role="booker", since=now)
    series = waiting(group_id=group.pk)
    member.ended_at = now
    member.save()
    try_intentions(now=OPENING)
    assert only(series).state == "refused"
    assert not Reservation.objects.exists()


def test_a_groups_series_stays_the_groups_when_who_planned_it_leaves(waiting, hanako, ichiro, now):
    group = a_group("コーラスの会", now=now)
    member = Membership.objects.create(group=group, resident=hanako, role="booker", since=now)
    Membership.objects.create(group=group, resident=ichiro, role="representative", since=now)
    series = waiting(group_id=group.pk)
    member.ended_at = now
    member.save()
    try_intentions(now=OPENING)
    booked = only(series).reservation
    assert (booked.group_id, booked.resident_id) == (group.pk, ichiro.pk)


def test_a_group_that_is_over_does_not_keep_others_from_their_dates(
    waiting, hanako, ichiro, now, monkeypatch
):
    group = a_group("コーラスの会", now=now)
    Membership.objects.create(group=group, resident=hanako, role="representative", since=now)
    gone, other = waiting(group_id=group.pk), waiting(resident=ichiro)
    type(group).objects.filter(pk=group.pk).update(ended_at=now)
    monkeypatch.setattr(
        intentions, "_ticket", lambda opens_at, resident_id, group_id: "a" if group_id else "b"
    )
    assert renew_openings(now=now) == 0
    assert try_intentions(now=OPENING) == 2
    assert [only(one).state for one in (gone, other)] == ["refused", "booked"]


def test_a_window_that_opens_later_by_new_rules_is_waited_for_again(waiting, publish):
    series = waiting()
    publish(("opens: {months_before: 3, day: same}", "opens: {months_before: 2, day: same}"))
    assert try_intentions(now=OPENING) == 1
    row = only(series)
    assert (row.state, row.opens_at) == ("intention", datetime(2027, 6, 24, tzinfo=TOKYO))
    assert kinds() == []


def test_a_window_that_opens_earlier_by_new_rules_is_noticed_at_night(waiting, publish, now):
    series = waiting()
    publish(("opens: {months_before: 3, day: same}", "opens: {months_before: 4, day: same}"))
    assert renew_openings(now=now) == 1
    assert renew_openings(now=now) == 0
    assert try_intentions(now=now) == 1
    assert only(series).state == "booked"


def test_the_dates_of_one_opening_are_one_application(plan, apply_for, room, city, now):
    series = plan(room, room_by_key("chuo-kominkan", "kenshu-2"), rule=ONE, first=AUGUST_24)
    apply_for(series)
    assert try_intentions(now=OPENING) == 2
    assert Reservation.objects.values("application").distinct().count() == 1
    assert [one["facts"]["count"] for one in enqueued("frontend.tell")][-1] == "2"


def test_many_people_and_one_room_end_with_one_winner(waiting, city):
    people = [register_resident(name=f"人 {n}") for n in range(5)]
    series = [waiting(resident=one) for one in people]
    assert try_intentions(now=OPENING) == 5
    assert sorted(only(one).state for one in series) == ["booked", "refused", "refused", "refused", "refused"]
    assert Reservation.objects.count() == 1
