"""Texts with words in braces: filled once, by a closed list, whatever anybody writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.notices.kinds import KINDS
from accounts.notices.placeholders import PLACEHOLDERS, fill, fill_line, samples, unknown_words
from accounts.notices.wording import LANGUAGES, shipped_text, written

ALL = list(PLACEHOLDERS)
TEXTS = st.text(st.sampled_from("あx \n{}｛｝部屋room名前"), max_size=40)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_every_kind_has_a_text_that_speaks_only_of_what_it_may(kind, language):
    text = shipped_text(kind.key, language)
    assert text.subject
    assert unknown_words(f"{text.subject}\n{text.body}", kind.placeholders) == []
    subject, body = written(text, samples(language))
    assert subject
    assert not set("{}｛｝") & set(subject + body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_text_with_nothing_to_say_still_reads(kind, language):
    subject, body = written(shipped_text(kind.key, language), {"name": "青木 愛子", "page": "https://x.jp/"})
    assert "https://x.jp/" in body
    assert "\n\n\n" not in body
    assert subject
    assert "（）" not in subject
    assert "()" not in subject


def test_no_text_is_left_over():
    folder = Path(settings.NOTICE_TEXTS)
    known = set(KINDS) | {"invitation"}
    assert {path.stem for path in folder.glob("*/*.txt")} == known


def test_words_are_japanese_or_english_and_braces_wide_or_not():
    values = {"room": "第1研修室"}
    assert fill("{部屋} {room} ｛部屋｝ { 部屋 }", values) == "第1研修室 第1研修室 第1研修室 第1研修室"


def test_a_line_with_nothing_to_say_is_left_out():
    assert fill("部屋：{部屋}\n目的：{目的}\n\n{理由}\n\nおわり", {"room": "A"}) == "部屋：A\n\nおわり"


def test_what_a_value_says_is_not_read_again():
    assert fill("{部屋}", {"room": "{名前}", "name": "x"}) == "{名前}"


def test_a_subject_is_one_line():
    assert fill_line("{部屋}", {"room": "A\nBcc: x@example.jp"}) == "A Bcc: x@example.jp"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{部屋}", []),
        ("{なにか}", ["{なにか}"]),
        ("{部屋.__class__}", ["{部屋.__class__}"]),
        ("{{部屋}}", ["{", "}"]),
        ("{部屋", ["{"]),
        ("{}", ["{}"]),
        ("{a} {a}", ["{a}"]),
        ("{理由}", ["{理由}"]),
    ],
)
def test_what_may_not_stand_in_braces_is_found(text, wrong):
    assert unknown_words(text, ["room"]) == wrong


@given(text=TEXTS, value=st.text(st.sampled_from("あ{}\n "), max_size=9))
def test_nothing_anybody_writes_raises_or_leaves_a_known_word(text, value):
    values = dict.fromkeys(ALL, value)
    fill_line(text, values)
    if not unknown_words(text, ALL):
        blank = fill(text, dict.fromkeys(ALL, "x"))
        assert not set("{}｛｝") & set(blank)
