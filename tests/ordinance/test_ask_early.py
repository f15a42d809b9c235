"""Before a day is chosen only that is asked on which the days and times of a room depend."""

from __future__ import annotations

import pytest

from facilities.ordinance import UnknownRoom, asked_of, compile_rules, parse
from facilities.ordinance.asking.early import class_counts, class_decides, early_questions

from .conftest import EXAMPLES

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def rules_of(name, *changes):
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return compile_rules(parse(text))


def early(name, room, channel="web", *changes):
    facility, key = room.split("/")
    return early_questions(rules_of(name, *changes), facility=facility, room=key, channel=channel)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_early_is_asked_anyway(name):
    rules = rules_of(name)
    for hall in rules.document.facilities:
        for room in hall.rooms:
            asked = asked_of(rules, facility=hall.key, room=room.key)
            first = early_questions(rules, facility=hall.key, room=room.key, channel="web")
            assert set(first.questions) <= set(asked.questions)
            assert first.purposes in ((), asked.purposes)
            assert not first.extras


def test_kind_of_booking_that_opens_another_window_is_asked_early():
    assert [one.key for one in early("kumamoto", "kominkan/example").questions] == ["booking"]


def test_questions_that_only_change_the_price_are_not_asked_early():
    assert early("inzai", "bunka/hall").questions == ()


def test_windows_of_another_channel_ask_nothing():
    only_desk = (
        "{when: {booking: individual}, opens",
        "{when: {booking: individual}, channels: [desk], opens",
    )
    rest = ("{when: {booking: hourly}, channels: [web]", "{when: {booking: hourly}, channels: [phone]")
    assert early("kumamoto", "kominkan/example", "web", only_desk, rest).questions == ()
    assert early("kumamoto", "kominkan/example", "desk", only_desk, rest).questions


def test_hours_that_depend_on_the_purpose_ask_for_it():
    special = '      exceptions: [{name: 展示, when: {purpose: exhibition}, open: "08:00-23:00"}]'
    assert not early("ashiya", "luna/dai").purposes
    assert early("ashiya", "luna/dai", "web", ("    hours:\n", f"    hours:\n{special}\n")).purposes


def test_class_decides_when_where_windows_are_for_some():
    rules = rules_of("sodegaura")
    assert class_decides(rules, facility="shiminkaikan", room="room", channel="web")
    rules = rules_of("ageo")
    assert not class_decides(rules, facility="bunka", room="dai", channel="web")
    assert class_counts(rules, facility="bunka", room="dai")


def test_class_does_not_count_where_no_rule_looks_at_it():
    assert not class_counts(rules_of("kumamoto"), facility="kominkan", room="example")


def test_unknown_room_is_refused():
    with pytest.raises(UnknownRoom):
        early_questions(rules_of("kumamoto"), facility="kominkan", room="nowhere", channel="web")
