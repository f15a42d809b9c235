"""Prices by people, quantities, months, slots in a row: what other municipalities' tables say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    InvalidDocument,
    MissingAnswer,
    NotInStock,
    Quote,
    Use,
    asked_of,
    compile_rules,
    parse,
    quote_uses,
    run_cases,
)

DAY = date(2027, 4, 6)
QUESTIONS = """\
questions:
  - {key: adults, name: 大人, unit: 人, usual: 0}
  - {key: children, name: 小学生, unit: 人, usual: 0}
  - {key: nights, name: 泊数, unit: 泊, usual: 1}
  - {key: takings, name: 入場料の総額, unit: 円, answered_by: staff}
  - {key: kwh, name: 電力量, unit: kWh, answered_by: staff}
extras:
  hall:
    - {key: piano, name: ピアノ, stock: 2, fee: {yen: 500}}
    - {key: chair, name: 椅子, fee: {yen: 20, beyond: 100}}
    - {key: panel, name: パネル, fee: {yen: 300, each: 10}}
    - {key: gas, name: ガス, fee: {later: 実費}}
    - {key: power, name: 電力, fee: {share: 27.5倍, of: kwh}}
    - {key: pass, name: 回数券, fee: {yen: 3000}}
    - {key: mic, name: マイク, fee: {table: [{when: {with_extra: piano}, yen: 0}, {yen: 200}]}}
    - {key: deposit, name: 保証金, deposit: true, when: {headcount: 50..}, fee: {yen: 10000}}
    - {key: waiting, name: 控室, fee: {table: [{when: {with_room: koma}, yen: 0}, {yen: 400}]}}
    - {key: light, name: 照明, fee: {every: {minutes: 30, yen: 110}}}
    - {key: permit, name: 手続, fee: {yen: 70, once: reservation}}
rounding: {unit: 1, mode: down}"""


def hall(small, fee="{yen_per_hour: 1530}", koma=None, **changes):
    text = small.replace("rounding: {unit: 10, mode: down}", QUESTIONS)
    text = text.replace("fee: {yen_per_hour: 1530}", f"fee: {fee}").replace(
        "    cancellation: ladder\n", "    cancellation: ladder\n    extras: hall\n"
    )
    if koma:
        text = text.replace("{yen_per_slot: {am: 1000, pm: 1300, night: 1600, am-pm: 2000}}", koma)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return compile_rules(parse(text))


def price(rules, *uses, **asked) -> Quote:
    uses = uses or (Use("big", DAY, 540, 600),)
    return quote_uses(rules, facility="hall", uses=uses, applicant_class="general", **asked)


PEOPLE = (
    "{choose: sum, table: [{name: 大人, yen: 400, per: adults}, {name: 小学生, yen: 100, per: children}]}"
)


def test_people_of_several_kinds_are_added_up(small):
    rules = hall(small, PEOPLE)
    answer = price(rules, answers={"adults": 3, "children": 2})
    assert [(line.label_ja, line.quantity, line.yen) for line in answer.lines] == [
        ("大会議室 大人", 3, 1200),
        ("大会議室 小学生", 2, 200),
    ]
    assert [line.label_ja for line in price(rules, answers={"adults": 1}).lines] == ["大会議室 大人"]
    assert [one.key for one in asked_of(rules, facility="hall", room="big").questions][:2] == [
        "adults",
        "children",
    ]


@pytest.mark.parametrize(("people", "yen"), [(1, 500), (10, 500), (11, 550), (30, 1500)])
def test_ten_people_have_one_price_and_each_further_one_more(small, people, yen):
    rules = hall(small, "{choose: sum, table: [{yen: 500}, {yen: 50, per: headcount, beyond: 10}]}")
    assert price(rules, headcount=people).total_yen == yen


@pytest.mark.parametrize(("people", "yen"), [(5, 500), (30, 3000), (31, 3080)])
def test_brackets_are_filled_one_after_the_other(small, people, yen):
    brackets = "{yen: 100, per: headcount, up_to: 30}, {yen: 80, per: headcount, beyond: 30}"
    assert price(hall(small, f"{{choose: sum, table: [{brackets}]}}"), headcount=people).total_yen == yen


@pytest.mark.parametrize(("people", "yen"), [(1, 1000), (20, 1000), (21, 2000)])
def test_each_started_twenty_people_cost_the_same(small, people, yen):
    assert price(hall(small, "{yen: 1000, per: headcount, each: 20}"), headcount=people).total_yen == yen


def test_several_numbers_are_multiplied(small):
    rules = hall(small, "{yen: 200, per: [headcount, nights]}")
    assert price(rules, headcount=4, answers={"nights": 3}).total_yen == 2400
    with pytest.raises(MissingAnswer):
        price(rules)


def test_the_capacity_of_the_room_is_a_number(small):
    rules = hall(small, "{share: 5%, of: adults, per: capacity}")
    assert price(rules, answers={"adults": 1000}).total_yen == 450


def test_a_table_in_a_row_and_a_minimum_beside_the_table(small):
    sat = "{table: [{when: {days: {weekdays: [sat]}}, yen: 900}, {yen: 600}]}"
    rules = hall(small, f"{{choose: sum, at_least: 700, table: [{sat}, {{yen: 10, per: headcount}}]}}")
    assert price(rules, headcount=5).total_yen == 700
    assert price(rules, headcount=40).total_yen == 1000
    saturday = Use("big", date(2027, 4, 10), 540, 600)
    assert price(rules, saturday, headcount=5).total_yen == 950


def test_a_third_of_a_room_is_a_share(small):
    rules = hall(small, part=("{percent: 50, of: big}", "{share: 1/3, of: big}"))
    answer = price(rules, Use("half", DAY, 540, 660))
    assert [(line.quantity, line.unit_yen) for line in answer.lines] == [(2, 510)]
    assert answer.lines[0].reason.sentence() == "大会議室の額の1/3です。"


def test_a_row_of_a_table_may_be_a_share_of_a_room(small):
    table = "{table: [{when: {days: {weekdays: [sat]}}, percent: 60, of: big}, {percent: 50, of: big}]}"
    rules = hall(small, part=("{percent: 50, of: big}", table))
    assert price(rules, Use("half", DAY, 540, 600)).total_yen == 765
    assert price(rules, Use("half", date(2027, 4, 10), 540, 600)).total_yen == 918


def test_rooms_that_are_shares_of_each_other_are_a_mistake(small):
    with pytest.raises(InvalidDocument, match="自分の額を持つ部屋"):
        hall(small, "{table: [{share: 1/2, of: half}]}")


def test_a_month_and_a_reservation_are_charged_once(small):
    rules = hall(small, "{yen_per_month: 11000}")
    days = [Use("big", date(2027, 4, number), 540, 600, extras={"permit": 1}) for number in (6, 7, 30)]
    answer = price(rules, *days, Use("big", date(2027, 5, 1), 540, 600))
    assert answer.total_yen == 22_070
    assert price(rules, *reversed(days)).total_yen == 11_070


def test_the_pause_between_two_slots_may_be_charged(small):
    fee = "{yen_per_slot: {am: 1000, pm: 1300, night: 1600, am-pm: 2000}, pause: PAUSE}"
    rules = hall(small, koma=fee.replace("PAUSE", "{yen_per_hour: 150}"))
    assert price(rules, Use("koma", DAY, 780, 1320)).total_yen == 1300 + 150 + 1600
    assert price(rules, Use("koma", DAY, 540, 720)).total_yen == 1000
    third = hall(small, koma=fee.replace("PAUSE", "{share: 1/4}"))
    assert price(third, Use("koma", DAY, 780, 1320)).total_yen == 1300 + 325 + 1600


@pytest.mark.parametrize(("share", "yen"), [("yen: 700", 700), ("share: 1割, share_of: am-pm", 200)])
def test_a_room_may_have_its_own_price_for_extra_time(small, share, yen):
    fee = f"{{yen_per_slot: {{am: 1000, pm: 1300, night: 1600, am-pm: 2000}}, extension: {{{share}}}}}"
    longer = (
        "  koma:\n    slots:",
        "  koma:\n    extension: {step: 60, share: 1/3, before: true}\n    slots:",
    )
    rules = hall(small, koma=fee, longer=longer)
    assert price(rules, Use("koma", DAY, 540, 720, extension_minutes=60)).total_yen == 1000 + yen


def test_what_is_free_up_to_a_number_counts_beyond_it(small):
    rules = hall(small)
    assert (
        price(rules, Use("big", DAY, 540, 600, extras={"chair": 103, "panel": 11})).total_yen
        == 1530 + 60 + 600
    )
    assert price(rules, Use("big", DAY, 540, 600, extras={"chair": 100})).total_yen == 1530


def test_no_more_is_lent_than_there_is(small):
    rules = hall(small)
    assert price(rules, Use("big", DAY, 540, 600, extras={"piano": 2})).total_yen == 2530
    with pytest.raises(NotInStock, match="多くありません"):
        price(rules, Use("big", DAY, 540, 600, extras={"piano": 3}))
    with pytest.raises(NotInStock):
        price(rules, extras={"piano": 3})
    stock = {one.key: one.stock for one in asked_of(rules, facility="hall", room="big").extras}
    assert (stock["piano"], stock["mic"]) == (2, None)


def test_something_is_free_beside_something_else(small):
    rules = hall(small)
    assert price(rules, Use("big", DAY, 540, 600, extras={"mic": 1})).total_yen == 1730
    assert price(rules, Use("big", DAY, 540, 600, extras={"mic": 1, "piano": 1})).total_yen == 2030
    both = Use("big", DAY, 540, 600, extras={"waiting": 1}), Use("koma", DAY, 540, 720)
    assert price(rules, *both).total_yen == 2530


def test_actual_cost_is_settled_after_the_use(small):
    rules = hall(small)
    answer = price(rules, Use("big", DAY, 540, 600, extras={"gas": 1}))
    assert (answer.total_yen, answer.settled_later) == (1530, True)
    assert answer.lines[-1].reason.sentence() == "実費は、利用の後に精算します。"
    assert Quote.from_dict(answer.to_dict()) == answer
    assert not price(rules).settled_later


def test_what_staff_read_off_after_the_use_is_added_then(small):
    rules = hall(small, "{percent: 10, of: takings, at_least: 5000}")
    before = price(rules, Use("big", DAY, 540, 600, extras={"power": 1}))
    assert (before.total_yen, before.settled_later) == (5000, True)
    after = price(
        rules, Use("big", DAY, 540, 600, extras={"power": 1}), answers={"takings": 90_000, "kwh": 10}
    )
    assert (after.total_yen, after.settled_later) == (9275, False)


def test_a_deposit_is_paid_but_no_part_of_the_fee(small):
    answer = price(hall(small), headcount=60)
    assert (answer.total_yen, answer.deposit_yen) == (11_530, 10_000)


def test_passes_and_coupons_are_sold_without_a_room(small):
    answer = quote_uses(hall(small), facility="hall", uses=(), applicant_class="general", extras={"pass": 2})
    assert answer.total_yen == 6000


SECOND = "{yen_per_slot: {am: 1000, pm: 1300, night: 1600, am-pm: 2000}}"


@pytest.mark.parametrize(
    ("when", "uses", "yen"),
    [
        ("rooms: 2..", [("big", 540, 600)], 1530),
        ("rooms: 2..", [("big", 540, 600), ("half", 780, 840)], 765 + 382),
        ("room_number: 2..", [("big", 540, 600), ("half", 780, 840)], 1530 + 382),
        ("slot_number: 2..", [("koma", 780, 1320)], 1300 + 800),
        ("slots: 2..", [("koma", 780, 1320)], 650 + 800),
        ("minutes: 90..", [("big", 540, 660)], 1530),
        ("days_ahead: ..3", [("big", 540, 600)], 765),
    ],
)
def test_several_rooms_or_slots_cost_less(small, when, uses, yen):
    rows = (
        f"adjustments: {{less: {{stack: add, rows: [{{name: 割引, when: {{{when}}}, take: 5割}}]}}}}\nextras:"
    )
    rules = hall(
        small,
        more=("extras:\n", rows + "\n"),
        use=("    extras: hall\n", "    extras: hall\n    adjustment: less\n"),
    )
    used = [Use(room, DAY, starts, ends) for room, starts, ends in uses]
    assert price(rules, *used, booked_on=date(2027, 4, 3)).total_yen == yen
    assert price(rules, *reversed(used), booked_on=date(2027, 4, 3)).total_yen == yen


@pytest.mark.parametrize(
    ("fee", "field", "reason"),
    [
        ("{yen: 5, per: people}", "fee.per", "「people」は"),
        ("{yen: 5, per: [headcount, nights], each: 2}", "fee.per", "per は一つに"),
        ("{yen: 5, per: headcount, beyond: 9, up_to: 9}", "fee.up_to", "beyond より大きい"),
        ("{yen: 5, choose: sum}", "fee.choose", "table と一緒に"),
        ("{yen: 5, share: 1/2, of: half}", "fee", "どれか一つ"),
        ("{share: 1/2}", "fee", "どれか一つ"),
        ("{percent: 5, of: fee}", "fee.of", "「fee」は"),
        ("{yen: 5, pause: {yen_per_hour: 5}}", "fee.pause", "yen_per_slot と一緒に"),
        ("{yen: 5, extension: {share: 1/2, share_of: dawn}}", "fee.extension.share_of", "「dawn」は"),
        ("{yen: 5, extension: {share_of: am}}", "fee.extension", "yen か share"),
        ("{choose: sum, table: [{yen: 5, yen_per_hour: 5}]}", "fee.table[0]", "どれか一つ"),
    ],
)
def test_a_mistake_in_a_price_is_shown_where_it_stands(small, fee, field, reason):
    with pytest.raises(InvalidDocument) as caught:
        hall(small, fee)
    first = caught.value.problems[0]
    assert first.field == f"facilities[0].rooms[0].{field}"
    assert reason in first.reason_ja


@pytest.fixture(scope="module")
def counted(small):
    fee = PEOPLE.replace("yen: 400", "yen: 399, each: 7, beyond: 3")
    return hall(small, fee.replace("{choose", "{at_least: 999, choose"))


@given(
    adults=st.integers(0, 300),
    children=st.integers(0, 300),
    quantity=st.integers(1, 300),
    order=st.permutations(range(4)),
)
def test_lines_add_up_whatever_the_numbers_and_the_order(counted, adults, children, quantity, order):
    uses = [
        Use("big", DAY, 540, 600, extras={"chair": quantity, "panel": quantity}),
        Use("half", DAY, 600, 660, extras={"permit": 1}),
        Use("big", DAY, 660, 720, extras={"permit": 2, "waiting": 1}),
        Use("koma", DAY, 540, 1020),
    ]
    asked = {"answers": {"adults": adults, "children": children}}
    answer = price(counted, *uses, **asked)
    assert answer.total_yen == sum(line.quantity * line.unit_yen for line in answer.lines)
    assert price(counted, *[uses[index] for index in order], **asked).lines == answer.lines


NIGHT = "{table: [{when: {slot: night}, yen_per_slot: PRICES}, {yen_per_slot: PRICES2}]}".replace(
    "PRICES2", "{am: 1, pm: 2, night: 4, am-pm: 3}"
).replace("PRICES", "{am: 10, pm: 20, night: 40, am-pm: 30}")


def test_a_row_of_a_table_holds_for_its_slots_alone(small):
    rules = hall(small, koma=NIGHT)
    assert price(rules, Use("koma", DAY, 1080, 1320)).total_yen == 40
    assert price(rules, Use("koma", DAY, 780, 1320)).total_yen == 42
    assert price(rules, Use("koma", DAY, 540, 1320)).total_yen == 43


def test_an_extra_of_one_slot_comes_with_that_slot_even_in_a_combination(small):
    extra = (
        "    - {key: piano",
        "    - {key: guard, name: 管理, when: {slot: [pm, night]}, fee: {yen: 70}}\n    - {key: piano",
    )
    rules = hall(small, guard=extra)
    assert price(rules, Use("koma", DAY, 540, 720)).total_yen == 1000
    assert price(rules, Use("koma", DAY, 1080, 1320)).total_yen == 1670
    assert price(rules, Use("koma", DAY, 540, 1020)).total_yen == 2070
    assert price(rules, Use("koma", DAY, 780, 1320)).total_yen == 2900 + 140


def test_what_is_always_charged_is_not_asked_for(small):
    extra = (
        "    - {key: piano",
        "    - {key: clean, name: 清掃, always: true, fee: {yen: 70}}\n    - {key: piano",
    )
    rules = hall(small, clean=extra)
    assert price(rules).total_yen == 1600
    assert "clean" not in [one.key for one in asked_of(rules, facility="hall", room="big").extras]


def test_extra_time_may_cost_a_share_of_the_dearest_slot(small):
    fee = "{yen_per_slot: {am: 1000, pm: 1300, night: 900, am-pm: 2000}, extension: {share: 3割, share_of: dearest}}"
    longer = ("  koma:\n    slots:", "  koma:\n    extension: {step: 60, before: true}\n    slots:")
    rules = hall(small, koma=fee, longer=longer)
    assert price(rules, Use("koma", DAY, 780, 1320, early_minutes=60)).total_yen == 2200 + 390
    assert price(rules, Use("koma", DAY, 780, 1320, extension_minutes=60)).total_yen == 2200 + 390


def test_a_closed_day_does_not_break_a_run_and_is_not_counted(small):
    rules = hall(small, "{every_days: {days: 6, yen: 18000}}")  # Mondays are closed
    first = [Use("big", date(2027, 4, number), 540, 600) for number in range(6, 12)]
    second = [Use("big", date(2027, 4, number), 540, 600) for number in range(13, 19)]
    assert price(rules, *first).total_yen == 18_000
    assert price(rules, *first, *second).total_yen == 36_000
    later = (
        "adjustments: {less: {stack: add, rows: [{name: 割引, when: {run_day: 7..}, take: 5割}]}}\nextras:\n"
    )
    halved = hall(
        small,
        "{every_days: {days: 6, yen: 18000}}",
        more=("extras:\n", later),
        use=("    extras: hall\n", "    extras: hall\n    adjustment: less\n"),
    )
    assert price(halved, *second, *first).total_yen == 27_000
    gap = [one for one in first if one.day.day != 9]  # an open day in between begins a new run
    assert price(halved, *gap, *second).total_yen == 54_000 - 9_000


@pytest.mark.parametrize(
    ("totals", "uses", "asked", "yen"),
    [
        ("{at_least: 2000}", [(540, 600)], {}, 2000),
        ("{at_least: 2000}", [(540, 600), (600, 660)], {}, 4000),
        ("{at_most: 2000, per: day}", [(540, 600), (600, 660)], {}, 2000),
        ("{at_most: 1700, per: day, covers: all}", [(540, 600)], {"piano": 1}, 1700),
        ("{at_most: 1700, per: day}", [(540, 600)], {"piano": 1}, 2030),
        ("{at_least: 9000, per: reservation}", [(540, 600), (600, 660)], {}, 9000),
        ("{at_least: 9000, when: {room: half}}", [(540, 600)], {}, 1530),
        ("{at_least: 5000, at_most: 4000}", [(540, 600)], {}, 4000),
    ],
)
def test_a_use_a_day_and_a_reservation_have_bounds(small, totals, uses, asked, yen):
    rules = hall(small, bounds=("calendars:\n", f"totals: [{totals}]\ncalendars:\n"))
    used = [Use("big", DAY, starts, ends, extras=asked) for starts, ends in uses]
    answer = price(rules, *used)
    assert answer.total_yen == yen == sum(line.yen for line in answer.lines)


def test_a_case_answers_with_whole_numbers(small):
    case = "cases: [{id: X, kind: fee, given: {room: big, hours: 1, answers: {kwh: 1.5}}, expect: {yen: 1530}}]\n"
    (result,) = run_cases(hall(small, cases=("facilities:\n", f"{case}facilities:\n")).document)
    assert "kwh の答えは整数で" in result.got["error"]
