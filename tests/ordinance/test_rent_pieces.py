"""Time in pieces: slots and hours on one room, by day and by case, past midnight, days in a row."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import InvalidDocument, compile_rules, may_apply, parse, quote, run_cases, slots
from tests.ordinance.conftest import SMALL

NOW = datetime(2027, 5, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
WEDNESDAY, SATURDAY, SUNDAY = date(2027, 6, 16), date(2027, 6, 19), date(2027, 6, 20)
QUESTION = "questions:\n  - {key: event, name: 催し}\ncalendars:\n"


def rules_with(small, hourly, room="fee: {yen_per_hour: 600}", usual='"09:00-22:00"', cases=""):
    text = small.replace("    hours: {step: 30, minimum: 60, maximum: 240, counts_as: 60}\n", hourly)
    text = text.replace("fee: {yen_per_hour: 1530}", room).replace('"09:00-22:00"', usual)
    return compile_rules(parse(text.replace("calendars:\n", QUESTION, 1) + cases))


def codes(rules, day, starts, ends, **more):
    answer = may_apply(
        rules,
        facility="hall",
        room="big",
        day=day,
        starts=starts,
        ends=ends,
        applicant_class="general",
        channel="web",
        now=NOW,
        **more,
    )
    return [reason.code for reason in answer.reasons if reason.code != "window_open"]


MIXED = """\
    slots:
      - {key: am, name: 午前, time: "09:00-12:00", days: {weekdays: [tue, wed, thu, fri]}}
      - {key: pm, name: 午後, time: "13:00-17:00", days: {weekdays: [tue, wed, thu, fri]}}
    hours: {days: {weekdays: [sat, sun]}, step: 60}
"""
MIXED_FEE = "fee: {table: [{when: {slots: 1..}, yen_per_slot: {am: 1000, pm: 1500}}, {yen_per_hour: 600}]}"


def test_slots_on_weekdays_and_hours_on_weekends(small):
    rules = rules_with(small, MIXED, MIXED_FEE)
    assert [one.key for one in slots(rules, facility="hall", room="big", day=WEDNESDAY).slots] == ["am", "pm"]
    assert slots(rules, facility="hall", room="big", day=SATURDAY).kind == "hours"
    assert codes(rules, WEDNESDAY, 540, 600) == ["not_a_slot"]
    assert codes(rules, WEDNESDAY, 540, 720) == codes(rules, SATURDAY, 600, 660) == []
    prices = [
        quote(
            rules, facility="hall", room="big", day=day, starts=540, ends=720, applicant_class="general"
        ).total_yen
        for day in (WEDNESDAY, SATURDAY)
    ]
    assert prices == [1000, 1800]


def test_slots_and_hours_side_by_side(small):
    rules = rules_with(small, MIXED.replace(", days: {weekdays: [tue, wed, thu, fri]}", ""), MIXED_FEE)
    offered = slots(rules, facility="hall", room="big", day=SATURDAY)
    assert (offered.kind, [one.key for one in offered.named]) == ("hours", ["am", "pm"])
    assert codes(rules, SATURDAY, 600, 660) == codes(rules, SATURDAY, 540, 720) == []


def test_the_same_slot_has_other_hours_on_other_days(small):
    hourly = """\
    slots:
      - {key: night, name: 夜間, time: "18:00-21:00", days: {weekdays: [sun]}}
      - {key: night, name: 夜間, time: "18:00-22:00"}
"""
    rules = rules_with(small, hourly, "fee: {yen_per_slot: {night: 900}}")
    assert codes(rules, SUNDAY, 1080, 1260) == codes(rules, SATURDAY, 1080, 1320) == []
    assert codes(rules, SATURDAY, 1080, 1260) == codes(rules, SUNDAY, 1080, 1320) == ["not_a_slot"]


def test_slots_are_lent_in_some_cases_only(small):
    hourly = """\
    slots:
      - {key: day, name: 一日, time: "09:00-17:00", when: {event: true}}
      - {key: am, name: 午前, time: "09:00-12:00", unless: {event: true}}
"""
    rules = rules_with(small, hourly, "fee: {yen_per_slot: {day: 2000, am: 900}}")
    assert codes(rules, SATURDAY, 540, 1020, answers={"event": True}) == []
    assert codes(rules, SATURDAY, 540, 1020, answers={"event": False}) == ["not_a_slot"]
    assert codes(rules, SATURDAY, 540, 720, answers={"event": True}) == ["not_a_slot"]
    assert [one.key for one in slots(rules, facility="hall", room="big", day=SATURDAY).slots] == ["day", "am"]


def test_shortest_and_longest_use_depend_on_day_and_case(small):
    hourly = """\
    hours:
      - {days: {weekdays: [sat, sun]}, step: 60, minimum: 120}
      - {when: {event: true}, step: 60, maximum: 600}
      - {step: 60, maximum: 180}
"""
    rules = rules_with(small, hourly)
    assert codes(rules, SATURDAY, 540, 600) == ["too_short"]
    assert codes(rules, WEDNESDAY, 540, 780) == ["too_long"]
    assert codes(rules, WEDNESDAY, 540, 780, answers={"event": True}) == []


def test_hours_of_the_day_have_their_own_steps(small):
    hourly = """\
    hours:
      - {time: "09:00-17:00", step: 60}
      - {time: "17:00-22:00", step: 150}
"""
    rules = rules_with(small, hourly, "fee: {yen: 500}")
    cells = slots(rules, facility="hall", room="big", day=SATURDAY).slots
    assert [one.key for one in cells][-3:] == ["16:00-17:00", "17:00-19:30", "19:30-22:00"]
    assert codes(rules, SATURDAY, 1020, 1170) == []
    assert codes(rules, SATURDAY, 960, 1080) == ["outside_lent"]


def test_uses_begin_on_the_hour(small):
    hourly = "    hours: {step: 30, start_step: 60, counted_from: clock, minimum: 60}\n"
    rules = rules_with(small, hourly, usual='"08:30-22:00"')
    assert codes(rules, SATURDAY, 540, 630) == []
    assert codes(rules, SATURDAY, 510, 600) == ["not_on_the_clock"]


def test_a_slot_reaches_into_the_next_day(small):
    hourly = '    slots: [{key: stay, name: 宿泊, time: "16:00-翌10:00"}]\n'
    rules = rules_with(small, hourly, "fee: {yen_per_slot: {stay: 5000}}", usual='"00:00-24:00"')
    assert codes(rules, SATURDAY, 960, 2040) == []
    assert codes(rules, SUNDAY, 960, 2040) == ["not_a_slot"], "Monday is closed"
    assert [one.ends for one in slots(rules, facility="hall", room="big", day=SATURDAY).slots] == [2040]
    told = quote(
        rules, facility="hall", room="big", day=SATURDAY, starts=960, ends=2040, applicant_class="general"
    )
    assert told.total_yen == 5000


def test_hours_go_on_past_midnight_where_both_days_are_open(small):
    rules = rules_with(small, "    hours: {step: 60}\n", usual='"00:00-24:00"')
    assert codes(rules, SATURDAY, 1380, 1560) == []
    assert codes(rules, SUNDAY, 1380, 1560) == ["outside_hours"]


def test_days_in_a_row(small):
    hourly = """\
    slots: [{key: day, name: 一日, time: "09:00-17:00"}]
    run: {minimum: 3, maximum: 12, step: 3, starts: {weekdays: [tue, fri]}, ends: {weekdays: [thu, sun]}}
"""
    rules = rules_with(small, hourly, "fee: {yen_per_slot: {day: 2000}}")
    friday, tuesday = date(2027, 6, 18), date(2027, 6, 15)
    assert codes(rules, friday, 540, 1020, run_days=3) == []
    assert codes(rules, friday, 540, 1020) == ["run_too_short"]
    assert codes(rules, friday, 540, 1020, run_days=15) == ["run_too_long"]
    assert codes(rules, friday, 540, 1020, run_days=4) == ["run_step"]
    assert codes(rules, WEDNESDAY, 540, 1020, run_days=3) == ["run_starts"]
    assert codes(rules, tuesday, 540, 1020, run_days=9) == ["run_ends"]


EXTENSION = """\
    slots: [{key: am, name: 午前, time: "09:00-12:00"}, {key: pm, name: 午後, time: "13:00-17:00"}]
    extension:
      - {step: 60, before: true, after: false, since: "08:00", share: 3割}
      - {step: 60, counts: half_up, maximum: 120, until: "23:00", share: 4割, unless: {event: true}}
"""


def test_time_before_and_after_has_its_own_rules(small):
    rules = rules_with(small, EXTENSION, "fee: {yen_per_slot: {am: 1000, pm: 1000}}")
    assert codes(rules, SATURDAY, 540, 720, early_minutes=60) == []
    assert codes(rules, SATURDAY, 540, 720, early_minutes=120) == ["extension_too_early"]
    assert codes(rules, SATURDAY, 780, 1020, extension_minutes=120) == []
    assert codes(rules, SATURDAY, 780, 1020, extension_minutes=150) == ["extension_too_long"]
    assert codes(rules, SATURDAY, 780, 1020, extension_minutes=60, answers={"event": True}) == [
        "no_extension"
    ]


def test_extra_time_costs_what_its_side_costs(small):
    cases = """
cases:
  - {id: 前, kind: fee, given: {room: big, slots: [am], early_minutes: 60}, expect: {yen: 1300}}
  - {id: 後, kind: fee, given: {room: big, slots: [am], extension_minutes: 60}, expect: {yen: 1400}}
  - {id: 端数切捨て, kind: fee, given: {room: big, slots: [am], extension_minutes: 20}, expect: {yen: 1000}}
  - {id: 端数切上げ, kind: fee, given: {room: big, slots: [am], extension_minutes: 90}, expect: {yen: 1800}}
"""
    rules = rules_with(small, EXTENSION, "fee: {yen_per_slot: {am: 1000, pm: 1000}}", cases=cases)
    assert [(one.id, one.got["yen"]) for one in run_cases(rules.document) if not one.passed] == []


@pytest.mark.parametrize(
    ("hourly", "said"),
    [
        ("    extension: {step: 30}\n", "slots か hours"),
        ("    hours: [{step: 60, minimum: 90}, {step: 30}]\n", "step の倍数"),
        ("    hours: {step: 60}\n    run: {minimum: 5, maximum: 3}\n", "minimum より短く"),
        (
            '    slots: [{key: a, name: 甲, time: "09:00-10:00"}, {key: a, name: 乙, time: "10:00-11:00"}]\n',
            "二度使われています",
        ),
    ],
)
def test_times_that_cannot_be_meant_are_mistakes(small, hourly, said):
    with pytest.raises(InvalidDocument, match=said):
        rules_with(small, hourly)


BOTH = rules_with(
    SMALL,
    '    slots: [{key: night, name: 夜間, time: "18:00-21:30"}]\n    hours: {time: "09:00-17:00", step: 60}\n',
    "fee: {yen: 1}",
)


@given(st.integers(0, 26), st.integers(1, 26))
def test_whatever_is_offered_can_be_rented_and_nothing_else_on_a_day_with_both(first, length):
    rules = BOTH
    offered = slots(rules, facility="hall", room="big", day=SATURDAY)
    starts, ends = 540 + 30 * first, 540 + 30 * (first + length)
    joined = {(one.starts, one.ends) for one in offered.named}
    fits = starts % 60 == 0 and ends % 60 == 0 and ends <= 1020
    allowed = codes(rules, SATURDAY, starts, ends) == []
    assert allowed == (fits or (starts, ends) in joined)
