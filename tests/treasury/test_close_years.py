"""Years are closed after 31 May; what moves later is booked in the current year, on the right side of the budget."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actors import Actor
from payments.errors import EarlierYearOpen, YearClosedAlready, YearStillOpen
from payments.ledger import Kind, enter, lock_subject
from payments.models import Charge, LedgerEntry, Payee, YearClosing
from payments.services import change_charge, collect_cash, reduce_charge, refund_cash
from payments.treasury.closing import close_year, sums_of_year, years_of_books
from payments.years import booked_year, last_open_day

TOKYO = ZoneInfo("Asia/Tokyo")
IN_JUNE = datetime(2028, 6, 1, 0, 0, tzinfo=TOKYO)
LAST_DAY = datetime(2028, 5, 31, 23, 59, tzinfo=TOKYO)
SYSTEM = Actor("system", 0)


def booked(subject):
    return list(
        LedgerEntry.objects.filter(charge__subject=subject).values_list("kind", "fiscal_year", "budget")
    )


def pay(subject, staff, when, yen=800):
    collect_cash(subject=subject, yen=yen, staff_id=staff.id, now=when)


def close(boss, when=IN_JUNE, year=2027):
    return close_year(fiscal_year=year, staff_id=boss.id, now=when)


def test_books_are_open_until_31_may(city):
    assert last_open_day(2027) == date(2028, 5, 31)
    assert booked_year(2027, now=LAST_DAY) == 2027
    # 00:00 in Tokyo is still May in UTC.
    assert booked_year(2027, now=IN_JUNE) == 2028
    assert booked_year(2028, now=LAST_DAY.replace(month=1)) == 2028


def test_what_the_bank_received_in_time_is_booked_in_time_until_somebody_closes(boss, charge):
    assert booked_year(2027, now=IN_JUNE, received_on=date(2028, 5, 31)) == 2027
    close(boss)
    assert booked_year(2027, now=IN_JUNE, received_on=date(2028, 5, 31)) == 2028


def test_until_then_all_is_booked_in_the_charges_year_and_refunds_lower_its_revenue(charge, hana):
    subject = charge()
    pay(subject, hana, LAST_DAY)
    reduce_charge(subject=subject, to_yen=0, reason="中止", actor=SYSTEM, now=LAST_DAY)
    refund_cash(subject=subject, staff_id=hana.id, now=LAST_DAY)
    assert {row[1:] for row in booked(subject)} == {(2027, "revenue")}


def test_what_is_paid_later_is_the_current_years_revenue(charge, hana):
    subject = charge()
    pay(subject, hana, IN_JUNE)
    assert booked(subject) == [("assessed", 2027, "revenue"), ("collected", 2028, "revenue")]


def test_what_goes_back_later_is_expenditure_of_the_current_year(charge, hana):
    subject = charge()
    pay(subject, hana, LAST_DAY)
    reduce_charge(subject=subject, to_yen=0, reason="中止", actor=SYSTEM, now=IN_JUNE)
    refund_cash(subject=subject, staff_id=hana.id, now=IN_JUNE)
    assert booked(subject)[2:] == [
        ("reduced", 2028, "revenue"),
        ("refund_decided", 2028, "expenditure"),
        ("refunded", 2028, "expenditure"),
    ]


def test_decided_in_time_but_paid_out_later_is_paid_out_of_expenditure(charge, hana):
    subject = charge()
    pay(subject, hana, LAST_DAY)
    reduce_charge(subject=subject, to_yen=0, reason="中止", actor=SYSTEM, now=LAST_DAY)
    refund_cash(subject=subject, staff_id=hana.id, now=IN_JUNE)
    assert booked(subject)[2:] == [
        ("reduced", 2027, "revenue"),
        ("refund_decided", 2027, "revenue"),
        ("refunded", 2028, "expenditure"),
    ]


def test_what_came_in_late_goes_back_out_of_the_revenue_it_came_into(charge, hana):
    subject = charge()
    pay(subject, hana, IN_JUNE)
    reduce_charge(subject=subject, to_yen=0, reason="中止", actor=SYSTEM, now=IN_JUNE)
    refund_cash(subject=subject, staff_id=hana.id, now=IN_JUNE)
    assert {row[1:] for row in booked(subject)[1:]} == {(2028, "revenue")}


def test_a_managers_income_has_no_expenditure_of_the_municipality(charge, hana):
    subject = charge()
    pay(subject, hana, LAST_DAY)
    Payee.objects.update(kind="manager", name="文化財団")
    reduce_charge(subject=subject, to_yen=0, reason="中止", actor=SYSTEM, now=IN_JUNE)
    assert booked(subject)[-1] == ("refund_decided", 2028, "revenue")


def test_a_charge_for_a_day_of_a_past_year_belongs_to_the_current_one(charge, boss):
    charge()
    close(boss)
    subject = charge(at=IN_JUNE)
    assert Charge.objects.get(subject=subject).fiscal_year == 2028
    assert booked(subject) == [("assessed", 2028, "revenue")]
    change_charge(subject=subject, to_yen=900, reason="訂正", actor=SYSTEM, now=IN_JUNE)
    assert {row[1] for row in booked(subject)} == {2028}


class TestClosing:
    def test_it_keeps_the_sums(self, charge, hana, boss):
        pay(charge(), hana, LAST_DAY)
        closing = close(boss)
        assert closing.closed_by_id == boss.id
        assert [(one["kind"], one["yen"], one["entries"]) for one in closing.sums] == [
            ("assessed", 800, 1),
            ("collected", 800, 1),
        ]
        assert sums_of_year(2027) == closing.sums

    def test_not_before_its_31_may_is_over(self, boss, charge):
        charge()
        with pytest.raises(YearStillOpen):
            close(boss, LAST_DAY)
        assert not YearClosing.objects.exists()

    def test_once(self, boss, charge):
        charge()
        close(boss)
        with pytest.raises(YearClosedAlready):
            close(boss)

    def test_in_order(self, boss, charge, now):
        charge(day=date(2027, 3, 1), at=now)
        charge()
        with pytest.raises(EarlierYearOpen):
            close(boss)
        close(boss, year=2026)
        assert close(boss).fiscal_year == 2027

    def test_the_database_refuses_entries_of_a_closed_year(self, charge, boss, now):
        subject = charge()
        close(boss)
        with pytest.raises(IntegrityError, match="the books of 2027 are closed"), transaction.atomic():
            enter_wrongly(subject, now)
        with (
            pytest.raises(IntegrityError, match="append only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM payments_yearclosing")

    def test_an_entry_never_lands_in_a_closed_year_whatever_the_day_said(self, charge, boss, hana):
        subject = charge()
        close(boss)
        with transaction.atomic():
            entry = enter(
                lock_subject(subject), Kind.COLLECTED, 800, SYSTEM, IN_JUNE,
                gateway="bank_slip", received_on=date(2028, 5, 30),
            )  # fmt: skip
        assert entry.fiscal_year == 2028

    def test_the_list_of_years_tells_which_may_be_closed(self, charge, hana, boss):
        pay(charge(), hana, LAST_DAY)
        facts = [(one.year, one.may_close, one.collected_yen) for one in years_of_books(now=IN_JUNE)]
        assert facts == [(2028, False, 0), (2027, True, 800)]
        close(boss)
        assert [one.closing and one.closing.fiscal_year for one in years_of_books(now=IN_JUNE)] == [
            None,
            2027,
        ]


def enter_wrongly(subject, when):
    """As code would that forgets to ask for the year."""
    owner = Charge.objects.get(subject=subject)
    LedgerEntry.objects.create(
        charge=owner, kind="reduced", yen=1, at=when, actor_kind="system", actor_id=0,
        fiscal_year=2027, item=owner.item,
    )  # fmt: skip
