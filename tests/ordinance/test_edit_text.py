"""Editing a document's text: what was named changes, every other line stays as its author wrote it."""

from __future__ import annotations

import difflib
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.ordinance import editing
from facilities.ordinance.editing.yaml_splicing import plain_of
from facilities.ordinance.errors import NoSuchPlace, NotEditable
from facilities.ordinance.reading.problems import InvalidDocument

FILES = sorted((Path(editing.__file__).parents[1] / "examples").glob("*.yaml"))
TEXTS = {one.stem: one.read_text() for one in FILES}
COMMENT = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)


def places(plain, path=()):
    yield path, plain
    children = (
        plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, tuple) else ()
    )
    for key, value in children:
        yield from places(value, (*path, key))


PLACES = {name: list(places(plain_of(text))) for name, text in TEXTS.items()}


def of_kind(name, *kinds):
    return [(path, value) for path, value in PLACES[name] if path and type(value) in kinds]


def changed_lines(old, new):
    """How many lines of either text are not in the other, in order."""
    return sum(line[0] in "+-" for line in difflib.ndiff(old.splitlines(), new.splitlines()))


def follow(plain, path):
    for part in path:
        plain = plain[part]
    return plain


names = st.sampled_from(sorted(TEXTS))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30)
scalars = st.one_of(
    texts, st.integers(-(10**9), 10**9), st.booleans(), st.dates(date(1900, 1, 1), date(2999, 12, 31))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["key", "name", "fee", "days", "when"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None)
@given(names, st.data())
def test_a_number_or_text_changes_its_own_line_alone(name, data):
    text = TEXTS[name]
    path, old = data.draw(st.sampled_from(of_kind(name, int, str, bool, date)))
    value = data.draw(scalars)
    shared = "*" in text
    new = editing.set_value(text, path, value)
    assert follow(plain_of(new), path) == value
    if not shared:
        assert changed_lines(text, new) <= 2
        back = editing.set_value(new, path, old)
        assert plain_of(back) == plain_of(text)
        assert changed_lines(text, back) <= 2


@settings(max_examples=25, deadline=None)
@given(names, values, st.data())
def test_any_value_fits_in_any_place_and_comments_stay(name, value, data):
    text = TEXTS[name]
    path, old = data.draw(st.sampled_from(PLACES[name][1:]))
    new = editing.set_value(text, path, value)
    assert follow(plain_of(new), path) == value
    elsewhere = [line for line in COMMENT.findall(text) if line not in COMMENT.findall(str(old))]
    assert [line for line in COMMENT.findall(new) if line in elsewhere] == elsewhere
    assert plain_of(editing.set_value(new, path, old)) == plain_of(text)


@settings(max_examples=25, deadline=None)
@given(names, values, st.data())
def test_an_item_added_and_removed_leaves_the_document_as_it_was(name, value, data):
    text = TEXTS[name]
    path, old = data.draw(st.sampled_from(of_kind(name, tuple)))
    position = data.draw(st.integers(0, len(old)))
    new = editing.add_item(text, path, value, position)
    assert follow(plain_of(new), path) == (*old[:position], value, *old[position:])
    back = editing.remove_item(new, (*path, position))
    assert plain_of(back) == plain_of(text)
    if "*" not in text:
        assert not old or back == text


@settings(max_examples=25, deadline=None)
@given(names, st.data())
def test_an_item_removed_takes_only_its_own_lines(name, data):
    text = TEXTS[name]
    path, old = data.draw(st.sampled_from([one for one in of_kind(name, tuple) if len(one[1]) > 1]))
    index = data.draw(st.integers(0, len(old) - 1))
    new = editing.remove_item(text, (*path, index))
    assert follow(plain_of(new), path) == (*old[:index], *old[index + 1 :])
    if "*" not in text:
        kept = set(new.splitlines())
        assert len([line for line in kept if line not in text.splitlines()]) <= 1


@settings(max_examples=25, deadline=None)
@given(names, st.data())
def test_moving_an_item_there_and_back_restores_the_text(name, data):
    text = TEXTS[name]
    path, old = data.draw(st.sampled_from([one for one in of_kind(name, tuple) if len(one[1]) > 1]))
    index, to = data.draw(st.integers(0, len(old) - 1)), data.draw(st.integers(0, len(old) - 1))
    new = editing.move_item(text, (*path, index), to)
    order = list(old)
    order.insert(to, order.pop(index))
    assert follow(plain_of(new), path) == tuple(order)
    back = editing.move_item(new, (*path, to), index)
    assert plain_of(back) == plain_of(text)
    if "*" not in text:
        assert back == text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_setting_what_is_there_changes_nothing(name):
    text = TEXTS[name]
    assert editing.set_values(text, dict(PLACES[name][1:])) == text


def test_fields_are_added_in_the_style_around_them():
    text = "a:\n  - {key: x}\n  - key: y\n    days: {nth: [1]}  # 第5条\n# end"
    assert (
        editing.set_value(text, ("a", 0, "name"), "名: 前").splitlines()[1] == '  - {key: x, name: "名: 前"}'
    )
    added = editing.set_value(text, ("a", 1, "when"), {"who": ["p"]})
    assert added.splitlines()[3:5] == ["    days: {nth: [1]}  # 第5条", "    when: {who: [p]}"]
    grown = editing.add_item(text, ("a",), {"key": "z"})
    assert grown == text.replace("第5条\n", "第5条\n  - {key: z}\n")
    assert editing.remove_item(text, ("a", 1)) == "a:\n  - {key: x}\n# end"
    assert editing.remove_value(text, ("a", 1, "key")).splitlines()[2] == "  - days: {nth: [1]}  # 第5条"


def test_quotes_stay_as_they_were():
    text = "a: 'x'\nb: \"y\"\nc: z"
    new = editing.set_values(text, {("a",): "it's", ("b",): "two", ("c",): "three"})
    assert new == "a: 'it''s'\nb: \"two\"\nc: three"


def test_a_missing_chapter_comes_in_the_order_of_the_format_not_at_the_end():
    text = "format: 1\neffective_from: 2027-04-01\n\nfacilities: []\ncases: []\n"
    new = editing.add_item(text, ("holidays",), {"name": "市の日", "dates": "05-10"})
    assert new.index("effective_from") < new.index("holidays:") < new.index("facilities:")


def test_comments_travel_with_the_item_below_them():
    text = "a:\n  - {key: x}\n  # about y\n  - {key: y}\n  - {key: z}\n"
    assert (
        editing.move_item(text, ("a", 1), 2) == "a:\n  - {key: x}\n  - {key: z}\n  # about y\n  - {key: y}\n"
    )


def test_what_an_anchor_shares_changes_only_where_it_was_named():
    text = "a: &hours {usual: 1}\nb: *hours  # same\nc: *hours\n"
    assert (
        editing.set_value(text, ("b", "usual"), 2)
        == "a: &hours {usual: 1}\nb: {usual: 2}  # same\nc: *hours\n"
    )
    first = editing.set_value(text, ("a", "usual"), 2)
    assert plain_of(first) == {"a": {"usual": 2}, "b": {"usual": 1}, "c": {"usual": 1}}


def test_a_single_entry_without_a_list_is_item_0():
    text = "days: {nth: 1}\n"
    assert editing.set_value(text, ("days", 0, "nth", 0), 2) == "days: {nth: 2}\n"
    assert plain_of(editing.add_item(text, ("days",), {"nth": 3})) == {"days": ({"nth": 1}, {"nth": 3})}


@pytest.mark.parametrize("path", [("b",), ("a", 2), ("a", "x"), ("a", 0, "key", 1), ("a", -1)])
def test_a_place_that_is_not_there_is_refused(path):
    text = "a: [{key: x}, {key: y}]\n"
    with pytest.raises(NoSuchPlace):
        editing.value_at(text, path)
    with pytest.raises(NoSuchPlace):
        editing.remove_value(text, path)
    with pytest.raises(NoSuchPlace):
        editing.set_value(text, (*path, "deeper"), 1)


def test_positions_outside_a_list_are_refused():
    text = "a: [1, 2]\n"
    for bad in (-1, 3):
        with pytest.raises(NoSuchPlace):
            editing.add_item(text, ("a",), 3, bad)
    with pytest.raises(NoSuchPlace):
        editing.move_item(text, ("a", 0), 2)


@pytest.mark.parametrize("text", ["", "- 1\n", "a: !!str 1\n", "a: 1\n---\nb: 2\n", "? [x]\n: 1\na: 1\n"])
def test_texts_that_are_no_plain_document_are_refused_not_spoilt(text):
    with pytest.raises((NotEditable, NoSuchPlace, InvalidDocument)):
        editing.set_value(text, ("a",), 2)


def test_no_yaml_is_refused_with_its_line():
    with pytest.raises(InvalidDocument) as caught:
        editing.set_value("a: 1\nb: [\n", ("a",), 2)
    assert caught.value.problems[0].line == 3


@given(texts)
def test_any_text_comes_back_as_it_was_typed(value):
    for start in ("a: x\n", "a: 'x'\n", 'a: "x"\n', "{a: x}\n", "a: |\n  x\n"):
        assert plain_of(editing.set_value(start, ("a",), value)) == {"a": value}
