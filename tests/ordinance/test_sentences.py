"""Every reason has a sentence in both languages that says the same numbers and names."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import facilities.ordinance
from facilities.ordinance.sentences import SENTENCES

SOURCE = "\n".join(
    path.read_text(encoding="utf-8") for path in Path(facilities.ordinance.__file__).parent.rglob("*.py")
)


def fields(sentence: str) -> set[str]:
    return {name.removesuffix("_en") for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_say_the_same(code):
    japanese, english = SENTENCES[code]
    assert fields(japanese) ^ fields(english) <= {"unit"}  # 台 and 枚 have no English
    assert not re.search(r"[ぁ-んァ-ン一-龥]", english)


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_used(code):
    made = {"change_ladder", "change_full", "change_none"}  # f"change_{rule.difference}"
    made |= {"set_by_staff", "suspended", "out_of_stock", "change_waived", "cancel_displaced"}  # by booking
    assert code in made or len(re.findall(f'"{code}"', SOURCE)) >= 2


def test_every_code_has_a_sentence():
    codes = set(re.findall(r'(?:Reason|reason_of)\(\s*"([a-z_]+)"', SOURCE))
    assert codes - set(SENTENCES) == set()
