"""The index of wordings tells the truth: every spelling in it is one that the document format takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from facilities.ordinance.document import (
    application_clauses,
    calendar_clauses,
    cancellation_clauses,
    fee_clauses,
    ordinance,
)
from facilities.ordinance.reading.parsing import Places, _compose, _Reader

INDEX = Path(__file__).parents[2] / "docs" / "ordinance" / "wordings.md"
PARTS = (application_clauses, calendar_clauses, cancellation_clauses, ordinance, fee_clauses)
_TABLE = re.compile(r"<!-- rows: ([A-Za-z]+) -->\n\n(.*?)\n\n", re.DOTALL)


def spellings() -> list[tuple[str, str]]:
    """Every spelling of the index with the name of the part of a document it belongs to."""
    text = INDEX.read_text(encoding="utf-8") + "\n\n"
    return [
        (part, re.search(r"`(\{.*\})` \|$", row)[1])
        for part, table in _TABLE.findall(text)
        for row in table.splitlines()[2:]
    ]


@pytest.mark.parametrize(("part", "spelling"), spellings())
def test_every_spelling_of_the_index_is_taken_by_the_format(part, spelling):
    clause = next(getattr(module, part) for module in PARTS if hasattr(module, part))
    plain = _Reader(Places()).read(_compose(f"x: {spelling}"))["x"]
    TypeAdapter(clause).validate_python(plain, strict=True)


def test_no_table_of_the_index_is_left_unchecked():
    text = INDEX.read_text(encoding="utf-8")
    assert text.count("| 文言 | 書きかた |") == len(_TABLE.findall(text + "\n\n"))
    assert len(spellings()) > 100
