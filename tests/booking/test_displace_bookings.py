"""Official use: who is hit is seen before, one act moves, asks or cancels all, everything paid comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.changing import change_reservation
from booking.closing import close_rooms
from booking.displacing import (
    Choice,
    Taking,
    accept_offer,
    decline_offer,
    displace,
    foresee,
    lapse_offers,
    open_offer,
)
from booking.displacing.errors import (
    AlternativeGone,
    AnswerTimeUnfit,
    ChoiceMissing,
    HitsChanged,
    OfferNotOpen,
)
from booking.errors import NotCancellable, ReasonMissing, ReservationNotFound, SlotTaken
from booking.models import Change, Claim, Closure, Displaced, Displacement, Offence, Reservation
from booking.waiting.asking import wait_for_time
from facilities.queries import room_by_key
from locks.models import Credential
from locks.services import add_door
from payments.queries import payment_states
from payments.services import collect_cash
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_staff

NEXT_WEEK = WEDNESDAY + timedelta(days=7)
NOTICE = "この決定に不服があるときは、3か月以内に市長へ審査請求ができます。"
CANCEL = Choice("cancel")


@pytest.fixture
def clerk(city):
    return a_staff()


@pytest.fixture
def other(city):
    return room_by_key("chuo-kominkan", "kenshu-3")


@pytest.fixture
def taking(room):
    """The first seminar room becomes a polling station from 9:00 to 21:00 on the Wednesday."""
    return Taking(room.facility_id, (room.id,), at("09:00"), at("21:00"), "election", "投票所として使うため")


@pytest.fixture
def act(taking, clerk, now):
    """Displace what ``foresee`` shows now; each booking as chosen, else cancelled."""

    def do(choices=None, *, taking=taking, seen=None, answer_by=None, now=now):
        seen = foresee(taking, now=now).seen if seen is None else seen
        return displace(
            taking=taking,
            choices={**dict.fromkeys(seen, CANCEL), **(choices or {})},
            seen=seen,
            appeal_notice=NOTICE,
            answer_by=answer_by,
            staff_id=clerk.pk,
            now=now,
        )

    return do


def to(room, starts="10:00", ends="12:00", *, day=WEDNESDAY, verdict="move"):
    return Choice(verdict, room.id, at(starts, day), at(ends, day))


def stored(reservation):
    return Reservation.objects.get(pk=reservation.pk)


def money(reservation):
    return payment_states([reservation.ref])[reservation.ref]


def hirer(reservation):
    return Actor("resident", reservation.resident_id)


def test_who_is_hit_is_seen_before_and_nothing_is_written(book, hold, taking, other, ichiro, now):
    mine = book()
    book("07:00", "09:00", resident=ichiro, override_reason="早朝", actor=Actor("staff", 1))
    book(room=other)
    hold("13:00", "14:00", resident=ichiro)
    seen = foresee(taking, now=now)
    assert [hit.booking.ref for hit in seen.hits] == [mine.ref]
    assert seen.holds == 1
    assert not Displacement.objects.exists()


def test_a_room_like_it_at_the_same_time_is_proposed_first_and_never_twice(book, taking, other, ichiro, now):
    taking_two = Taking(
        taking.facility_id, (*taking.room_ids, other.id), taking.starts_at, taking.ends_at, "election", "選挙"
    )
    book()
    book(room=other, resident=ichiro)
    hits = foresee(taking_two, now=now).hits
    assert [hit.suggested.how for hit in hits] == ["room", "room"]
    assert hits[0].suggested.room.id != hits[1].suggested.room.id
    proposed = {one.room.id for hit in hits for one in hit.alternatives if one.starts_at == at("10:00")}
    assert not proposed & set(taking_two.room_ids)


def test_what_is_proposed_is_free_and_large_enough(book, taking, now):
    mine = book()
    hit = foresee(taking, now=now).hits[0]
    assert {one.how for one in hit.alternatives} >= {"room", "day"}
    for one in hit.alternatives:
        assert one.room.capacity is None or one.room.capacity >= mine.headcount
        assert not Claim.objects.filter(
            active=True, space_id__in=one.room.space_ids, occupied__overlap=(one.starts_at, one.ends_at)
        ).exists()


def test_all_is_cancelled_in_one_act_and_the_rooms_are_taken(book, act, room, ichiro):
    mine, theirs = book(), book("13:00", "15:00", resident=ichiro)
    act()
    assert [stored(one).status for one in (mine, theirs)] == ["cancelled", "cancelled"]
    closure = Closure.objects.get()
    assert (closure.kind, closure.reason) == ("election", "投票所として使うため")
    assert [step.verb for step in stored(mine).transitions.all()] == ["book", "displace"]
    with pytest.raises(SlotTaken):
        book("17:00", "18:00", resident=ichiro)


def test_everything_paid_comes_back_also_on_the_day_itself(book, act, clerk, now):
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=clerk.pk, now=now)
    act(now=at("08:00"))
    assert (money(mine).refund_due_yen, money(mine).due_yen) == (800, 0)


def test_moved_at_once_it_keeps_its_number_and_costs_no_more(book, act, taking):
    large = room_by_key("chuo-kominkan", "ongaku")
    mine = book()
    act({mine.ref: to(large)})
    after = stored(mine)
    assert (after.status, after.room_id, after.price_yen, after.sequence) == ("confirmed", large.id, 800, 1)
    assert money(mine).due_yen == 800
    assert Displaced.objects.get().outcome == "moved"
    assert Change.objects.get().own is False
    assert [step.verb for step in after.transitions.all()] == ["book", "move"]


def test_a_cheaper_room_gives_the_difference_back(book, act, clerk, now):
    small = room_by_key("chuo-kominkan", "kenshu-2")
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=clerk.pk, now=now)
    act({mine.ref: to(small)})
    assert (stored(mine).price_yen, money(mine).refund_due_yen) == (600, 200)


def test_what_the_hall_moved_does_not_count_as_a_change_of_the_applicant(publish, book, act, other, now):
    said = "    assumed: true\n    note: 取消期限は出典に見えない。"
    publish((said, f"    change: {{difference: full, at_most: 1, within_days: 7}}\n{said}"))
    mine = book()
    act({mine.ref: to(other, day=NEXT_WEEK)})
    changed = change_reservation(
        ref=mine.ref,
        room_id=other.id,
        starts_at=at("13:00", NEXT_WEEK + timedelta(days=7)),
        ends_at=at("15:00", NEXT_WEEK + timedelta(days=7)),
        details=None,
        actor=hirer(mine),
        now=now,
    )
    assert changed.reservation.sequence == 2


def test_the_door_moves_with_the_booking_and_opens_no_more_for_the_cancelled(
    book, act, room, other, ichiro, now
):
    add_door(
        facility_id=room.facility_id,
        name="入口",
        adapter="physical_key",
        room_ids=[room.id, other.id],
        note="",
        now=now,
    )
    moved, gone = book(), book("13:00", "15:00", resident=ichiro)
    act({moved.ref: to(other, "16:00", "18:00")})
    assert Credential.objects.get(subject=moved.ref, desired="present").starts_at == at("16:00")
    assert not Credential.objects.filter(subject=gone.ref, desired="present").exists()


def test_holds_are_given_up(hold, act, now):
    held = hold()
    act()
    assert stored(held).status == "expired"
    assert Displaced.objects.get().outcome == "released"


def test_a_booking_made_meanwhile_stops_the_act_and_the_new_list_is_shown(book, act, taking, ichiro, now):
    book()
    seen = foresee(taking, now=now).seen
    late = book("13:00", "15:00", resident=ichiro)
    with pytest.raises(HitsChanged):
        act(seen=seen)
    assert not Closure.objects.exists()
    assert late.ref in foresee(taking, now=now).seen


def test_a_booking_changed_meanwhile_stops_the_act(book, act, taking, room, hanako, now):
    mine = book()
    seen = foresee(taking, now=now).seen
    change_reservation(
        ref=mine.ref,
        room_id=room.id,
        starts_at=at("15:00"),
        ends_at=at("17:00"),
        details=None,
        actor=hirer(mine),
        now=now,
    )
    with pytest.raises(HitsChanged):
        act(seen=seen)


def test_an_alternative_taken_meanwhile_stops_everything_and_names_the_booking(book, act, other, ichiro):
    mine, theirs = book(), book("13:00", "15:00", resident=ichiro)
    book(room=other, resident=ichiro)
    with pytest.raises(AlternativeGone, match=mine.number):
        act({mine.ref: to(other)})
    assert [stored(one).status for one in (mine, theirs)] == ["confirmed", "confirmed"]
    assert not Closure.objects.exists()


def test_two_bookings_cannot_be_moved_to_one_place(book, act, other, ichiro):
    mine, theirs = book(), book("13:00", "15:00", resident=ichiro)
    with pytest.raises(AlternativeGone):
        act({mine.ref: to(other), theirs.ref: to(other, "11:00", "13:00")})


def test_every_booking_needs_a_decision(book, act, taking, clerk, now):
    book()
    with pytest.raises(ChoiceMissing):
        displace(
            taking=taking,
            choices={},
            seen=foresee(taking, now=now).seen,
            appeal_notice="",
            answer_by=None,
            staff_id=clerk.pk,
            now=now,
        )


def test_a_reason_is_needed(taking, now):
    with pytest.raises(ReasonMissing):
        foresee(
            Taking(taking.facility_id, taking.room_ids, taking.starts_at, taking.ends_at, "official", " "),
            now=now,
        )


def test_another_closure_and_tidying_up_stay_where_they_are(book, act, room, taking, clerk, now):
    close_rooms(
        facility_id=room.facility_id,
        room_ids=[room.id],
        starts_at=at("12:00"),
        ends_at=at("13:00"),
        reason="点検",
        staff_id=clerk.pk,
        now=now,
    )
    act()
    claims = Claim.objects.filter(active=True, closure__kind="election").order_by("occupied")
    assert [(one.occupied.lower, one.occupied.upper) for one in claims] == [
        (at("09:00"), at("12:00")),
        (at("13:00"), at("21:00")),
    ]


def ask(book, act, other, **more):
    mine = book()
    act({mine.ref: to(other, verdict="ask")}, answer_by=at("17:00", WEDNESDAY - timedelta(days=7)), **more)
    return mine


def test_who_is_asked_has_the_new_time_kept(book, act, other, ichiro):
    mine = ask(book, act, other)
    assert (stored(mine).status, stored(mine).room_id) == ("confirmed", other.id)
    assert open_offer(mine.pk).old_starts_at == at("10:00")
    with pytest.raises(SlotTaken):
        book(room=other, resident=ichiro)


def test_yes_keeps_the_new_time_and_is_said_once(book, act, other, now):
    mine = ask(book, act, other)
    accept_offer(ref=mine.ref, actor=hirer(mine), now=now)
    accept_offer(ref=mine.ref, actor=hirer(mine), now=now)
    assert Displaced.objects.get().outcome == "accepted"
    assert (stored(mine).status, open_offer(mine.pk)) == ("confirmed", None)


def test_no_cancels_with_everything_back(book, act, other, clerk, now):
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=clerk.pk, now=now)
    act({mine.ref: to(other, verdict="ask")}, answer_by=at("17:00", WEDNESDAY - timedelta(days=7)))
    decline_offer(ref=mine.ref, actor=hirer(mine), now=now)
    assert (stored(mine).status, money(mine).refund_due_yen) == ("cancelled", 800)
    assert [step.verb for step in stored(mine).transitions.all()] == ["book", "ask", "displace"]
    assert not Claim.objects.filter(reservation=mine, active=True).exists()


def test_no_answer_cancels_when_the_time_is_over_and_not_before(book, act, other, now):
    mine = ask(book, act, other)
    deadline = at("17:00", WEDNESDAY - timedelta(days=7))
    assert lapse_offers(now=deadline - timedelta(seconds=1)) == 0
    assert lapse_offers(now=deadline) == 1
    assert lapse_offers(now=deadline) == 0
    assert (stored(mine).status, Displaced.objects.get().outcome) == ("cancelled", "lapsed")
    with pytest.raises(OfferNotOpen):
        accept_offer(ref=mine.ref, actor=hirer(mine), now=deadline)


def test_after_the_deadline_yes_is_too_late_even_before_the_sweep(book, act, other):
    mine = ask(book, act, other)
    with pytest.raises(OfferNotOpen):
        accept_offer(ref=mine.ref, actor=hirer(mine), now=at("17:00", WEDNESDAY - timedelta(days=7)))


def test_only_who_booked_answers(book, act, other, ichiro, now):
    mine = ask(book, act, other)
    with pytest.raises(ReservationNotFound):
        accept_offer(ref=mine.ref, actor=Actor("resident", ichiro.pk), now=now)


def test_who_is_asked_may_choose_another_time_without_fee_or_limit(publish, book, act, other, room, now):
    said = "    assumed: true\n    note: 取消期限は出典に見えない。"
    publish((said, f"    change: {{difference: none, yen: 500, by: {{days_before: 60}}}}\n{said}"))
    mine = ask(book, act, other)
    changed = change_reservation(
        ref=mine.ref,
        room_id=room.id,
        starts_at=at("13:00", NEXT_WEEK),
        ends_at=at("15:00", NEXT_WEEK),
        details=None,
        actor=hirer(mine),
        now=now,
    )
    assert (changed.pay_yen, stored(mine).price_yen) == (0, 800)
    assert Displaced.objects.get().outcome == "chosen"


def test_after_the_new_time_began_it_is_cancelled_like_any_other(book, act, other, clerk, now):
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=clerk.pk, now=now)
    act({mine.ref: to(other, "13:00", "15:00")})
    with pytest.raises(NotCancellable):
        cancel_reservation(ref=mine.ref, actor=hirer(mine), reason="", now=at("16:00"))
    assert money(mine).refund_due_yen == 0


def test_a_moved_hour_does_not_become_a_free_day(book, act, other, now):
    mine = book()
    act({mine.ref: to(other)})
    changed = change_reservation(
        ref=mine.ref,
        room_id=other.id,
        starts_at=at("09:00", NEXT_WEEK),
        ends_at=at("17:00", NEXT_WEEK),
        details=None,
        actor=hirer(mine),
        now=now,
    )
    whole_day = book("09:00", "17:00", room=other, day=NEXT_WEEK + timedelta(days=1)).price_yen
    assert (changed.reservation.price_yen, changed.pay_yen) == (whole_day, whole_day - 800)


@pytest.mark.parametrize("verdict", ["ask", "move"])
def test_who_was_moved_or_asked_loses_nothing_by_cancelling(book, act, other, clerk, now, verdict):
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=clerk.pk, now=now)
    act({mine.ref: to(other, verdict=verdict)}, answer_by=at("17:00", WEDNESDAY - timedelta(days=7)))
    cancel_reservation(ref=mine.ref, actor=hirer(mine), reason="", now=at("08:00"))
    assert (stored(mine).status, money(mine).refund_due_yen) == ("cancelled", 800)
    assert Displaced.objects.get().outcome == {"ask": "declined", "move": "moved"}[verdict]
    assert not Offence.objects.exists()


def test_after_choosing_another_time_the_ordinary_terms_hold_again(book, act, other, now):
    mine = book()
    act({mine.ref: to(other)})
    change_reservation(
        ref=mine.ref,
        room_id=other.id,
        starts_at=at("13:00"),
        ends_at=at("15:00"),
        details=None,
        actor=hirer(mine),
        now=now + timedelta(minutes=1),
    )
    with pytest.raises(NotCancellable):
        cancel_reservation(ref=mine.ref, actor=hirer(mine), reason="", now=at("08:00"))


@pytest.mark.parametrize("answer_by", [None, at("09:00", WEDNESDAY - timedelta(days=40)), at("10:00")])
def test_the_time_to_answer_lies_between_now_and_the_new_time(book, act, other, answer_by):
    mine = book()
    with pytest.raises(AnswerTimeUnfit):
        act({mine.ref: to(other, verdict="ask")}, answer_by=answer_by)


def test_a_second_displacement_asks_anew(book, act, taking, other, now):
    mine = ask(book, act, other)
    again = Taking(taking.facility_id, (other.id,), at("09:00"), at("21:00"), "official", "市の行事")
    third = room_by_key("chuo-kominkan", "kenshu-7")
    act(
        {mine.ref: to(third, verdict="ask")},
        taking=again,
        answer_by=at("17:00", WEDNESDAY - timedelta(days=5)),
    )
    assert [one.outcome for one in Displaced.objects.order_by("pk")] == ["lapsed", "offered"]
    assert stored(mine).room_id == third.id


def test_a_cancelled_time_kept_for_those_who_wait_is_taken_too(book, act, room, ichiro, now):
    mine = book()
    wait_for_time(
        room_id=room.id,
        starts_at=at("10:00"),
        ends_at=at("12:00"),
        wish="offer",
        any_alike=False,
        resident_id=ichiro.pk,
        actor=Actor("resident", ichiro.pk),
        now=now,
    )
    cancel_reservation(ref=mine.ref, actor=hirer(mine), reason="", now=now)
    assert Claim.objects.filter(release__isnull=False, active=True).exists()
    act()
    assert not Claim.objects.filter(release__isnull=False, active=True).exists()
    taken = Claim.objects.get(active=True, closure__kind="election").occupied
    assert (taken.lower, taken.upper) == (at("09:00"), at("21:00"))
