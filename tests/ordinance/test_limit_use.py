"""Limits: what of the uses somebody already has counts beside one more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    Held,
    InvalidDocument,
    compile_rules,
    count_held,
    limits_of,
    parse,
    period_of,
    run_cases,
)
from facilities.ordinance.applying.deciding import known_facts
from facilities.ordinance.document.application_clauses import Limit

ZONE = ZoneInfo("Asia/Tokyo")
NOW = datetime(2027, 5, 1, 12, tzinfo=ZONE)
DAY = date(2027, 6, 16)  # a Wednesday


def with_limit(small, text, cases=""):
    changed = small.replace(
        "closes: {days_before: 3}}\n", f"closes: {{days_before: 3}}}}\n    limits: [{text}]\n", 1
    )
    return parse(changed + cases)


def count(document, held, room="big", day=DAY, **more):
    rules = compile_rules(document)
    (limit,) = document.applications["open"].limits
    return count_held(rules, limit, facility="hall", room=room, day=day, now=NOW, held=held, **more)


def use(day=DAY, starts=540, ends=660, **more):
    return Held(
        "hall", more.pop("room", "big"), day, starts, ends, more.pop("booked", date(2027, 5, 1)), **more
    )


def test_week_begins_on_the_weekday_the_document_says(small):
    sunday = date(2027, 6, 13)
    for starts, expected in (("mon", 0), ("sun", 1)):
        text = f"{{key: w, name: 週, at_most: 1, of: bookings, per: week, week_starts: {starts}}}"
        assert count(with_limit(small, text), [use(sunday)]) == expected


def test_only_uses_the_limit_is_about_count(small):
    text = "{key: w, name: 土日, at_most: 2, of: bookings, per: month, when: {days: {weekdays: [sat, sun]}}}"
    document = with_limit(small, text)
    assert count(document, [use(date(2027, 6, 5)), use(date(2027, 6, 8))], day=date(2027, 6, 19)) == 1


def test_same_day_uses_stay_out_where_the_limit_excepts_them(small):
    document = with_limit(
        small, "{key: m, name: 月, at_most: 4, of: bookings, per: month, unless: {days_ahead: 0}}"
    )
    assert count(document, [use(date(2027, 6, 5), booked=date(2027, 6, 5)), use(date(2027, 6, 6))]) == 1


def test_hours_count_only_inside_their_part_of_the_day(small):
    document = with_limit(small, '{key: h, name: 昼, at_most: 3, of: hours, per: week, time: "09:00-17:00"}')
    assert count(document, [use(starts=990, ends=1080)]) == Fraction(1, 2)
    assert count(document, [use(starts=1080, ends=1200)]) == 0


@pytest.mark.parametrize(
    ("across", "expected"), [("room", 1), ("facility", 2), ("rules", 2), ("everywhere", 3)]
)
def test_where_uses_count_is_what_across_says(small, across, expected):
    other = Held("elsewhere", "x", DAY, 540, 600, date(2027, 5, 1))
    document = with_limit(
        small, f"{{key: m, name: 月, at_most: 4, of: bookings, per: month, across: {across}}}"
    )
    assert count(document, [use(), use(room="half"), other]) == expected


def test_always_counts_what_is_still_to_come(small):
    document = with_limit(small, "{key: a, name: 同時, at_most: 4, of: bookings, per: always}")
    assert count(document, [use(date(2027, 5, 1), 540, 720), use(date(2027, 5, 1), 540, 721), use()]) == 2


def test_day_already_used_is_not_counted_twice(small):
    document = with_limit(small, "{key: d, name: 日, at_most: 4, of: days, per: month}")
    assert count(document, [use(), use(date(2027, 6, 17)), use(date(2027, 6, 17), 700, 800)]) == 1


def test_any_days_in_a_row_count_together(small):
    document = with_limit(small, "{key: r, name: 30日, at_most: 4, of: bookings, per_days: 30}")
    before, after = DAY - timedelta(days=20), DAY + timedelta(days=20)
    assert count(document, [use(before), use(after)]) == 1
    assert count(document, [use(before), use(DAY + timedelta(days=9))]) == 2


def test_entries_and_bookings_count_apart_or_together(small):
    held = [use(), use(entry=True)]
    for extra, expected in (("", 1), (", lottery: also", 2), (", lottery: only", 1)):
        text = f"{{key: m, name: 月, at_most: 4, of: slots, per: month{extra}}}"
        assert count(with_limit(small, text), held) == expected


def test_uses_of_the_same_application_count_for_it(small):
    document = with_limit(small, "{key: o, name: 一回, at_most: 3, of: bookings, per: application}")
    assert count(document, [use(application="x"), use(application="y")], application="x") == 1


def test_limit_of_a_lottery_does_not_hold_for_a_booking(small_rules, small):
    document = with_limit(small, "{key: e, name: 抽選, at_most: 4, of: entries, per: month}")
    application = document.applications["open"]
    facts = known_facts(compile_rules(document), "big", "general", "web", None, None, {})
    assert limits_of(application, facts) == ()
    assert len(limits_of(application, facts, entry=True)) == 1


@pytest.mark.parametrize(
    ("per", "first", "last"),
    [
        ("quarter", date(2027, 4, 1), date(2027, 6, 30)),
        ("half_year", date(2027, 4, 1), date(2027, 9, 30)),
        ("fiscal_year", date(2027, 4, 1), date(2028, 3, 31)),
        ("year", date(2027, 1, 1), date(2027, 12, 31)),
        ("month", date(2027, 6, 1), date(2027, 6, 30)),
        ("always", None, None),
    ],
)
def test_period_is_the_one_the_day_lies_in(small, per, first, last):
    document = with_limit(small, f"{{key: p, name: 期, at_most: 4, of: days, per: {per}}}")
    (limit,) = document.applications["open"].limits
    assert period_of(limit, DAY) == ((first, last) if first else None)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["week", "month", "quarter", "half_year"])
)
def test_every_day_of_a_period_has_the_same_period(day, per):
    limit = Limit(key="a", name="a", at_most=1, of="days", per=per, week_starts="sun")
    first, last = period_of(limit, day)
    assert first <= day <= last
    assert period_of(limit, first) == period_of(limit, last) == (first, last)


def test_worked_case_counts_what_is_held(small):
    cases = """
cases:
  - id: 三つ目
    kind: limit
    given: {room: koma, date: 2027-06-16, slots: [am, pm], held: [{date: 2027-06-02, slots: [night]}]}
    expect: {allowed: true}
  - id: 四つ目
    kind: limit
    given: {room: koma, date: 2027-06-16, slots: [am, pm], held: [{date: 2027-06-02, slots: [pm, night]}]}
    expect: {allowed: false}
"""
    document = with_limit(small, "{key: m, name: 月, at_most: 3, of: slots, per: month}", cases)
    assert [result.passed for result in run_cases(document)] == [True, True]


def test_limit_without_a_period_is_a_mistake(small):
    with pytest.raises(InvalidDocument, match="per か per_days"):
        with_limit(small, "{key: m, name: 月, at_most: 3, of: slots}")


def test_what_is_paid_does_not_count_where_the_limit_says_so(small):
    text = "{{key: o, name: 同時, at_most: 2, of: bookings, per: always{}}}"
    uses = [use(paid=True), use(date(2027, 6, 10)), use(date(2027, 6, 11), paid=True)]
    assert count(with_limit(small, text.format("")), uses) == 3
    assert count(with_limit(small, text.format(", unpaid_only: true")), uses) == 1


def test_a_night_that_began_yesterday_is_held_until_it_ends(small):
    document = with_limit(small, "{key: o, name: 同時, at_most: 1, of: bookings, per: always}")
    today = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    yesterday, minutes = today.date() - timedelta(days=1), today.hour * 60 + today.minute
    assert count(document, [use(yesterday, 900, 1440 + minutes)]) == 0
    assert count(document, [use(yesterday, 900, 1440 + minutes + 1)]) == 1
