"""A cancelled time for which others wait is free when the rules say, and never so late that nobody can use it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import InvalidDocument, Waiting, compile_rules, free_again, parse, waiting_terms
from facilities.ordinance.telling.waiting import say_terms

TOKYO = ZoneInfo("Asia/Tokyo")


def free(text, now, starts):
    times = [datetime.fromisoformat(one).replace(tzinfo=TOKYO) for one in (now, starts)]
    found = free_again(Waiting(**text), cancelled_at=times[0], starts_at=times[1], zone=TOKYO)
    return found and found.astimezone(TOKYO).strftime("%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("written", "now", "starts", "expected"),
    [
        ({}, "2027-06-01T21:15", "2027-06-20T09:00", "06-04T09:00"),
        ({"days_later": 1, "at": "10:00"}, "2027-06-01T08:00:30", "2027-06-20T09:00", "06-02T10:00"),
        ({"days_later": 1, "at": "24:00"}, "2027-06-01T08:00", "2027-06-20T09:00", "06-03T00:00"),
        (
            {"after_minutes": 90, "accept_within_minutes": 30},
            "2027-06-01T08:00:30",
            "2027-06-20T09:00",
            "06-01T09:31",
        ),
        # no later than a day before the use
        ({}, "2027-06-01T10:00", "2027-06-03T13:00", "06-02T13:00"),
        # there is no time left for an offer: at once
        ({}, "2027-06-01T14:00", "2027-06-03T13:00", None),
        ({"days_later": 0, "at": "09:00"}, "2027-06-01T10:00", "2027-06-20T09:00", None),
    ],
)
def test_the_time_is_free_when_the_rules_say(written, now, starts, expected):
    assert free(written, now, starts) == expected


@given(
    ahead=st.integers(-60, 60 * 24 * 40),
    after=st.integers(1, 44_640),
    accept=st.integers(5, 20_160),
    latest=st.integers(0, 44_640),
    second=st.integers(0, 59),
)
def test_there_is_always_time_for_one_offer_and_for_the_use(ahead, after, accept, latest, second):
    now = datetime(2027, 6, 1, 3, 0, second, tzinfo=UTC)
    starts = now.replace(second=0) + timedelta(minutes=ahead)
    terms = Waiting(after_minutes=after, accept_within_minutes=accept, latest_minutes_before_start=latest)
    found = free_again(terms, cancelled_at=now, starts_at=starts, zone=TOKYO)
    possible = min(
        now.replace(second=0) + timedelta(minutes=after + (second > 0)), starts - timedelta(minutes=latest)
    )
    if found is None:
        assert possible < now + timedelta(minutes=accept)
    else:
        assert (found, found.second) == (possible, 0)
        assert now + timedelta(minutes=accept) <= found <= starts - timedelta(minutes=latest)


def with_waiting(small, written):
    head, mark, tail = small.partition("applications:\n")
    name, _, rest = tail.partition("\n")
    return f"{head}{mark}{name}\n    waiting: {written}\n{rest}"


def test_nothing_written_means_the_usual_terms(small):
    terms = waiting_terms(compile_rules(parse(small)), facility="hall", room="big")
    assert (terms.accept_within_minutes, terms.order) == (1440, "random")


def test_what_a_document_writes_holds_for_its_rooms(small):
    rules = compile_rules(
        parse(with_waiting(small, "{after_minutes: 60, accept_within_minutes: 20, order: first}"))
    )
    terms = waiting_terms(rules, facility="hall", room="big")
    assert (terms.after_minutes, terms.accept_within_minutes, terms.order) == (60, 20, "first")


def test_two_ways_to_say_when_it_is_free_are_a_mistake(small):
    with pytest.raises(InvalidDocument, match="after_minutes"):
        parse(with_waiting(small, "{after_minutes: 60, days_later: 1}"))


def test_the_terms_are_said_whole_also_where_they_are_the_usual_ones():
    words = say_terms(Waiting())
    assert [one for one in ("3日後の9時", "24時間", "くじ") if one not in words.ja] == []
    assert [one for one in ("3 days after", "by lot", "24 hours") if one not in words.en] == []
