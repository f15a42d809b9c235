"""Who may apply when, and for which times."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import bookable_days, compile_rules, may_apply, open_periods, parse, slots

TOKYO = ZoneInfo("Asia/Tokyo")
UTC = ZoneInfo("UTC")
DAY = date(2027, 6, 15)
IN_TIME = datetime(2027, 6, 1, 12, tzinfo=TOKYO)


def ask(
    rules, room="big", day=DAY, starts=540, ends=660, now=IN_TIME, facility="hall", who="general", **more
):
    more.setdefault("channel", "web")
    return may_apply(rules, facility=facility, room=room, day=day, starts=starts, ends=ends,
                     applicant_class=who, now=now, **more)  # fmt: skip


def codes(decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_a_free_time_in_the_window_may_be_applied_for(small_rules):
    decision = ask(small_rules)
    assert decision.allowed
    assert decision.opens_at == datetime(2027, 4, 15, 9, tzinfo=TOKYO)
    assert decision.last_day == date(2027, 6, 12)
    assert decision.closes_at == datetime(2027, 6, 13, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (datetime(2027, 4, 15, 8, 59, tzinfo=TOKYO), False),
        (datetime(2027, 4, 15, 9, 0, tzinfo=TOKYO), True),
        (datetime(2027, 4, 15, 0, 0, tzinfo=UTC), True),  # the same moment, told in UTC
        (datetime(2027, 6, 12, 23, 59, 59, tzinfo=TOKYO), True),
        (datetime(2027, 6, 13, 0, 0, tzinfo=TOKYO), False),
        (datetime(2027, 6, 12, 15, 0, tzinfo=UTC), False),  # midnight in Tokyo, not in UTC
    ],
)
def test_the_window_opens_and_closes_to_the_minute_of_the_municipality(small_rules, now, allowed):
    assert ask(small_rules, now=now).allowed is allowed


def test_a_refusal_says_when_applications_open(small_rules):
    decision = ask(small_rules, now=datetime(2027, 4, 1, tzinfo=TOKYO))
    assert decision.reasons[0].sentence() == "申込みは2027年4月15日09:00からです。"
    assert decision.reasons[0].sentence("en") == "Applications open on 15 April 2027, 09:00."


def test_a_refusal_says_when_applications_closed(small_rules):
    decision = ask(small_rules, now=datetime(2027, 6, 13, tzinfo=TOKYO))
    assert decision.reasons[0].sentence() == "申込みは2027年6月12日23:59で締め切りました。"


def test_a_month_before_a_day_that_does_not_exist_is_the_last_of_the_month(small_rules):
    assert ask(small_rules, day=date(2027, 8, 31)).opens_at.date() == date(2027, 6, 30)
    assert ask(small_rules, day=date(2028, 4, 30)).opens_at.date() == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("room", "starts", "ends", "code"),
    [
        ("big", 480, 600, "outside_hours"),
        ("big", 1290, 1350, "outside_hours"),
        ("big", 600, 600, "outside_hours"),
        ("big", 600, 540, "outside_hours"),
        ("big", 540, 570, "too_short"),
        ("big", 540, 810, "too_long"),
        ("big", 550, 640, "not_on_step"),
        ("big", 540, 610, "not_on_step"),
        ("koma", 540, 700, "not_a_slot"),
        ("koma", 600, 720, "not_a_slot"),
        ("koma", 720, 780, "not_a_slot"),
    ],
)
def test_a_time_that_is_not_rented_is_refused(small_rules, room, starts, ends, code):
    decision = ask(small_rules, room=room, starts=starts, ends=ends)
    assert not decision.allowed
    assert codes(decision) == [code]
    assert decision.reasons[0].sentence() != decision.reasons[0].sentence("en")


def test_a_closed_day_is_refused_with_its_reason(small_rules):
    decision = ask(small_rules, day=date(2027, 6, 14))
    assert codes(decision) == ["closed"]


def test_all_that_speaks_against_is_said(small_rules):
    decision = ask(small_rules, day=date(2027, 6, 14), now=datetime(2027, 6, 13, tzinfo=TOKYO))
    assert codes(decision) == ["closed", "window_closed"]


def test_a_use_that_has_begun_is_refused(hokota):
    now = datetime(2027, 6, 15, 13, 0, tzinfo=TOKYO)
    decision = ask(hokota, facility="hokota-chuo", room="kaigi", starts=780, ends=1020, now=now)
    assert codes(decision) == ["window_closed"]
    later = ask(hokota, facility="hokota-chuo", room="kaigi", starts=1020, ends=1320, now=now)
    assert later.allowed


def test_a_channel_that_is_not_accepted_is_named(miki):
    decision = ask(miki, facility="shijimi", room="kenshu", channel="phone")
    assert decision.reasons[0].sentence() == "電話では申し込めません。"


def test_the_desk_opens_earlier_for_registered_groups(miki):
    now = datetime(2027, 4, 10, tzinfo=TOKYO)
    there = {"facility": "shijimi", "room": "kenshu", "now": now}
    assert ask(miki, who="registered", channel="desk", **there).allowed
    assert codes(ask(miki, who="registered", channel="web", **there)) == ["not_yet_open"]
    assert codes(ask(miki, who="general", channel="desk", **there)) == ["not_yet_open"]


def test_a_class_without_a_window_is_refused(small_rules):
    assert codes(ask(small_rules, who="stranger")) == ["class_not_accepted"]


def test_a_prohibited_purpose_is_refused(miki):
    decision = ask(miki, facility="aoyama", room="kenshu", purpose="commercial")
    assert decision.reasons[0].sentence() == "営利のためには利用できません。"
    assert ask(miki, facility="aoyama", room="kenshu", purpose="circle").allowed


@pytest.mark.parametrize("day", [date.min, date.max, date(1, 2, 1)])
def test_a_day_at_the_end_of_the_calendar_is_refused_and_does_not_break(small_rules, day):
    assert not ask(small_rules, day=day).allowed


def test_bookable_days_follow_the_window(miki):
    now = datetime(2027, 8, 20, 12, tzinfo=TOKYO)
    there = {"facility": "shijimi", "room": "kenshu", "now": now}
    desk = bookable_days(miki, applicant_class="registered", channel="desk", **there)
    assert desk == (date(2027, 8, 23), date(2027, 10, 31))
    web = bookable_days(miki, applicant_class="registered", channel="web", **there)
    assert web == (date(2027, 8, 23), date(2027, 9, 30))


def test_without_a_window_no_day_is_bookable(miki):
    first, last = bookable_days(
        miki, facility="shijimi", room="kenshu", applicant_class="general", channel="phone", now=IN_TIME
    )
    assert first > last


openings = st.one_of(
    st.builds(
        "{{months_before: {}, day: {}}}".format, st.integers(0, 13), st.sampled_from(["same", "month_start"])
    ),
    st.builds(
        "{{days_before: {}, day: {}}}".format, st.integers(0, 100), st.sampled_from(["same", "month_start"])
    ),
    st.builds("{{months_before: {}, at: '08:30'}}".format, st.integers(0, 13)),
)
closings = st.one_of(
    st.builds("{{days_before: {}}}".format, st.integers(0, 20)),
    st.builds("{{days_before: {}, at: '17:00'}}".format, st.integers(0, 20)),
    st.builds("{{minutes_before_start: {}}}".format, st.integers(0, 1000)),
)


@given(opens=openings, closes=closings,
       now=st.datetimes(datetime(2027, 1, 1), datetime(2029, 1, 1), timezones=st.just(TOKYO)),
       offset=st.integers(-3, 450))  # fmt: skip
def test_bookable_days_agree_with_may_apply(small, opens, closes, now, offset):
    window = 'opens: {months_before: 2, at: "09:00"}, closes: {days_before: 3}'
    rules = compile_rules(parse(small.replace(window, f"opens: {opens}, closes: {closes}")))
    first, last = bookable_days(
        rules, facility="hall", room="koma", applicant_class="general", channel="web", now=now
    )
    near = [
        now.date() + timedelta(days=offset),
        *(edge + timedelta(days=step) for edge in (first, last) for step in (-1, 0, 1)),
    ]
    for day in near:
        decision = ask(rules, room="koma", day=day, starts=1080, ends=1320, now=now)
        in_window = decision.opens_at <= now < decision.closes_at
        if in_window:
            assert first <= day <= last
        if first <= day <= last:
            # A deadline in minutes depends on the start: the day counts while its latest start is in time.
            assert decision.opens_at <= now
            assert in_window or "minutes_before_start" in closes
        if decision.allowed:
            assert in_window


@given(day=st.dates(date(2027, 1, 1), date(2028, 12, 31)), room=st.integers(0, 40), data=st.data())
def test_all_that_is_offered_may_be_applied_for_and_nothing_else(documents, day, room, data):
    name = data.draw(st.sampled_from(["akiruno", "hokota", "miki"]))
    rules = COMPILED.setdefault(name, compile_rules(documents[name]))
    places = [(hall.key, one.key) for hall in rules.document.facilities for one in hall.rooms]
    facility, key = places[room % len(places)]
    now = datetime(day.year, day.month, day.day, tzinfo=TOKYO) - timedelta(days=20)
    offered = slots(rules, facility=facility, room=key, day=day)
    periods = open_periods(rules, facility=facility, room=key, day=day).periods
    assert bool(offered.slots) is bool(periods)
    for slot in offered.slots:
        decision = ask(
            rules, facility=facility, room=key, day=day, starts=slot.starts, ends=slot.ends, now=now
        )
        assert decision.allowed, (slot, decision)
    starts = data.draw(st.integers(0, 1440))
    ends = data.draw(st.integers(0, 1440))
    if ask(rules, facility=facility, room=key, day=day, starts=starts, ends=ends, now=now).allowed:
        assert any(opens <= starts < ends <= closes for opens, closes in periods)
        assert starts in {slot.starts for slot in offered.slots}
        assert ends in {slot.ends for slot in offered.slots}


COMPILED: dict = {}
