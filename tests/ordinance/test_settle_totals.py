"""Where fractions are cut, tax, ceilings of surcharges, and what several exemptions take off."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    Grant,
    InvalidDocument,
    Use,
    compile_rules,
    exempt,
    parse,
    quote_uses,
    run_cases,
)

DAY = date(2027, 4, 6)
EXTRA = """\
questions:
  - {key: admission, name: 入場料, unit: 円}
purposes:
  - {key: commercial, name: 営利}
adjustments:
  town:
    stack: add
    at_most: 10割
    rows:
      - {name: 営利, when: {purpose: commercial}, add: 8割}
      - {name: 入場料, when: {admission: 1..}, add: 50%}
      - {name: 夜間, during: "18:00-22:00", add: 20%, unless: {exempted: school}}
extras:
  hall:
    - {key: heating, name: 暖房, fee: {yen_per_hour: 305}}
    - {key: gas, name: ガス, fee: {yen: 95}}
    - {key: deposit, name: 保証金, deposit: true, fee: {yen: 5003}}
exemptions:
  hall:
    - {key: school, name: 学校, percent: 50}
    - {key: welfare, name: 福祉, take: 1/3, covers: all, excludes: [gas]}
    - {key: town, name: 町の後援, percent: 30, stack: add}
    - {key: child, name: 子ども, percent: 10, stack: multiply}
    - {key: card, name: 証明書, take_yen: 1000, covers: all}
    - {key: half, name: 半額, percent: 50, at_most_yen: 500, covers: all}
    - {key: free, name: 免除, percent: 100, at_least: 100}
    - {key: often, name: 年2回, percent: 100, at_most_times: 2}
    - {key: up, name: 切上げ, percent: 50, rounding: {unit: 100, mode: up}}
    - {key: cut, name: 切捨て, percent: 50, rounding: {unit: 100, mode: down, of: change}}
"""


def hall(small, rounding="{unit: 1, mode: down}", more="", **changes):
    text = small.replace("rounding: {unit: 10, mode: down}", f"{EXTRA}rounding: {rounding}\n{more}")
    text = text.replace(
        "    cancellation: ladder\n",
        "    cancellation: ladder\n    adjustment: town\n    extras: hall\n    exemption: hall\n",
    )
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return compile_rules(parse(text))


def price(rules, *uses, **asked):
    return quote_uses(rules, facility="hall", uses=uses, applicant_class="general", **asked)


def big(starts=9, hours=1, day=DAY, **asked):
    return Use("big", day, starts * 60, (starts + hours) * 60, **asked)


@pytest.mark.parametrize(
    ("asked", "admission", "yen"),
    [({}, 0, 1530), ({"purpose": "commercial"}, 0, 2754), ({"purpose": "commercial"}, 5, 3060)],
)
def test_all_that_is_added_has_a_ceiling(small, asked, admission, yen):
    assert price(hall(small), big(**asked), answers={"admission": admission}).total_yen == yen


def test_what_is_beyond_the_ceiling_is_left_off_the_last_line(small):
    lines = price(hall(small), big(purpose="commercial"), answers={"admission": 5}).lines
    assert [(line.label_ja, line.yen) for line in lines] == [
        ("大会議室 09:00-10:00", 1530),
        ("営利", 1224),
        ("入場料", 306),
    ]


@pytest.mark.parametrize(
    ("starts", "hours", "yen"), [(9, 4, 6120), (18, 2, 3672), (17, 2, 3366), (16, 1, 1530)]
)
def test_a_part_of_the_time_is_dearer(small, starts, hours, yen):
    assert price(hall(small), big(starts, hours)).total_yen == yen


@pytest.mark.parametrize(("stack", "yen"), [("most", 2754), ("least", 2295)])
def test_of_several_changes_one_counts(small, stack, yen):
    rules = hall(small, one=("stack: add\n    at_most: 10割", f"stack: {stack}"))
    assert price(rules, big(purpose="commercial"), answers={"admission": 5}).total_yen == yen


def test_a_fraction_is_cut_where_a_change_is_made(small):
    for cut, yen in (
        ("{unit: 100, mode: up}", 2800),
        ("{unit: 100, mode: down, of: change}", 2730),
    ):
        rules = hall(small, cut=("add: 8割}", f"add: 8割, rounding: {cut}}}"))
        assert price(rules, big(purpose="commercial")).total_yen == yen


@pytest.mark.parametrize(
    ("at", "yen"),  # twice half of 1,530 for three hours, the fee as such for one slot
    [("unit", 2 * 3 * 760 + 1000), ("line", 2 * 2290 + 1000), ("use", 2 * 2290 + 1000), ("total", 5590)],
)
def test_fractions_are_cut_at_each_price_line_use_or_at_the_end(small, at, yen):
    rules = hall(small, f"{{unit: 10, mode: down, at: {at}}}")
    uses = Use("half", DAY, 540, 720), Use("half", DAY, 780, 960), Use("koma", DAY, 540, 720)
    assert price(rules, *uses).total_yen == yen


def test_tax_on_prices_written_without_it_is_rounded_with_them(small):
    rules = hall(small, "{unit: 10, mode: down}", "tax: {share: 10%, excludes: [gas]}")
    answer = price(rules, big(extras={"heating": 1, "gas": 1, "deposit": 1}))
    assert answer.total_yen == 1680 + 330 + 95 + 5003
    assert answer.lines[1].reason.sentence() == "消費税（10%）を加えます。"
    assert price(rules, big(), ground="school").total_yen == 840


@pytest.mark.parametrize(
    ("cut", "yen"),
    [
        ("{unit: 10, mode: down}", 1680),
        ("{unit: 100, mode: down, of: change}", 1630),
        ("{unit: 1, mode: up}", 1683),
    ],
)
def test_tax_may_come_on_top_of_the_rounded_total(small, cut, yen):
    rules = hall(small, more=f"tax: {{share: 10%, rounding: {cut}}}")
    answer = price(rules, big(extras={"deposit": 1}))
    assert answer.total_yen == yen + 5003
    assert (answer.lines[-1].kind, answer.lines[-1].label_ja) == ("tax", "消費税")


def test_a_hall_may_have_its_own_tax(small):
    rules = hall(small, own=("    adjustment: town\n", "    adjustment: town\n    tax: {share: 1割}\n"))
    assert price(rules, big()).total_yen == 1683


@pytest.mark.parametrize(
    ("grounds", "yen"),
    [
        (["school"], 765),
        (["school", "welfare"], 765),  # the one that takes off most
        (["town"], 1071),
        (["school", "town"], 306),  # 50% + 30%
        (["school", "child"], 689),  # half, and a tenth of that: 688.5
        (["child", "school", "town"], 275),
        (["card"], 530),
        (["half"], 1030),
        (["free"], 100),
        (["up"], 800),
        (["cut"], 830),
        (["nobody"], 1530),
    ],
)
def test_grounds_of_exemption_together(small, grounds, yen):
    answer = price(hall(small, "{unit: 1, mode: half_up}"), big(), ground=grounds)
    assert answer.total_yen == yen
    assert sum(line.yen for line in answer.lines) == yen
    assert answer.before_exemption_yen == (None if grounds == ["nobody"] else 1530)
    assert price(hall(small, "{unit: 1, mode: half_up}"), big(), ground=grounds[::-1]).total_yen == yen


@pytest.mark.parametrize(("after", "yen", "before"), [("true", 1000, 1530), ("false", 765, 1530)])
def test_a_least_that_remains_after_an_exemption(small, after, yen, before):
    rules = hall(small, more=f"totals: [{{at_least: 1000, after_exemption: {after}}}]")
    answer = price(rules, big(), ground="school")
    assert (answer.total_yen, answer.before_exemption_yen) == (yen, before)
    assert sum(line.yen for line in answer.lines) == yen
    assert price(rules, big()).total_yen == 1530


def test_an_exemption_of_all_but_the_actual_cost(small):
    use = big(extras={"heating": 1, "gas": 1, "deposit": 1})
    assert price(hall(small), use, ground="welfare").total_yen == 1020 + 203 + 95 + 5003


def test_an_amount_is_taken_off_once_over_all_that_it_covers(small):
    answer = price(hall(small), big(), big(14), big(16, extras={"heating": 2}), ground="card")
    assert answer.total_yen == 3 * 1530 + 610 - 1000


def test_a_surcharge_is_left_out_where_an_exemption_is_granted(small):
    assert price(hall(small), big(18), ground="school").total_yen == 765
    assert price(hall(small), big(18), ground="welfare").total_yen == 1224


def test_an_exemption_granted_so_often_a_year(small):
    rules = hall(small)
    days = [big(day=date(2027, 4, number)) for number in (6, 7, 8)]
    assert price(rules, *days, ground="often").total_yen == 1530
    assert price(rules, *days, grants=[Grant("often", before=1)]).total_yen == 3060
    asked = {"facility": "hall", "ground": "often", "uses": days[:1], "applicant_class": "general"}
    assert exempt(rules, **asked, granted_before=1).eligible
    answer = exempt(rules, **asked, granted_before=2)
    assert not answer.eligible
    assert answer.reasons[0].sentence() == "年2回の減免は2回までです。"


def test_an_amount_is_a_ground_with_a_reason(small):
    answer = exempt(hall(small), facility="hall", ground="card", uses=[big()], applicant_class="general")
    assert (answer.eligible, answer.quote.total_yen) == (True, 530)
    assert answer.reasons[0].sentence() == "証明書は1,000円まで減額します。"


@pytest.mark.parametrize(
    ("right", "wrong", "field", "reason"),
    [
        ("add: 8割}", "add: 8割, at_most: 5割}", "adjustments.town.rows[0]", "at_most は rows と"),
        ("add: 8割}", "add: 8割, to: [rent]}", "adjustments.town.rows[0].to", "「rent」は"),
        ("at_most: 10割", "rounding: {unit: 1, mode: down}", "adjustments.town", "rounding は"),
        ("covers: all, excludes", "excludes", "exemptions.hall[1].excludes", "covers: all"),
        ("excludes: [gas]", "excludes: [coal]", "exemptions.hall[1].excludes", "「coal」は"),
        ("take_yen: 1000", "take_yen: 1000, percent: 5", "exemptions.hall[4]", "どれか一つ"),
        (
            "    time: hourly\n",
            "    time: hourly\n    tax: {share: 10}\n",
            "facilities[0].tax.share",
            "単位を",
        ),
        (
            "    time: hourly\n",
            "    time: hourly\n    tax: {share: 10%, excludes: [x]}\n",
            "facilities[0].tax.excludes",
            "「x」は",
        ),
    ],
)
def test_a_mistake_is_shown_where_it_stands(small, right, wrong, field, reason):
    with pytest.raises(InvalidDocument) as caught:
        hall(small, change=(right, wrong))
    first = caught.value.problems[0]
    assert first.field == field
    assert reason in first.reason_ja


def test_worked_cases_know_several_grounds_and_how_often_they_were_granted(small):
    cases = """cases:
  - {id: A, kind: fee, given: {room: big, minutes: 60, ground: [school, town]}, expect: {yen: 306, deposit_yen: 0}}
  - {id: B, kind: exempt, given: {room: big, minutes: 60, ground: often, granted_before: 2}, expect: {eligible: false}}
  - {id: C, kind: fee, given: {room: big, minutes: 60, extras: {deposit: 1}}, expect: {deposit_yen: 5003}}
  - {id: D, kind: fee, given: {room: big, minutes: 60, extras: {gas: 1}}, expect: {settled_later: false}}
"""
    results = run_cases(hall(small, more=cases).document)
    assert [(one.id, one.got) for one in results if not one.passed] == []


@given(
    order=st.permutations(range(3)),
    grounds=st.lists(
        st.sampled_from(["school", "welfare", "town", "child", "card", "half", "free", "often", "up", "cut"])
    ),
    at=st.sampled_from(["unit", "line", "use", "total"]),
    unit=st.sampled_from([1, 10, 100]),
    taxed=st.sampled_from(["", "tax: {share: 10%}", "tax: {share: 8%, rounding: {unit: 10, mode: half_up}}"]),
    admission=st.integers(0, 2),
)
def test_an_exemption_never_adds_and_lines_add_up(small, order, grounds, at, unit, taxed, admission):
    key = at, unit, taxed
    if key not in RULES:
        RULES[key] = hall(small, f"{{unit: {unit}, mode: down, at: {at}}}", taxed)
    rules = RULES[key]
    uses = [
        big(17, 3, purpose="commercial", extras={"heating": 1, "gas": 2}),
        Use("half", DAY, 540, 660, extras={"deposit": 1}),
        Use("koma", DAY, 540, 1020, extras={"heating": 1}),
    ]
    asked = {"answers": {"admission": admission}}
    full = price(rules, *uses, **asked)
    less = price(rules, *uses, ground=grounds, **asked)
    assert less.total_yen == sum(line.quantity * line.unit_yen for line in less.lines)
    assert full.deposit_yen <= less.total_yen <= full.total_yen
    shuffled = price(rules, *[uses[index] for index in order], ground=grounds, **asked)
    assert shuffled == less
    assert price(rules, *uses, ground=grounds[::-1], **asked) == less


RULES: dict = {}
