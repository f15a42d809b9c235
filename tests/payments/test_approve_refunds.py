"""Four eyes above a limit; what the rules decided needs nobody; what they leave open a person decides."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from facilities.models import Facility
from payments.errors import InvalidAmount, NothingToRefund
from payments.models import HallTerms, LedgerEntry, Payee, Refund, RevenueItem, Task
from payments.refunds.approving import approve_refund, decline_refund
from payments.refunds.bank_accounts import bank_account
from payments.refunds.errors import ReasonNeeded, RefundMovedOn, SecondPersonNeeded, TaskClosed, TaskNotFound
from payments.refunds.left_open import (
    Proposal,
    ask_for_decision,
    decide_open_refund,
    hall_may_decide,
    last_decision,
    open_question,
)
from payments.refunds.rerouting import change_route, give_account
from payments.services import collect_cash, reduce_charge, refund_cash
from payments.tasks import close_task, open_task, open_tasks, task_of
from payments.treasury.agreement import agreement
from payments.treasury.tables import year_report
from tests import factories

State = Refund.State
ACCOUNT = bank_account(
    bank_code="0001",
    bank_name="みずほ銀行",
    branch_code="001",
    branch_name="本店",
    kind="1",
    number="1234567",
    holder="サトウ ハナコ",
)


@pytest.fixture
def second(city):
    return factories.a_staff("次席 花子", "jiseki@example.jp").pk


@pytest.fixture
def large(charge, clerk, now):
    """A clerk gives back 800 yen, of which two people have to think."""
    Payee.objects.update(four_eyes_from_yen=800)
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    return reduce_charge(
        subject=subject, to_yen=0, reason="特別の事情", actor=Actor("staff", clerk.pk), now=now
    ).refunds[0]


def test_a_large_refund_waits_for_a_second_person(large, clerk, second, now, state):
    assert large.state == State.AWAITING_APPROVAL
    with pytest.raises(SecondPersonNeeded):
        approve_refund(ref=large.ref, staff_id=clerk.pk, now=now)
    approve_refund(ref=large.ref, staff_id=second, now=now)
    kept = Refund.objects.get(pk=large.pk)
    assert (kept.state, kept.approved_by_id) == (State.READY, second)
    assert refund_cash(subject=large.charge.subject, staff_id=clerk.pk, now=now) == 800
    with pytest.raises(RefundMovedOn):
        approve_refund(ref=large.ref, staff_id=second, now=now)


def test_nothing_is_handed_out_before_a_second_person_agreed(large, clerk, now):

    with pytest.raises(NothingToRefund):
        refund_cash(subject=large.charge.subject, staff_id=clerk.pk, now=now)


def test_declined_the_money_stays_and_may_be_decided_anew(large, clerk, second, now, state):
    with pytest.raises(ReasonNeeded):
        decline_refund(ref=large.ref, staff_id=second, reason="", now=now)
    decline_refund(ref=large.ref, staff_id=second, reason="規則に合わない", now=now)
    after = state(large.charge.subject)
    assert (after.paid_yen, after.due_yen, after.refund_due_yen, after.state) == (800, 0, 0, "paid")
    entry = LedgerEntry.objects.get(kind="refund_withdrawn")
    assert (entry.corrects_id, entry.yen, entry.actor_id) == (large.decision_id, 800, second)
    again = reduce_charge(
        subject=large.charge.subject, to_yen=500, reason="一部", actor=Actor("staff", clerk.pk), now=now
    )
    assert [one.state for one in again.refunds] == [State.READY]
    assert state(large.charge.subject).refund_due_yen == 300


def test_the_treasurers_sums_take_off_what_was_withdrawn(large, second, now):
    decline_refund(ref=large.ref, staff_id=second, reason="規則に合わない", now=now)
    report = year_report(fiscal_year=2027)
    assert (report.total.refund_decided, report.total.asked, report.total.open) == (0, 800, 0)
    assert all(one.agrees for one in agreement())


@pytest.mark.parametrize(
    ("limit", "actor", "by_rules", "waits"),
    [
        (None, "staff", False, False),
        (801, "staff", False, False),
        (800, "staff", False, True),
        (800, "staff", True, False),
        (1, "resident", False, False),
        (1, "system", False, False),
    ],
)
def test_only_a_persons_decision_above_the_limit_waits(charge, clerk, now, limit, actor, by_rules, waits):
    Payee.objects.update(four_eyes_from_yen=limit)
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    made = reduce_charge(
        subject=subject, to_yen=0, reason="x", actor=Actor(actor, clerk.pk), now=now, by_rules=by_rules
    )
    assert (made.refunds[0].state == State.AWAITING_APPROVAL) is waits


@pytest.fixture
def question(charge, clerk, now):
    """The rules leave open what comes back of 800 yen."""
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    proposal = Proposal("特別の理由があるとき", "第9条", 400, "病気")
    ask_for_decision(subject=subject, proposal=proposal, actor=Actor("staff", clerk.pk), now=now)
    return subject


def test_what_the_rules_leave_open_waits_for_a_person(question, clerk, now, state):
    task = open_question(question)
    assert (task.facts["paid_yen"], task.facts["proposed_yen"], task.facts["why"]) == (800, 400, "病気")
    assert list(open_tasks(None)) == [task]
    made = decide_open_refund(
        subject=question, yen=300, reason="診断書", actor=Actor("staff", clerk.pk), now=now
    )
    assert (made.yen, made.refunds[0].article) == (300, "第9条")
    assert (state(question).refund_due_yen, open_question(question)) == (300, None)
    with pytest.raises(TaskClosed):
        decide_open_refund(subject=question, yen=1, reason="また", actor=Actor("staff", clerk.pk), now=now)


def test_nothing_may_come_back_with_a_reason(question, clerk, now, state):
    actor = Actor("staff", clerk.pk)
    with pytest.raises(ReasonNeeded):
        decide_open_refund(subject=question, yen=0, reason=" ", actor=actor, now=now)
    with pytest.raises(InvalidAmount):
        decide_open_refund(subject=question, yen=801, reason="多すぎる", actor=actor, now=now)
    assert decide_open_refund(subject=question, yen=0, reason="理由がない", actor=actor, now=now) is None
    assert (state(question).paid_yen, last_decision(question).note) == (800, "理由がない")


def test_nothing_is_asked_where_nothing_was_paid(charge, clerk, now):
    actor = Actor("staff", clerk.pk)
    assert ask_for_decision(subject=charge(800), proposal=Proposal(), actor=actor, now=now) is None
    assert not Task.objects.exists()


def test_a_hall_decides_only_where_its_payee_says_so(charge):
    subject = charge(800)
    assert not hall_may_decide(subject)
    Payee.objects.update(kind="manager", name="指定管理者", decided_by="hall")
    assert hall_may_decide(subject)


def test_a_fee_stays_the_municipalitys_at_a_managers_hall(charge):
    """The booking moved to another hall, or the hall got a manager: what was charged before is still a fee."""
    subject = charge(800)
    manager = Payee.objects.create(kind="manager", name="指定管理者", decided_by="hall")
    item = RevenueItem.objects.create(payee=manager, setsu="利用料金")
    HallTerms.objects.create(facility=Facility.objects.all()[0], item=item, ways=["desk_cash"])
    assert not hall_may_decide(subject)
    assert hall_may_decide(charge(800))


def test_a_task_is_closed_once_with_what_was_done(charge, clerk, now):
    task = open_task(kind=Task.Kind.OVERDUE, cause="x", now=now)
    open_task(kind=Task.Kind.OVERDUE, cause="x", now=now)
    with pytest.raises(ReasonNeeded):
        close_task(task_id=task.pk, staff_id=clerk.pk, note="", now=now)
    close_task(task_id=task.pk, staff_id=clerk.pk, note="電話した", now=now)
    with pytest.raises(TaskClosed):
        close_task(task_id=task.pk, staff_id=clerk.pk, note="また", now=now)
    assert not open_tasks(None)


def test_a_hall_sees_its_own_tasks_only(question, charge):
    task = open_question(question)
    mine = task.charge.facility_id
    assert list(open_tasks([mine])) == [task]
    assert not open_tasks([mine + 1])
    with pytest.raises(TaskNotFound):
        task_of(task.pk, [mine + 1])


def test_an_open_decision_is_not_ticked_off(question, clerk, now):
    with pytest.raises(TaskClosed):
        close_task(task_id=open_question(question).pk, staff_id=clerk.pk, note="済み", now=now)


def test_what_one_person_splits_counts_together(charge, clerk, second, now):
    Payee.objects.update(four_eyes_from_yen=500)
    subject, actor = charge(800), Actor("staff", clerk.pk)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    first = reduce_charge(subject=subject, to_yen=400, reason="一部", actor=actor, now=now).refunds[0]
    rest = reduce_charge(subject=subject, to_yen=0, reason="残り", actor=actor, now=now).refunds[0]
    assert (first.state, rest.state) == (State.READY, State.AWAITING_APPROVAL)
    approve_refund(ref=rest.ref, staff_id=second, now=now)


def test_another_way_after_two_agreed_needs_a_second_person_again(large, clerk, second, now):
    approve_refund(ref=large.ref, staff_id=second, now=now)
    actor = Actor("staff", second)
    moved = change_route(ref=large.ref, route=Refund.Route.BANK_TRANSFER, actor=actor, now=now)
    assert (moved.state, moved.approved_by_id) == (State.AWAITING_APPROVAL, None)
    with pytest.raises(SecondPersonNeeded):
        approve_refund(ref=large.ref, staff_id=second, now=now)
    assert approve_refund(ref=large.ref, staff_id=clerk.pk, now=now).state == State.AWAITING_ACCOUNT


def test_who_changes_the_way_does_not_agree_to_it(large, clerk, second, now):
    actor = Actor("staff", second)
    change_route(ref=large.ref, route=Refund.Route.BANK_TRANSFER, actor=actor, now=now)
    with pytest.raises(SecondPersonNeeded):
        approve_refund(ref=large.ref, staff_id=second, now=now)


def test_an_account_staff_wrote_after_two_agreed_needs_a_second_person_again(large, clerk, second, now):
    actor = Actor("staff", clerk.pk)
    change_route(ref=large.ref, route=Refund.Route.BANK_TRANSFER, actor=actor, now=now)
    approve_refund(ref=large.ref, staff_id=second, now=now)
    payers = give_account(ref=large.ref, account=ACCOUNT, actor=Actor("resident", 1), now=now)
    assert payers.state == State.READY
    written = give_account(ref=large.ref, account=ACCOUNT, actor=actor, now=now)
    assert (written.state, written.approved_by_id) == (State.AWAITING_APPROVAL, None)
    with pytest.raises(SecondPersonNeeded):
        approve_refund(ref=large.ref, staff_id=clerk.pk, now=now)
    assert approve_refund(ref=large.ref, staff_id=second, now=now).state == State.READY
