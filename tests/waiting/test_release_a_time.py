"""A cancelled time that others wait for is kept until the published instant and offered to one after the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Membership, RosterEntry
from accounts.services import register_resident
from booking.availability import busy_between
from booking.errors import OutsideRules, SlotTaken
from booking.models import Claim, Offer, Release, Reservation, Wait
from booking.waiting.answering import accept_offer, decline_offer, offer_with
from booking.waiting.asking import withdraw_wait
from booking.waiting.errors import OfferNotFound, OfferOver, TakingBack
from booking.waiting.freeing import tell_freed
from booking.waiting.offering import advance_all, advance_release
from facilities.details import Details
from facilities.queries import rooms_of
from tests.factories import a_group
from tests.queue import enqueued
from tests.waiting.conftest import at

DETAILS = Details(headcount=10)
DAY = timedelta(days=1)


@pytest.fixture
def jiro(city):
    return register_resident(name="山本 次郎")


def accept(offer, resident, now):
    actor = Actor("resident", resident.pk)
    return accept_offer(ref=offer.ref, purpose="体操", details=DETAILS, actor=actor, now=now)


def active(**owner):
    return Claim.objects.filter(active=True, **owner)


def test_nobody_waits_so_the_time_is_free_at_once(book, cancel, ichiro, wait):
    cancel(book())
    assert not Release.objects.exists()
    book(resident=ichiro)


def test_a_wished_time_is_kept_until_the_published_instant(book, cancel, ichiro, jiro, wait, now):
    booked = book()
    wait(ichiro)
    cancel(booked)
    release = Release.objects.get()
    assert release.free_at == at("09:00", (now + 3 * DAY).date())
    assert active().get().release_id == release.pk
    with pytest.raises(SlotTaken):
        book(resident=jiro, now=release.free_at - timedelta(seconds=1))
    assert book(resident=jiro, now=release.free_at).status == "confirmed"


def test_the_time_is_free_at_the_instant_also_when_the_worker_is_late(book, cancel, ichiro, wait, room, now):
    booked = book()
    wait(ichiro)
    cancel(booked)
    instant = Release.objects.get().free_at
    period = {"space_ids": room.space_ids, "starts_at": at("09:00"), "ends_at": at("13:00")}
    assert busy_between(now=instant - timedelta(seconds=1), **period).of(room)
    assert not busy_between(now=instant, **period).of(room)


def test_who_waits_is_offered_the_time_and_books_it(book, cancel, ichiro, wait, open_offer, told, now):
    booked = book()
    wait(ichiro)
    cancel(booked)
    offer = open_offer()
    assert offer.expires_at - now == DAY
    assert told("offer_made") == [ichiro.pk]
    mine = Actor("resident", ichiro.pk)
    assert offer_with(ref=offer.ref, details=DETAILS, actor=mine, now=now).quote.total_yen == 800
    reservation = accept(offer, ichiro, now)
    assert (reservation.status, reservation.price_yen, reservation.resident_id) == (
        "confirmed",
        800,
        ichiro.pk,
    )
    assert active().get().reservation_id == reservation.pk
    assert accept(offer, ichiro, now) == reservation
    advance_release(release_id=offer.release_id, now=now)
    assert Release.objects.get().ended_at == now
    assert Wait.objects.get().status == "booked"
    assert told("wait_freed") == []


def test_offers_go_out_one_at_a_time_until_nobody_is_left(
    book, cancel, ichiro, jiro, wait, open_offer, told, now
):
    booked = book()
    people = {wait(one).pk: one for one in (ichiro, jiro)}
    cancel(booked)
    first = open_offer()
    decline_offer(ref=first.ref, actor=Actor("resident", people[first.wait_id].pk), now=now)
    advance_all(now=now)
    second = open_offer()
    assert {first.wait_id, second.wait_id} == set(people)
    advance_all(now=second.expires_at)
    assert open_offer() is None
    assert told("offer_expired") == [people[second.wait_id].pk]
    release = Release.objects.get()
    assert release.ended_at is None
    assert active().get().expires_at == release.free_at
    assert told("wait_freed") == []
    advance_all(now=release.free_at)
    assert sorted(told("wait_freed")) == sorted(one.pk for one in people.values())
    assert not active().exists()


def test_who_wants_only_to_be_told_is_told_at_the_instant_with_everybody(
    book, cancel, ichiro, jiro, wait, told
):
    booked = book()
    wait(ichiro, wish="tell")
    wait(jiro, wish="tell")
    cancel(booked)
    release = Release.objects.get()
    assert not Offer.objects.exists()
    advance_all(now=release.free_at - timedelta(seconds=1))
    assert tell_freed(now=release.free_at - timedelta(seconds=1)) == 0
    assert told("wait_freed") == []
    advance_all(now=release.free_at)
    advance_all(now=release.free_at)
    assert tell_freed(now=release.free_at) == 0
    assert told("wait_freed") == [ichiro.pk, jiro.pk]


def test_a_step_is_enqueued_for_each_instant_and_may_run_twice(book, cancel, ichiro, wait, open_offer, told):
    booked = book()
    wait(ichiro)
    cancel(booked)
    release, offer = Release.objects.get(), open_offer()
    assert len(enqueued("booking.advance_release")) == 3
    for instant in (release.started_at, release.started_at, offer.expires_at, offer.expires_at):
        advance_release(release_id=release.pk, now=instant)
    assert told("offer_made") == told("offer_expired") == [ichiro.pk]


def test_who_asks_after_the_cancelling_comes_last(book, cancel, ichiro, jiro, wait, open_offer, now):
    booked = book()
    wait(ichiro)
    cancel(booked)
    wait(jiro)
    advance_all(now=now)
    offer = open_offer()
    assert offer.wait.resident_id == ichiro.pk
    advance_all(now=offer.expires_at)
    assert open_offer().wait.resident_id == jiro.pk


def test_no_offer_is_made_that_would_reach_past_the_instant(book, cancel, wait, told, now):
    booked = book()
    for number in range(4):
        wait(register_resident(name=f"待つ人 {number}"))
    cancel(booked)
    release = Release.objects.get()
    for offer_number in range(1, 4):
        advance_all(now=now + offer_number * DAY)
    assert len(told("offer_made")) == 2
    advance_all(now=release.free_at)
    assert len(told("wait_freed")) == 4


def test_near_the_use_the_time_is_free_at_once_and_who_waits_is_told(book, cancel, ichiro, wait, told):
    booked = book()
    wait(ichiro)
    late = at("10:00") - 2 * DAY + timedelta(minutes=1)
    cancel(booked, actor=Actor("staff", 1), reason="電話で", now=late)
    assert not Release.objects.exists()
    assert not active().exists()
    assert len(enqueued("booking.tell_freed")) == 1


def test_a_part_is_offered_and_the_rest_is_freed(book, cancel, ichiro, jiro, wait, open_offer, now):
    booked = book("10:00", "16:00")
    wait(ichiro, "09:00", "12:00")
    cancel(booked)
    offer = open_offer()
    assert (offer.starts_at, offer.ends_at) == (at("09:00"), at("12:00"))
    accept(offer, ichiro, now)
    release = Release.objects.get()
    rest = active(release=release).get()
    assert (rest.occupied.lower, rest.occupied.upper) == (at("12:00"), at("16:00"))
    with pytest.raises(SlotTaken):
        book("13:00", "14:00", resident=jiro)
    assert book("13:00", "14:00", resident=jiro, now=release.free_at)


def test_what_one_leaves_is_offered_to_the_next(book, cancel, ichiro, jiro, wait, open_offer, now):
    booked = book("10:00", "16:00")
    wants = {wait(ichiro, "10:00", "13:00").pk: ichiro, wait(jiro, "12:00", "16:00").pk: jiro}
    cancel(booked)
    first = open_offer()
    accept(first, wants[first.wait_id], now)
    advance_all(now=now)
    second = open_offer()
    assert {first.wait_id, second.wait_id} == set(wants)
    accept(second, wants[second.wait_id], now)
    spans = sorted((row.starts_at, row.ends_at) for row in Reservation.objects.filter(status="confirmed"))
    assert spans[0][1] <= spans[1][0]


def test_a_withdrawn_wait_is_passed_over(book, cancel, ichiro, jiro, wait, open_offer, now):
    booked = book()
    waits = {one.pk: one for one in (wait(ichiro), wait(jiro))}
    cancel(booked)
    offer = open_offer()
    holder = waits.pop(offer.wait_id)
    withdraw_wait(ref=holder.ref, actor=Actor("resident", holder.resident_id), now=now)
    advance_all(now=now)
    assert open_offer().wait_id in waits


def test_who_is_offered_two_rooms_takes_one_and_the_other_goes_to_the_next(
    book, cancel, hanako, ichiro, jiro, wait, room, now
):
    other = next(one for one in rooms_of(room.facility_id) if one.key == "kenshu-3")
    both = [book(), book(room=other)]
    wait(ichiro, any_alike=True)
    for booked in both:
        cancel(booked)
    offers = list(Offer.objects.filter(state="open").select_related("wait"))
    assert {one.room_id for one in offers} == {room.id, other.id}
    accept(offers[0], ichiro, now)
    with pytest.raises(OfferOver):
        accept(offers[1], ichiro, now)
    advance_all(now=now)
    assert not Offer.objects.filter(state="open").exists()
    assert Reservation.objects.filter(status="confirmed").count() == 1


def test_an_offer_is_answered_once_in_time_and_by_whose_it_is(
    book, cancel, hanako, ichiro, wait, open_offer, now
):
    booked = book()
    wait(ichiro)
    cancel(booked)
    offer = open_offer()
    with pytest.raises(OfferNotFound):
        accept(offer, hanako, now)
    with pytest.raises(OfferOver):
        accept(offer, ichiro, offer.expires_at)
    with pytest.raises(OfferOver):
        decline_offer(ref=offer.ref, actor=Actor("resident", ichiro.pk), now=offer.expires_at)


def test_who_cancelled_gets_no_offer_and_cannot_book_it_again(book, cancel, hanako, ichiro, wait, told, now):
    booked = book()
    wait(ichiro)
    cancel(booked)
    with pytest.raises(TakingBack):
        wait(hanako)
    instant = Release.objects.get().free_at
    advance_all(now=instant)
    assert hanako.pk not in told("wait_freed")
    with pytest.raises(TakingBack):
        book("11:00", "13:00", now=instant)
    book("13:00", "14:00", now=instant)
    staff = {"actor": Actor("staff", 1), "channel": "desk"}
    with pytest.raises(TakingBack):
        book(now=instant, **staff)
    assert book(now=instant, override_reason="ほかに使う人がいないため", **staff).status == "confirmed"


def test_a_group_with_the_same_people_cannot_have_it_either(book, cancel, choir, hanako, ichiro, wait, now):
    twin = a_group("第二合唱団", now=now)
    Membership.objects.create(group=twin, resident=ichiro, role="representative", since=now)
    for group, names in ((choir, "一二三四五"), (twin, "一二三四六")):
        RosterEntry.objects.bulk_create(RosterEntry(group=group, name=name, folded=name) for name in names)
    other = register_resident(name="山本 次郎")
    booked = book(group_id=choir.pk)
    wait(other)
    cancel(booked)
    instant = Release.objects.get().free_at
    advance_all(now=instant)
    for party in ({"resident": ichiro, "group_id": twin.pk}, {"resident": hanako}):
        with pytest.raises(TakingBack):
            book(now=instant, **party)
    assert book(resident=ichiro, now=instant).status == "confirmed"


def test_the_limits_of_the_rules_hold_for_an_offer(publish, book, cancel, ichiro, wait, open_offer, now):
    limit = "    limits: [{key: one, name: 1か月の予約, at_most: 1, of: bookings, per: month}]\n"
    publish(("applications:\n  open:\n", "applications:\n  open:\n" + limit))
    booked = book()
    wait(ichiro)
    cancel(booked)
    book("13:00", "14:00", resident=ichiro)
    with pytest.raises(OutsideRules):
        accept(open_offer(), ichiro, now)
    assert open_offer() is not None


def test_the_rules_say_how_long_and_in_which_order(
    publish, book, cancel, ichiro, jiro, wait, open_offer, now
):
    terms = "    waiting: {after_minutes: 120, accept_within_minutes: 60, order: first}\n"
    publish(("applications:\n  open:\n", "applications:\n  open:\n" + terms))
    booked = book()
    first = wait(ichiro)
    wait(jiro)
    cancel(booked)
    release = Release.objects.get()
    assert (release.order, release.free_at - now) == ("first", timedelta(minutes=120))
    assert open_offer().wait_id == first.pk
    assert open_offer().expires_at - now == timedelta(minutes=60)
