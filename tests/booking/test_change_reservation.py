"""Changing: another time, room or day in one step; the old booking is never lost, and money, doors and mails follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Membership
from booking.cancelling import cancel_reservation
from booking.change_errors import (
    ChangedMeanwhile,
    ChangeIsOver,
    NotChangeable,
    NothingChanged,
    PriceLeftToStaff,
)
from booking.changing import change_reservation, change_terms
from booking.errors import HeadcountUnfit, NotForGroup, OutsideRules, ReservationNotFound, SlotTaken
from booking.models import Change, Claim, Reservation
from booking.pricing import set_price
from booking.reviewing.deciding import permit_applications, refuse_applications
from facilities.details import Details
from facilities.queries import room_by_key
from locks.models import Credential
from locks.services import add_door
from payments.models import LedgerEntry
from payments.queries import payment_states
from payments.services import collect_cash
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_group, a_staff

THURSDAY = WEDNESDAY + timedelta(days=1)
STAFF = Actor("staff", 1)
CANCELLING = "    assumed: true\n    note: 取消期限は出典に見えない。"


@pytest.fixture
def change(hanako, room, now):
    """Change a reservation; same room, 13:00 to 15:00 on the same Wednesday by Hanako unless said otherwise."""

    def act(
        reservation, starts="13:00", ends="15:00", *, day=WEDNESDAY, room=room, actor=None, now=now, **more
    ):
        arguments = {
            "ref": reservation.ref,
            "room_id": room.id,
            "starts_at": at(starts, day),
            "ends_at": at(ends, day),
            "details": None,
            "actor": actor or Actor("resident", hanako.pk),
            "now": now,
        }
        return change_reservation(**{**arguments, **more})

    return act


@pytest.fixture
def rules(publish):
    """Akiruno's rules with a clause on changes."""

    def say(clause):
        publish((CANCELLING, f"    change: {clause}\n{CANCELLING}"))

    return say


def stored(reservation):
    return Reservation.objects.get(pk=reservation.pk)


def money(reservation):
    return payment_states([reservation.ref])[reservation.ref]


def occupied(reservation):
    claims = Claim.objects.filter(reservation=reservation, active=True).order_by("space_id")
    return [(claim.space_id, claim.occupied.lower, claim.occupied.upper) for claim in claims]


def test_number_and_uid_stay_and_calendars_see_the_next_sequence(book, change):
    before = book()
    after = change(before).reservation
    assert (after.ref, after.number) == (before.ref, before.number)
    assert (stored(before).sequence, after.sequence) == (1, 1)
    assert (stored(before).starts_at, stored(before).ends_at) == (at("13:00"), at("15:00"))


def test_the_old_time_is_free_and_the_new_one_taken(book, change, ichiro, room):
    before = book()
    change(before)
    assert occupied(before) == [(room.space_ids[0], at("13:00"), room.occupied_until(at("15:00")))]
    assert book("10:00", "12:00", resident=ichiro).status == "confirmed"
    with pytest.raises(SlotTaken):
        book("13:00", "15:00", resident=ichiro)


@pytest.mark.parametrize(
    "times", [("10:00", "13:00"), ("11:00", "13:00"), ("10:00", "11:00"), ("09:00", "12:00")]
)
def test_times_that_overlap_the_old_one_are_taken_in_place(book, change, times):
    assert change(book(), *times).reservation.starts_at == at(times[0])


def test_a_taken_time_leaves_everything_as_it_was(book, change, ichiro):
    mine = book()
    book("13:00", "15:00", resident=ichiro)
    was = occupied(mine)
    with pytest.raises(SlotTaken):
        change(mine)
    assert (stored(mine).sequence, stored(mine).starts_at) == (0, at("10:00"))
    assert occupied(mine) == was
    assert not Change.objects.exists()


def test_an_expired_hold_is_no_obstacle(book, hold, change, ichiro, now):
    mine = book()
    hold("13:00", "15:00", resident=ichiro)
    assert change(mine, now=now + timedelta(minutes=10)).reservation.starts_at == at("13:00")


def test_another_room_and_day_are_one_step(book, change):
    other = room_by_key("chuo-kominkan", "kenshu-2")
    after = change(book(), day=THURSDAY, room=other).reservation
    assert (after.room_id, after.starts_at) == (other.id, at("13:00", THURSDAY))
    assert occupied(after)[0][0] == other.space_ids[0]


def test_what_it_was_is_kept_with_its_price(book, change):
    before = book()
    change(before, "13:00", "16:00")
    kept = Change.objects.get()
    assert (kept.starts_at, kept.price_yen, kept.sequence, kept.own) == (at("10:00"), 800, 1, True)
    assert kept.said["headcount"] == 10
    assert (kept.pay_yen, kept.refund_yen, kept.fee_yen) == (400, 0, 0)
    assert [step.verb for step in stored(before).transitions.all()] == ["book", "change"]


def test_a_higher_price_is_charged(book, change):
    changed = change(book(), "13:00", "16:00")
    assert (changed.pay_yen, changed.refund_yen) == (400, 0)
    assert stored(changed.reservation).price_yen == 1200
    assert money(changed.reservation).due_yen == 1200


def test_a_lower_price_that_is_not_paid_is_simply_less(book, change):
    changed = change(book("10:00", "13:00"), "13:00", "14:00")
    assert changed.refund_yen == 0
    assert (stored(changed.reservation).price_yen, money(changed.reservation).due_yen) == (400, 400)


def test_where_rules_are_silent_staff_decide_what_comes_back_of_paid_money(book, change, now):
    paid = book("10:00", "13:00")
    collect_cash(subject=paid.ref, yen=1200, staff_id=_a_clerk(), now=now)
    changed = change(paid, "13:00", "14:00")
    assert changed.refund_yen is None
    assert stored(paid).price_yen == 1200
    assert (money(paid).due_yen, money(paid).refund_due_yen) == (0, 0)


@pytest.mark.parametrize(("difference", "refund_yen"), [("full", 800), ("none", 0)])
def test_what_was_paid_comes_back_as_the_rules_say(rules, book, change, now, difference, refund_yen):
    rules(f"{{difference: {difference}}}")
    paid = book("10:00", "13:00")
    collect_cash(subject=paid.ref, yen=1200, staff_id=_a_clerk(), now=now)
    changed = change(paid, "13:00", "14:00")
    assert changed.refund_yen == refund_yen
    assert money(paid).refund_due_yen == refund_yen
    assert stored(paid).price_yen == money(paid).assessed_yen == 1200 - refund_yen


@pytest.fixture
def pay(city, now):
    """Pay what is due of a reservation, in cash."""
    clerk = _a_clerk()

    def act(reservation):
        due = money(reservation).due_yen
        if due:
            collect_cash(subject=reservation.ref, yen=due, staff_id=clerk, now=now)

    return act


@pytest.fixture
def paid_for(book, pay):
    """Book some hours from 10:00, at 400 yen each, and pay for them."""

    def make(hours):
        mine = book("10:00", f"{10 + hours}:00")
        pay(mine)
        return mine

    return make


@pytest.fixture
def make_it(change):
    """Let a reservation from 10:00 last so many hours."""
    return lambda reservation, hours: change(reservation, "10:00", f"{10 + hours}:00")


@pytest.mark.parametrize(
    ("hours", "pay_yen", "price_yen", "kept"), [(5, 0, 2400, [400]), (6, 0, 2400, []), (8, 800, 3200, [])]
)
def test_what_did_not_come_back_counts_when_it_is_made_longer_again(
    paid_for, make_it, hours, pay_yen, price_yen, kept
):
    mine = paid_for(6)
    make_it(mine, 4)
    changed = make_it(mine, hours)
    assert (changed.pay_yen, changed.refund_yen) == (pay_yen, 0)
    assert (stored(mine).price_yen, money(mine).due_yen) == (price_yen, pay_yen)
    assert [line["yen"] for line in stored(mine).quote["lines"] if line["kind"] == "kept"] == kept


def test_what_staff_gave_back_meanwhile_is_paid_again_and_not_kept_any_more(paid_for, make_it, now):
    mine, admin = paid_for(6), a_staff("課長", "kacho@example.jp", role="admin")
    make_it(mine, 4)
    set_price(ref=mine.ref, yen=1600, reason="半分の返金", actor=Actor("staff", admin.pk), now=now)
    assert money(mine).refund_due_yen == 800
    assert make_it(mine, 3).refund_yen is None
    assert make_it(mine, 6).pay_yen == 800
    assert stored(mine).price_yen == 2400


@pytest.mark.parametrize("clause", ["", "{difference: none, yen: 100}", "{difference: full, yen: 100}"])
@pytest.mark.parametrize(
    ("all_hours", "pays"),
    [((6, 4, 8, 2, 5, 9), True), ((3, 8, 4, 6, 1, 8), False), ((6, 5, 4, 5, 6, 7), True)],
)
def test_however_often_it_is_changed_it_costs_no_more_than_its_highest_price_and_the_fees(
    rules, paid_for, make_it, pay, clause, all_hours, pays
):
    if clause:
        rules(clause)
    mine, fees = paid_for(all_hours[0]), 0
    for turn, hours in enumerate(all_hours[1:], start=2):
        make_it(mine, hours)
        fees += 100 if clause else 0
        state, row = money(mine), stored(mine)
        assert row.price_yen == state.assessed_yen == sum(line["yen"] for line in row.quote["lines"])
        assert hours * 400 + fees <= row.price_yen <= max(all_hours[:turn]) * 400 + fees
        assert state.refund_decided_yen <= state.collected_yen
        if pays:
            pay(mine)


def test_a_fee_for_changing_is_an_entry_of_its_own(rules, book, change, now):
    rules("{difference: full, yen: 100}")
    changed = change(book(), "13:00", "16:00")
    entries = list(LedgerEntry.objects.order_by("id").values_list("kind", "yen", "memo"))
    assert entries[1:] == [("assessed", 100, "変更の手数料"), ("assessed", 400, "予約の変更による差額")]
    assert (changed.pay_yen, stored(changed.reservation).price_yen) == (500, 1300)
    assert [line["label_ja"] for line in stored(changed.reservation).quote["lines"]][-1] == "変更の手数料"


def test_the_fee_of_an_earlier_change_stays_when_it_is_changed_again(rules, book, change):
    rules("{difference: full, yen: 100}")
    first = change(book(), "13:00", "15:00").reservation
    assert stored(first).price_yen == 900
    change(first, "13:00", "14:00")
    assert stored(first).price_yen == money(first).assessed_yen == 400 + 200


def test_a_change_too_late_too_often_or_too_far_is_refused_with_its_reason(rules, book, change, now):
    rules("{difference: full, at_most: 1, within_days: 7, by: {days_before: 3}}")
    mine = book()
    with pytest.raises(NotChangeable, match="7") as far:
        change(mine, day=WEDNESDAY + timedelta(days=8))
    assert [reason.code for reason in far.value.facts["reasons"]] == ["change_too_far"]
    with pytest.raises(NotChangeable) as late:
        change(mine, now=at("10:00", WEDNESDAY - timedelta(days=2)))
    assert [reason.code for reason in late.value.facts["reasons"]] == ["change_too_late"]
    change(mine)
    with pytest.raises(NotChangeable) as often:
        change(mine, "15:00", "17:00")
    assert [reason.code for reason in often.value.facts["reasons"]] == ["change_too_often"]


def test_the_distance_is_counted_from_the_first_day(rules, book, change):
    rules("{difference: full, within_days: 7}")
    mine = change(book(), day=THURSDAY).reservation
    with pytest.raises(NotChangeable):
        change(mine, day=THURSDAY + timedelta(days=7))
    assert change(mine, day=THURSDAY + timedelta(days=6)).reservation.sequence == 2


def test_where_rules_are_silent_it_may_be_changed_as_long_as_it_may_be_cancelled(book, change):
    with pytest.raises(NotChangeable):
        change(book(), now=at("08:00"))


def test_staff_change_against_the_rules_with_a_reason_that_is_kept(book, change):
    mine = book()
    with pytest.raises(NotChangeable):
        change(mine, actor=STAFF, now=at("08:00"))
    change(mine, actor=STAFF, now=at("08:00"), override_reason="電話で申し出。館の手ちがい")
    assert Change.objects.get().reason == "電話で申し出。館の手ちがい"
    assert stored(mine).transitions.last().reason == "電話で申し出。館の手ちがい"


def test_a_reason_of_a_resident_overrides_nothing(book, change):
    with pytest.raises(NotChangeable):
        change(book(), now=at("08:00"), override_reason="どうしても")


def test_staff_make_a_use_longer_while_it_is_on(book, change):
    mine = book()
    changed = change(mine, "10:00", "13:00", actor=STAFF, now=at("11:00"), override_reason="延長の申し出")
    assert changed.reservation.ends_at == at("13:00")


@pytest.mark.parametrize(("starts", "when"), [("13:00", "10:30"), ("13:00", "14:00")])
def test_a_resident_changes_nothing_that_has_begun(book, change, starts, when):
    with pytest.raises(ChangeIsOver):
        change(book(), starts, "16:00", now=at(when))


def test_the_windows_of_the_new_day_decide(book, change):
    with pytest.raises(OutsideRules):
        change(book(), day=date(2028, 6, 14))


def test_limits_do_not_count_the_booking_that_is_changed(publish, book, change, ichiro):
    publish(
        (
            "        note: 申込期間は出典に見えない。実演のため、3か月前の同じ日から使用を始める時刻までとした。\n",
            "        note: 申込期間は出典に見えない。実演のため、3か月前の同じ日から使用を始める時刻までとした。\n"
            "    limits: [{key: monthly, name: 月の回数, at_most: 1, of: bookings, per: month}]\n",
        )
    )
    mine = book()
    assert change(mine, day=THURSDAY).reservation.starts_at == at("13:00", THURSDAY)


def test_the_same_again_is_no_change(book, change):
    with pytest.raises(NothingChanged):
        change(book(), "10:00", "12:00")


def test_more_people_at_the_same_time_are_a_change(book, change):
    mine = book()
    change(mine, "10:00", "12:00", details=Details(headcount=20))
    assert (stored(mine).headcount, Change.objects.get().said["headcount"]) == (20, 10)


@pytest.mark.parametrize("headcount", [0, -5])
def test_a_number_of_people_that_is_none_is_no_change(book, change, headcount):
    mine = book()
    with pytest.raises(HeadcountUnfit):
        change(mine, details=Details(headcount=headcount))
    assert (stored(mine).sequence, stored(mine).headcount) == (0, 10)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(book, change):
    mine = book()
    change(mine, expected_sequence=0)
    with pytest.raises(ChangedMeanwhile):
        change(mine, "15:00", "17:00", expected_sequence=0)


def test_only_standing_reservations_are_changed(book, hold, change, hanako, now):
    with pytest.raises(NotChangeable):
        change(hold())
    mine = book("13:00", "14:00")
    cancel_reservation(ref=mine.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    with pytest.raises(NotChangeable):
        change(mine, "15:00", "16:00")


def test_what_is_not_theirs_is_not_found(book, change, ichiro):
    with pytest.raises(ReservationNotFound):
        change(book(), actor=Actor("resident", ichiro.pk))


def test_who_only_sees_a_groups_booking_may_not_change_it(book, change, hanako, ichiro, now):
    group = a_group("コーラスの会", now=now)
    Membership.objects.create(group=group, resident=hanako, role="representative", since=now)
    Membership.objects.create(group=group, resident=ichiro, role="viewer", since=now)
    mine = book(group_id=group.pk)
    with pytest.raises(NotForGroup):
        change(mine, actor=Actor("resident", ichiro.pk))
    assert change(mine).reservation.group_id == group.pk


def test_the_door_opens_for_the_new_time_and_no_longer_for_the_old(book, change, room, now):
    add_door(
        facility_id=room.facility_id,
        name="入口",
        adapter="physical_key",
        room_ids=[room.id],
        note="",
        now=now,
    )
    mine = book()
    change(mine)
    wanted = Credential.objects.get(subject=mine.ref, desired="present")
    assert (wanted.starts_at, wanted.ends_at, wanted.generation) == (at("13:00"), at("15:00"), 2)
    assert Credential.objects.get(subject=mine.ref, generation=1).desired == "absent"


def test_an_application_waiting_for_review_can_be_changed_and_nothing_is_charged(book, change):
    mine = book()
    _let_wait(mine)
    changed = change(mine, "13:00", "16:00")
    assert changed.reservation.starts_at == at("13:00")
    assert stored(mine).price_yen == 1200


def test_the_price_staff_must_decide_is_not_for_residents_to_change_to(publish, book, change):
    publish(
        (
            "name_en: Seminar Room 2, capacity: 12, fee: {yen_per_hour: 300}",
            "name_en: Seminar Room 2, capacity: 12, fee: {not_shown: true}",
        )
    )
    other = room_by_key("chuo-kominkan", "kenshu-2")
    mine = book()
    with pytest.raises(PriceLeftToStaff):
        change(mine, room=other)
    change(mine, room=other, actor=STAFF)
    assert (stored(mine).price_yen, money(mine).assessed_yen) == (800, 800)


def test_what_it_would_mean_is_told_before_and_writes_nothing(book, room, hanako, now):
    mine = book()
    terms = change_terms(
        ref=mine.ref,
        room_id=room.id,
        starts_at=at("13:00"),
        ends_at=at("16:00"),
        details=None,
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    assert (terms.allowed, terms.before_yen, terms.after_yen, terms.pay_yen) == (True, 800, 1200, 400)
    assert (stored(mine).sequence, Change.objects.count()) == (0, 0)


def _a_clerk():
    return a_staff().pk


def _let_wait(reservation):
    Reservation.objects.filter(pk=reservation.pk).update(status="applied")


@pytest.fixture
def reviewed(monkeypatch):
    """From now on every new time needs a review."""
    monkeypatch.setattr("booking.change_terms.settled_status", lambda assessed: Reservation.Status.APPLIED)


def test_a_new_time_that_needs_a_review_is_applied_for_again(reviewed, book, change, room, now):
    add_door(
        facility_id=room.facility_id,
        name="入口",
        adapter="physical_key",
        room_ids=[room.id],
        note="",
        now=now,
    )
    mine = book()
    assert change(mine, "13:00", "16:00").reservation.status == "applied"
    assert (stored(mine).status, money(mine).assessed_yen) == ("applied", 1200)
    assert not Credential.objects.filter(subject=mine.ref, desired="present").exists()


def test_what_was_paid_before_comes_back_when_the_application_is_taken_back(
    reviewed, book, change, hanako, now
):
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=_a_clerk(), now=now)
    change(mine)
    cancel_reservation(ref=mine.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    assert (stored(mine).status, money(mine).refund_due_yen) == ("cancelled", 800)


def test_what_was_paid_before_comes_back_when_the_new_time_is_refused(reviewed, book, change, now):
    mine = book()
    collect_cash(subject=mine.ref, yen=800, staff_id=_a_clerk(), now=now)
    change(mine)
    clerk = Actor("staff", a_staff("審査係", "shinsa@example.jp").pk)
    refuse_applications(refs=[mine.ref], reason="使いみちが合わない", actor=clerk, now=now)
    assert (stored(mine).status, money(mine).refund_due_yen) == ("refused", 800)


def test_permitted_again_it_is_charged_once(reviewed, book, change, now):
    mine = book()
    change(mine, "13:00", "16:00")
    clerk = Actor("staff", a_staff().pk)
    permit_applications(refs=[mine.ref], conditions="", actor=clerk, now=now)
    assert (stored(mine).status, money(mine).assessed_yen) == ("confirmed", 1200)
