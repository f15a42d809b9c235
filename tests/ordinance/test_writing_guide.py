"""The writing guide tells the truth: its example is a document, and it passes its own cases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter

from facilities.ordinance import Ordinance, Room, parse, run_cases
from facilities.ordinance.cases.given import KNOWN
from facilities.ordinance.document.application_clauses import Application, Limit, Moment
from facilities.ordinance.document.calendar_clauses import Calendar, Extension, HourTime, RunTime
from facilities.ordinance.document.cancellation_clauses import (
    CancellationCharge,
    Change,
    DueDate,
    Instalment,
    Refund,
)
from facilities.ordinance.document.clauses import When
from facilities.ordinance.document.fee_clauses import (
    Adjustment,
    Charge,
    ExemptionGround,
    Extra,
    Rounding,
    Tax,
)
from facilities.ordinance.document.ordinance import Facility, WorkedCase
from facilities.ordinance.reading.parsing import Places, _compose, _Reader

MONEY = (ExemptionGround, Extra, Rounding, Tax, Refund, CancellationCharge, Change, DueDate, Instalment)
GUIDE = Path(__file__).parents[2] / "docs" / "writing-an-ordinance.md"


def test_the_examples_of_the_guide_are_documents_that_pass_their_cases():
    examples = re.findall(r"```yaml\n(format: 1\n.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        failed = [(one.id, one.expected, one.got) for one in run_cases(parse(example)) if not one.passed]
        assert failed == []


def test_every_kind_of_case_and_every_word_of_a_case_is_explained():
    text = GUIDE.read_text(encoding="utf-8")
    kinds = get_args(WorkedCase.model_fields["kind"].annotation)
    silent = {"dow", "holiday", "with_rooms", "event", "action"}
    assert [word for word in (*kinds, *sorted(KNOWN - silent)) if word not in text] == []


def test_every_field_of_conditions_prices_and_moments_is_explained():
    text = GUIDE.read_text(encoding="utf-8")
    fields = {
        *When.model_fields,
        *Charge.model_fields,
        *Moment.model_fields,
        *Adjustment.model_fields,
        *(field for part in MONEY for field in part.model_fields),
        *Limit.model_fields,
        *HourTime.model_fields,
        *Extension.model_fields,
        *RunTime.model_fields,
    }
    assert [field for field in sorted(fields - {"name_en"}) if f"{field}" not in text] == []


def test_the_pieces_of_the_guide_are_pieces_of_a_document():
    pieces = re.findall(r"```yaml\n(?!format: 1\n)(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    fields = {
        **Application.model_fields,
        **Facility.model_fields,
        **Room.model_fields,
        **Calendar.model_fields,
        **Ordinance.model_fields,
    }
    checked = 0
    for piece in pieces:
        for key, value in _Reader(Places()).read(_compose(piece)).items():
            if key != "facilities":  # shown in part
                TypeAdapter(fields[key].annotation).validate_python(value, strict=True)
                checked += 1
    assert checked >= 7
