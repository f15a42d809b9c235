"""Closed days: parts of days, uses that open them, moves over several closed days, days with a name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from facilities.ordinance import InvalidDocument, compile_rules, open_periods, parse, run_cases

MONDAY = "      - {key: monday, name: 月曜日, days: {weekdays: [mon]}}\n"
QUESTION = "questions:\n  - {key: event, name: 催し}\ncalendars:\n"


def rules_with(small, *closures, hours=""):
    text = small.replace(MONDAY, "".join(f"      - {one}\n" for one in closures))
    text = text.replace('      usual: "09:00-22:00"\n', f'      usual: "09:00-22:00"\n{hours}')
    return compile_rules(parse(text.replace("calendars:\n", QUESTION, 1)))


def opened(rules, day, **answers):
    return open_periods(rules, facility="hall", room="big", day=day, answers=answers)


def test_part_of_a_day_is_closed(small):
    rules = rules_with(small, '{name: 日曜の夜, days: {weekdays: [sun]}, time: "17:00-24:00"}')
    answer = opened(rules, date(2027, 6, 6))
    assert answer.periods == ((540, 1020),)
    assert answer.closed is None
    assert answer.reasons[0].sentence() == "日曜の夜のため、17:00-24:00は利用できません。"
    assert opened(rules, date(2027, 6, 5)).periods == ((540, 1320),)


def test_a_closure_in_the_middle_leaves_both_ends(small):
    rules = rules_with(
        small, '{name: 点検, days: {dates: [2027-06-05]}, time: ["12:00-13:00", "15:00-16:00"]}'
    )
    assert opened(rules, date(2027, 6, 5)).periods == ((540, 720), (780, 900), (960, 1320))


def test_parts_that_take_the_whole_day_close_it(small):
    rules = rules_with(
        small,
        '{name: 午前, days: {dates: [2027-06-05]}, time: "00:00-12:00"}',
        '{name: 午後, days: {dates: [2027-06-05]}, time: "12:00-24:00"}',
    )
    assert opened(rules, date(2027, 6, 5)).closed.params["name"] == "午後"


def test_a_closed_day_opens_for_some_uses(small):
    rules = rules_with(small, "{name: 月曜日, days: {weekdays: [mon]}, open_for: {event: true}}")
    monday = date(2027, 6, 7)
    assert opened(rules, monday).closed.code == "closed_unless"
    assert opened(rules, monday, event=True).periods == ((540, 1320),)


def test_a_closure_holds_for_some_uses_only(small):
    rules = rules_with(small, "{name: 個人の休み, days: {weekdays: [fri]}, when: {event: false}}")
    friday = date(2027, 6, 4)
    assert opened(rules, friday, event=False).closed
    assert not opened(rules, friday, event=True).closed


def test_special_hours_can_open_a_closed_day(small):
    hours = """\
      exceptions:
        - {name: 開館記念日, days: {dates: [06-07]}, open: "10:00-12:00", even_if_closed: true}
"""
    rules = rules_with(small, "{name: 月曜日, days: {weekdays: [mon]}}", hours=hours)
    assert opened(rules, date(2027, 6, 7)).periods == ((600, 720),)
    assert opened(rules, date(2027, 6, 14)).closed


def test_a_move_goes_past_days_closed_anyway(small):
    move = "moves: {when: {holidays: [any]}, by_days: 1, skip_closed: true}"
    rules = rules_with(
        small,
        f"{{name: 月曜日, days: {{weekdays: [mon]}}, {move}}}",
        f"{{name: 火曜日, days: {{weekdays: [tue]}}, {move}}}",
    )
    week = [date(2027, 7, 19) + timedelta(days=number) for number in range(4)]  # 19 July: a holiday, a Monday
    assert [day.day for day in week if opened(rules, day).closed] == [20, 21]


def test_two_moved_days_do_not_fall_on_one(small):
    move = "moves: {when: {holidays: [any]}, by_days: 1, skip: {holidays: [any]}, skip_closed: true}"
    rules = rules_with(small, f"{{name: 月火, days: {{weekdays: [mon, tue]}}, {move}}}")
    days = [date(2026, 9, 21) + timedelta(days=number) for number in range(6)]  # 21-23 September: holidays
    assert [day.day for day in days if opened(rules, day).closed] == [24, 25]


def test_days_from_one_moving_day_to_another(small):
    rules = rules_with(
        small,
        "{name: 冬, days: {unless: {since: {months: [4], weekdays: [sat], nth: [2]}, "
        "until: {months: [11], weekdays: [sun], nth: [-1]}}}}",
    )
    expected = {
        date(2027, 4, 9): True,
        date(2027, 4, 10): False,
        date(2027, 11, 28): False,
        date(2027, 11, 29): True,
        date(2028, 4, 7): True,
        date(2028, 4, 8): False,
    }
    assert {day: bool(opened(rules, day).closed) for day in expected} == expected


def test_days_have_names(small):
    text = small.replace(
        "calendars:\n", "day_kinds:\n  rest: [{weekdays: [mon]}, {dates: [06-01]}]\ncalendars:\n", 1
    )
    rules = compile_rules(parse(text.replace("days: {weekdays: [mon]}", "days: {kind: rest}")))
    assert opened(rules, date(2027, 6, 1)).closed
    assert opened(rules, date(2027, 6, 7)).closed
    assert not opened(rules, date(2027, 6, 2)).closed


@pytest.mark.parametrize(
    ("kinds", "days", "said"),
    [
        ("{rest: {weekdays: [mon]}}", "{kind: rset}", "rset"),
        ("{rest: {kind: other}, other: {kind: rest}}", "{kind: rest}", "自分自身"),
        ("{rest: {weekdays: [mon]}}", "{since: {kind: rest}}", "両方"),
    ],
)
def test_names_of_days_that_lead_nowhere_are_mistakes(small, kinds, days, said):
    text = small.replace("calendars:\n", f"day_kinds: {kinds}\ncalendars:\n", 1)
    with pytest.raises(InvalidDocument, match=said):
        parse(text.replace("days: {weekdays: [mon]}", f"days: {days}"))


def test_hall_is_open_past_midnight(small):
    text = small.replace('usual: "09:00-22:00"', 'usual: "09:00-翌01:00"')
    cases = """
cases:
  - {id: 深夜, kind: open, given: {date: 2027-06-02, time: "24:30"}, expect: {open: true}}
  - {id: 一時, kind: open, given: {date: 2027-06-02, time: "25:00"}, expect: {open: false}}
"""
    assert [one.passed for one in run_cases(parse(text + cases))] == [True, True]
