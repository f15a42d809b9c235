"""Rules of towns that are none of the examples can be written as documents, and give the yen and days of their wording.

The towns are invented; each document puts together rules as they occur in published ordinances, with
worked cases reckoned by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from facilities.ordinance import parse, run_cases
from facilities.ordinance.document.ordinance import WorkedCase

TOWNS = sorted((Path(__file__).parent / "other_towns").glob("*.yaml"))


@pytest.mark.parametrize("town", TOWNS, ids=lambda path: path.stem)
def test_the_cases_of_another_town_come_out_as_reckoned_by_hand(town):
    document = parse(town.read_text(encoding="utf-8"))
    failed = [(one.id, one.expected, one.got) for one in run_cases(document) if not one.passed]
    assert failed == []


def test_the_other_towns_try_every_side_of_the_rules():
    documents = [parse(town.read_text(encoding="utf-8")) for town in TOWNS]
    assert len({document.municipality.name for document in documents}) == len(TOWNS) >= 7
    assert all(len(document.cases) >= 8 for document in documents)
    tried = {case.kind for document in documents for case in document.cases}
    assert tried == set(get_args(WorkedCase.model_fields["kind"].annotation))
