"""What worked cases give and expect is said in words, never in the document's own keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from facilities import ordinance
from facilities.ordinance import parse, run_cases
from facilities.ordinance.cases.given import KNOWN
from facilities.ordinance.telling.case_words import case_word, say_values
from facilities.ordinance.telling.naming import Names, names_of

EXAMPLES = (Path(ordinance.__file__).parent / "examples").glob("*.yaml")
OTHER_TOWNS = (Path(__file__).parent / "other_towns").glob("*.yaml")
NO_NAMES = Names({}, {}, {})


def words_of(facts):
    """The words of cases that stand in a case, also inside uses, events and applicants."""
    for key, value in facts.items():
        yield key
        inside = value if isinstance(value, (tuple, list)) else ()
        for one in inside:
            yield from words_of(one) if isinstance(one, dict) else ()


@pytest.mark.parametrize("word", sorted(KNOWN))
def test_every_word_a_case_may_give_has_a_name(word):
    assert "_" not in case_word(word)[1].ja + case_word(word)[1].en
    assert case_word(word)[1].ja != word


@pytest.mark.parametrize("path", sorted([*EXAMPLES, *OTHER_TOWNS]), ids=lambda path: path.stem)
def test_no_case_shows_a_key_of_the_format_or_of_the_document(path):
    document = parse(path.read_text())
    names = names_of(document)
    for case in run_cases(document):
        for facts in (case.given, case.expected, case.got):
            for word in words_of(facts):
                assert case_word(word)[1].ja != word, (case.id, word)
            told = say_values(facts, names)
            for key in ("room", "applicant_class", "purpose", "facility", "cause", "ground"):
                if isinstance(facts.get(key), str):
                    assert f"：{facts[key]}" not in told.ja.split("、"), (case.id, key)
            assert "_" not in told.ja, told.ja


def test_numbers_carry_their_unit_and_days_are_written_out():
    facts = {"headcount": 1200, "extension_minutes": 30, "yen": 5400, "cancel_on": date(2027, 6, 1)}
    told = say_values(facts, NO_NAMES)
    assert told.ja == "人数：1,200人、延長：30分、料金：5,400円、取り消す日：2027年6月1日"
    assert (
        told.en == "number of people: 1,200; extra time: 30 min; price: 5,400 yen; cancelled on: 1 June 2027"
    )


def test_a_moment_and_a_period_are_written_out():
    told = say_values({"opens_at": "2027-06-01T09:00", "time": "09:00-12:00"}, NO_NAMES)
    assert told.ja == "受付の始まり：2027年6月1日 9:00、時間：09:00〜12:00"
    window = say_values({"window": "2027-05-15T09:00/2027-05-28T17:00"}, NO_NAMES)
    assert window.ja == "受付の期間：2027年5月15日 9:00から 2027年5月28日 17:00"
    assert window.en == "applications: 15 May 2027 9:00 to 28 May 2027 17:00"


def test_what_staff_decide_is_said_so_and_an_unknown_word_is_left_to_be_found():
    assert say_values({"rate": "裁量 (全部)"}, NO_NAMES).ja == "減らす割合：職員が決める（全部）"
    assert say_values({"colour": "red"}, NO_NAMES).ja == "colour：red"
