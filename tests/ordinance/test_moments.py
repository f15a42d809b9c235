"""Moments: by day of a month, on closed days, other days in some months, receptions, refusals, limits, due dates."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from facilities.ordinance import InvalidDocument, compile_rules, may_apply, parse, payment_due

TOKYO = ZoneInfo("Asia/Tokyo")
WINDOW = '{who: [general], channels: [web], opens: {months_before: 2, at: "09:00"}, closes: {days_before: 3}}'


def rules_with(small, window, **parts):
    text = small.replace(WINDOW, window)
    for old, new in parts.values():
        assert old in text
        text = text.replace(old, new)
    return compile_rules(parse(text))


def decide(rules, day, now, **asked):
    asked = {"applicant_class": "general", "channel": "web", "starts": 600, "ends": 660, **asked}
    moment = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    return may_apply(rules, facility="hall", room=asked.pop("room", "big"), day=day, now=moment, **asked)


@pytest.mark.parametrize(
    ("opens", "day", "expected"),
    [
        ("{months_before: 2, day: 17}", date(2027, 6, 20), "2027-04-17T00:00"),
        ("{months_before: 1, day: 31}", date(2027, 7, 20), "2027-06-30T00:00"),
        ("{months_before: 1, day: month_end}", date(2027, 7, 20), "2027-06-30T00:00"),
        # 2027-05-03 is a Monday, closed
        ("{months_before: 1, day: 3, if_closed: next}", date(2027, 6, 20), "2027-05-04T00:00"),
        ("{months_before: 1, day: 3, if_closed: previous}", date(2027, 6, 20), "2027-05-02T00:00"),
        ("{months_before: 1, day: 2, open_days_later: 1}", date(2027, 6, 20), "2027-05-04T00:00"),
        ("{months_before: 1, on: {weekdays: [sun], nth: [1]}}", date(2027, 6, 20), "2027-05-02T00:00"),
        (
            '{months_before: 1, day: 1, instead: [{months: [5], day: 6, at: "12:00"}]}',
            date(2027, 6, 20),
            "2027-05-06T12:00",
        ),
        ("{each_year: 10-01}", date(2027, 6, 20), "2026-10-01T00:00"),
        ("{each_year: 10-01}", date(2027, 10, 5), "2027-10-01T00:00"),
        ("{each_year: 02-01, years_before: 1}", date(2028, 2, 20), "2027-02-01T00:00"),
    ],
)
def test_a_window_opens_on_the_day_that_is_written(small, opens, day, expected):
    rules = rules_with(small, f"{{opens: {opens}, closes: {{days_before: 1}}}}")
    opened = decide(rules, day, "2026-01-01T00:00").opens_at
    assert opened.strftime("%Y-%m-%dT%H:%M") == expected


def test_applications_are_taken_only_at_reception(small):
    reception = '{days: {weekdays: [sat]}, time: ["09:00-12:00", "13:00-17:00"], article: 第5条}'
    rules = rules_with(
        small, f"{{opens: {{months_before: 1}}, closes: {{days_before: 1}}, reception: {reception}}}"
    )
    day = date(2027, 6, 20)  # applications from Thursday 20 May
    assert decide(rules, day, "2027-05-20T10:00").opens_at.isoformat() == "2027-05-22T09:00:00+09:00"
    assert decide(rules, day, "2027-05-22T09:00").allowed
    noon = decide(rules, day, "2027-05-22T12:30")
    assert not noon.allowed
    assert noon.reasons[0].article == "第5条"
    assert (
        noon.reasons[0].sentence() == "いまは受付の時間ではありません。次の受付は2027年5月22日13:00からです。"
    )


REFUSES = """      - {opens: {months_before: 2}, closes: {days_before: 0}}
    refuses:
      - {name: 夜は大会議室と併せて使うときだけ, when: {slot: night}, unless: {with_room: big}}
      - {name: 4人以下の事前の予約, when: {headcount: ..4, days_ahead: 1..}}
    limits:
      - {key: monthly, name: 区分, at_most: 3, of: slots, per: month, unless: {days_ahead: 0}}
      - {key: run, name: 連続, at_most: 2, of: days, per: run}
cancellations:"""


def with_refusals(small):
    return rules_with(small, "", refuses=("      - \ncancellations:", REFUSES))


def test_a_case_is_refused_unless_what_allows_it_is_there(small):
    rules, day, now = with_refusals(small), date(2027, 4, 20), "2027-04-10T10:00"
    night = {"room": "koma", "starts": 1080, "ends": 1320}
    refused = decide(rules, day, now, **night)
    assert [reason.code for reason in refused.reasons] == ["refused"]
    assert decide(rules, day, now, **night, with_rooms=["big"]).allowed
    assert decide(rules, day, now, room="koma", starts=540, ends=720).allowed


def test_numbers_that_are_not_known_refuse_nobody(small):
    rules, day = with_refusals(small), date(2027, 4, 20)
    assert decide(rules, day, "2027-04-10T10:00").allowed
    assert not decide(rules, day, "2027-04-10T10:00", headcount=4).allowed
    assert decide(rules, day, "2027-04-10T10:00", headcount=5).allowed
    assert decide(rules, day, "2027-04-20T08:00", headcount=4).allowed


def test_a_limit_counts_what_is_there_and_what_is_asked(small):
    rules, day, now = with_refusals(small), date(2027, 4, 20), "2027-04-10T10:00"
    two = {"room": "koma", "starts": 540, "ends": 1020}  # morning and afternoon: two slots
    assert decide(rules, day, now, **two, counts={"monthly": 1}).allowed
    over = decide(rules, day, now, **two, counts={"monthly": 2})
    assert over.reasons[0].sentence() == "区分: 1か月3区分までです。"
    assert decide(rules, day, "2027-04-20T08:00", **two, counts={"monthly": 2}).allowed
    assert not decide(rules, day, now, run_days=3).allowed


PAYMENT = """payments:
  usual:
    due:
      - {when: {who: general, days_ahead: ..7}, closes: {minutes_before_start: 0}}
      - {open_days_after_booking: 3, unpaid: cancelled, article: 第7条}
rounding: {unit: 10"""


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 4, 9), "2027-04-09T10:00:00+09:00"),
        # booked on Saturday 3 April; Monday is closed, so the third open day is Wednesday 7 April
        (date(2027, 5, 9), "2027-04-08T00:00:00+09:00"),
    ],
)
def test_a_fee_is_due_by_its_rule(small, day, due):
    text = small.replace("rounding: {unit: 10", PAYMENT)
    rules = compile_rules(
        parse(text.replace("    application: open\n", "    application: open\n    payment: usual\n"))
    )
    answer = payment_due(
        rules,
        facility="hall",
        room="big",
        day=day,
        starts=600,
        applicant_class="general",
        booked_at=datetime(2027, 4, 3, 10, tzinfo=TOKYO),
    )
    assert answer.due_at.isoformat() == due
    assert answer.unpaid == ("cancelled" if answer.reasons[0].article else "staff")


@pytest.mark.parametrize(
    ("opens", "reason"),
    [
        ("{months_before: 1, days_before: 3}", "どれか一つ"),
        ('{at: "09:00"}', "どれか一つ"),
        ("{each_year: 10-01..10-05}", "一つの日"),
        ("{months_before: 1, on: {nth: [1]}}", "weekdays と一緒に"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused(small, opens, reason):
    with pytest.raises(InvalidDocument) as caught:
        rules_with(small, f"{{opens: {opens}, closes: {{days_before: 1}}}}")
    assert reason in caught.value.problems[0].reason_ja
