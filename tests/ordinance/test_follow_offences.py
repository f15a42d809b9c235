"""What follows from offences one after the other: each step as of its day, and the longer of two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import Event, compile_rules, offence_recorded, parse, penalty, what_follows
from tests.ordinance.conftest import SMALL

PENALTIES = """penalties:
  points:
    within_days: 365
    offences:
      - {key: no-show, name: 無断の不使用, points: 2, recorded: no_show, article: 第5条}
      - {key: late, name: 直前の取消し, points: 1, recorded: cancel, when: {days_ahead: ..3}}
      - {key: after, name: 期限の後の取消し, points: 1, recorded: late_cancel}
      - {key: harm, name: 設備の破損, points: 1}
    steps:
      - {at_least: 2, name: 1か月の停止, suspends_months: 1, earlier: 0, article: 第6条}
      - {at_least: 2, name: 3か月の停止, suspends_months: 3, earlier: 1..}
      - {at_least: 3, name: 抽選の停止, suspends_days: 30, suspends: lottery}
      - {at_least: 3, name: 登録の抹消, automatic: false, deregisters: true}
"""
DAY = date(2027, 6, 10)


def rules_with(penalties=PENALTIES):
    text = SMALL.replace("    time: hourly\n", "    time: hourly\n    penalty: points\n", 1)
    return compile_rules(parse(text.replace("rounding:", penalties + "rounding:", 1)))


@pytest.fixture(scope="module")
def rules():
    return rules_with()


def followed(rules, *events, **more):
    found = what_follows(lambda day: rules, facility="hall", events=events, **more)
    return [(one.place, one.step.name) for one in found]


def test_each_offence_leads_to_what_its_day_says(rules):
    assert followed(rules, Event("harm", DAY)) == []
    assert followed(rules, Event("no-show", DAY)) == [(0, "1か月の停止")]
    later = Event("harm", DAY + timedelta(days=60))
    assert followed(rules, Event("no-show", DAY), later) == [
        (0, "1か月の停止"),
        (1, "3か月の停止"),
        (1, "抽選の停止"),
        (1, "登録の抹消"),
    ]


def test_offences_that_no_longer_count_lead_to_nothing_more(rules):
    year_after = Event("harm", DAY + timedelta(days=400))
    assert followed(rules, Event("no-show", DAY), year_after) == [(0, "1か月の停止")]


def test_an_offence_that_counts_nothing_leads_to_nothing_again(rules):
    unknown = Event("unknown", DAY + timedelta(days=1))
    in_time = Event("late", DAY + timedelta(days=1), days_ahead=9)
    assert followed(rules, Event("no-show", DAY), unknown, in_time) == [(0, "1か月の停止")]


def test_a_suspension_staff_decided_counts_as_an_earlier_one(rules):
    assert followed(rules, Event("no-show", DAY), imposed=[DAY - timedelta(days=99)]) == [(0, "3か月の停止")]
    assert followed(rules, Event("no-show", DAY), imposed=[DAY]) == [(0, "1か月の停止")]


def test_of_two_suspensions_of_the_same_the_longer_one_follows():
    both = rules_with(PENALTIES.replace(", earlier: 0", "").replace(", earlier: 1..", ""))
    assert followed(both, Event("no-show", DAY)) == [(0, "3か月の停止")]


def test_what_follows_says_until_when_and_by_which_article(rules):
    (one,) = what_follows(lambda day: rules, facility="hall", events=[Event("no-show", DAY)])
    assert (one.step.suspended_from, one.step.suspended_until) == (DAY, date(2027, 7, 10))
    assert [reason.article for reason in one.reasons] == ["第5条", "第6条"]


@pytest.mark.parametrize(
    ("ways", "days_ahead", "key"),
    [
        ({"no_show"}, 0, "no-show"),
        ({"cancel"}, 3, "late"),
        ({"cancel"}, 4, None),
        ({"cancel", "late_cancel"}, 2, "late"),
        ({"cancel", "late_cancel"}, 9, "after"),
        ({"staff"}, 0, "harm"),
    ],
)
def test_the_first_offence_known_by_the_way_it_happened_counts(rules, ways, days_ahead, key):
    found = offence_recorded(rules, facility="hall", ways=ways, event=Event("", days_ahead=days_ahead))
    assert (found.key if found else None) == key


def test_without_penalties_nothing_is_an_offence(small_rules):
    assert offence_recorded(small_rules, facility="hall", ways={"no_show"}, event=Event("")) is None
    assert what_follows(lambda day: small_rules, facility="hall", events=[Event("x", DAY)]) == []


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["no-show", "harm", "late"])), max_size=8))
def test_what_followed_once_does_not_depend_on_later_offences(wished):
    """A suspension that was told to somebody is not changed by what they do afterwards."""
    rules = rules_with()
    events = [Event(key, DAY + timedelta(days=days), days_ahead=1) for days, key in sorted(wished)]
    whole = followed(rules, *events)
    for known in range(len(events)):
        assert followed(rules, *events[:known]) == [one for one in whole if one[0] < known]
        answer = penalty(rules, facility="hall", events=events[: known + 1], day=events[known].day)
        assert answer.points >= 0
