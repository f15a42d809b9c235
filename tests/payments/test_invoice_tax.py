"""Registration numbers are checked by their digit; tax is taken once for each rate of a document."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.papers.invoices import check_digit, needs_return_invoice, registration_number, taxed_totals

# Numbers that are published: the National Tax Agency's, the Digital Agency's, Tokyo's.
PUBLISHED = ["7000012050002", "8000012010038", "8000020130001"]


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_numbers_have_their_check_digit(number):
    assert registration_number(f"T{number}") == f"T{number}"


@pytest.mark.parametrize(
    "typed", ["Ｔ７０００－０１２０－５０００２", "t7000012050002", " 7000 0120 5000 2 "]
)
def test_a_number_is_read_as_people_type_it(typed):
    assert registration_number(typed) == "T7000012050002"


@pytest.mark.parametrize(
    "typed", ["", "T", "T700001205000", "T70000120500022", "T7000012050003", "TT7000012050002"]
)
def test_what_cannot_be_a_number_is_refused(typed):
    assert registration_number(typed) is None


@given(st.text(alphabet="0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(base, place, more):
    number = f"{check_digit(base)}{base}"
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    # 0 and 9 are the same by nine: the one mistake this digit cannot see.
    if {number[place], wrong[place]} == {"0", "9"}:
        return
    assert registration_number(wrong) is None
    assert registration_number(number) == f"T{number}"


def test_twelve_digits_only():
    with pytest.raises(ValueError, match="twelve"):
        check_digit("12345678901")


def test_tax_is_rounded_once_for_a_rate():
    # Line by line it would be 9 + 9 + 9.
    (row,) = taxed_totals([("standard", 109), ("standard", 109), ("standard", 109)])
    assert (row.percent, row.total_yen, row.tax_yen) == (10, 327, 29)


def test_each_rate_is_told_and_what_is_not_taxed_last():
    rows = taxed_totals([("outside", 500), ("reduced", 1080), ("standard", 2200), ("exempt", 0)])
    assert [(row.tax, row.percent, row.total_yen, row.tax_yen) for row in rows] == [
        ("standard", 10, 2200, 200),
        ("reduced", 8, 1080, 80),
        ("outside", 0, 500, 0),
    ]


@given(
    st.lists(st.tuples(st.sampled_from(["standard", "reduced", "exempt", "outside"]), st.integers(0, 10**8)))
)
def test_no_yen_is_lost(lines):
    rows = taxed_totals(lines)
    assert sum(row.total_yen for row in rows) == sum(yen for _, yen in lines)
    assert len({row.tax for row in rows}) == len(rows)
    for row in rows:
        # The whole yen next below the exact share.
        exact = Fraction(row.total_yen * row.percent, 100 + row.percent)
        assert exact - 1 < row.tax_yen <= exact


def test_small_returns_need_no_paper():
    assert not needs_return_invoice([("standard", 9_999)])
    assert not needs_return_invoice([("exempt", 20_000), ("standard", 5_000)])
    assert needs_return_invoice([("standard", 6_000), ("reduced", 4_000)])
