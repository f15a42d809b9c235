"""Prices: lines that add up, combinations looked up, shares and rounding."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.ordinance import NoPrice, Quote, compile_rules, parse, quote

DAY = date(2027, 4, 6)
CACHE: dict = {}


def price(rules, room: str, starts: int, ends: int, facility: str = "hall") -> Quote:
    return quote(
        rules, facility=facility, room=room, day=DAY, starts=starts, ends=ends, applicant_class="general"
    )


def test_an_hour_begun_counts_as_an_hour(small_rules):
    answer = price(small_rules, "big", 540, 630)
    assert answer.total_yen == 3060
    assert answer.lines[0].quantity == 2
    assert "1時間に満たない時間は1時間" in answer.lines[0].reason.sentence()


def test_a_combination_is_looked_up_and_not_summed(small_rules):
    answer = price(small_rules, "koma", 540, 1020)
    assert answer.total_yen == 2000
    assert answer.lines[0].reason.code == "fee_combination"
    assert answer.lines[0].reason.sentence() == "午前・午後（午前・午後）は通しの額2,000円です。"


def test_slots_without_a_combination_are_summed(small_rules):
    answer = price(small_rules, "koma", 780, 1320)
    assert [line.yen for line in answer.lines] == [1300, 1600]


def test_a_combination_and_a_slot_beside_it_are_summed(small_rules):
    answer = price(small_rules, "koma", 540, 1320)
    assert [line.label_ja for line in answer.lines] == ["室 午前・午後", "室 夜間"]
    assert answer.total_yen == 3600


def test_a_combination_may_cost_less_than_two_of_its_slots(hokota):
    whole = price(hokota, "kaigi", 540, 1320, facility="hokota-chuo")
    part = price(hokota, "kaigi", 780, 1320, facility="hokota-chuo")
    assert (whole.total_yen, part.total_yen) == (1050, 1360)
    assert whole.lines[0].reason.article == "別表第1"


def test_half_a_hall_costs_its_percentage(miki):
    answer = price(miki, "daikaigi-hanmen-a", 540, 660, facility="aoyama")
    assert [(line.quantity, line.unit_yen, line.yen) for line in answer.lines] == [(2, 750, 1500)]
    assert answer.lines[0].reason.sentence() == "大会議室(体育館)の額の100分の50です。"


def test_a_share_that_needs_rounding_shows_what_is_taken_off(small_rules):
    answer = price(small_rules, "half", 540, 600)
    assert [line.yen for line in answer.lines] == [1530, -770]
    assert answer.total_yen == 760  # 765 yen, below 10 yen dropped


@pytest.mark.parametrize(("mode", "total"), [("down", 760), ("up", 770), ("half_up", 770)])
@pytest.mark.parametrize("at", ["line", "total"])
def test_rounding_follows_its_rule(small, mode, total, at):
    rules = compile_rules(parse(small.replace("mode: down", f"mode: {mode}, at: {at}")))
    assert price(rules, "half", 540, 600).total_yen == total


def test_rounding_the_total_is_a_line_of_its_own(small):
    text = small.replace("mode: down", "mode: down, at: total").replace("1530", "1536")
    answer = price(compile_rules(parse(text)), "big", 540, 660)
    assert [line.yen for line in answer.lines] == [3072, -2]
    assert answer.lines[1].reason.sentence() == "10円未満は切り捨てます。"


@pytest.mark.parametrize(
    ("room", "starts", "ends"),
    [("koma", 540, 700), ("koma", 550, 720), ("koma", 1080, 720), ("big", 600, 600), ("big", -60, 600)],
)
def test_a_time_the_table_does_not_know_has_no_price(small_rules, room, starts, ends):
    with pytest.raises(NoPrice, match="規則に定められていません"):
        price(small_rules, room, starts, ends)


@given(
    yen=st.integers(0, 100_000),
    percent=st.integers(0, 200),
    unit=st.sampled_from([1, 10, 100]),
    mode=st.sampled_from(["down", "up", "half_up"]),
    at=st.sampled_from(["line", "total"]),
    starts=st.integers(0, 1380),
    minutes=st.integers(1, 1440),
    room=st.sampled_from(["big", "half"]),
)
def test_the_lines_add_up_and_survive_json(small, yen, percent, unit, mode, at, starts, minutes, room):
    document = CACHE.setdefault("small", parse(small))
    rounding = document.rounding.model_copy(update={"unit": unit, "mode": mode, "at": at})
    hall = document.facilities[0]
    fees = {"big": {"yen_per_hour": yen}, "half": {"percent": percent}}
    rooms = tuple(
        one.model_copy(update={"fee": one.fee.model_copy(update=fees.get(one.key, {}))}) for one in hall.rooms
    )
    hall = hall.model_copy(update={"rooms": rooms})
    rules = compile_rules(document.model_copy(update={"rounding": rounding, "facilities": (hall,)}))
    answer = price(rules, room, starts, starts + minutes)
    assert answer.total_yen == sum(line.yen for line in answer.lines) >= 0
    assert all(line.yen == line.quantity * line.unit_yen for line in answer.lines)
    assert all(line.reason.sentence() and line.reason.sentence("en") for line in answer.lines)
    exact = -(-minutes // 60) * yen * (percent if room == "half" else 100)
    assert abs(answer.total_yen * 100 - exact) < (100 * unit if at == "total" or room == "half" else 1)
    assert Quote.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer
