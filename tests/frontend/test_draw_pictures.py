"""Pictures of numbers: what is drawn is as large as its number, and stays inside."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.repricing import Totals
from booking.repricing.results import Group, Name, Row
from frontend.console.trial_pages import _months, _shown_groups
from frontend.pictures import Amount, bars, columns

NUMBERS = st.integers(0, 10**10)


def percent(text):
    return float(text.removesuffix("%"))


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=40))
def test_bars_are_as_wide_as_their_numbers_and_leave_room_for_words(pairs):
    picture = bars(
        [
            (str(place), [Amount(old, "", "old"), Amount(new, "", "new")])
            for place, (old, new) in enumerate(pairs)
        ]
    )
    drawn = [bar for group in picture.groups for bar in group.bars]
    numbers = [number for pair in pairs for number in pair]
    assert len(drawn) == len(numbers)
    assert all(0 <= percent(bar.width) <= 62 for bar in drawn)
    assert all(a.y < b.y for a, b in pairwise(drawn))
    assert all(bar.y + 16 <= picture.height for bar in drawn)
    most = max(numbers, default=0)
    for bar, number in zip(drawn, numbers, strict=True):
        assert abs(percent(bar.width) - (62 * number / most if most else 0)) < 0.01


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=40))
def test_columns_stand_on_one_ground_and_beside_each_other(pairs):
    picture = columns([("", "", old, new) for old, new in pairs], "")
    for column in picture.columns:
        assert column.old_y + column.old_height == column.new_y + column.new_height == picture.ground
        assert picture.top_y <= min(column.old_y, column.new_y)
        assert percent(column.left) + percent(column.width) <= percent(column.right)
        assert percent(column.right) + percent(column.width) <= 100
    if any(old or new for old, new in pairs):
        assert min(min(one.old_y, one.new_y) for one in picture.columns) == picture.top_y


def months(*keys):
    return [
        (one.name, one.mark)
        for one in _months([Row(key, Name(key), Totals(old=1, new=1)) for key in keys]).columns
    ]


def test_a_year_stands_below_its_first_month():
    assert months("2026-11", "2026-12", "2027-01") == [("11", "2026年"), ("12", ""), ("1", "2027年")]
    assert months("2026-12", "2027-01") == [("12", ""), ("1", "2027年")]
    assert months("2026-12") == [("12", "2026年")]


def test_of_many_months_only_some_have_a_name():
    keys = [f"{2024 + place // 12}-{place % 12 + 1:02}" for place in range(36)]
    assert [name for name, _ in months(*keys) if name] == ["1", "4", "7", "10"] * 3


def test_groups_without_any_use_are_left_out_at_both_ends_but_not_that_of_no_change():
    groups = [
        Group(None, -101, 0),
        Group(-100, -1, 0),
        Group(0, 0, 0),
        Group(1, 100, 0),
        Group(101, 500, 3),
        Group(501, None, 0),
    ]
    assert [group.low for group in _shown_groups(groups)] == [0, 1, 101]
