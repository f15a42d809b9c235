"""Days that come back: RRULE inside, words outside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.series.recurrence import (
    FURTHEST_DAYS,
    MOST_DATES,
    BadRecurrence,
    Recurrence,
    TooManyDays,
    is_last,
    nth_of,
    read_rule,
)

TUESDAY = date(2027, 4, 6)
FURTHEST = timedelta(days=FURTHEST_DAYS)
days = st.dates(date(2024, 1, 1), date(2090, 12, 31))
ends = st.one_of(
    st.builds(lambda day: {"until": day}, days),
    st.builds(lambda n: {"count": n}, st.integers(1, MOST_DATES)),
)
weekly = st.builds(
    lambda every, weekdays, end: Recurrence("weeks", every, tuple(sorted(weekdays)), **end),
    st.integers(1, 12),
    st.sets(st.integers(0, 6), min_size=1),
    ends,
)
monthly = st.builds(
    lambda every, weekday, nth, end: Recurrence("months", every, (weekday,), nth, **end),
    st.integers(1, 12),
    st.integers(0, 6),
    st.sampled_from([1, 2, 3, 4, 5, -1]),
    ends,
)


@given(st.one_of(weekly, monthly))
def test_a_rule_is_read_as_it_was_written(recurrence):
    assert read_rule(recurrence.rule) == recurrence


def matches(recurrence, first, expected):
    """The days are these; or there are more than are ever planned, and it says so."""
    wanted = expected if recurrence.count is None else expected[: recurrence.count]
    goes_on = len(wanted) < recurrence.count if recurrence.count else recurrence.until > first + FURTHEST
    try:
        return recurrence.days(first) == wanted
    except TooManyDays:
        return len(wanted) > MOST_DATES or goes_on


@given(weekly, days)
def test_weekly_days_are_those_weekdays_in_every_nth_week_counted_from_the_first_monday(recurrence, first):
    monday = first - timedelta(days=first.weekday())
    expected = [
        day
        for day in (first + timedelta(days=n) for n in range(FURTHEST_DAYS + 1))
        if day.weekday() in recurrence.weekdays
        and (day - monday).days // 7 % recurrence.every == 0
        and (recurrence.until is None or day <= recurrence.until)
    ]
    assert matches(recurrence, first, expected)


@given(monthly, days)
def test_monthly_days_are_the_nth_of_their_weekday_in_every_nth_month(recurrence, first):
    expected = [
        day
        for day in (first + timedelta(days=n) for n in range(FURTHEST_DAYS + 1))
        if day.weekday() == recurrence.weekdays[0]
        and (is_last(day) if recurrence.nth == -1 else nth_of(day) == recurrence.nth)
        and (day.year * 12 + day.month - first.year * 12 - first.month) % recurrence.every == 0
        and (recurrence.until is None or day <= recurrence.until)
    ]
    assert matches(recurrence, first, expected)


@given(st.one_of(weekly, monthly))
def test_different_rhythms_have_different_words(recurrence):
    other = Recurrence(
        recurrence.unit, recurrence.every % 12 + 1, recurrence.weekdays, recurrence.nth,
        recurrence.until, recurrence.count,
    )  # fmt: skip
    for language in ("ja", "en"):
        assert recurrence.words(language) != other.words(language)


@pytest.mark.parametrize(
    ("recurrence", "ja", "en", "first_days"),
    [
        (
            Recurrence("weeks", 1, (1,), until=date(2027, 4, 20)),
            "毎週 火曜日、2027年4月20日まで",
            "every Tuesday, until 20 April 2027",
            [TUESDAY, date(2027, 4, 13), date(2027, 4, 20)],
        ),
        (
            Recurrence("weeks", 2, (1, 3), count=3),
            "2週間ごとの 火曜日・木曜日、3回",
            "every 2 weeks on Tuesday and Thursday, 3 times",
            [TUESDAY, date(2027, 4, 8), date(2027, 4, 20)],
        ),
        (
            Recurrence("months", 1, (1,), 2, count=2),
            "毎月 第2火曜日、2回",
            "on the second Tuesday of every month, 2 times",
            [date(2027, 4, 13), date(2027, 5, 11)],
        ),
        (
            Recurrence("months", 3, (0,), -1, count=1),
            "3か月ごとの 最後の月曜日、1回",
            "on the last Monday of every 3 months, 1 time",
            [date(2027, 4, 26)],
        ),
    ],
)
def test_rhythms_in_words_and_days(recurrence, ja, en, first_days):
    assert recurrence.words("ja") == ja
    assert recurrence.words("en") == en
    assert recurrence.days(TUESDAY) == first_days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=DAILY;COUNT=3",
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=3;UNTIL=20270401",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
        "FREQ=WEEKLY;BYDAY=2TU;COUNT=3",
        "FREQ=MONTHLY;BYDAY=TU;COUNT=3",
        "FREQ=MONTHLY;BYDAY=1TU,2TU;COUNT=3",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=0",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=9999",
        "FREQ=WEEKLY;INTERVAL=0;BYDAY=TU;COUNT=3",
        "FREQ=WEEKLY;WKST=SU;BYDAY=TU;COUNT=3",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=3;COUNT=3",
    ],
)
def test_what_is_no_rule_of_ours_is_refused(text):
    with pytest.raises(BadRecurrence):
        read_rule(text)


def test_a_rule_of_another_program_is_understood():
    assert read_rule("RRULE:FREQ=WEEKLY;WKST=MO;BYDAY=TH,TU;COUNT=4") == Recurrence(
        "weeks", 1, (1, 3), count=4
    )


@given(weekly, days)
def test_never_more_days_than_are_planned_and_never_one_silently_left_out(recurrence, first):
    try:
        found = recurrence.days(first)
    except TooManyDays:
        return
    assert len(found) <= MOST_DATES
    assert recurrence.count in (None, len(found))
    assert all(first <= day <= first + FURTHEST for day in found)


def test_days_beyond_the_calendar_are_too_many():
    with pytest.raises(TooManyDays):
        Recurrence("weeks", 1, (1,), count=2).days(date.max)
