"""Akiruno's canaries of money: terms of a hall, a payment that was begun, a refund and a task of the clerk."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import Actor
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from payments.dues import DuePart, set_dues
from payments.models import (
    Attempt,
    AttemptCharge,
    Charge,
    HallTerms,
    Payee,
    Refund,
    RevenueItem,
    Task,
    TransferList,
)
from payments.services import collect_cash, reduce_charge
from tests.booking.conftest import WEDNESDAY


def plant_money(room, resident, staff, now):
    """Pay for a booking and decide that part of it comes back; begin to pay for another. Returns the refs of it all."""
    back, owed = (_book(room, resident, hour, now) for hour in (19, 20))
    collect_cash(subject=back.ref, yen=back.price_yen, staff_id=staff.pk, now=now)
    decision = reduce_charge(
        subject=back.ref, to_yen=back.price_yen - 100, reason="減額", actor=Actor("staff", staff.pk), now=now
    )
    payee = Payee.objects.get()
    HallTerms.objects.create(facility_id=room.facility_id, item=RevenueItem.objects.get(), ways=["desk_cash"])
    Payee.objects.filter(pk=payee.pk).update(stripe_account="acct_canary")
    _begin(owed, payee, resident, now)
    refund = decision.refunds[0]
    Refund.objects.filter(pk=refund.pk).update(
        article="第9条", failure="口座が閉じていました", provider_ref="re_1"
    )
    listed = TransferList.objects.create(
        payee=payee, pay_on=WEDNESDAY + timedelta(days=20), made_at=now, made_by_id=staff.pk
    )
    task = Task.objects.create(
        kind=Task.Kind.REFUND_FAILED,
        cause=f"refund {refund.pk}",
        charge_id=refund.charge_id,
        refund=refund,
        facts={"yen": refund.yen},
        opened_at=now,
    )
    begun = [str(ref) for ref in Attempt.objects.values_list("ref", flat=True)]
    examples = {
        "refund": [str(refund.ref)],
        "task_id": [str(task.pk)],
        "transfer_list_id": [str(listed.pk)],
    }
    return [str(back.ref), str(owed.ref), *begun], examples


def plant_payee():
    """Who else receives money, under which item; returns what addresses have of them."""
    payee = Payee.objects.create(kind="manager", name="管理者")
    item = RevenueItem.objects.create(payee=payee, account="一般会計")
    return {"payee_id": [str(payee.pk)], "revenue_item_id": [str(item.pk)]}


def _book(room, resident, hour, now):
    day = WEDNESDAY + timedelta(days=15)
    return book_room(
        room_id=room.id,
        starts_at=moment(day, hour * 60, room.zone),
        ends_at=moment(day, (hour + 1) * 60, room.zone),
        resident_id=resident.pk,
        channel="web",
        purpose="会議",
        details=Details(headcount=5),
        actor=Actor("resident", resident.pk),
        now=now,
    )


def _begin(booked, payee, resident, now):
    """A payment by card that waits for the payer."""
    set_dues(subject=booked.ref, parts=[DuePart(now + timedelta(days=7), "cancelled", name="前納")])
    attempt = Attempt.objects.create(
        payee=payee,
        gateway="stripe",
        way="card",
        yen=booked.price_yen,
        state=Attempt.State.OPEN,
        account="acct_canary",
        provider_ref="cs_1",
        payment_ref="pi_1",
        actor_kind="resident",
        actor_id=resident.pk,
        created_at=now,
        updated_at=now,
    )
    charge = Charge.objects.get(subject=booked.ref)
    AttemptCharge.objects.create(attempt=attempt, charge=charge, yen=booked.price_yen)
