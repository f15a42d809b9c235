"""Mistakes a clerk makes with a text editor are answered in words that help."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.ordinance import InvalidDocument, compile_rules, open_periods, parse, run_cases


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("am: 1000, pm", "am: 1,000, pm", "コンマ"),
        ("percent: 70}", "percent: 70%}", "%"),
        ("deadline: {days_before: 3", "deadline：{days_before: 3", "全角"),
        ("    deadline:", "　　deadline:", "全角"),
        ("days: {weekdays: [mon]}", "days: {dates: [13-末]}", "存在しません"),
        ("{months_before: 2, at", "{months: 2, at", "使えるのは"),
    ],
)
def test_a_slip_of_the_pen_is_named(small, old, new, said):
    assert old in small
    with pytest.raises(InvalidDocument, match=said):
        parse(small.replace(old, new, 1))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("kind: fee, given: {room: big, date: 2027-06-09, time: 9時から12時}, expect: {yen: 1}", "09:00-12:00 の形"),
        ("kind: fee, given: {room: big, date: 2027-02-30, hours: 1}, expect: {yen: 1}", "ある日を書いてください"),
        ("kind: fee, given: {room: big, date: 2027-06-09, hours: 1}, expect: {fee: 1530}", "あるのは yen"),
        ("kind: fee, given: {room: koma, date: 2027-06-09, slots: [asa]}, expect: {yen: 1}", "あるのは am"),
    ],
)
def test_a_slip_in_a_worked_case_is_named(small, case, said):
    (result,) = run_cases(parse(small + f"cases:\n  - {{id: a, {case}}}\n"))
    assert not result.passed
    assert said in result.got["error"]


def test_the_last_day_of_a_month_can_be_written_so(small):
    rules = compile_rules(parse(small.replace("days: {weekdays: [mon]}", "days: {dates: [12-15..02-末]}")))
    closed = [
        bool(open_periods(rules, facility="hall", room="big", day=day).closed)
        for day in (date(2027, 2, 28), date(2028, 2, 29), date(2028, 3, 1))
    ]
    assert closed == [True, True, False]
