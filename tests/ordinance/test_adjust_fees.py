"""Additions, multiples, tables of combinations, extras and bounds, in a document made for them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import (
    InvalidDocument,
    MissingAnswer,
    NoPrice,
    NotSettled,
    Use,
    compile_rules,
    exempt,
    parse,
    quote_uses,
)

DAY = date(2027, 4, 6)
EXTRA = """\
questions:
  - {key: admission, name: 入場料, unit: 円}
  - {key: takings, name: 入場料の総額, unit: 円}
  - {key: heating, name: 暖房}
purposes:
  - {key: commercial, name: 営利}
adjustments:
  town:
    stack: STACK
    rows:
      - {name: 営利, when: {purpose: commercial}, add: 3割}
      - {name: 入場料, when: {admission: 1..}, add: 50%, to: [fee, heating]}
      - {name: 長い利用, when: {minutes: 180..}, take: 1割}
extras:
  hall:
    - {key: heating, name: 暖房, when: {days: {months: [12, 1, 2]}}, fee: {percent: 20, of: fee}}
    - {key: projector, name: 映写機, fee: {yen_per_day: 500}}
    - {key: lamp, name: 電灯, fee: {every: {minutes: 90, yen: 100}}}
exemptions:
  hall:
    - {key: half, name: 半額, percent: 50, unless: {admission: 1..}}
    - {key: all, name: 冷暖房も, percent: 100, covers: [fee, heating]}
    - {key: upto, name: 職員が決める, at_most_percent: 30}
"""


def town(small, stack="add", **changes):
    text = small.replace(
        "rounding: {unit: 10, mode: down}", EXTRA.replace("STACK", stack) + "rounding: {unit: 1, mode: down}"
    )
    text = text.replace(
        "    cancellation: ladder\n",
        "    cancellation: ladder\n    adjustment: town\n    extras: hall\n    exemption: hall\n",
    )
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return compile_rules(parse(text))


def price(rules, *uses, answers=None, **asked):
    return quote_uses(
        rules, facility="hall", uses=uses, applicant_class="general", answers=answers or {}, **asked
    )


def big(hours=1, day=DAY, **asked):
    return Use("big", day, 540, 540 + hours * 60, **asked)


@pytest.mark.parametrize(
    ("stack", "total"),
    [("add", 2754), ("multiply", 2983), ("first", 1989)],  # 1530 × 1.8, 1530 × 1.3 × 1.5, 1530 × 1.3
)
def test_changes_stack_as_the_document_says(small, stack, total):
    answer = price(town(small, stack), big(purpose="commercial"), answers={"admission": 500})
    assert answer.total_yen == total


def test_what_the_source_does_not_settle_has_no_price(small):
    rules = town(small, "unsettled")
    assert price(rules, big(purpose="commercial")).total_yen == 1989
    with pytest.raises(NotSettled, match="職員が決めます"):
        price(rules, big(purpose="commercial"), answers={"admission": 500})


def test_a_change_says_its_name_and_share(small):
    line = price(town(small), big(purpose="commercial")).lines[-1]
    assert (line.label_ja, line.yen, line.kind) == ("営利", 459, "adjustment")
    assert line.reason.sentence() == "営利は、もとの額の30%を加えます。"


def test_an_extra_is_charged_in_its_season_though_nobody_asked(small):
    january = price(town(small), big(day=date(2028, 1, 12)))
    assert [(line.kind, line.yen) for line in january.lines] == [("fee", 1530), ("heating", 306)]
    assert price(town(small), big()).total_yen == 1530


def test_a_change_reaches_only_what_it_names(small):
    answer = price(town(small), big(day=date(2028, 1, 12), purpose="commercial"), answers={"admission": 1})
    heating = sum(line.yen for line in answer.lines) - 1530 * 18 // 10
    assert heating == 306 * 15 // 10


def test_an_extra_by_day_is_charged_once_for_several_uses(small):
    uses = big(extras={"projector": 1}), Use("half", DAY, 780, 840, extras={"projector": 2})
    answer = price(town(small), *uses)
    assert [(line.quantity, line.yen) for line in answer.lines if line.kind == "projector"] == [(2, 1000)]
    assert price(town(small), *reversed(uses)).total_yen == answer.total_yen


def test_started_blocks_of_time_count_whole(small):
    answer = price(town(small), big(2, extras={"lamp": 3}))
    assert [line.yen for line in answer.lines if line.kind == "lamp"] == [600]


def test_an_unknown_extra_has_no_price(small):
    with pytest.raises(NoPrice):
        price(town(small), big(extras={"piano": 1}))
    with pytest.raises(NoPrice):
        price(town(small), extras={"heating": 0})


def test_a_share_of_takings_needs_them_and_has_a_minimum(small):
    fee = "{percent: 10, of: takings, at_least: 3000}"
    rules = town(small, fee=("fee: {yen_per_hour: 1530}", f"fee: {fee}"))
    assert price(rules, big(), answers={"takings": 100_000}).total_yen == 10_000
    assert price(rules, big(), answers={"takings": 100}).total_yen == 3000
    with pytest.raises(MissingAnswer, match="入力されていません"):
        price(rules, big())


def test_the_dearer_of_a_table_and_a_share_of_takings(small):
    fee = "{choose: dearest, table: [{yen_per_hour: 1530}, {when: {takings: 1..}, percent: 10, of: takings}]}"
    rules = town(small, fee=("fee: {yen_per_hour: 1530}", f"fee: {fee}"))
    assert price(rules, big()).total_yen == 1530
    assert price(rules, big(), answers={"takings": 9_000}).total_yen == 1530
    assert price(rules, big(), answers={"takings": 90_000}).total_yen == 9_000


def test_a_price_changes_by_day_of_booking_or_payment(small):
    for key, asked in (("booked", "booked_on"), ("paid", "paid_on")):
        table = f"{{table: [{{when: {{{key}: 2027-04-01..}}, yen_per_hour: 2000}}, {{yen_per_hour: 1530}}]}}"
        rules = town(small, fee=("fee: {yen_per_hour: 1530}", f"fee: {table}"))
        assert price(rules, big(), **{asked: date(2027, 3, 31)}).total_yen == 1530
        assert price(rules, big(), **{asked: date(2027, 4, 1)}).total_yen == 2000


def test_an_exemption_shows_the_price_before_and_after(small):
    answer = exempt(town(small), facility="hall", ground="half", uses=[big()], applicant_class="general")
    assert (answer.eligible, answer.percent) == (True, 50)
    assert (answer.quote.before_exemption_yen, answer.quote.total_yen) == (1530, 765)
    assert answer.quote.lines[-1].kind == "exemption"


def test_a_condition_shuts_an_exemption_out(small):
    answer = exempt(
        town(small),
        facility="hall",
        ground="half",
        uses=[big()],
        applicant_class="general",
        answers={"admission": 1},
    )
    assert not answer.eligible
    assert answer.quote.total_yen == 2295
    assert "この利用には使えません" in answer.reasons[0].sentence()


def test_an_exemption_covers_what_it_names(small):
    winter = big(day=date(2028, 1, 12))
    rules = town(small)
    assert price(rules, winter, ground="half").total_yen == 765 + 306
    assert price(rules, winter, ground="all").total_yen == 0


def test_a_third_is_taken_off_exactly(small):
    rules = town(small, half=("name: 半額, percent: 50", "name: 学校, take: 3分の1"))
    answer = exempt(rules, facility="hall", ground="half", uses=[big()], applicant_class="general")
    assert (answer.quote.total_yen, answer.share, answer.percent) == (1020, Fraction(1, 3), None)
    assert answer.reasons[0].sentence() == "学校は1/3を減額します。"


def test_staff_have_nothing_to_decide_where_a_condition_speaks_against_it(small):
    rules = town(small, upto=("at_most_percent: 30", "at_most_percent: 30, unless: {admission: 1..}"))
    asked = {"facility": "hall", "ground": "upto", "uses": [big()], "applicant_class": "general"}
    assert exempt(rules, **asked).eligible
    assert not exempt(rules, **asked, answers={"admission": 1}).eligible


def test_staff_decide_up_to_a_ceiling(small):
    def decide(percent):
        return exempt(
            town(small),
            facility="hall",
            ground="upto",
            uses=[big()],
            applicant_class="general",
            percent=percent,
        )

    assert (decide(None).eligible, decide(None).percent) == (True, None)
    assert decide(30).quote.total_yen == 1071
    assert not decide(31).eligible
    assert decide(31).quote.total_yen == 1530


@pytest.mark.parametrize(("decided", "left"), [(500, 1030), (459, 1071), (460, 1071), (10_000, 1071)])
def test_an_amount_staff_decide_is_taken_off_within_the_ceiling(small, decided, left):
    rules = town(small, upto=("at_most_percent: 30", "at_most_percent: 30, at_most_yen: 5000"))
    ceiling = {"at_most_percent: 30": "discretionary: 裁量"} if decided == 500 else {}
    rules = town(small, **{str(i): pair for i, pair in enumerate(ceiling.items())}) if ceiling else rules
    asked = {"facility": "hall", "ground": "upto", "uses": [big()], "applicant_class": "general"}
    found = exempt(rules, **asked, yen=decided)
    assert found.eligible
    assert found.quote.total_yen == left


def test_what_is_granted_by_itself_says_for_whom_and_how_much(small):
    for wrong in ("at_most_percent: 30", "percent: 30"):
        with pytest.raises(InvalidDocument) as caught:
            town(small, upto=("at_most_percent: 30", f"{wrong}, automatic: true"))
        assert [problem.field for problem in caught.value.problems] == ["exemptions.hall[2].automatic"]
    town(small, upto=("at_most_percent: 30", "percent: 30, automatic: true, when: {minutes: 60..}"))


@pytest.mark.parametrize(
    ("right", "wrong", "field", "reason"),
    [
        ("add: 3割", "add: 3", "adjustments.town.rows[0].add", "単位をつけて"),
        (
            "purpose: commercial",
            "purpose: profit",
            "adjustments.town.rows[0].when[0].purpose",
            "「profit」は",
        ),
        (
            "{admission: 1..}, add",
            "{admision: 1..}, add",
            "adjustments.town.rows[1].when[0].admision",
            "admission",
        ),
        (
            "{admission: 1..}, add",
            "{admission: true}, add",
            "adjustments.town.rows[1].when[0].admission",
            "数で",
        ),
        ("{admission: 1..}, add", "{}, add", "adjustments.town.rows[1].when[0]", "どの場合か"),
        ("minutes: 180..", "minutes: 三時間", "adjustments.town.rows[2].when[0].minutes", "5、1000..2999"),
        ("stack: add", "note: 足す", "adjustments.town", "stack"),
        ("key: takings,", "key: headcount,", "questions[1].key", "初めからある項目"),
        ("of: fee", "of: rent", "extras.hall[0].fee.of", "「rent」は"),
        ("extras: hall", "extras: halls", "facilities[0].extras", "「halls」は"),
    ],
)
def test_a_mistake_in_a_condition_or_share_is_shown_where_it_stands(small, right, wrong, field, reason):
    with pytest.raises(InvalidDocument) as caught:
        town(small, change=(right, wrong))
    first = caught.value.problems[0]
    assert first.field.startswith(field)
    assert reason in first.reason_ja


@given(
    order=st.permutations(range(4)),
    adjustments=st.permutations(range(3)),
    stack=st.sampled_from(["add", "multiply"]),
    unit=st.sampled_from([1, 10]),
    at=st.sampled_from(["line", "total"]),
    admission=st.integers(0, 3),
)
def test_a_price_does_not_depend_on_the_order_of_lines(small, order, adjustments, stack, unit, at, admission):
    rules = town(small, stack)
    document = rules.document
    group = document.adjustments["town"]
    shuffled = group.model_copy(update={"rows": tuple(group.rows[index] for index in adjustments)})
    rounding = document.rounding.model_copy(update={"unit": unit, "at": at})
    uses = [
        big(3, purpose="commercial", extras={"projector": 1}),
        Use("koma", DAY, 540, 1020),
        Use("half", DAY, 780, 840, extras={"projector": 2, "lamp": 1}),
        big(day=date(2028, 1, 12)),
    ]
    first = compile_rules(document.model_copy(update={"rounding": rounding}))
    other = compile_rules(
        document.model_copy(update={"rounding": rounding, "adjustments": {"town": shuffled}})
    )
    asked = {"answers": {"admission": admission}}
    one, two = price(first, *uses, **asked), price(other, *[uses[index] for index in order], **asked)
    assert one.total_yen == two.total_yen == sum(line.yen for line in two.lines)
    assert all(line.yen == line.quantity * line.unit_yen for line in two.lines)
    assert all(line.reason.sentence() and line.reason.sentence("en") for line in two.lines)


def test_a_week_has_one_price_however_many_of_its_days_are_used(small):
    rules = town(small, fee=("fee: {yen_per_hour: 1530}", "fee: {every_days: {days: 6, yen: 18000}}"))
    week = [big(day=date(2027, 4, number)) for number in range(6, 14)]  # eight days in a row
    assert price(rules, *week[:6]).total_yen == 18_000
    assert price(rules, *week).total_yen == 36_000


@pytest.mark.parametrize(
    ("share", "total"),
    [("share: 1/3", 1333), ("share: 1.3倍, share_of: hour", 1000 + 1000 * 13 // 30), ("yen: 700", 1700)],
)
def test_time_after_a_slot_costs_a_share_of_it_or_of_its_hour(small, share, total):
    extension = f'{{step: 60, until: "13:00", {share}}}'
    longer = ("  koma:\n    slots:", f"  koma:\n    extension: {extension}\n    slots:")
    rules = town(small, time=longer, plain=("minutes: 180..", "minutes: 600.."))
    assert price(rules, Use("koma", DAY, 540, 720, extension_minutes=45)).total_yen == total
    with pytest.raises(NoPrice):
        price(rules, Use("koma", DAY, 540, 720, early_minutes=30))


def test_any_price_can_be_taken_times_a_number(small):
    rules = town(small, fee=("fee: {yen_per_hour: 1530}", "fee: {yen_per_hour: 100, per: headcount}"))
    assert price(rules, big(2), headcount=7).total_yen == 1400
    with pytest.raises(MissingAnswer):
        price(rules, big(2))


@pytest.mark.parametrize(("of", "heating"), [("fee", 306), ("adjusted-fee", 397)])
def test_an_extra_is_a_share_of_the_fee_before_or_after_adjustments(small, of, heating):
    rules = town(small, of=("percent: 20, of: fee", f"percent: 20, of: {of}"))
    lines = price(rules, big(day=date(2028, 1, 12), purpose="commercial")).lines
    assert [line.yen for line in lines if line.kind == "heating"] == [heating]
