"""When a hall is open: closures, holidays, and where closed days move to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    UnknownFacility,
    UnknownRoom,
    compile_rules,
    in_force,
    open_periods,
    parse,
    slots,
)


def calendar_of(small: str, closures: str, more: str = "") -> object:
    start, end = small.index("      - {key: monday"), small.index("times:")
    return compile_rules(parse(f"{small[:start]}{closures}{small[end:]}{more}"))


def closed(rules, day: date) -> str | None:
    reason = open_periods(rules, facility="hall", room="big", day=day).closed
    return reason.sentence() if reason else None


def test_an_open_day_has_its_hours_and_says_so(akiruno):
    answer = open_periods(akiruno, facility="chuo-kominkan", room="shukai", day=date(2027, 6, 8))
    assert answer.periods == ((540, 1320),)
    assert answer.closed is None
    assert answer.reasons[0].sentence("en") == "Opening hours: 09:00-22:00."


def test_a_closed_day_says_why_in_both_languages(akiruno):
    answer = open_periods(akiruno, facility="chuo-kominkan", room="shukai", day=date(2027, 6, 15))
    assert answer.periods == ()
    assert answer.closed.sentence() == "第3火曜日のため休館です。"
    assert answer.closed.sentence("en") == "Closed: 3rd Tuesday of the month."


def test_a_closure_reaches_over_the_new_year(miki):
    days = [date(2027, 12, 27), date(2027, 12, 28), date(2027, 12, 31), date(2028, 1, 4), date(2028, 1, 5)]
    answers = [open_periods(miki, facility="aoyama", room="kenshu", day=day).closed is None for day in days]
    assert answers == [True, False, False, False, True]


def test_the_last_day_of_a_leap_february_is_closed(miki):
    closed_days = [
        day
        for day in range(1, 30)
        if open_periods(miki, facility="aoyama", room="kenshu", day=date(2028, 2, day)).closed
    ]
    assert closed_days == [29]


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2027, 3, 21), False),  # 春分の日
        (date(2027, 3, 22), True),  # its substitute
        (date(2026, 9, 22), True),  # 国民の休日 is no 国民の祝日
    ],
)
def test_national_and_substitute_holidays_are_told_apart(miki, day, is_open):
    answer = open_periods(miki, facility="shijimi", room="kenshu", day=day)
    assert (answer.closed is None) is is_open


def test_opening_hours_of_two_halls_differ_on_the_same_holiday(miki):
    day = date(2027, 4, 29)
    assert open_periods(miki, facility="aoyama", room="kenshu", day=day).periods == ((510, 1020),)
    assert open_periods(miki, facility="shijimi", room="kenshu", day=day).periods == ()


@pytest.mark.parametrize(
    ("hall", "first", "closed_days"),
    [
        # Tuesday 23 November 2027 is a holiday: the next day
        ("bunka-kaikan", date(2027, 11, 22), [24]),
        # Tuesday 4 May 2027 is a holiday, so is the 5th: the 6th
        ("bunka-kaikan", date(2027, 5, 3), [6]),
        # Monday is a holiday: Tuesday stays closed, Monday moves to Wednesday
        ("bessho", date(2027, 9, 20), [21, 22]),
        # Tuesday is a holiday: Monday stays closed, Tuesday moves to Wednesday
        ("bessho", date(2027, 11, 22), [22, 24]),
        # Monday to Wednesday are holidays: Monday moves to Thursday, Tuesday past it to Friday
        ("bessho", date(2027, 5, 3), [6, 7]),
    ],
)
def test_closed_days_on_a_holiday_move(miki, hall, first, closed_days):
    calendar = miki.facility(hall).calendar
    week = [date.fromordinal(first.toordinal() + offset) for offset in range(7)]
    assert [day.day for day in week if calendar.open_day(day).closed] == closed_days


def test_a_closed_day_can_move_backwards(small):
    rules = calendar_of(
        small,
        "      - {key: last, name: 最終月曜日, days: {weekdays: [mon], nth: [-1]},"
        " moves: {when: {month_days: [28]}, by_days: -7}}\n",
    )
    assert [day for day in range(1, 31) if closed(rules, date(2027, 6, day))] == [21]
    assert [day for day in range(1, 31) if closed(rules, date(2027, 9, day))] == [27]


def test_a_municipality_can_add_its_own_holiday(small):
    rules = calendar_of(
        small,
        "      - {name: 市民の日, days: {holidays: [own]}}\n",
        'holidays: [{name: 市制記念日, dates: "07-01"}]\n',
    )
    assert closed(rules, date(2027, 7, 1)) == "市民の日のため休館です。"
    assert closed(rules, date(2027, 7, 2)) is None


def test_the_first_closure_that_fits_gives_the_reason(small):
    rules = calendar_of(
        small,
        "      - {name: 月曜日, days: {weekdays: [mon]}}\n      - {name: 五月, days: {months: [5]}}\n",
    )
    assert closed(rules, date(2027, 5, 3)) == "月曜日のため休館です。"
    assert closed(rules, date(2027, 5, 4)) == "五月のため休館です。"


def test_a_closure_of_fixed_dates_does_not_come_back_next_year(small):
    rules = calendar_of(small, "      - {name: 工事, days: {dates: [2027-07-05..2027-07-09]}}\n")
    assert closed(rules, date(2027, 7, 9))
    assert closed(rules, date(2027, 7, 10)) is None
    assert closed(rules, date(2028, 7, 5)) is None


def test_an_unknown_hall_or_room_is_refused(miki):
    with pytest.raises(UnknownFacility, match="この施設は"):
        open_periods(miki, facility="nowhere", room="kenshu", day=date(2027, 4, 1))
    with pytest.raises(UnknownRoom, match="この部屋は"):
        open_periods(miki, facility="aoyama", room="nowhere", day=date(2027, 4, 1))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_answered(miki, day):
    for hall in ("aoyama", "bessho", "bunka-kaikan"):
        miki.facility(hall).calendar.open_day(day)


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_periods_lie_in_the_day_in_order_and_none_means_a_reason(documents, day):
    for name, document in documents.items():
        rules = COMPILED.setdefault(name, compile_rules(document))
        for hall in rules.facilities.values():
            answer = hall.calendar.open_day(day)
            assert bool(answer.periods) is (answer.closed is None)
            assert all(0 <= starts < ends <= 1440 for starts, ends in answer.periods)
            assert answer.reasons
            for reason in answer.reasons:
                assert reason.sentence()
                assert reason.sentence("en")


COMPILED: dict = {}


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_answer_is_the_same_whatever_was_asked_before(miki, documents, day):
    COMPILED.setdefault("miki", compile_rules(documents["miki"]))
    for hall in ("aoyama", "bessho", "bunka-kaikan", "shijimi"):
        fresh = compile_rules(documents["miki"]).facility(hall).calendar
        assert COMPILED["miki"].facility(hall).calendar.open_day(day) == fresh.open_day(day)


def test_rules_are_shared_between_threads(documents):
    rules = compile_rules(documents["miki"])
    days = [date.fromordinal(date(2027, 1, 1).toordinal() + offset) for offset in range(366)]

    def month(_):
        return [open_periods(rules, facility="shijimi", room="kenshu", day=day) for day in days]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(month, range(8)))
    assert all(answer == answers[0] for answer in answers)


def test_kept_days_are_bounded(documents, monkeypatch):
    monkeypatch.setattr("facilities.ordinance.rules.KEPT_DAYS", 50)
    rules = compile_rules(documents["akiruno"])
    for offset in range(120):
        day = date.fromordinal(date(2027, 1, 1).toordinal() + offset)
        slots(rules, facility="chuo-kominkan", room="shukai", day=day)
        assert len(rules.open_days) <= 50
        assert len(rules.slot_days) <= 50


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), begins=st.dates(date(2021, 1, 1), date(2029, 1, 1)))
def test_a_later_version_changes_nothing_before_its_day(small, day, begins):
    first = COMPILED.setdefault("small", compile_rules(parse(small.replace("2027-04-01", "2020-06-01"))))
    second = compile_rules(parse(small.replace("2027-04-01", begins.isoformat()).replace("22:00", "21:00")))
    chosen = in_force([second, first], day)
    if day < first.effective_from:
        assert chosen is None
    else:
        assert chosen is (second if day >= begins else first)
