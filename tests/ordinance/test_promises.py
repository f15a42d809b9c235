"""Promises over every example document: round trips, agreement, refunds within what was paid, versions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    Event,
    NoPrice,
    Ordinance,
    barred_until,
    bookable_days,
    cancellation,
    change,
    compile_rules,
    in_force,
    may_apply,
    parse,
    penalty,
    quote,
    refund,
    register,
    slots,
    write,
)

from .conftest import EXAMPLES

TOKYO = ZoneInfo("Asia/Tokyo")
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
days = st.dates(date(2027, 4, 1), date(2028, 3, 31))


@pytest.fixture(scope="module")
def compiled(documents):
    return {name: compile_rules(document) for name, document in documents.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_document_written_and_read_again_is_the_same(documents, name):
    assert parse(write(documents[name])) == documents[name]


def test_a_document_has_a_json_schema():
    schema = Ordinance.model_json_schema()
    assert {"calendars", "facilities", "adjustments"} <= set(schema["properties"])


def some_room(data, rules):
    halls = [hall for hall in rules.facilities.values() if hall.rooms]
    hall = data.draw(st.sampled_from(halls))
    return hall, data.draw(st.sampled_from(sorted(hall.rooms)))


@given(data=st.data(), day=days, ahead=st.integers(0, 400), channel=st.sampled_from(["web", "desk", "phone"]))
def test_availability_and_applications_agree(compiled, data, day, ahead, channel):
    rules = compiled[data.draw(st.sampled_from(NAMES))]
    hall, room = some_room(data, rules)
    classes = [one.key for one in rules.document.applicant_classes]
    who = data.draw(st.sampled_from(classes))
    now = datetime(day.year, day.month, day.day, 9, 30, tzinfo=TOKYO) - timedelta(days=ahead, hours=3)
    asked = {
        "facility": hall.facility.key,
        "room": room,
        "applicant_class": who,
        "channel": channel,
        "now": now,
    }
    offered = slots(rules, facility=hall.facility.key, room=room, day=day)
    first, last = bookable_days(rules, **asked)
    for slot in offered.slots[:4]:
        ends = slot.starts + max(slot.ends - slot.starts, offered.minimum or 0)
        decision = may_apply(rules, day=day, starts=slot.starts, ends=ends, **asked)
        if decision.allowed:
            assert first <= day <= last
        elif first <= day <= last:
            others = {
                "refused",
                "not_received_now",
                "already_started",
                "not_yet_open",
                "window_closed",
                "outside_hours",
            }
            assert {reason.code for reason in decision.reasons} <= others
    if not offered.slots:
        assert not may_apply(rules, day=day, starts=600, ends=660, **asked).allowed


@given(data=st.data(), day=days)
def test_lines_of_every_example_add_up_in_whole_yen(compiled, data, day):
    rules = compiled[data.draw(st.sampled_from(NAMES))]
    hall, room = some_room(data, rules)
    who = data.draw(st.sampled_from([one.key for one in rules.document.applicant_classes]))
    for slot in slots(rules, facility=hall.facility.key, room=room, day=day).slots[:6]:
        try:
            answer = quote(
                rules,
                facility=hall.facility.key,
                room=room,
                day=day,
                starts=slot.starts,
                ends=slot.ends,
                applicant_class=who,
            )
        except NoPrice:
            continue
        assert answer.total_yen == sum(line.quantity * line.unit_yen for line in answer.lines) >= 0


@given(data=st.data(), day=days, ahead=st.integers(-3, 200), paid=st.integers(0, 1_000_000))
def test_a_refund_never_exceeds_what_was_paid(compiled, data, day, ahead, paid):
    rules = compiled[data.draw(st.sampled_from(NAMES))]
    hall, room = some_room(data, rules)
    cause = data.draw(st.sampled_from([one.key for one in rules.document.causes]))
    now = datetime(day.year, day.month, day.day, 10, tzinfo=TOKYO) - timedelta(days=ahead)
    asked = {"facility": hall.facility.key, "room": room, "day": day, "cause": cause, "now": now}
    answer = refund(rules, paid_yen=paid, **asked)
    assert answer.refund_yen is None or 0 <= answer.refund_yen <= paid
    assert cancellation(rules, starts=600, paid_yen=paid, **asked).refund_yen == answer.refund_yen
    changed = change(rules, old_yen=paid, new_yen=data.draw(st.integers(0, 1_000_000)), **asked)
    assert changed.refund_yen is None or 0 <= changed.refund_yen <= paid


@given(day=days, turn=days)
def test_a_new_version_changes_nothing_before_its_day(compiled, documents, day, turn):
    document = documents["akiruno"]
    hall = document.facilities[0]
    dearer = tuple(
        room.model_copy(update={"fee": room.fee.model_copy(update={"yen_per_hour": 9000})})
        for room in hall.rooms
    )
    later = compile_rules(
        document.model_copy(
            update={"effective_from": turn, "facilities": (hall.model_copy(update={"rooms": dearer}),)}
        )
    )
    chosen = in_force([compiled["akiruno"], later], day)
    answer = quote(
        chosen,
        facility="chuo-kominkan",
        room="shukai",
        day=day,
        starts=600,
        ends=660,
        applicant_class="general",
    )
    assert answer.total_yen == (9000 if day >= turn else 800)


def test_a_refund_by_months_and_less_a_fee(small):
    ladder = "- {causes: [own], by: {months_before: 3}, percent: 100, less_yen: 500}\n      - {causes: [own], at_least"
    rules = compile_rules(parse(small.replace("- {causes: [own], at_least", ladder)))

    def back(now, paid=2000):
        return refund(
            rules,
            facility="hall",
            room="big",
            day=date(2027, 9, 15),
            paid_yen=paid,
            cause="own",
            now=datetime.fromisoformat(now).replace(tzinfo=TOKYO),
        )

    assert back("2027-06-15T23:59").refund_yen == 1500
    assert back("2027-06-15T23:59", 300).refund_yen == 0
    assert back("2027-06-16T00:00").refund_yen == 1400


def test_a_deregistered_person_waits_and_others_do_not(compiled):
    rules, out = compiled["kanazawa"], date(2027, 6, 1)
    assert barred_until(rules, facility="sports", deregistered_on=out, role="deputy") == date(2027, 12, 1)
    assert barred_until(rules, facility="sports", deregistered_on=out, role="member") is None
    waits = register(rules, facility="sports", day=date(2027, 11, 30), deregistered_on=out, role="deputy")
    assert waits.reasons[0].sentence() == "2027年12月1日まで登録できません。"


@pytest.mark.parametrize(
    ("members", "counted", "code"),
    [(1, 1, "too_few_members"), (5, 2, "too_few_of"), (4, 2, "registered")],
)
def test_a_group_needs_its_members(compiled, members, counted, code):
    answer = register(
        compiled["hirakata"], facility="sada", day=date(2027, 6, 10), members=members, counted=counted
    )
    assert answer.reasons[0].code == code
    assert answer.allowed == (code == "registered")


PENALTY = """penalties:
  hall:
    within_days: 365
    offences: [{key: no-show, name: 無断, points: 1}]
    steps: [{at_least: 3, name: 3か月の利用停止, suspends_months: 3}]
rounding: {unit: 10"""


def test_offences_within_a_year_suspend_from_the_last_of_them(small):
    text = small.replace("rounding: {unit: 10", PENALTY)
    rules = compile_rules(
        parse(text.replace("    time: hourly\n", "    time: hourly\n    penalty: hall\n", 1))
    )
    days_of = [date(2026, 4, 1), date(2026, 10, 1), date(2027, 3, 31)]

    def stands(day):
        return penalty(rules, facility="hall", events=[Event("no-show", one) for one in days_of], day=day)

    assert stands(date(2027, 3, 31)).suspended_until == date(2027, 6, 30)
    assert stands(date(2027, 4, 1)).points == 2
    assert stands(date(2027, 4, 1)).suspended_until is None
