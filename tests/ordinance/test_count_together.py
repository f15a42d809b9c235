"""Limits over several uses applied for at once: each later one counts the earlier ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import Held, Wanted, compile_rules, facts_of_application, over_limits, parse
from tests.ordinance.conftest import SMALL

NOW = datetime(2027, 5, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
DAY = date(2027, 6, 16)  # a Wednesday


def rules_with(*limits):
    text = SMALL
    written = "".join(f"      - {limit}\n" for limit in limits)
    return compile_rules(
        parse(
            text.replace(
                "closes: {days_before: 3}}\n", f"closes: {{days_before: 3}}}}\n    limits:\n{written}", 1
            )
        )
    )


def use(day=DAY, starts=540, ends=660, room="big", **more):
    return Held("hall", room, day, starts, ends, date(2027, 5, 1), applicant_class="general", **more)


def wanted(rules, one):
    facts = facts_of_application(
        rules,
        facility="hall",
        room=one.room,
        day=one.day,
        starts=one.starts,
        ends=one.ends,
        applicant_class="general",
        channel="web",
        now=NOW,
    )
    return Wanted(rules, one, facts)


def over(rules, uses, **held):
    return sorted(over_limits([wanted(rules, one) for one in uses], held, now=NOW))


def test_of_three_in_a_week_the_third_is_over_a_limit_of_two():
    rules = rules_with("{key: w, name: 週, at_most: 2, of: bookings, per: week}")
    days = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2), DAY + timedelta(days=7)]
    assert over(rules, map(use, days)) == [2]


def test_what_is_over_the_limit_does_not_count_for_those_after_it():
    rules = rules_with("{key: h, name: 時間, at_most: 3, of: hours, per: day}")
    uses = [use(starts=540, ends=660), use(starts=660, ends=840), use(starts=840, ends=900)]
    assert over(rules, uses) == [1]


def test_each_limit_counts_the_uses_of_those_it_speaks_of():
    rules = rules_with(
        "{key: a, name: 申込者, at_most: 1, of: bookings, per: week}",
        "{key: e, name: 全員, at_most: 3, of: bookings, per: week, whose: everyone}",
    )
    others = [use(DAY + timedelta(days=1)), use(DAY + timedelta(days=2))]
    assert over(rules, [use()], everyone=others) == []
    assert over(rules, [use()], everyone=[*others, use(DAY - timedelta(days=1))]) == [0]
    assert over(rules, [use()], applicant=others[:1], everyone=others) == [0]


def test_a_run_of_days_grows_with_the_days_applied_for_at_once():
    rules = rules_with("{key: r, name: 続けて, at_most: 3, of: days, per: run}")
    days = [DAY + timedelta(days=offset) for offset in range(4)]
    assert over(rules, map(use, days)) == [3]
    assert over(rules, [use(days[1])], applicant=[use(days[0]), use(days[2]), use(days[3])]) == [0]
    assert over(rules, [use(days[1])], applicant=[use(days[0], room="half"), use(days[2])]) == []


def test_one_application_is_all_that_is_applied_for_at_once():
    rules = rules_with("{key: o, name: 一度に, at_most: 2, of: bookings, per: application}")
    days = [DAY + timedelta(days=7 * week) for week in range(3)]
    together = [use(day, application="now") for day in days]
    assert over(rules, together, applicant=[use(application="before")]) == [2]


@given(
    st.lists(st.integers(0, 40), max_size=14),
    st.lists(st.integers(0, 40), max_size=10),
    st.integers(1, 4),
    st.sampled_from(["per: week", "per: month", "per_days: 10", "per: always"]),
)
def test_at_once_admits_what_one_after_the_other_would(asked, there, most, per):
    """The oracle: each alone, with what was admitted before it among what is held."""
    rules = rules_with(f"{{key: k, name: 数, at_most: {most}, of: bookings, {per}}}")
    uses = [use(DAY + timedelta(days=day)) for day in asked]
    held = [use(DAY + timedelta(days=day)) for day in there]
    expected = []
    for place, one in enumerate(uses):
        if over(rules, [one], applicant=held):
            expected.append(place)
        else:
            held.append(one)
    assert over(rules, uses, applicant=[use(DAY + timedelta(days=day)) for day in there]) == expected


@pytest.mark.parametrize("days", [3, 40])
def test_any_days_in_a_row_hold_no_more_than_the_limit(days):
    rules = rules_with(f"{{key: r, name: 何日でも, at_most: 2, of: bookings, per_days: {days}}}")
    wished = [DAY + timedelta(days=offset) for offset in range(0, 60, 2)]
    refused = over(rules, map(use, wished))
    kept = [day for place, day in enumerate(wished) if place not in refused]
    for first in kept:
        assert sum(first <= day < first + timedelta(days=days) for day in kept) <= 2
