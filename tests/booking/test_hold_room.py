"""Holding a room: one person at a time, by the rules, for ten minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.errors import InvalidPeriod, OutsideRules, RoomNotBookable, SlotTaken, TooManyHolds
from booking.models import Claim, Reservation, Transition
from facilities.errors import RoomNotFound
from facilities.models import Room
from tests.booking.conftest import WEDNESDAY, at


def test_hold_keeps_the_room_for_ten_minutes_at_the_price_of_the_rules(hold, now):
    reservation = hold("13:00", "16:00")
    stored = Reservation.objects.get(ref=reservation.ref)
    assert stored.status == "hold"
    assert stored.held_until == now + timedelta(minutes=10)
    assert stored.price_yen == 1200
    assert stored.quote["total_yen"] == 1200
    claim = Claim.objects.get(reservation=stored)
    assert (claim.occupied.lower, claim.occupied.upper) == (at("13:00"), at("16:00"))
    assert claim.expires_at == stored.held_until


def test_second_hold_of_a_slot_is_refused(hold, ichiro):
    hold()
    with pytest.raises(SlotTaken):
        hold("11:00", "13:00", resident=ichiro)
    assert Reservation.objects.count() == 1


def test_touching_times_do_not_overlap(hold, ichiro):
    hold("10:00", "12:00")
    assert hold("12:00", "13:00", resident=ichiro).status == "hold"
    assert hold("09:00", "10:00", resident=ichiro).status == "hold"


def test_turnaround_keeps_the_next_hirer_away(hold, room, ichiro):
    Room.objects.filter(pk=room.id).update(turnaround_minutes=60)
    hold("10:00", "12:00")
    with pytest.raises(SlotTaken):
        hold("12:00", "13:00", resident=ichiro)
    assert hold("13:00", "14:00", resident=ichiro).status == "hold"


def test_an_expired_hold_is_taken_over_by_the_next_person(hold, ichiro, now):
    first = hold()
    second = hold(resident=ichiro, now=now + timedelta(minutes=10))
    assert Reservation.objects.get(pk=first.pk).status == "expired"
    assert Reservation.objects.get(pk=second.pk).status == "hold"
    assert [claim.reservation_id for claim in Claim.objects.filter(active=True)] == [second.pk]
    assert Transition.objects.filter(reservation=first, verb="expire").exists()


def test_a_hold_that_still_has_a_minute_is_not_taken_over(hold, ichiro, now):
    hold()
    with pytest.raises(SlotTaken):
        hold(resident=ichiro, now=now + timedelta(minutes=9))


def test_a_closed_day_is_refused_with_its_reason(hold):
    with pytest.raises(OutsideRules) as refusal:
        hold(day=WEDNESDAY.replace(day=1))  # 第1火曜日
    assert "第1火曜日" in refusal.value.message


@pytest.mark.parametrize(("starts", "ends"), [("08:00", "10:00"), ("21:00", "23:00"), ("10:30", "11:30")])
def test_a_time_outside_hours_or_off_the_hour_is_refused(hold, starts, ends):
    with pytest.raises(OutsideRules):
        hold(starts, ends)


def test_the_past_is_refused(hold, now):
    with pytest.raises(OutsideRules):
        hold(now=at("10:00"))


def test_a_day_beyond_the_window_says_when_it_opens(hold):
    with pytest.raises(OutsideRules) as refusal:
        hold(day=WEDNESDAY.replace(month=9))
    assert "からです" in refusal.value.message


@pytest.mark.parametrize(("starts", "ends"), [("12:00", "10:00"), ("10:00", "10:00")])
def test_a_period_that_ends_before_it_starts_is_refused(hold, starts, ends):
    with pytest.raises(InvalidPeriod):
        hold(starts, ends)


def test_seconds_are_refused(hold):
    with pytest.raises(InvalidPeriod):
        hold(starts_at=at("10:00") + timedelta(seconds=1))


def test_a_period_of_years_is_refused(hold):
    with pytest.raises(InvalidPeriod):
        hold(ends_at=at("10:00") + timedelta(days=4000))


def test_an_unknown_room_is_not_found(hold):
    with pytest.raises(RoomNotFound):
        hold(room_id=999_999)


def test_a_room_out_of_service_is_refused(hold, room):
    Room.objects.filter(pk=room.id).update(is_open=False)
    with pytest.raises(RoomNotBookable):
        hold()


def test_nobody_keeps_more_than_three_holds(hold):
    for starts, ends in [("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "12:00")]:
        hold(starts, ends)
    with pytest.raises(TooManyHolds):
        hold("12:00", "13:00")
