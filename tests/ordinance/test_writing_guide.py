"""The writing guide tells the truth: its example is a document, and it passes its own cases."""

from __future__ import annotations

import re
from pathlib import Path

from facilities.ordinance import parse, run_cases

GUIDE = Path(__file__).parents[2] / "docs" / "writing-an-ordinance.md"


def test_the_example_of_the_guide_is_a_document_that_passes_its_cases():
    example = re.search(r"```yaml\n(format: 1\n.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    results = run_cases(parse(example))
    assert [result.passed for result in results] == [True, True]
