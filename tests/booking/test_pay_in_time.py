"""Until when a reservation is paid, the reminder before, and what follows when it is not paid."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.models import NoticeSettings
from booking.changing import change_reservation
from booking.errors import ReservationNotFound
from booking.models import Claim, Reservation
from booking.overdue import NEWS_TAKE, lapse_dues, remind_of_dues
from booking.pricing import set_price
from booking.settled import tell_of_payment
from payments.dues import open_parts
from payments.errors import WrongAmount
from payments.models import Attempt, AttemptCharge, Charge, Instalment, Payee, SlipTerms, Task
from payments.queries import payment_states
from payments.services import collect_cash, collect_through
from payments.slips.issuing import issue_slips
from tests import factories
from tests.booking.conftest import WEDNESDAY, at
from tests.queue import enqueued

HALL = "    adjustments: main\n"
SEVEN_DAYS = "days_after_booking: 7, unpaid: cancelled, article: 条例第7条"


@pytest.fixture
def rules(publish):
    """Publish Akiruno's rules with these terms of payment for the hall."""

    def with_due(due):
        publish(
            ("\nrounding:", f"\npayments:\n  paid:\n    due: [{{{due}}}]\n\nrounding:"),
            ("  - key: chuo-kominkan\n", "  - key: chuo-kominkan\n    payment: paid\n"),
        )

    return with_due


@pytest.fixture
def clerk(city):
    return factories.a_staff(role="admin")


def dues_of(reservation):
    return [
        (one.yen, one.due_at, one.unpaid)
        for one in Instalment.objects.filter(charge__subject=reservation.ref).order_by("number")
    ]


def midnight_after(day):
    return at("00:00", day + timedelta(days=1))


def test_the_day_of_the_rules_is_written_down_with_the_charge(rules, book, now):
    rules(SEVEN_DAYS)
    last = now.astimezone(at("00:00").tzinfo).date() + timedelta(days=7)
    assert dues_of(book()) == [(None, midnight_after(last), "cancelled")]


def test_where_the_rules_say_nothing_no_day_is_written(book):
    assert dues_of(book()) == []


def test_instalments_are_written_with_their_amounts(rules, book):
    rules(
        "instalments: [{name: 予約金, yen: 300, days_after_booking: 10, unpaid: cancelled}, "
        "{name: 残り, closes: {days_before: 7}}]"
    )
    booked = book()
    assert [(yen, unpaid) for yen, _, unpaid in dues_of(booked)] == [(300, "cancelled"), (500, "staff")]
    assert [part.yen for part in open_parts([booked.ref])[booked.ref]] == [300, 500]


def test_what_is_paid_fills_the_first_part_first(rules, book, clerk, now):
    rules(
        "instalments: [{name: 予約金, yen: 300, days_after_booking: 10}, {name: 残り, closes: {days_before: 7}}]"
    )
    booked = book()
    charge = Charge.objects.get(subject=booked.ref)
    pay(charge, 400, now)
    assert [(part.number, part.yen) for part in open_parts([booked.ref])[booked.ref]] == [(2, 400)]


def pay(charge, yen, now):
    return collect_through(
        charge_id=charge.pk, yen=yen, gateway_key="desk_cash", actor=Actor("staff", 1), now=now
    )


def test_who_books_after_the_rules_day_pays_before_the_use_and_is_not_put_out(rules, book):
    rules("closes: {days_before: 30}, unpaid: cancelled")
    late = at("12:00", WEDNESDAY - timedelta(days=3))
    assert dues_of(book(now=late)) == [(None, at("10:00"), "staff")]


def test_a_change_is_asked_anew_and_never_given_a_day_that_is_over(rules, book, hanako, room, now):
    rules(SEVEN_DAYS)
    booked = book()
    later = now + timedelta(days=20)
    collect_cash(subject=booked.ref, yen=booked.price_yen, staff_id=factories.a_staff().pk, now=now)
    change_reservation(
        ref=booked.ref, room_id=room.id, starts_at=at("10:00"), ends_at=at("13:00"), details=None,
        actor=Actor("resident", hanako.pk), now=later,
    )  # fmt: skip
    last = later.astimezone(at("00:00").tzinfo).date() + timedelta(days=7)
    assert dues_of(booked) == [(None, midnight_after(last), "cancelled")]
    lapse_dues(now=later + timedelta(days=9))
    assert Reservation.objects.get().status == "confirmed"
    assert Task.objects.get().kind == Task.Kind.OVERDUE


def test_a_price_that_staff_lower_to_nothing_has_no_day(rules, book, clerk, now):
    rules(SEVEN_DAYS)
    booked = book()
    set_price(ref=booked.ref, yen=0, reason="減免", actor=Actor("staff", clerk.pk), now=now)
    assert dues_of(booked) == []


def test_who_does_not_pay_in_time_loses_the_room_by_the_rules(rules, book, now):
    rules(SEVEN_DAYS)
    booked = book()
    assert lapse_dues(now=now + timedelta(days=6)) == 0
    assert lapse_dues(now=now + timedelta(days=9)) == 1
    stored = Reservation.objects.get()
    assert stored.status == "cancelled"
    assert not Claim.objects.filter(active=True).exists()
    step = stored.transitions.last()
    assert (step.actor_kind, step.reason) == (
        "system",
        "納期限までに料金の支払いがなかったため（条例第7条）",
    )
    assert payment_states([booked.ref])[booked.ref].due_yen == 0
    told = [job["kind"] for job in enqueued("frontend.tell")]
    assert told.count("payment_overdue_cancelled") == 1
    assert "reservation_cancelled" not in told
    assert lapse_dues(now=now + timedelta(days=10)) == 0


def test_who_paid_keeps_the_room(rules, book, clerk, now):
    rules(SEVEN_DAYS)
    booked = book()
    collect_cash(subject=booked.ref, yen=booked.price_yen, staff_id=clerk.pk, now=now)
    assert lapse_dues(now=now + timedelta(days=9)) == 0
    assert Reservation.objects.get().status == "confirmed"
    assert not Task.objects.exists()


def test_who_paid_a_part_is_left_to_staff(rules, book, now):
    rules(SEVEN_DAYS)
    booked = book()
    pay(Charge.objects.get(subject=booked.ref), 100, now)
    assert lapse_dues(now=now + timedelta(days=9)) == 0
    task = Task.objects.get()
    assert (task.kind, task.facts["yen"]) == ("overdue", booked.price_yen - 100)
    lapse_dues(now=now + timedelta(days=10))
    assert Task.objects.count() == 1
    assert Task.objects.get().closed_at is None
    pay(Charge.objects.get(subject=booked.ref), booked.price_yen - 100, now + timedelta(days=11))
    assert Task.objects.get().closed_at == now + timedelta(days=11)


def test_where_staff_see_to_it_the_room_stays(rules, book, now):
    rules("days_after_booking: 7")
    book()
    assert lapse_dues(now=now + timedelta(days=9)) == 0
    assert Reservation.objects.get().status == "confirmed"
    assert Task.objects.get().kind == Task.Kind.OVERDUE


@pytest.fixture
def voucher(now):
    """Somebody holds a voucher for a reservation, good until an instant."""

    def issue(reservation, until, state=Attempt.State.VOUCHER_ISSUED):
        attempt = Attempt.objects.create(
            payee=Payee.objects.all()[0], gateway="stripe", way="konbini", yen=reservation.price_yen, state=state,
            account="acct_1", provider_ref="cs_1", actor_kind="resident", actor_id=1, expires_at=until,
            created_at=now, updated_at=now,
        )  # fmt: skip
        charge = Charge.objects.get(subject=reservation.ref)
        AttemptCharge.objects.create(attempt=attempt, charge=charge, yen=reservation.price_yen)
        return attempt

    return issue


def test_while_a_voucher_can_be_paid_nothing_is_cancelled(rules, book, voucher, now):
    rules(SEVEN_DAYS)
    booked = book()
    due_at = dues_of(booked)[0][1]
    voucher(booked, due_at)
    assert lapse_dues(now=due_at + NEWS_TAKE - timedelta(minutes=1)) == 0
    assert Reservation.objects.get().status == "confirmed"
    assert lapse_dues(now=due_at + NEWS_TAKE) == 1


def test_a_voucher_that_was_given_up_can_still_be_paid(rules, book, voucher, now):
    rules(SEVEN_DAYS)
    booked = book()
    due_at = dues_of(booked)[0][1]
    attempt = voucher(booked, due_at)
    Attempt.objects.filter(pk=attempt.pk).update(close_wanted_at=now)
    attempt.parts.update(live=False)
    assert lapse_dues(now=due_at + NEWS_TAKE - timedelta(minutes=1)) == 0
    assert lapse_dues(now=due_at + NEWS_TAKE) == 1


def test_one_that_cannot_be_dealt_with_holds_up_no_other(rules, book, now):
    rules(SEVEN_DAYS)
    stray, booked = book(), book("14:00", "15:00")
    due_at = dues_of(booked)[0][1]
    # A charge that is for no reservation of ours.
    Charge.objects.filter(subject=stray.ref).update(subject=uuid4())
    with pytest.raises(ReservationNotFound):
        lapse_dues(now=due_at)
    assert Reservation.objects.get(pk=booked.pk).status == "cancelled"


def test_a_use_that_has_begun_is_collected_by_people(rules, book, now):
    rules("closes: {days_before: 0}, unpaid: cancelled")
    book()
    assert lapse_dues(now=at("00:00", WEDNESDAY + timedelta(days=1))) == 0
    assert Reservation.objects.get().status == "confirmed"
    assert Task.objects.count() == 1


def test_who_has_to_pay_soon_is_reminded_once_from_the_hour_on(rules, book, now):
    rules(SEVEN_DAYS)
    booked = book()
    last = dues_of(booked)[0][1].astimezone(at("00:00").tzinfo).date() - timedelta(days=1)
    day = last - timedelta(days=3)
    assert remind_of_dues(now=at("09:59", day)) == 0
    assert remind_of_dues(now=at("23:00", day - timedelta(days=1))) == 0
    assert remind_of_dues(now=at("10:00", day)) == 1
    assert remind_of_dues(now=at("10:10", day)) == 0
    told = [job for job in enqueued("frontend.tell") if job["kind"] == "payment_due_soon"]
    assert told[0]["facts"] == {"until": at("23:59", last).isoformat(), "yen": str(booked.price_yen)}


def test_who_paid_or_cancelled_is_not_reminded(rules, book, clerk, now):
    rules(SEVEN_DAYS)
    booked = book()
    collect_cash(subject=booked.ref, yen=booked.price_yen, staff_id=clerk.pk, now=now)
    assert remind_of_dues(now=now + timedelta(days=5)) == 0


def test_a_municipality_may_remind_nobody(rules, book, now):
    rules(SEVEN_DAYS)
    book()
    NoticeSettings.objects.create(pk=1, remind_due_days=None)
    assert remind_of_dues(now=now + timedelta(days=6, hours=12)) == 0


def test_who_pays_at_the_desk_is_not_written_to(rules, book, clerk, now):
    booked = book()
    collect_cash(subject=booked.ref, yen=booked.price_yen, staff_id=clerk.pk, now=now)
    tell_of_payment(subject=booked.ref, now=now)
    assert not [job for job in enqueued("frontend.tell") if job["kind"] == "payment_received"]


def test_what_was_paid_together_is_told_once(book, voucher, now):
    refs = [book().ref, book("14:00", "15:00").ref]
    first, second = (Charge.objects.get(subject=ref) for ref in refs)
    attempt = voucher(Reservation.objects.get(ref=refs[0]), now)
    AttemptCharge.objects.create(attempt=attempt, charge=second, yen=400)
    for charge, yen in ((first, 800), (second, 400)):
        collect_through(
            charge_id=charge.pk, yen=yen, gateway_key="stripe", actor=SYSTEM, now=now, attempt_id=attempt.pk
        )
    for ref in refs:
        tell_of_payment(subject=ref, now=now)
    told = [job for job in enqueued("frontend.tell") if job["kind"] == "payment_received"]
    assert {job["occasion"] for job in told} == {f"attempt {attempt.ref}"}
    assert told[0]["facts"] == {"yen": "800", "count": "2", "path": f"/my/pay/{attempt.ref}/"}


def test_dates_are_local(rules, book):
    rules("closes: {days_before: 1}, unpaid: cancelled")
    assert dues_of(book()) == [(None, at("00:00", date(2027, 6, 9)), "cancelled")]


def test_who_has_a_slip_may_have_paid_at_the_bank(rules, book, clerk, now):
    rules(SEVEN_DAYS)
    booked = book()
    charge = Charge.objects.select_related("item").get(subject=booked.ref)
    SlipTerms.objects.create(payee_id=charge.item.payee_id, pay_at="まちの銀行")
    issue_slips(subjects=[booked.ref], actor=Actor("staff", clerk.pk), now=now)
    assert lapse_dues(now=now + timedelta(days=9)) == 0
    assert Reservation.objects.get().status == "confirmed"
    assert Task.objects.get().kind == Task.Kind.OVERDUE


def test_the_desk_takes_the_part_due_first_or_all_and_nothing_between(rules, book, clerk, now):
    rules(
        "instalments: [{name: 予約金, yen: 300, days_after_booking: 10}, {name: 残り, closes: {days_before: 7}}]"
    )
    booked = book()
    for yen in (100, 500, 801):
        with pytest.raises(WrongAmount):
            collect_cash(subject=booked.ref, yen=yen, staff_id=clerk.pk, now=now)
    collect_cash(subject=booked.ref, yen=300, staff_id=clerk.pk, now=now)
    assert payment_states([booked.ref])[booked.ref].due_yen == 500
    collect_cash(subject=booked.ref, yen=500, staff_id=clerk.pk, now=now)
    assert payment_states([booked.ref])[booked.ref].state == "paid"


def test_a_part_that_is_late_puts_out_by_the_rules_although_another_was_paid(rules, book, clerk, now):
    rules(
        "instalments: [{name: 予約金, yen: 300, days_after_booking: 5}, "
        "{name: 残り, days_after_booking: 10, unpaid: cancelled}]"
    )
    booked = book()
    collect_cash(subject=booked.ref, yen=300, staff_id=clerk.pk, now=now)
    assert lapse_dues(now=now + timedelta(days=7)) == 0
    assert lapse_dues(now=now + timedelta(days=12)) == 1
    assert Reservation.objects.get().status == "cancelled"
