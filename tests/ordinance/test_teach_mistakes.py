"""Mistakes a clerk makes with a text editor are answered in words that help."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.ordinance import InvalidDocument, compile_rules, open_periods, parse


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("am: 1000, pm", "am: 1,000, pm", "コンマ"),
        ("percent: 70}", "percent: 70%}", "%"),
        ("deadline: {days_before: 3", "deadline：{days_before: 3", "全角"),
        ("    deadline:", "　　deadline:", "全角"),
        ("    hours: {", "    　hours: {", "全角"),
        ("    rooms:", "　　　　rooms:", "全角"),
        ("    deadline:", "   deadline:", "字下げ"),
        ("days: {weekdays: [mon]}", "days: {dates: [13-末]}", "存在しません"),
        ("{months_before: 2, at", "{months: 2, at", "使えるのは"),
    ],
)
def test_a_slip_of_the_pen_is_named(small, old, new, said):
    assert old in small
    with pytest.raises(InvalidDocument, match=said):
        parse(small.replace(old, new, 1))


def test_the_last_day_of_a_month_can_be_written_so(small):
    rules = compile_rules(parse(small.replace("days: {weekdays: [mon]}", "days: {dates: [12-15..02-末]}")))
    closed = [
        bool(open_periods(rules, facility="hall", room="big", day=day).closed)
        for day in (date(2027, 2, 28), date(2028, 2, 29), date(2028, 3, 1))
    ]
    assert closed == [True, True, False]


def test_a_slot_that_no_opening_hours_hold_is_named(small):
    """Until ten of the next day fits into a hall that never closes, not into one that closes at night."""
    night = small.replace(
        "times:\n", 'times:\n  stay: {slots: [{key: night, name: 1泊, time: "15:00-翌10:00"}]}\n', 1
    )
    room = "{key: big, name: 大会議室, "
    assert room in night
    priced = night.replace(
        room, "{key: inn, name: 宿, time: stay, fee: {yen_per_slot: {night: 5000}}}\n      - " + room, 1
    )
    with pytest.raises(InvalidDocument, match="どの日の開館時間にも入らず") as found:
        parse(priced)
    assert [one.field for one in found.value.problems] == ["facilities[0].rooms[0]"]
    assert parse(night)  # nobody lends it
    assert parse(priced.replace('usual: "09:00-22:00"', 'usual: "00:00-24:00"'))
    assert parse(priced.replace('usual: "09:00-22:00"', 'usual: "09:00-翌12:00"'))
    with pytest.raises(InvalidDocument):
        parse(priced.replace('usual: "09:00-22:00"', 'usual: "09:00-24:00"'))
