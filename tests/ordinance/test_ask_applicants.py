"""Applicants are asked what some rule of the room can look at, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    NoPrice,
    UnknownFacility,
    UnknownRoom,
    asked_of,
    compile_rules,
    parse,
    quote,
    slots,
)

from .conftest import EXAMPLES

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
ADDED = """\
purposes:
  - {key: general, name: 一般}
  - {key: commercial, name: 営利, name_en: Commercial}
  - {key: practice, name: 練習}
questions:
  - {key: admission, name: 入場料, name_en: Admission, unit: 円}
  - {key: zone, name: 圏域, usual: inside, choices: [{key: inside, name: 内}, {key: outside, name: 外}]}
  - {key: cooking, name: 火を使う}
  - {key: rain, name: 雨}
  - {key: unused, name: 使わない}
  - {key: won, name: 当選, answered_by: system}
  - {key: power, name: 電力量, unit: kWh, answered_by: staff}
adjustments:
  all:
    stack: add
    rows:
      - {name: 営利, when: {purpose: commercial}, add: 3割}
      - {name: 当選, when: {won: true}, take: 1割}
      - {name: 大きい部屋の入場料, when: {admission: 1.., room: big}, add: 50%}
      - {name: 夜の圏域外, when: {zone: outside, slot: night}, add: 50%}
extras:
  hall:
    - {key: stove, name: こんろ, when: {cooking: true}, unless: {room: koma}, fee: {yen: 100}}
    - {key: piano, name: ピアノ, unit: 1台, unless: {room: half}, fee: {yen: 500}}
    - {key: power, name: 電力, unless: {room: half}, fee: {yen: 30, per: power}}
    - {key: lamp, name: 電灯}
exemptions:
  hall:
    - {key: child, name: 子ども, percent: 50, when: {headcount: 5..}}
rounding: {unit: 10"""


@pytest.fixture(scope="module")
def rules(small):
    text = small.replace("rounding: {unit: 10", ADDED).replace(
        "    cancellation: ladder\n",
        "    cancellation: ladder\n    adjustment: all\n    extras: hall\n    exemption: hall\n",
    )
    text = text.replace("[city], percent", "[city], when: {rain: true}, percent")
    return compile_rules(parse(text))


def asked(rules, room):
    return asked_of(rules, facility="hall", room=room)


def test_a_question_is_asked_only_where_a_rule_of_the_room_looks_at_it(rules):
    assert [one.key for one in asked(rules, "big").questions] == ["admission", "cooking", "power"]
    assert [one.key for one in asked(rules, "koma").questions] == ["zone", "power"]


def test_a_question_says_how_it_is_answered(rules):
    admission, cooking, power = asked(rules, "big").questions
    assert (admission.kind, admission.unit, admission.name_en) == ("number", "円", "Admission")
    assert (cooking.kind, power.answered_by) == ("yes_no", "staff")
    zone = asked(rules, "koma").questions[0]
    assert (zone.kind, zone.usual, [one.key for one in zone.choices]) == (
        "choice",
        "inside",
        ["inside", "outside"],
    )


def test_what_the_system_knows_is_not_asked(rules):
    assert all(one.key != "won" for room in ("big", "half", "koma") for one in asked(rules, room).questions)


def test_a_half_is_asked_what_the_whole_depends_on(rules):
    assert [one.key for one in asked(rules, "half").questions] == ["cooking"]
    assert [one.key for one in asked(rules, "half").purposes] == ["general", "commercial", "practice"]


def test_purposes_are_offered_where_one_of_them_matters_beside_those_that_never_do(small, rules):
    assert asked(compile_rules(parse(small)), "big").purposes == ()
    assert asked(rules, "big").purposes[1].name_en == "Commercial"


def test_extras_are_those_to_be_had_in_the_room_that_do_not_come_by_themselves(rules):
    assert [one.key for one in asked(rules, "big").extras] == ["piano", "power"]
    assert [one.key for one in asked(rules, "half").extras] == []


def test_the_number_of_people_is_needed_where_a_rule_looks_at_it(small, rules):
    assert asked(rules, "big").headcount
    assert not asked(compile_rules(parse(small)), "big").headcount


def test_what_only_a_refund_looks_at_is_asked_when_cancelling(rules):
    assert [one.key for one in asked(rules, "big").when_cancelling] == ["rain"]


def test_a_room_that_is_not_there_is_an_error(rules):
    with pytest.raises(UnknownRoom):
        asked(rules, "attic")
    with pytest.raises(UnknownFacility):
        asked_of(rules, facility="none", room="big")


@pytest.fixture(scope="module")
def compiled(documents):
    return {name: compile_rules(document) for name, document in documents.items()}


@given(data=st.data(), day=st.dates(date(2027, 4, 1), date(2028, 3, 31)))
def test_an_answer_that_is_not_asked_for_changes_no_price(compiled, data, day):
    rules = compiled[data.draw(st.sampled_from(NAMES))]
    hall = data.draw(st.sampled_from([one for one in rules.facilities.values() if one.rooms]))
    room = data.draw(st.sampled_from(sorted(hall.rooms)))
    found = asked_of(rules, facility=hall.facility.key, room=room)
    known = {one.key for one in found.questions}
    others = {}
    for one in rules.document.questions:
        if one.key not in known and one.answered_by != "system":
            usual = [choice.key for choice in one.choices] or ([1, 1000] if one.unit else [True, False])
            others[one.key] = data.draw(st.sampled_from(usual))
    purposes = [one.key for one in rules.document.purposes]
    who = data.draw(st.sampled_from([one.key for one in rules.document.applicant_classes]))
    for slot in slots(rules, facility=hall.facility.key, room=room, day=day).slots[:3]:

        def price(purpose=None, answers=None, headcount=None, slot=slot):
            try:
                return quote(
                    rules,
                    facility=hall.facility.key,
                    room=room,
                    day=day,
                    starts=slot.starts,
                    ends=slot.ends,
                    applicant_class=who,
                    purpose=purpose,
                    answers=answers,
                    headcount=headcount,
                ).total_yen
            except NoPrice as error:
                return str(error)

        assert price(answers=others) == price()
        if not found.purposes and purposes:
            assert price(data.draw(st.sampled_from(purposes))) == price()
        if not found.headcount:
            assert price(headcount=7) == price()
