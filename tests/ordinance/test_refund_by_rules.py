"""What comes back, what is charged, whether a booking can be changed, and when instalments are due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    InvalidDocument,
    Use,
    asked_of,
    cancellation,
    change,
    compile_rules,
    parse,
    payment_due,
    quote_uses,
    refund,
    run_cases,
)

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2027, 9, 15)
MORE = """\
purposes:
  - {key: show, name: 興行}
extras:
  hall:
    - {key: piano, name: ピアノ, fee: {yen: 500}}
    - {key: deposit, name: 保証金, deposit: true, fee: {yen: 10000}}
payments:
  hall: {due: DUE}
rounding: {unit: 1, mode: down}"""
LADDER = """refunds:
      - {causes: [city], percent: 100, article: 第9条}
      - {causes: [own], at_least_days_before: 7, percent: 70}
      - {causes: [own], percent: 0}
"""


def hall(small, terms, due="[]", cases=""):
    assert LADDER in small
    text = small.replace("rounding: {unit: 10, mode: down}", MORE.replace("DUE", due))
    text = text.replace(LADDER, f"{terms}\n").replace(
        "    cancellation: ladder\n", "    cancellation: ladder\n    extras: hall\n    payment: hall\n"
    )
    return compile_rules(parse(text + cases))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def back(rules, paid=12_345, now="2027-09-01T10:00", cause="own", **asked):
    return refund(
        rules,
        facility="hall",
        room="big",
        day=DAY,
        paid_yen=paid,
        cause=cause,
        now=at(now),
        starts=600,
        **asked,
    )


def test_a_share_of_what_was_paid_comes_back(small):
    answer = back(hall(small, "refunds: [{share: 2/3}]"))
    assert (answer.refund_yen, answer.reasons[0].sentence()) == (8230, "支払済みの額の2/3をお返しします。")


@pytest.mark.parametrize(
    ("cut", "yen"),
    [
        ("{unit: 10, mode: down}", 9870),
        ("{unit: 100, mode: up}", 9900),
        ("{unit: 100, mode: up, of: change}", 12_345 - 2500),
    ],
)
def test_fractions_of_what_comes_back_or_of_what_is_kept(small, cut, yen):
    assert back(hall(small, f"refunds: [{{percent: 80, rounding: {cut}}}]")).refund_yen == yen


def test_hours_before_the_use_count_from_its_start(small):
    rules = hall(small, "refunds: [{by: {minutes_before_start: 1440}, percent: 100}, {percent: 0}]")
    assert back(rules, now="2027-09-14T09:59").refund_yen == 12_345
    assert back(rules, now="2027-09-14T10:00").refund_yen == 0


def test_a_rung_looks_at_purpose_people_and_days_since_booking(small):
    rungs = "{when: {days_since_booking: ..7}, percent: 100}, {when: {purpose: show}, percent: 10}"
    rules = hall(small, f"refunds: [{rungs}, {{when: {{headcount: 50..}}, percent: 20}}, {{percent: 30}}]")
    assert back(rules, 1000, booked_on=date(2027, 8, 25)).refund_yen == 1000
    assert back(rules, 1000, booked_on=date(2027, 8, 24)).refund_yen == 300
    assert back(rules, 1000, purpose="show").refund_yen == 100
    assert back(rules, 1000, headcount=60).refund_yen == 200
    assert [one.key for one in asked_of(rules, facility="hall", room="big").purposes] == ["show"]


def test_equipment_is_paid_back_differently_and_a_deposit_always(small):
    rules = hall(small, "refunds: [{covers: [piano], percent: 100, article: 第8条}, {percent: 50}]")
    use = Use("big", DAY, 600, 660, extras={"piano": 1, "deposit": 1})
    quoted = quote_uses(rules, facility="hall", uses=[use], applicant_class="general")
    assert quoted.yen_by_kind() == {"fee": 1530, "piano": 500, "deposit": 10_000}
    answer = back(rules, quoted.total_yen, parts=quoted.yen_by_kind())
    assert answer.refund_yen == 765 + 500 + 10_000
    assert [one.code for one in answer.reasons] == ["refund_deposit", "refund_percent", "refund_percent"]
    assert back(rules, 1530).refund_yen == 765


def test_staff_decide_where_one_part_is_left_to_them(small):
    rules = hall(small, "refunds: [{covers: [piano], discretionary: 一部}, {percent: 50}]")
    assert back(rules, 2000, parts={"fee": 1500, "piano": 500}).refund_yen is None
    assert back(rules, 1500, parts={"fee": 1500}).refund_yen == 750


def test_a_refund_is_claimed_within_some_days(small):
    answer = back(hall(small, "refunds: [{percent: 50, claim_within_days: 30}]"))
    assert answer.claim_until == date(2027, 10, 1)
    assert answer.reasons[-1].sentence() == "2027年10月1日23:59までに請求してください。"


CHARGES = (
    "[{at_least_days_before: 8, percent: 0}, {causes: [own], percent: 20, rounding: {unit: 100, mode: up}}]"
)


@pytest.mark.parametrize(
    ("paid", "fee", "now", "refund_yen", "charge_yen"),
    [
        (0, 12_345, "2027-09-10T10:00", 0, 2500),
        (1_000, 12_345, "2027-09-10T10:00", 0, 1500),
        (12_345, None, "2027-09-10T10:00", 9845, 0),
        (0, 12_345, "2027-09-07T10:00", 0, 0),
        (12_345, 12_345, "2027-09-07T10:00", 12_345, 0),
    ],
)
def test_what_was_not_paid_may_be_charged_for(small, paid, fee, now, refund_yen, charge_yen):
    rules = hall(small, f"charges: {CHARGES}")
    answer = back(rules, paid, now, fee_yen=fee)
    assert (answer.refund_yen, answer.charge_yen) == (refund_yen, charge_yen)
    same = cancellation(
        rules,
        facility="hall",
        room="big",
        day=DAY,
        starts=600,
        paid_yen=paid,
        fee_yen=fee,
        cause="own",
        now=at(now),
    )
    assert (same.refund_yen, same.charge_yen) == (refund_yen, charge_yen)


def test_a_charge_beside_a_ladder_is_for_what_was_not_paid(small):
    rules = hall(small, "refunds: [{percent: 50}]\n    charges: [{yen: 3000}]")
    assert (back(rules, 4000, fee_yen=10_000).refund_yen, back(rules, 4000, fee_yen=10_000).charge_yen) == (
        2000,
        3000,
    )
    assert back(rules, 4000, fee_yen=5000).charge_yen == 1000
    assert back(rules, 4000).charge_yen == 0


CHANGE = """change:
      - {difference: full, by: {days_before: 14}, at_most: 1, within_days: 30}
      - {when: {purpose: show}, difference: none, yen: 500}"""


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "change_full"),
        ({"now": "2027-09-02T00:00"}, "change_too_late"),
        ({"changes_before": 1}, "change_too_often"),
        ({"new_day": date(2027, 10, 16)}, "change_too_far"),
        ({"new_day": date(2027, 10, 10), "first_day": date(2027, 9, 9)}, "change_too_far"),
        ({"new_day": date(2027, 10, 15)}, "change_full"),
        ({"changes_before": 1, "purpose": "show"}, "change_none"),
    ],
)
def test_a_booking_is_changed_so_often_so_early_and_so_far(small, asked, code):
    asked = {"now": "2027-09-01T23:00", **asked}
    answer = change(
        hall(small, CHANGE),
        facility="hall",
        room="big",
        day=DAY,
        old_yen=1000,
        new_yen=1000,
        cause="own",
        **{**asked, "now": at(asked["now"])},
    )
    assert answer.reasons[0].code == code
    assert answer.allowed == (code in ("change_full", "change_none"))
    assert answer.pay_yen == (500 if code == "change_none" else 0)
    assert all(answer.reasons[0].sentence(language) for language in ("ja", "en"))


def due(small, terms, booked="2027-04-07T12:00", **asked):
    return payment_due(
        hall(small, LADDER.rstrip(), terms),
        facility="hall",
        room="big",
        day=DAY,
        starts=600,
        applicant_class="general",
        booked_at=at(booked),
        **asked,
    )


def last(answer):
    return (answer.due_at - timedelta(minutes=1)).date()


@pytest.mark.parametrize(
    ("terms", "day"),
    [
        ("[{days_after_booking: 12}]", date(2027, 4, 19)),  # a Monday, closed
        ("[{days_after_booking: 12, if_closed: next}]", date(2027, 4, 20)),
        ("[{days_after_booking: 12, if_closed: previous}]", date(2027, 4, 18)),
        ("[{open_days_after_booking: 5}]", date(2027, 4, 13)),
        ("[{open_days_after_booking: 5, open_on: {weekdays: [mon, tue, wed, thu, fri]}}]", date(2027, 4, 14)),
        ("[{months_after_booking: 0, day: month_end}]", date(2027, 4, 30)),
        ("[{months_after_booking: 1, day: 25}]", date(2027, 5, 25)),
        ("[{months_after_booking: 1}]", date(2027, 5, 7)),
        ("[{days_after_approval: 7}]", date(2027, 4, 27)),
        ("[{days_after_approval: 7, closes: {months_before: 5}}]", date(2027, 4, 15)),
    ],
)
def test_a_due_date_is_counted_from_booking_or_approval(small, terms, day):
    answer = due(small, terms, approved_at=at("2027-04-20T09:00"))
    assert (last(answer), answer.deferred) == (day, False)


@pytest.mark.parametrize(
    ("terms", "day"),
    [
        ("[{days_after_use: 10}]", date(2027, 9, 25)),
        ("[{months_after_use: 1, day: month_end}]", date(2027, 10, 31)),
        ("[{deferred: true, days_after_use: 0}]", date(2027, 9, 15)),
    ],
)
def test_payment_after_the_use_may_have_a_date(small, terms, day):
    answer = due(small, terms)
    assert (last(answer), answer.deferred) == (day, True)
    assert answer.reasons[0].code == "due_after_use"


PARTS = """[{instalments: [
  {name: 予約金, share: 3割, days_after_booking: 10, unpaid: cancelled},
  {name: 内金, yen: 2000, closes: {months_before: 2}},
  {name: 残り, closes: {months_before: 1}}]}]"""


@pytest.mark.parametrize(
    ("total", "yen"),
    [(12_345, [3703, 2000, 6642]), (1000, [300, 700, 0]), (None, [None, None, None])],
)
def test_instalments_add_up_and_have_their_own_dates(small, total, yen):
    answer = due(small, PARTS, total_yen=total)
    assert [one.yen for one in answer.parts] == yen
    assert [one.due_at.date() for one in answer.parts] == [
        date(2027, 4, 18),
        date(2027, 7, 16),
        date(2027, 8, 16),
    ]
    assert (answer.due_at, answer.unpaid) == (answer.parts[0].due_at, "cancelled")
    assert answer.reasons[0].sentence() == "予約金は2027年4月17日23:59までに納めてください。"


@pytest.mark.parametrize(
    ("terms", "due_terms", "field", "reason"),
    [
        ("refunds: [{percent: 5, share: 1/2}]", "[]", "cancellations.ladder.refunds[0]", "どれか一つ"),
        ("refunds: [{percent: 5, covers: [x]}]", "[]", "cancellations.ladder.refunds[0].covers", "「x」は"),
        ("charges: [{yen: 5, percent: 1}]", "[]", "cancellations.ladder.charges[0]", "どれか一つ"),
        ("charges: [{causes: [x], yen: 1}]", "[]", "cancellations.ladder.charges[0].causes", "「x」は"),
        ("refunds: []", "[{if_closed: next}]", "payments.hall.due[0]", "deferred"),
        (
            "refunds: []",
            "[{instalments: [{name: a, share: 1割}]}]",
            "payments.hall.due[0].instalments[0]",
            "期限",
        ),
        (
            "refunds: []",
            "[{instalments: [{name: a, yen: 5, days_after_use: 1}]}]",
            "payments.hall.due[0].instalments[0]",
            "残りの額",
        ),
        (
            "refunds: []",
            "[{deferred: true, instalments: [{name: a, days_after_use: 1}]}]",
            "payments.hall.due[0]",
            "instalments の中",
        ),
    ],
)
def test_a_mistake_is_shown_where_it_stands(small, terms, due_terms, field, reason):
    with pytest.raises(InvalidDocument) as caught:
        hall(small, terms, due_terms)
    first = caught.value.problems[0]
    assert first.field == field
    assert reason in first.reason_ja


CASES = """cases:
  - id: A
    kind: refund
    given: {paid: 0, fee: 9999, cause: own, use: 2027-09-15, cancel_on: 2027-09-14}
    expect: {charge_yen: 2000}
  - {id: B, kind: change, given: {use: 2027-09-15, change_at: "2027-09-02T00:00"}, expect: {allowed: false}}
  - id: C
    kind: due
    given: {use: 2027-09-15, booked_on: 2027-04-07, fee: 1000}
    expect:
      unpaid: cancelled
      last_day: 2027-04-17
      parts:
        - {name: 予約金, yen: 300, last_day: 2027-04-17}
        - {name: 内金, yen: 700, last_day: 2027-07-15}
        - {name: 残り, yen: 0, last_day: 2027-08-15}
  - id: D
    kind: refund
    given: {paid: 500, cause: own, use: 2027-09-15, time: "13:00-14:00", cancel_at: "2027-09-07T13:00"}
    expect: {refund_yen: 500, charge_yen: 0, claim_until: null}
"""


def test_worked_cases_tell_of_charges_changes_and_instalments(small):
    document = hall(small, f"charges: {CHARGES}\n    {CHANGE}", PARTS, CASES).document
    assert [(one.id, one.got) for one in run_cases(document) if not one.passed] == []


@given(
    paid=st.integers(0, 200_000),
    extra=st.integers(0, 50_000),
    fee=st.integers(0, 300_000),
    ahead=st.integers(-2, 40),
    less=st.integers(0, 3000),
    percent=st.integers(0, 100),
    cut=st.sampled_from(
        ["", ", rounding: {unit: 100, mode: up}", ", rounding: {unit: 500, mode: up, of: change}"]
    ),
)
def test_never_more_comes_back_than_was_paid_nor_more_is_charged_than_the_fee(
    small, paid, extra, fee, ahead, less, percent, cut
):
    key = less % 3, percent % 11, cut
    if key not in RULES:
        ladder = f"[{{covers: [piano], percent: 100}}, {{percent: {percent}, less_yen: {less}{cut}}}]"
        RULES[key] = hall(small, f"refunds: {ladder}\n    charges: {CHARGES}")
    now = (at("2027-09-15T10:00") - timedelta(days=ahead)).strftime("%Y-%m-%dT%H:%M")
    answer = back(
        RULES[key], paid, now, fee_yen=fee, parts={"fee": paid - min(paid, extra), "piano": min(paid, extra)}
    )
    assert min(paid, extra) <= answer.refund_yen <= paid
    assert 0 <= answer.charge_yen <= max(0, fee - paid) + 99


RULES: dict = {}
