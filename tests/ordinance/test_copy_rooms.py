"""One entry for several rooms of a kind."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.ordinance import InvalidDocument, compile_rules, parse, quote, write

ROOMS = """\
      - {key: court, name: コート, name_en: Court, copies: 4, fee: {yen_per_hour: 600}}
      - {key: half, name: "半面{n}", copies: [[court-1, court-2], [court-3, court-4]], fee: {percent: 200, of: court}}
      - {key: big, name: 大会議室, capacity: 9, spaces: [a, b], fee: {yen_per_hour: 1530}}
"""
BIG = "      - {key: big, name: 大会議室, capacity: 9, spaces: [a, b], fee: {yen_per_hour: 1530}}\n"
LIMIT = "    limits: [{key: c, name: コート, at_most: 2, of: bookings, per: day, when: {room: court}}]\n"


def document_of(small, rooms=ROOMS):
    text = small.replace(BIG, rooms)
    return parse(text.replace("closes: {days_before: 3}}\n", "closes: {days_before: 3}}\n" + LIMIT, 1))


def test_copies_are_rooms_with_numbers(small):
    rooms = {room.key: room for room in document_of(small).facilities[0].rooms}
    assert list(rooms)[:5] == ["court-1", "half-1", "big", "half", "koma"]
    assert list(rooms)[5:] == ["court-2", "court-3", "court-4", "half-2"]
    assert (rooms["court-3"].name, rooms["court-3"].name_en) == ("コート3", "Court 3")
    assert rooms["court-3"].occupies == ("court-3",)
    assert (rooms["half-2"].name, rooms["half-2"].occupies) == ("半面2", ("court-3", "court-4"))


def test_conditions_and_shares_reach_the_copies(small):
    document = document_of(small)
    assert document.applications["open"].limits[0].when[0].room == (
        "court-1",
        "court-2",
        "court-3",
        "court-4",
    )
    told = quote(
        compile_rules(document),
        facility="hall",
        room="half-2",
        day=date(2027, 6, 16),
        starts=540,
        ends=600,
        applicant_class="general",
    )
    assert told.total_yen == 1200


def test_a_document_with_copies_reads_back_the_same(small):
    document = document_of(small)
    assert parse(write(document)) == document


def test_other_rooms_keep_their_places_so_that_mistakes_name_their_lines(small):
    rooms = ROOMS.replace("spaces: [a, b]", "spaces: [a, b], calendar: nowhere")
    with pytest.raises(InvalidDocument) as caught:
        document_of(small, rooms)
    (problem,) = caught.value.problems
    assert problem.field == "facilities[0].rooms[2].calendar"


@pytest.mark.parametrize("copies", ["1", "many", "[1, 2]", "true"])
def test_copies_that_are_no_number_are_a_mistake(small, copies):
    with pytest.raises(InvalidDocument, match="copies"):
        document_of(small, ROOMS.replace("copies: 4", f"copies: {copies}"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("when: {room: court}", "when: {paid: 2027-05-01..}", "paid は分かりません"),
        ("when: {room: court}", "unless: {exempted: welfare}", "exempted は分かりません"),
    ],
)
def test_a_condition_that_could_never_be_known_is_a_mistake(small, old, new, said):
    text = small.replace(
        "closes: {days_before: 3}}\n", "closes: {days_before: 3}}\n" + LIMIT.replace(old, new), 1
    )
    with pytest.raises(InvalidDocument, match=said):
        parse(text)
