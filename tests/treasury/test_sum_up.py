"""Every table of the treasury is a sum of ledger entries, whatever happened in whatever order; and they agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import Actor
from payments.cash.daily import daily_report
from payments.cash.drawers import balance, close_drawer, open_drawer, stock_safe
from payments.models import CashMovement, Charge, LedgerEntry, Payee, Refund, RevenueItem, YearClosing
from payments.queries import payment_states
from payments.refunds.deciding import keep_after_all, lock_refund
from payments.services import change_charge, collect_cash, collect_through, reduce_charge, refund_cash
from payments.treasury.agreement import agreement
from payments.treasury.closing import close_year, sums_of_year
from payments.treasury.dunning import write_off
from payments.treasury.tables import refund_sums, year_report, years_with_entries
from payments.treasury.unpaid import unpaid_charges
from payments.years import today_at
from tenants.errors import Refusal
from tests import factories

SYSTEM = Actor("system", 0)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "assess",
                "assess",
                "cash",
                "cash",
                "bank",
                "change",
                "reduce",
                "refund",
                "withdraw",
                "wait",
                "close",
                "give_up",
            ]
        ),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=1, max_value=2_000),
    ),
    max_size=20,
)


class Years:
    """Some years of a hall, one step after another; a step the house refuses changes nothing."""

    def __init__(self, hall, hana, boss, charge, now):
        self.hall, self.hana, self.boss, self.charge, self.now = hall, hana, boss, charge, now
        self.subjects, self.days = [], {today_at(now)}

    def step(self, what, which, yen):
        known = list(self.subjects)
        try:
            with transaction.atomic():
                getattr(self, what)(which, yen)
        except Refusal:
            self.subjects = known

    def one(self, which):
        return self.subjects[which % len(self.subjects)] if self.subjects else self.assess(which, 700)

    def assess(self, _which, yen):
        subject = self.charge(yen, day=today_at(self.now), at=self.now)
        self.subjects.append(subject)
        return subject

    def cash(self, which, _yen):
        subject = self.one(which)
        due = payment_states([subject])[subject].due_yen
        collect_cash(subject=subject, yen=due, staff_id=self.hana.id, now=self.now)

    def bank(self, which, yen):
        charge_id = Charge.objects.get(subject=self.one(which)).pk
        collect_through(charge_id=charge_id, yen=yen, gateway_key="stripe", actor=SYSTEM, now=self.now)

    def reduce(self, which, yen):
        reduce_charge(subject=self.one(which), to_yen=yen % 500, reason="減免", actor=SYSTEM, now=self.now)

    def change(self, which, yen):
        change_charge(subject=self.one(which), to_yen=yen, reason="変更", actor=SYSTEM, now=self.now)

    def refund(self, which, _yen):
        refund_cash(subject=self.one(which), staff_id=self.hana.id, now=self.now)

    def withdraw(self, which, _yen):
        ready = Refund.objects.filter(charge__subject=self.one(which), state="ready").first()
        if ready:
            refund, charge = lock_refund(ready.ref)
            keep_after_all(refund, charge, reason="取りやめ", actor=SYSTEM, now=self.now)

    def wait(self, which, yen):
        self.now += timedelta(days=yen if which < 2 else which)
        self.days.add(today_at(self.now))

    def close(self, which, _yen):
        open_years = set(years_with_entries(now=self.now)) - set(
            YearClosing.objects.values_list("fiscal_year", flat=True)
        )
        close_year(fiscal_year=min(open_years) + which % 2, staff_id=self.boss.id, now=self.now)

    def give_up(self, which, _yen):
        charge_id = Charge.objects.get(subject=self.one(which)).pk
        write_off(charge_id=charge_id, reason="時効", actor=SYSTEM, now=self.now)


def of_kind(kind, **facts):
    found = LedgerEntry.objects.filter(kind=kind, **facts)
    return sum(found.values_list("yen", flat=True))


def compare(scene):
    """Tables against entries, and against each other."""
    years = years_with_entries(now=scene.now)
    due = sum(state.due_yen for state in payment_states(scene.subjects).values())
    for year in years:
        report = year_report(fiscal_year=year)
        assert report.total.collected == of_kind("collected", fiscal_year=year)
        assert report.total.asked == of_kind("assessed", fiscal_year=year) - of_kind(
            "reduced", fiscal_year=year
        )
        assert report.total.refunded == of_kind("refunded", fiscal_year=year, budget="revenue")
        assert report.total.refunded_later == of_kind("refunded", fiscal_year=year, budget="expenditure")
        assert report.total.revenue == sum(row.total.revenue for row in report.rows)
        assert report.total.revenue == sum(one.revenue for one in report.by_month.values())
        kept = Refund.objects.exclude(state="withdrawn").filter(decision__fiscal_year=year)
        assert sum(one.decided_yen for one in refund_sums(fiscal_year=year)) == sum(
            kept.values_list("yen", flat=True)
        )
        assert report.total.refund_decided + report.total.refund_decided_later == of_kind(
            "refund_decided", fiscal_year=year
        ) - of_kind("refund_withdrawn", fiscal_year=year)
        hall_only = year_report(fiscal_year=year, facility_id=scene.hall.pk)
        assert hall_only.total == report.total
    # What the latest year leaves open is what the unpaid list says, and what each charge says.
    assert year_report(fiscal_year=years[0]).open_yen == due
    assert sum(one.due_yen for one in unpaid_charges(now=scene.now)) == due
    reports = [daily_report(facility_id=scene.hall.pk, day=day) for day in scene.days]
    totals = [one.total for one in reports if one.total]
    assert sum(one.collected_yen for one in totals) == of_kind("collected")
    assert sum(one.refunded_yen for one in totals) == of_kind("refunded")
    assert sum(one.net_yen for one in totals) == of_kind("collected") - of_kind("refunded")
    for closing in YearClosing.objects.all():
        assert sums_of_year(closing.fiscal_year) == closing.sums
    assert [one.key for one in agreement() if not one.agrees] == []


@given(steps=STEPS)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_whatever_happens_in_some_years_all_tables_agree(
    hall, hana, boss, charge, now, drawer, with_drawers, steps
):
    with transaction.atomic():
        scene = Years(hall, hana, boss, charge, now)
        for what, which, yen in steps:
            scene.step(what, which, yen)
        compare(scene)
        taken = of_kind("collected", gateway="desk_cash") - of_kind("refunded", gateway="desk_cash")
        assert balance(drawer.pk) == 10_000 + taken
        transaction.set_rollback(True)


def test_the_oracle_sees_a_wrong_table(hall, hana, boss, charge, now):
    """Were something booked past the ledger's own way, the comparison would say so."""
    scene = Years(hall, hana, boss, charge, now)
    scene.step("cash", 0, 1)
    compare(scene)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_ledgerentry SET yen = yen + 1 WHERE kind = 'collected'")
    assert not next(one for one in agreement() if one.key == "charges").agrees


class TestAgreement:
    """Each question sees the fault it is there for."""

    def wrong(self):
        return [one.key for one in agreement() if not one.agrees]

    def break_it(self, *statements):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("ledgerentry", "cashmovement", "yearclosing"):
                cursor.execute(f"ALTER TABLE payments_{table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)

    @pytest.fixture(autouse=True)
    def _money(self, with_drawers, drawer, charge, hana, now):
        self.subject = charge(800)
        collect_cash(subject=self.subject, yen=800, staff_id=hana.id, now=now)
        reduce_charge(subject=self.subject, to_yen=300, reason="減額", actor=SYSTEM, now=now)
        assert self.wrong() == []

    @pytest.mark.parametrize(
        ("fault", "seen"),
        [
            ("UPDATE payments_refund SET yen = yen - 1", {"refunds"}),
            ("UPDATE payments_refund SET state = 'done', done_at = now()", {"refunded"}),
            ("UPDATE payments_ledgerentry SET yen = 900 WHERE kind = 'reduced'", {"charges", "paid_out"}),
            ("UPDATE payments_ledgerentry SET yen = 801 WHERE kind = 'collected'", {"charges", "drawers"}),
            ("DELETE FROM payments_cashmovement WHERE entry_id IS NOT NULL", {"drawers"}),
            ("UPDATE payments_cashmovement SET yen = 1 WHERE kind = 'taken'", {"drawers"}),
            ("UPDATE payments_drawer SET closed_at = now(), closed_by_id = keeper_id "
             "WHERE keeper_id IS NOT NULL", {"held"}),
            ("INSERT INTO payments_yearclosing (fiscal_year, sums, closed_at, closed_by_id) "
             "SELECT 2027, '[]', now(), min(id) FROM accounts_staff", {"years"}),
            ("INSERT INTO payments_difference (kind, cause, account, day, yen_there, yen_here, found_at, explanation) "
             "VALUES ('not_here', 'x', 'acct_1', '2027-05-10', 500, 0, now(), '')", {"providers"}),
            ("UPDATE payments_ledgerentry SET gateway = 'credit' WHERE kind = 'collected'", {"credits"}),
        ],
    )  # fmt: skip
    def test_a_fault_is_seen(self, fault, seen):
        self.break_it(fault)
        assert seen <= set(self.wrong())
        rows = [row for one in agreement() if not one.agrees for row in one.rows]
        assert all(row.yen for row in rows)

    def test_a_paid_attempt_that_was_not_booked_is_seen(self, now):
        payee = Payee.objects.get()
        charge_id = Charge.objects.get(subject=self.subject).pk
        self.break_it(
            "INSERT INTO payments_attempt (ref, payee_id, gateway, way, yen, state, account, provider_ref, "
            "payment_ref, charge_ref, url, voucher, return_url, language, actor_kind, actor_id, failure, "
            "key_number, created_at, updated_at, paid_at) VALUES (gen_random_uuid(), "
            f"{payee.pk}, 'stripe', 'card', 500, 'paid', '', 'cs_1', '', '', '', '{{}}', '', 'ja', 'resident', 1, "
            "'', 0, now(), now(), now())",
            "INSERT INTO payments_attemptcharge (attempt_id, charge_id, yen, live) "
            f"SELECT max(id), {charge_id}, 500, false FROM payments_attempt",
        )
        (answer,) = [one for one in agreement() if not one.agrees]
        assert (answer.key, answer.left_yen, answer.right_yen, answer.differing) == ("attempts", 500, 0, 1)
        assert answer.rows[0].name == "stripe cs_1"


class TestDailyReport:
    def test_it_is_by_item_and_way_with_what_went_back(self, charge, hana, hall, now):
        first, second = charge(800), charge(500)
        for subject, yen in ((first, 800), (second, 500)):
            collect_cash(subject=subject, yen=yen, staff_id=hana.id, now=now)
        reduce_charge(subject=second, to_yen=0, reason="取消し", actor=SYSTEM, now=now)
        refund_cash(subject=second, staff_id=hana.id, now=now)
        third = Charge.objects.get(subject=charge(200)).pk
        collect_through(charge_id=third, yen=200, gateway_key="bank_slip", actor=SYSTEM, now=now)
        report = daily_report(facility_id=hall.pk, day=today_at(now))
        assert [(one.way, one.collected_yen, one.collected, one.refunded_yen) for one in report.lines] == [
            ("bank_slip", 200, 1, 0),
            ("desk_cash", 1300, 2, 500),
        ]
        assert (report.total.net_yen, report.total.collected) == (1000, 3)
        assert daily_report(facility_id=hall.pk, day=today_at(now) + timedelta(days=1)).total is None

    def test_a_charge_that_moves_to_another_hall_leaves_the_report_as_it_was(self, charge, hana, hall, now):
        subject = charge(800)
        collect_cash(subject=subject, yen=800, staff_id=hana.id, now=now)
        other = factories.a_facility()
        Charge.objects.filter(subject=subject).update(facility=other)
        assert daily_report(facility_id=hall.pk, day=today_at(now)).total.collected_yen == 800
        assert daily_report(facility_id=other.pk, day=today_at(now)).total is None

    def test_drawers_tell_what_was_before_and_after(self, drawer, charge, hana, hall, now):
        collect_cash(subject=charge(800), yen=800, staff_id=hana.id, now=now)
        later = now + timedelta(days=1)
        close_drawer(
            drawer_id=drawer.pk, pieces={10_000: 1, 500: 1}, explanation="紛失", staff=hana, now=later
        )
        first, second = (daily_report(facility_id=hall.pk, day=today_at(at)) for at in (now, later))
        mine, safe = first.drawers
        assert (mine.before_yen, dict(mine.moved), mine.after_yen) == (
            0, {"moved_in": 10_000, "taken": 800}, 10_800,
        )  # fmt: skip
        assert (safe.before_yen, safe.after_yen) == (0, 20_000)
        mine, safe = second.drawers
        assert (mine.before_yen, dict(mine.moved), mine.after_yen) == (
            10_800, {"moved_out": -10_500, "short": -300}, 0,
        )  # fmt: skip
        assert (safe.before_yen, safe.after_yen) == (20_000, 30_500)

    def test_cash_taken_here_for_another_hall_is_told(self, drawer, charge, hana, hall, now):
        other = factories.a_facility()
        collect_cash(subject=charge(800, facility=other), yen=800, staff_id=hana.id, now=now)
        here = daily_report(facility_id=hall.pk, day=today_at(now))
        assert (here.total, here.elsewhere_yen) == (None, 800)
        assert daily_report(facility_id=other.pk, day=today_at(now)).total.collected_yen == 800

    def test_items_are_apart(self, charge, hana, hall, now):
        subject = charge(800)
        item = RevenueItem.objects.create(payee=Payee.objects.get(), account="特別会計")
        Charge.objects.filter(subject=subject).update(item=item)
        collect_cash(subject=subject, yen=800, staff_id=hana.id, now=now)
        collect_cash(subject=charge(500), yen=500, staff_id=hana.id, now=now)
        lines = daily_report(facility_id=hall.pk, day=today_at(now)).lines
        assert [(one.item.account, one.collected_yen) for one in lines] == [
            ("一般会計", 500),
            ("特別会計", 800),
        ]


def test_the_safe_and_drawers_hold_what_was_put_there(hall, hana, jun, now):
    stock_safe(facility_id=hall.pk, yen=5_000, memo="つり銭", staff=hana, now=now)
    ours = [open_drawer(facility_id=hall.pk, float_yen=1_000, staff=one, now=now) for one in (hana, jun)]
    assert [balance(one.pk) for one in ours] == [1_000, 1_000]
    assert CashMovement.objects.filter(kind="moved").count() == 2
