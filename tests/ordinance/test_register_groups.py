"""Registration and penalties: needs of several kinds, terms and renewal, suspensions that follow each other."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from facilities.ordinance import (
    SHARE_OF,
    Event,
    InvalidDocument,
    compile_rules,
    parse,
    penalty,
    register,
    run_cases,
)

RULES = """\
registrations:
  group:
    name: 登録団体
    members_at_least: 5
    members_at_most: 100
    needs:
      - {key: resident, name: 市内在住の人, share: 1/2, at_least: 3, unless: {youth: true}}
      - {key: adult, name: 18歳以上の人, at_least: 1}
      - {key: officer, name: 他の団体の役員, at_most: 2, article: 第3条}
    requires: [{name: 会則と名簿}]
    valid: {years: 2, cycle_from: 2027-04-01}
    renewal: {opens: {months_before: 2, day: 1}, closes: {days_before: 0}}
  friends: {name: 友の会, valid: {years: 2, ends: month_end}}
penalties:
  points:
    per: fiscal_year
    offences:
      - {key: no-show, name: 無断, points: 2}
      - {key: late, name: 直前の取消し, points: 1, when: {days_ahead: ..3}}
    steps:
      - at_least: 4
        earlier: 1..
        name: 6か月の停止
        suspends_months: 6
        suspends_from: next_month
        suspended: [representative]
      - {at_least: 4, earlier: 0, name: 1か月の停止, suspends_months: 1, suspends_from: next_month}
      - {at_least: 3, name: 抽選に申し込めない, suspends_days: 7, suspends_from: next_day, suspends: lottery}
calendars:
"""


def text_of(small, old="", new=""):
    text = small.replace("calendars:\n", f"questions: [{{key: youth, name: 青少年の団体}}]\n{RULES}", 1)
    text = text.replace(
        "    cancellation: ladder\n",
        "    cancellation: ladder\n    penalty: points\n    registration: [group, friends]\n",
    )
    return text.replace(old, new) if old else text


def asked(small, **given):
    rules = compile_rules(parse(text_of(small)))
    return register(rules, facility="hall", **{"day": date(2027, 6, 16), "members": 10, **given})


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"counted": {"resident": 5, "adult": 1, "officer": 2}}, ["registered", "staff_see_to"]),
        ({"counted": {"resident": 4}}, ["too_few_of"]),
        ({"members": 5, "counted": {"resident": 2}}, ["need_at_least", "too_few_of"]),
        ({"counted": {"resident": 0}, "answers": {"youth": True}}, ["registered", "staff_see_to"]),
        ({"counted": {"adult": 0, "officer": 3}}, ["need_at_least", "need_at_most"]),
        ({"members": 101}, ["too_many_members"]),
        ({"kind": "friends", "members": 1}, ["registered"]),
    ],
)
def test_a_group_needs_members_of_several_kinds(small, given, codes):
    assert [reason.code for reason in asked(small, **given).reasons] == codes


def test_every_requirement_is_answered_met_or_not(small):
    answer = asked(small, members=4, counted={"resident": 2, "adult": 1})
    assert [(one.requirement.code, one.met, one.found) for one in answer.checks] == [
        ("too_few_members", False, 4),
        ("too_many_members", True, 4),
        ("need_at_least", False, 2),
        ("too_few_of", True, 2),
        ("need_at_least", True, 1),
        ("need_at_most", None, None),
        ("staff_see_to", None, None),
    ]


def test_the_wanted_share_is_told_beside_other_needs(small):
    rules = compile_rules(parse(text_of(small, "members_at_most: 100", "share: 1/2\n    share_of: 市内の人")))
    given = {"facility": "hall", "day": date(2027, 6, 16), "members": 10}
    enough = {SHARE_OF: 5, "resident": 5, "adult": 1}
    assert register(rules, **given, counted=enough).allowed
    assert not register(rules, **given, counted={**enough, SHARE_OF: 4}).allowed


def test_when_groups_count_as_one_and_rosters_are_deleted_is_written_or_usual(small):
    usual = parse(text_of(small)).registrations["friends"]
    assert (usual.same_group_share, usual.roster_kept_months) == (Fraction(3, 5), 12)
    written = "name: 友の会, same_group_share: 5割, roster_kept_months: 6"
    own = parse(text_of(small, "name: 友の会", written)).registrations["friends"]
    assert (own.same_group_share, own.roster_kept_months) == (Fraction(1, 2), 6)


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2027, 6, 16), date(2029, 3, 31)),
        (date(2029, 3, 31), date(2029, 3, 31)),
        (date(2029, 4, 1), date(2031, 3, 31)),
        (date(2026, 12, 1), date(2027, 3, 31)),
    ],
)
def test_all_groups_renew_in_the_same_years(small, day, until):
    assert asked(small, day=day).valid_until == until


def test_a_registration_is_renewed_before_its_last_day(small):
    answer = asked(small)
    zone = ZoneInfo("Asia/Tokyo")
    assert answer.renews_from == datetime(2029, 1, 1, tzinfo=zone)
    assert answer.renews_until == datetime(2029, 4, 1, tzinfo=zone)


def test_a_registration_holds_to_the_end_of_a_month(small):
    assert asked(small, kind="friends").valid_until == date(2029, 6, 30)


def told(small, events, day=date(2027, 6, 16), **given):
    return penalty(compile_rules(parse(text_of(small))), facility="hall", events=events, day=day, **given)


def test_offences_of_an_earlier_fiscal_year_no_longer_count(small):
    events = [Event("no-show", date(2027, 3, 31)), Event("no-show", date(2027, 4, 1))]
    assert told(small, events).points == 2


def test_a_late_cancellation_counts_by_the_days_before_the_use(small):
    assert told(small, [Event("late", days_ahead=3), Event("late", days_ahead=4)]).points == 1


def test_the_second_suspension_is_longer_and_begins_with_the_next_month(small):
    events = [Event("no-show", date(2027, 6, 10), times=2)]
    first, second = told(small, events), told(small, events, earlier=1)
    assert (first.suspended_from, first.suspended_until) == (date(2027, 7, 1), date(2027, 8, 1))
    assert (second.suspended_from, second.suspended_until) == (date(2027, 7, 1), date(2028, 1, 1))
    assert (first.suspended, second.suspended) == (("applicant",), ("representative",))


def test_a_suspension_can_be_of_lotteries_alone(small):
    answer = told(
        small, [Event("no-show", date(2027, 6, 10)), Event("late", date(2027, 6, 12), days_ahead=1)]
    )
    assert (answer.suspends, answer.suspended_from, answer.suspended_until) == (
        "lottery",
        date(2027, 6, 13),
        date(2027, 6, 20),
    )


def test_worked_cases_know_needs_and_repetition(small):
    cases = """
cases:
  - id: 登録
    kind: register
    given: {issued_on: 2027-06-16, members: 10, counted: {resident: 5}, kind: group}
    expect: {allowed: true, valid_until: 2029-03-31, renews_from: 2029-01-01, renews_until: 2029-03-31}
  - id: 二度目
    kind: penalty
    given: {on: 2027-06-16, events: [no-show, {offence: late, days_ahead: 2, times: 2}], earlier: 1}
    expect: {points: 4, suspended_from: 2027-07-01, suspended_until: 2028-01-01, suspends: use}
"""
    results = run_cases(parse(text_of(small) + cases))
    assert [(one.id, one.got) for one in results if not one.passed] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 1/2, at_least: 3, ", "", "at_least、at_most、share"),
        ("valid: {years: 2, cycle_from: 2027-04-01}", "valid: {cycle_from: 2027-04-01}", "years か months"),
        ("[group, friends]", "[groop]", "groop"),
    ],
)
def test_registrations_that_cannot_be_meant_are_mistakes(small, old, new, said):
    with pytest.raises(InvalidDocument, match=said):
        parse(text_of(small, old, new))
