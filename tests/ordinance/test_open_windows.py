"""Windows: weeks and open days before, by day and slot, again on the day; receptions; several rounds of lots."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from facilities.ordinance import (
    Applicant,
    InvalidDocument,
    bookable_days,
    compile_rules,
    contest,
    lottery,
    may_apply,
    parse,
    run_cases,
)

TOKYO = ZoneInfo("Asia/Tokyo")
WINDOW = '{who: [general], channels: [web], opens: {months_before: 2, at: "09:00"}, closes: {days_before: 3}}'
WEEKDAYS = "{weekdays: [mon, tue, wed, thu, fri], unless: {holidays: [any]}}"


def rules_with(small, *windows, more=""):
    return compile_rules(
        parse(small.replace(f"      - {WINDOW}\n", "".join(f"      - {w}\n" for w in windows) + more))
    )


def decide(rules, day, now, **asked):
    asked = {"applicant_class": "general", "channel": "web", "starts": 600, "ends": 660, **asked}
    moment = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    return may_apply(rules, facility="hall", room=asked.pop("room", "big"), day=day, now=moment, **asked)


@pytest.mark.parametrize(
    ("opens", "day", "expected"),
    [
        ("{weeks_before: 1, on: {weekdays: [mon]}}", date(2027, 6, 20), "2027-06-07T00:00"),
        ("{weeks_before: 1, on: {weekdays: [mon]}, week_starts: sun}", date(2027, 6, 20), "2027-06-14T00:00"),
        ("{weeks_before: 2}", date(2027, 6, 20), "2027-06-06T00:00"),
        ("{months_before: 2, if_missing: next_month}", date(2027, 8, 31), "2027-07-01T00:00"),
        ("{months_before: 2, day: -2}", date(2027, 8, 31), "2027-06-29T00:00"),
        # Mondays are closed: Sunday 20, Saturday 19, Friday 18 June
        ("{open_days_before: 3}", date(2027, 6, 22), "2027-06-18T00:00"),
        # Thursday 29 April to 5 May: weekdays are 28, 30 April
        (f"{{open_days_before: 2, open_on: {WEEKDAYS}}}", date(2027, 5, 5), "2027-04-28T00:00"),
        (
            f"{{days_before: 1, if_closed: previous, open_on: {WEEKDAYS}}}",
            date(2027, 6, 20),
            "2027-06-18T00:00",
        ),
        ("{months_before: 1, on: {holidays: [own]}}", date(2027, 7, 20), "2027-06-23T00:00"),
    ],
)
def test_a_window_opens_as_it_is_written(small, opens, day, expected):
    text = small.replace("calendars:\n", "holidays: [{name: 市の日, dates: 06-23}]\ncalendars:\n", 1)
    rules = rules_with(text, f"{{opens: {opens}, closes: {{days_before: 0}}}}")
    assert decide(rules, day, "2026-01-01T00:00").opens_at.strftime("%Y-%m-%dT%H:%M") == expected


def test_hours_before_the_start(small):
    rules = rules_with(small, "{opens: {months_before: 1}, closes: {hours_before_start: 24}}")
    assert decide(rules, date(2027, 6, 20), "2027-06-19T09:59").allowed
    assert not decide(rules, date(2027, 6, 20), "2027-06-19T10:00").allowed


TWICE = (
    "{when: {days: {months: [10, 11, 12, 1, 2, 3]}}, opens: {each_year: 04-01}, closes: {days_before: 3}}",
    "{opens: {each_year: 10-01}, closes: {days_before: 3}}",
)


def test_windows_differ_by_the_day_of_use(small):
    rules = rules_with(small, *TWICE)
    assert decide(rules, date(2028, 1, 15), "2027-05-01T12:00").allowed
    assert decide(rules, date(2028, 1, 15), "2027-05-01T12:00").opens_at.date() == date(2027, 4, 1)
    assert not decide(rules, date(2028, 4, 15), "2027-05-01T12:00").allowed
    assert decide(rules, date(2028, 4, 15), "2027-10-01T00:00").allowed


def test_days_that_can_be_booked_are_those_of_every_window_or_of_one_days(small):
    rules = rules_with(small, *TWICE)
    now = datetime(2027, 5, 1, 12, tzinfo=TOKYO)
    asked = {"facility": "hall", "room": "big", "applicant_class": "general", "channel": "web", "now": now}
    assert bookable_days(rules, **asked) == (date(2027, 5, 4), date(2028, 3, 31))
    assert bookable_days(rules, **asked, day=date(2028, 6, 1)) == (date(2027, 5, 4), date(2027, 9, 30))


def test_windows_differ_by_slot(small):
    rules = rules_with(
        small,
        "{when: {slot: night}, channels: [desk], opens: {months_before: 1}, closes: {days_before: 1}}",
        "{unless: {slot: night}, opens: {months_before: 2}, closes: {days_before: 1}}",
    )
    night = {"room": "koma", "starts": 1080, "ends": 1320}
    day = date(2027, 6, 20)
    assert [one.code for one in decide(rules, day, "2027-06-01T12:00", **night).reasons] == [
        "channel_not_accepted"
    ]
    assert decide(rules, day, "2027-06-01T12:00", **night, channel="desk").allowed
    assert decide(rules, day, "2027-05-01T12:00", room="koma", starts=540, ends=720).allowed


def test_a_window_opens_again_on_the_day_of_use(small):
    again = 'again: {opens: {days_before: 0, at: "09:00"}, closes: {minutes_before_start: 0}, article: 第3条}'
    rules = rules_with(small, f"{{opens: {{months_before: 1}}, closes: {{days_before: 3}}, {again}}}")
    day = date(2027, 6, 20)
    assert decide(rules, day, "2027-06-17T23:59").allowed
    between = decide(rules, day, "2027-06-18T12:00")
    assert (between.allowed, between.reasons[0].code, between.reasons[0].article) == (
        False,
        "not_yet_open",
        "第3条",
    )
    assert decide(rules, day, "2027-06-20T09:30").allowed
    first, last = bookable_days(
        rules,
        facility="hall",
        room="big",
        applicant_class="general",
        channel="web",
        now=datetime(2027, 6, 20, 9, 30, tzinfo=TOKYO),
    )
    assert first == date(2027, 6, 20)
    assert last > date(2027, 7, 15)


def test_reception_differs_by_weekday_and_needs_an_open_hall(small):
    reception = (
        '[{days: {weekdays: [mon, tue, wed, thu, fri]}, time: "09:00-21:00", open_days: true}, '
        '{days: {weekdays: [sat]}, time: "09:00-12:00"}]'
    )
    rules = rules_with(
        small, f"{{opens: {{months_before: 1}}, closes: {{days_before: 1}}, reception: {reception}}}"
    )
    day = date(2027, 6, 20)
    assert decide(rules, day, "2027-06-04T20:00").allowed, "Friday evening"
    saturday = decide(rules, day, "2027-06-05T12:00")
    assert saturday.reasons[0].params["at"] == "2027-06-08T09:00:00+09:00", "Monday is closed, so Tuesday"


def test_a_run_is_applied_for_as_of_its_first_day(small):
    window = "{opens: {days_before: 30}, closes: {days_before: 3}}"
    third, now = date(2027, 6, 20), "2027-05-19T12:00"
    assert decide(rules_with(small, window), third, now, run_days=3, run_day=3).allowed
    assert not decide(rules_with(small, window), third, now).allowed
    each = rules_with(small, window, more="    run_from: each\n")
    assert not decide(each, third, now, run_days=3, run_day=3).allowed


ROUNDS = """\
    lottery:
      - name: 一次
        opens: {months_before: 3, day: 1}
        closes: {months_before: 3, day: 10}
        draw: {months_before: 3, day: 12}
        confirm: {days_after: 7, closes: {months_before: 3, day: 15}, runners_up: true}
        when: {purpose: arts}
      - name: 二次
        method: meeting
        opens: {months_before: 3, day: 20}
        closes: {months_before: 3, day: 25}
"""


def with_rounds(small):
    text = small.replace(
        "causes:\n", "purposes: [{key: arts, name: 芸術}, {key: other, name: その他}]\ncauses:\n", 1
    )
    return rules_with(text, WINDOW, more=ROUNDS)


@pytest.mark.parametrize(
    ("purpose", "now", "code", "opens"),
    [
        ("arts", "2027-04-05", "lottery_open", date(2027, 4, 1)),
        ("arts", "2027-04-15", "not_yet_open", date(2027, 4, 20)),
        ("other", "2027-04-05", "not_yet_open", date(2027, 4, 20)),
        ("other", "2027-04-22", "lottery_open", date(2027, 4, 20)),
        ("other", "2027-04-28", "window_closed", date(2027, 4, 20)),
    ],
)
def test_rounds_of_a_lottery_follow_each_other(small, purpose, now, code, opens):
    answer = lottery(
        with_rounds(small),
        facility="hall",
        room="big",
        day=date(2027, 7, 20),
        applicant_class="general",
        purpose=purpose,
        now=datetime.fromisoformat(now).replace(tzinfo=TOKYO),
    )
    assert (answer.reasons[0].code, answer.opens_at.date()) == (code, opens)


def test_winners_confirm_by_the_earlier_day(small):
    answer = lottery(
        with_rounds(small),
        facility="hall",
        room="big",
        day=date(2027, 7, 20),
        applicant_class="general",
        purpose="arts",
        now=datetime(2027, 4, 5, tzinfo=TOKYO),
    )
    assert answer.confirm_until == datetime(2027, 4, 16, tzinfo=TOKYO)
    assert (answer.unconfirmed, answer.runners_up) == ("void", True)
    assert "4月15日23:59までに手続き" in answer.reasons[1].sentence()


def test_a_round_with_entries_decides_in_its_own_way(small):
    rules = with_rounds(small)

    def who(day, purpose):
        at = datetime(2027, 4, day, 12, tzinfo=TOKYO)
        entries = [Applicant(name, at, purpose=purpose) for name in "ab"]
        return contest(
            rules, facility="hall", room="big", day=date(2027, 7, 20), applicants=entries
        ).decided_by

    assert [who(5, "arts"), who(5, "other"), who(22, "other")] == ["lottery", "first_come", "meeting"]


def test_a_limit_is_about_slots(small):
    more = """\
    limits:
      - {key: night, name: 夜間, at_most: 1, of: slots, per: week, when: {slot: night}}
      - {key: all, name: 週, at_most: 3, of: slots, per: week}
cases:
  - id: 夜を含めて三つ
    kind: limit
    given: {room: koma, date: 2027-06-16, slots: [pm, night], held: [{date: 2027-06-17, slots: [am]}]}
    expect: {allowed: true}
  - id: 夜が二つ
    kind: limit
    given: {room: koma, date: 2027-06-16, slots: [night], held: [{date: 2027-06-17, slots: [pm, night]}]}
    expect: {allowed: false}
"""
    text = small.replace(f"      - {WINDOW}\n", f"      - {WINDOW}\n" + more.split("cases:")[0])
    document = parse(text + "cases:" + more.split("cases:")[1])
    assert [one.passed for one in run_cases(document)] == [True, True]


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("{opens: {months_before: 1, day: 初日}, closes: {days_before: 1}}", "month_start"),
        ("{opens: {months_before: 1, weeks_before: 1}, closes: {days_before: 1}}", "どれか一つ"),
        ("{opens: {months_befor: 1}, closes: {days_before: 1}}", "months_before」のことですか"),
        ("{opens: {years: 1}, closes: {days_before: 1}}", "使えるのは"),
    ],
)
def test_moments_that_cannot_be_meant_are_mistakes(small, window, said):
    with pytest.raises(InvalidDocument, match=said):
        rules_with(small, window)
