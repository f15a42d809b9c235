"""What is told of one hall: all that it follows, and nothing of the others."""

from __future__ import annotations

import pytest

from facilities.ordinance import parse
from facilities.ordinance.telling import Sentence, tell, tell_hall

from .conftest import EXAMPLES

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def document_of(name):
    return parse((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))


def texts(chapters):
    for chapter in chapters:
        yield chapter.title_ja
        for section in chapter.sections:
            yield section.title_ja
            for part in section.parts:
                if isinstance(part, Sentence):
                    yield part.ja
                else:
                    yield from (cell.ja for row in part.rows for cell in row.cells)


@pytest.mark.parametrize("name", NAMES)
def test_every_hall_is_told_with_its_rooms_and_prices(name):
    document = document_of(name)
    for hall in document.facilities:
        chapters = tell_hall(document, hall.key)
        words = "\n".join(texts(chapters))
        assert hall.name in words
        assert all(room.name in words for room in hall.rooms)
        assert "円" in words
        assert {"cases", "keys"}.isdisjoint(one.key for one in chapters)


@pytest.mark.parametrize("name", NAMES)
def test_other_halls_and_rules_nobody_here_follows_are_left_out(name):
    document = document_of(name)
    for hall in document.facilities:
        chapters = tell_hall(document, hall.key)
        others = {one.name for one in document.facilities} - {hall.name}
        assert others.isdisjoint(one.title_ja for one in chapters)
        calendars = {hall.calendar, *(room.calendar for room in hall.rooms)}
        assert {one.key for one in chapters if one.key.startswith("calendars-")} <= {
            f"calendars-{key}" for key in calendars
        }


@pytest.mark.parametrize("name", NAMES)
def test_only_what_the_whole_document_says_is_said(name):
    document = document_of(name)
    whole = {one.key for one in tell(document)}
    for hall in document.facilities:
        assert {one.key for one in tell_hall(document, hall.key)} <= whole


def test_hall_the_document_does_not_know_is_told_nothing():
    assert tell_hall(document_of("kyowa"), "nowhere") == ()
