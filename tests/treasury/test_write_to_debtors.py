"""Who is late is written to with a new day; what has lapsed after five years is given up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import SYSTEM, Actor
from payments.dues import DuePart, set_dues
from payments.errors import BadDueDay, ChargeNotFound, ClaimNotLapsed, NothingToPay, NotOverdue
from payments.models import Charge, Dunning, LedgerEntry, Paper, Task
from payments.queries import payment_states
from payments.services import collect_cash, collect_through
from payments.treasury.agreement import agreement
from payments.treasury.dunning import issue_dunning, write_off
from payments.treasury.tables import year_report
from payments.treasury.unpaid import lapse_day, unpaid_charges

TOKYO = ZoneInfo("Asia/Tokyo")
# The first moment too late: the last day to pay is 31 May.
DUE = datetime(2027, 6, 1, 0, 0, tzinfo=TOKYO)
LATE = datetime(2027, 6, 11, 9, 0, tzinfo=TOKYO)


@pytest.fixture
def owed(charge):
    """``owed(yen)``: a charge that was due on 31 May; returns its id."""

    def make(yen=800, due=DUE, **facts):
        subject = charge(yen, **facts)
        set_dues(subject=subject, parts=[DuePart(due_at=due, unpaid="staff")])
        return Charge.objects.get(subject=subject).pk

    return make


@pytest.fixture
def dun(boss):
    def act(*charge_ids, due_on=date(2027, 6, 30), at=LATE):
        return issue_dunning(charge_ids=charge_ids, due_on=due_on, actor=Actor("staff", boss.id), now=at)

    return act


def only(now=LATE, **facts):
    (one,) = unpaid_charges(now=now, **facts)
    return one


class TestUnpaid:
    def test_it_tells_since_when_somebody_is_late(self, owed):
        owed()
        found = only()
        assert (found.due_yen, found.due_on, found.days_late) == (800, date(2027, 5, 31), 11)
        assert only(DUE - timedelta(seconds=1)).days_late == 0
        assert (found.lapses_on, found.lapsed) == (date(2032, 6, 1), False)

    def test_what_is_paid_or_asks_for_nothing_is_not_in_it(self, owed, charge, hana):
        charge(0)
        paid = Charge.objects.get(pk=owed())
        collect_cash(subject=paid.subject, yen=800, staff_id=hana.id, now=LATE)
        assert unpaid_charges(now=LATE) == []

    def test_the_part_that_is_not_covered_decides(self, charge):
        subject = charge(1000)
        later = DUE + timedelta(days=30)
        set_dues(
            subject=subject,
            parts=[DuePart(DUE, "staff", yen=300), DuePart(later, "staff", yen=700, deferred=True)],
        )
        assert only().due_on == date(2027, 5, 31)
        pk = Charge.objects.get(subject=subject).pk
        collect_through(charge_id=pk, yen=300, gateway_key="bank_slip", actor=Actor("system", 0), now=LATE)
        assert (only().due_on, only().due_yen, only().deferred) == (date(2027, 6, 30), 700, True)
        # Asked for more than the parts come to: the last part's day.
        from_parts = only(charge_ids=[pk])
        assert from_parts.days_late == 0

    def test_without_a_day_nobody_is_late(self, charge):
        charge()
        assert (only().due_on, only().days_late) == (None, 0)

    def test_it_is_asked_for_some_halls_only(self, owed, hall):
        owed()
        assert unpaid_charges(now=LATE, facility_ids=[]) == []
        assert only(facility_ids=[hall.pk]).facility_id == hall.pk


class TestLetters:
    def test_a_letter_names_a_new_day_and_has_a_number(self, owed, dun):
        charge_id = owed()
        (letter,) = dun(charge_id)
        assert (letter.number, letter.yen, letter.due_on) == (1, 800, date(2027, 6, 30))
        paper = Paper.objects.get(kind="dunning")
        assert (paper.number, paper.to, paper.yen) == ("2027-000001", "佐藤 花子", 800)
        assert {"day": "2027-06-30"} in [value for _label, value in paper.content["rows"]]
        found = only()
        assert (found.dunnings, found.dunned_until, found.days_late) == (1, date(2027, 6, 30), 0)

    def test_several_at_once_or_none(self, owed, dun, charge):
        late, not_late = owed(), owed(due=None)
        with pytest.raises(NotOverdue):
            dun(late, not_late)
        assert not Dunning.objects.exists()
        assert len(dun(late, owed(500))) == 2

    def test_not_before_the_day_is_over_nor_while_a_letter_runs(self, owed, dun):
        charge_id = owed()
        with pytest.raises(NotOverdue):
            dun(charge_id, at=DUE - timedelta(hours=1))
        dun(charge_id)
        with pytest.raises(NotOverdue):
            dun(charge_id, at=datetime(2027, 6, 30, 12, 0, tzinfo=TOKYO), due_on=date(2027, 7, 30))
        (second,) = dun(charge_id, at=datetime(2027, 7, 1, 0, 0, tzinfo=TOKYO), due_on=date(2027, 7, 30))
        assert second.number == 2

    @pytest.mark.parametrize("due_on", [date(2027, 6, 11), date(2020, 1, 1)])
    def test_the_new_day_is_still_to_come(self, owed, dun, due_on):
        with pytest.raises(BadDueDay):
            dun(owed(), due_on=due_on)

    def test_what_is_paid_or_unknown_is_refused(self, owed, dun, hana):
        charge_id = owed()
        subject = Charge.objects.get(pk=charge_id).subject
        collect_cash(subject=subject, yen=800, staff_id=hana.id, now=LATE)
        with pytest.raises(NothingToPay):
            dun(charge_id)
        for nobody in [(), (0,)]:
            with pytest.raises(ChargeNotFound):
                dun(*nobody)


class TestLapsing:
    def give_up(self, charge_id, boss, at):
        return write_off(charge_id=charge_id, reason="時効", actor=Actor("staff", boss.id), now=at)

    def test_after_five_years_what_is_due_is_given_up(self, owed, boss):
        charge_id = owed()
        with pytest.raises(ClaimNotLapsed) as refusal:
            self.give_up(charge_id, boss, datetime(2032, 5, 31, 23, 59, tzinfo=TOKYO))
        assert refusal.value.facts == {"lapses_on": "2032-06-01"}
        entry = self.give_up(charge_id, boss, datetime(2032, 6, 1, 0, 0, tzinfo=TOKYO))
        # Its own year's books are closed: the current year gives it up.
        assert (entry.kind, entry.yen, entry.fiscal_year) == ("written_off", 800, 2032)
        subject = Charge.objects.get(pk=charge_id).subject
        assert payment_states([subject])[subject].due_yen == 0
        with pytest.raises(NothingToPay):
            self.give_up(charge_id, boss, datetime(2032, 6, 2, tzinfo=TOKYO))

    def test_what_is_no_charge_owes_nothing(self, owed, now):
        assert unpaid_charges(now=now, charge_ids=[10**30]) == []

    def test_what_comes_in_after_it_was_given_up_goes_back(self, owed, boss):
        charge_id = owed()
        at = datetime(2032, 6, 1, 0, 0, tzinfo=TOKYO)
        self.give_up(charge_id, boss, at)
        back = collect_through(charge_id=charge_id, yen=800, gateway_key="bank_slip", actor=SYSTEM, now=at)
        assert (back.yen, Task.objects.get().kind) == (800, Task.Kind.PAID_TOO_LATE)
        assert year_report(fiscal_year=2032).total.open + year_report(fiscal_year=2027).total.open == 0
        assert all(one.agrees for one in agreement())

    def test_the_first_letter_begins_the_five_years_anew_but_no_later_one(self, owed, dun):
        charge_id = owed()
        dun(charge_id)
        assert only().lapses_on == date(2032, 6, 12)
        dun(charge_id, at=datetime(2027, 7, 5, tzinfo=TOKYO), due_on=date(2027, 7, 31))
        assert only().lapses_on == date(2032, 6, 12)

    def test_so_does_paying_a_part(self, owed):
        charge_id = owed()
        paid_at = datetime(2028, 1, 10, tzinfo=TOKYO)
        collect_through(
            charge_id=charge_id, yen=300, gateway_key="bank_slip", actor=Actor("system", 0), now=paid_at
        )
        assert only(paid_at).lapses_on == date(2033, 1, 11)

    def test_what_was_given_up_but_comes_in_goes_back(self, owed, boss):
        charge_id = owed()
        when = datetime(2032, 6, 1, tzinfo=TOKYO)
        self.give_up(charge_id, boss, when)
        assert LedgerEntry.objects.filter(kind="written_off").count() == 1
        assert unpaid_charges(now=when) == []

    def test_29_february_ends_with_february(self):
        assert lapse_day(date(2028, 2, 29)) == date(2033, 3, 1)

    @given(st.dates(min_value=date(2000, 1, 1), max_value=date(2150, 1, 1)))
    def test_never_less_than_five_years(self, begin):
        assert lapse_day(begin) - begin >= timedelta(days=5 * 365)
        assert lapse_day(begin) - begin <= timedelta(days=5 * 366)
