"""Cancellation, refund and exemption as the rules have them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import cancellation, compile_rules, exemption, parse

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2027, 6, 15)


def cancel(rules, now, cause="own", paid_yen=1000, day=DAY, facility="hall", room="big"):
    return cancellation(
        rules, facility=facility, room=room, day=day, starts=600, paid_yen=paid_yen, cause=cause, now=now
    )


def test_residents_cancel_by_themselves_until_the_deadline(small_rules):
    before = cancel(small_rules, datetime(2027, 6, 12, 16, 59, tzinfo=TOKYO))
    assert before.allowed
    assert before.deadline == datetime(2027, 6, 12, 17, tzinfo=TOKYO)
    assert before.reasons[0].sentence() == "ご自身での取消しは2027年6月12日17:00までです。"
    after = cancel(small_rules, datetime(2027, 6, 12, 17, 0, tzinfo=TOKYO))
    assert not after.allowed
    assert "館へご連絡" in after.reasons[0].sentence()


def test_a_deadline_at_midnight_is_told_as_the_day_before(hokota):
    answer = cancel(hokota, datetime(2027, 6, 1, tzinfo=TOKYO), facility="hokota-chuo", room="kaigi")
    assert answer.reasons[0].sentence() == "ご自身での取消しは2027年6月14日23:59までです。"
    assert answer.reasons[0].assumed


@pytest.mark.parametrize(
    ("days_ahead", "cause", "refund"), [(7, "own", 700), (6, "own", 0), (0, "city", 1000), (30, "city", 1000)]
)
def test_the_refund_follows_the_ladder(small_rules, days_ahead, cause, refund):
    now = datetime(2027, 6, 15, 0, 30, tzinfo=TOKYO) - timedelta(days=days_ahead)
    assert cancel(small_rules, now, cause=cause).refund_yen == refund


def test_a_rung_names_its_article(small_rules):
    answer = cancel(small_rules, datetime(2027, 6, 1, tzinfo=TOKYO), cause="city")
    assert answer.reasons[1].article == "第9条"


def test_nothing_is_refunded_for_own_reasons_in_hokota(hokota):
    answer = cancel(hokota, datetime(2027, 6, 1, tzinfo=TOKYO), facility="hokota-chuo", room="kaigi")
    assert answer.refund_yen == 0
    assert (answer.reasons[1].code, answer.reasons[1].article) == ("refund_none", "第3条")


def test_a_discretionary_refund_is_left_to_staff(hokota):
    answer = cancel(
        hokota, datetime(2027, 6, 1, tzinfo=TOKYO), cause="no-fault", facility="hokota-chuo", room="kaigi"
    )
    assert answer.refund_yen is None
    assert answer.reasons[1].sentence() == "全部又は一部の還付を職員が決めます。"


def test_where_the_rules_are_silent_staff_decide(akiruno):
    answer = cancel(akiruno, datetime(2027, 6, 1, tzinfo=TOKYO), facility="chuo-kominkan", room="shukai")
    assert answer.refund_yen is None
    assert answer.reasons[1].code == "refund_undefined"


def test_without_terms_residents_do_not_cancel_by_themselves(small):
    rules = compile_rules(parse(small.replace("    cancellation: ladder\n", "")))
    answer = cancel(rules, datetime(2027, 6, 1, tzinfo=TOKYO))
    assert (answer.allowed, answer.deadline, answer.refund_yen) == (False, None, None)
    assert answer.reasons[0].sentence("en").startswith("The rules do not say")


@given(
    paid=st.integers(0, 1_000_000),
    percent=st.integers(0, 100),
    cause=st.sampled_from(["own", "city", "unheard-of"]),
    now=st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31), timezones=st.just(TOKYO)),
)
def test_a_refund_never_exceeds_what_was_paid(small, paid, percent, cause, now):
    rules = compile_rules(parse(small.replace("percent: 70", f"percent: {percent}")))
    answer = cancel(rules, now, cause=cause, paid_yen=paid)
    assert answer.refund_yen is None or 0 <= answer.refund_yen <= paid
    assert answer.allowed is (now < answer.deadline)
    assert all(reason.sentence() and reason.sentence("en") for reason in answer.reasons)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_do_not_break(small_rules, day):
    cancel(small_rules, datetime(2027, 6, 1, tzinfo=TOKYO), day=day)


def test_a_ground_of_exemption_leaves_the_rate_to_staff(hokota):
    answer = exemption(hokota, facility="asahi", ground="social-education")
    assert (answer.eligible, answer.rate) == (True, None)
    assert answer.reasons[0].article == "第2条第3項"
    assert "率は職員が決めます" in answer.reasons[0].sentence()


def test_what_is_no_ground_is_not_exempt(hokota, akiruno):
    assert not exemption(hokota, facility="asahi", ground="friends").eligible
    assert not exemption(akiruno, facility="chuo-kominkan", ground="social-education").eligible


def test_a_ground_with_a_rate_gives_it(small):
    more = "exemptions: {hall: [{key: welfare, name: 福祉団体, percent: 50, article: 第7条}]}\n"
    text = (
        small.replace("    cancellation: ladder\n", "    cancellation: ladder\n    exemption: hall\n") + more
    )
    answer = exemption(compile_rules(parse(text)), facility="hall", ground="welfare")
    assert (answer.eligible, answer.rate) == (True, 50)
    assert answer.reasons[0].sentence() == "福祉団体は使用料を100分の50減額します。"
