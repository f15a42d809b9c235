"""The JSON Schema is true for what people write: what the product reads it allows, what it refuses it refuses too."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from facilities.ordinance import InvalidDocument, parse, write
from facilities.ordinance.reading.parsing import read_plain
from facilities.ordinance.reading.schema import document_schema

from .conftest import EXAMPLES, SMALL

DOCS = Path(__file__).parents[2] / "docs"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def as_json(value):
    """What an editor sees of a document: lists for tuples, texts for dates."""
    if isinstance(value, dict):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module")
def validator():
    schema = document_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def mistakes(validator, text):
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(as_json(read_plain(text)))]


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_valid_as_it_is_written_and_as_we_write_it(validator, name):
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    assert mistakes(validator, text) == []
    assert mistakes(validator, write(parse(text))) == []


def test_the_document_of_the_writing_guide_is_valid(validator):
    guide = (DOCS / "writing-an-ordinance.md").read_text(encoding="utf-8")
    whole = next(
        one for one in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if one.startswith("format: 1")
    )
    assert mistakes(validator, whole) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("capacity: 9", "capasity: 9"),
        ("capacity: 9", "capacity: many"),
        ("format: 1", "format: 2"),
        ("weekdays: [mon]", "weekdays: [monday]"),
        ('usual: "09:00-22:00"', 'usual: "9-22"'),
        ('at: "09:00"', 'at: "9時"'),
        ("closes: {days_before: 3}", "closes: 3日前"),
        ("mode: down", "mode: floor"),
        ("percent: 70", "percent: 170"),
        ("key: monday", "key: 月曜"),
        ("days: {weekdays: [mon]}", "days: {dates: 12/28}"),
        ("rounding: {unit: 10, mode: down}\n", ""),
        ("step: 30", "step: 0"),
    ],
)
def test_what_the_product_refuses_to_read_the_schema_refuses(validator, old, new):
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    with pytest.raises(InvalidDocument):
        parse(text)
    assert mistakes(validator, text)


@pytest.mark.parametrize(
    "share", ["5割", "2割5分", "50%", "1/3", "3分の1", "1.5倍", "いくらか", "50", "割", "1/", "1.2345倍"]
)
def test_shares_are_allowed_as_they_are_read(validator, share):
    text = f"{SMALL}adjustments:\n  more: {{name: 割増, add: {share!r}}}\n"
    try:
        parse(text)
    except InvalidDocument:
        assert mistakes(validator, text)
    else:
        assert mistakes(validator, text) == []


def test_fields_and_fixed_words_are_named_in_both_languages(validator):
    fee = validator.schema["$defs"]["Fee"]["properties"]
    assert fee["yen_per_hour"]["title"] == "1時間の額 / price per hour"
    assert (
        "切り捨てる / dropped" in validator.schema["$defs"]["Rounding"]["properties"]["mode"]["description"]
    )


def test_the_checked_in_schema_is_up_to_date():
    written = json.loads((DOCS / "ordinance.schema.json").read_text(encoding="utf-8"))
    assert written == document_schema(), "python manage.py ordinance schema > docs/ordinance.schema.json"
