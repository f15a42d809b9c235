"""Past uses under other rules: pure, so no database here."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.repricing import PastUse, Result, Tally, Totals, Trial
from booking.repricing.days import Calendar
from booking.repricing.tallying import EDGES, group_of
from facilities import ordinance
from facilities.ordinance import Grant, compile_rules, parse, slots

EXAMPLES = Path(ordinance.__file__).parent / "examples"
TOWNS = ("akiruno", "hokota", "kitamoto", "miki", "inzai")


@cache
def text_of(town):
    return (EXAMPLES / f"{town}.yaml").read_text(encoding="utf-8")


@cache
def rules_of(text):
    return compile_rules(parse(text))


@cache
def later(town):
    """The same rules from 1 April 2028 on: every use of 2027 is asked about as one of another year."""
    text = text_of(town)
    begun = next(line for line in text.splitlines() if line.startswith("effective_from:"))
    return rules_of(text.replace(begun, "effective_from: 2028-04-01"))


def a_use(number=1, **changes):
    facts = {
        "id": number,
        "room_id": 7,
        "facility": "chuo-kominkan",
        "room": "kenshu-1",
        "day": date(2027, 6, 9),
        "starts": 600,
        "ends": 720,
        "applicant_class": "general",
        "channel": "web",
        "booked_on": date(2027, 5, 10),
        "rule_version_id": 1,
        "paid_yen": 800,
    }
    return PastUse(**{**facts, **changes})


@cache
def uses_of(town):
    """Some uses of every room of a town over the year 2027, and some that the rules would not take."""
    rules, chance, found = rules_of(text_of(town)), random.Random(town), []
    rooms = [(hall, room) for hall, one in rules.facilities.items() for room in one.rooms]
    for number, (hall, room) in enumerate(rooms * (1 + 60 // len(rooms))):
        day = date(2027, 1, 1) + timedelta(days=chance.randrange(365))
        offered = slots(rules, facility=hall, room=room, day=day).slots
        piece = chance.choice(offered) if offered and chance.random() < 0.9 else None
        found.append(
            a_use(
                number,
                room_id=rooms.index((hall, room)),
                facility=hall,
                room=room,
                day=day,
                starts=piece.starts if piece else 545,
                ends=piece.ends if piece else 605,
                applicant_class=chance.choice([one.key for one in rules.document.applicant_classes]),
                booked_on=day - timedelta(days=chance.randrange(40)),
                headcount=chance.choice([None, 3, 40]),
            )
        )
    return tuple(found)


def tally(trial, uses):
    found = Tally()
    for use in uses:
        found.add(trial.compare(use))
    return found


def rewritten(*changes, town="akiruno"):
    text = text_of(town)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return rules_of(text)


@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize("shifted", [False, True])
def test_the_same_rules_change_nothing(town, shifted):
    new = later(town) if shifted else rules_of(text_of(town))
    whole = tally(Trial(old={1: rules_of(text_of(town))}, new=new), uses_of(town)).total()
    assert whole.count == len(uses_of(town))
    assert whole.compared > 20
    assert (whole.dearer, whole.cheaper, whole.gone, whole.unpriced) == (0, 0, 0, 0)
    assert whole.difference == 0
    assert whole.old_before == whole.new_before


@pytest.mark.parametrize("town", TOWNS)
def test_a_shifted_year_says_the_same_of_nearly_every_use(town):
    """A closure that merely falls on another date is not taken for a change."""
    rules, trial = rules_of(text_of(town)), Trial(old={1: rules_of(text_of(town))}, new=later(town))
    straight = Trial(old={1: rules}, new=rules)
    for use in uses_of(town):
        moved, here = trial.compare(use), straight.compare(use)
        assert moved.day >= date(2028, 4, 1)
        assert moved.old.in_short == here.old.in_short


@settings(deadline=None)  # a busy machine is no failure
@given(st.randoms(use_true_random=False))
def test_the_order_of_uses_does_not_matter(chance):
    town = "akiruno"
    trial = Trial(old={1: rules_of(text_of(town))}, new=rewritten(("yen_per_hour: 400", "yen_per_hour: 460")))
    uses = list(uses_of(town))
    expected = tally(trial, uses).to_dict()
    chance.shuffle(uses)
    assert tally(trial, uses).to_dict() == expected


@pytest.mark.parametrize("part", [0, 1, 2])
def test_the_whole_is_the_sum_of_its_parts_by_class_room_and_month(part):
    town = "kitamoto"
    found = tally(Trial(old={1: rules_of(text_of(town))}, new=later(town)), uses_of(town))
    groups = {}
    for cell, totals in found.cells.items():
        group = groups.setdefault(cell[part], Totals())
        group += totals
    whole = Totals()
    for group in groups.values():
        whole += group
    assert len(groups) > 1
    assert whole == found.total()
    assert whole.count == whole.compared + whole.apart == len(uses_of(town))
    assert whole.old_before - whole.old_exempt == whole.old
    assert sum(found.differences.values()) == whole.compared


@pytest.mark.parametrize("town", TOWNS)
def test_a_result_that_was_stored_shows_the_same_sums_by_everything(town):
    found = tally(Trial(old={1: rules_of(text_of(town))}, new=later(town)), uses_of(town))
    rooms = [
        [one, f"室{one}", "", f"hall-{one % 2}", f"館{one % 2}", ""]
        for one in sorted({use.room_id for use in uses_of(town)})
    ]
    classes = [
        [one.key, one.name, one.name_en or ""] for one in rules_of(text_of(town)).document.applicant_classes
    ]
    stored = json.loads(json.dumps({**found.to_dict(), "rooms": rooms, "classes": classes}))
    result = Result(stored)
    assert result.total == found.total()
    for rows in (result.by_class(), result.by_room(), result.by_hall(), result.by_month()):
        assert sum(row.totals.count for row in rows) == result.total.count
        assert sum(row.totals.new for row in rows) == result.total.new
    assert sum(one.count for one in result.groups()) == result.total.compared
    apart = [one for verdict in ("gone", "unpriced", "baseless") for one in result.apart(verdict)]
    assert sum(one.count for one in apart) == result.total.apart


def test_a_dearer_hour_is_found_with_both_prices():
    new = rewritten(("yen_per_hour: 400", "yen_per_hour: 500"))
    found = tally(
        Trial(old={1: rules_of(text_of("akiruno"))}, new=new), [a_use(2), a_use(1), a_use(3, paid_yen=0)]
    )
    whole = found.total()
    assert (whole.dearer, whole.old, whole.new, whole.percent, whole.paid) == (3, 2400, 3000, 25.0, 1600)
    (change,) = found.to_dict()["dearer"]
    assert (change["old"], change["new"], change["count"], change["id"]) == (800, 1000, 3, 1)
    assert sum(line["yen"] for line in change["new_lines"]) == 1000
    assert found.to_dict()["cheaper"] == []


def test_uses_that_change_alike_are_one_line_with_the_first_as_the_example():
    new = rewritten(("yen_per_hour: 400", "yen_per_hour: 500"))
    trial = Trial(old={1: rules_of(text_of("akiruno"))}, new=new)
    uses = [a_use(5, starts=780, ends=900), a_use(4), a_use(6, starts=600, ends=660), a_use(7, room_id=8)]
    changes = tally(trial, uses).to_dict()["dearer"]
    found = [(one["room"], one["old"], one["new"], one["count"], one["id"], one["starts"]) for one in changes]
    assert found == [(7, 800, 1000, 2, 4, 600), (8, 800, 1000, 1, 7, 600), (7, 400, 500, 1, 6, 600)]


def test_a_room_the_document_does_not_know_is_counted_as_gone():
    new = rewritten(("key: kenshu-1,", "key: kenshu-99,"))
    found = tally(Trial(old={1: rules_of(text_of("akiruno"))}, new=new), [a_use(1), a_use(2)])
    whole = found.total()
    assert (whole.count, whole.gone, whole.compared, whole.old, whole.apart_old) == (2, 2, 0, 0, 1600)
    (apart,) = found.to_dict()["apart"]
    assert (apart["code"], apart["count"], apart["yen"]) == ("unknown_room", 2, 1600)


def test_a_time_that_is_no_longer_rented_is_gone_with_its_reason():
    new = rewritten(('usual: "09:00-22:00"', 'usual: "09:00-11:00"'))
    one = Trial(old={1: rules_of(text_of("akiruno"))}, new=new).compare(a_use())
    assert (one.verdict, one.code) == ("gone", "outside_rules")
    assert one.reasons[0].code == "outside_hours"


def test_what_old_rules_would_not_take_either_is_not_lost_by_the_new_ones():
    """Staff took it although the hall was closed."""
    rules = rules_of(text_of("akiruno"))
    use = a_use(starts=60, ends=120)
    one = Trial(old={1: rules}, new=rules).compare(use)
    assert one.old.against
    assert one.verdict == "compared"


def with_ground(percent):
    ground = f"{{key: welfare, name: 福祉団体, percent: {percent}, article: 第8条}}"
    ground = f"exemptions:\n  usual:\n    - {ground}\n\nrounding:"
    return rewritten(
        ("\nrounding:", f"\n{ground}"), ("    time: hourly\n", "    time: hourly\n    exemption: usual\n")
    )


def test_an_exemption_is_granted_again_under_both_rules():
    use = a_use(grants=(Grant("welfare"),))
    found = tally(Trial(old={1: with_ground(50)}, new=with_ground(25)), [use]).total()
    assert (found.old_before, found.old_exempt, found.old) == (800, 400, 400)
    assert (found.new_before, found.new_exempt, found.new) == (800, 200, 600)
    lost = tally(Trial(old={1: with_ground(50)}, new=rules_of(text_of("akiruno"))), [use]).total()
    assert (lost.new_exempt, lost.new, lost.dearer) == (0, 800, 1)


def test_what_has_no_price_under_its_own_rules_is_baseless():
    one = Trial(old={1: rules_of(text_of("akiruno"))}, new=rules_of(text_of("akiruno"))).compare(
        a_use(extras={"no-such-thing": 1})
    )
    assert (one.verdict, one.code) == ("baseless", "no_price")


def test_a_price_for_bookings_from_a_day_on_is_seen_in_the_first_year():
    """Asked on last year's day the old row would still fit, and nobody would pay more."""
    text = text_of("akiruno")
    old_fee = "fee: {yen_per_hour: 400"
    assert old_fee in text
    start = text.index(old_fee)
    end = text.index("}", start) + 1
    fee = text[start:end]
    row = fee.removeprefix("fee: ")
    table = f"fee: {{table: [{{when: {{booked: 2028-04-01..}}, yen_per_hour: 450}}, {row}]}}"
    begun = next(line for line in text.splitlines() if line.startswith("effective_from:"))
    new = rules_of(text.replace(fee, table).replace(begun, "effective_from: 2028-04-01"))
    trial = Trial(old={1: rules_of(text)}, new=new)
    summer = trial.compare(a_use(day=date(2027, 8, 4), booked_on=date(2027, 7, 20)))
    assert summer.difference_yen == 100
    spring = trial.compare(a_use(day=date(2027, 4, 7), booked_on=date(2027, 3, 1)))
    assert spring.difference_yen == 0


@settings(deadline=None)  # a busy machine is no failure
@given(st.dates(date(2024, 1, 1), date(2028, 3, 31)))
def test_a_corresponding_day_lies_in_the_first_year_and_is_of_the_same_kind(day):
    book = later("akiruno").book
    first = date(2028, 4, 1)
    likest = Calendar(book, first).days_like(day)[0]
    assert first <= likest <= first + timedelta(days=366 + 35)
    if not book.kinds(day):
        assert not book.kinds(likest)
        assert likest.weekday() == day.weekday()
    else:
        assert book.kinds(likest)


def test_a_day_on_which_the_rules_hold_already_is_itself():
    calendar = Calendar(later("akiruno").book, date(2028, 4, 1))
    assert calendar.days_like(date(2028, 4, 1)) == (date(2028, 4, 1),)


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(-200_000, 200_000))
def test_every_difference_has_one_group_and_no_change_has_its_own(yen):
    group = group_of(yen)
    assert 0 <= group <= len(EDGES)
    assert (group == group_of(0)) == (yen == 0)
    assert (group > group_of(0)) == (yen > 0)


def test_nothing_to_compare_is_an_empty_tally():
    assert Tally().total() == Totals()
    assert Tally().total().percent is None
    assert Counter(Tally().to_dict()["differences"]) == Counter({0: len(EDGES) + 1})
