"""Rosters: written once a person, compared by name, seen by few, and every look of staff recorded."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Actor
from accounts.errors import MemberNotFound, NotRepresentative, RosterTooLong
from accounts.groups.rosters import (
    Line,
    add_to_roster,
    as_compared,
    change_on_roster,
    forget_struck,
    overlaps_of,
    remove_from_roster,
    roster_counts,
    roster_of,
    set_fact,
    view_roster,
    viewings_of,
)
from accounts.groups.services import GroupFacts, found_group
from frontend.groups.pasting import read_pasted
from tests import factories


@pytest.fixture
def haru(city):
    return factories.a_resident("春山 ハル")


@pytest.fixture
def me(haru):
    return Actor("resident", haru.pk)


@pytest.fixture
def club_of(haru, me, now):
    def make(*names, name="会"):
        group = found_group(facts=GroupFacts(name), representative_id=haru.pk, now=now)
        add_to_roster(group_id=group.pk, lines=[Line(one) for one in names], actor=me)
        return group

    return make


def names(club, me):
    return [one.name for one in roster_of(group_id=club.pk, actor=me)]


def test_the_same_person_is_written_once(club_of, me):
    club = club_of("渡邉 美代子", "渡邉　美代子", "葛󠄀城 和子", "葛城和子")
    assert names(club, me) == ["渡邉 美代子", "葛󠄀城 和子"]
    lines = [Line("渡邉 美代子", "わたなべ みよこ"), Line("渡邉美代子", "ワタナベ ミヨコ")]
    assert add_to_roster(group_id=club.pk, lines=lines, actor=me) == 1


def test_a_roster_has_an_end(club_of, me):
    club = club_of(*(f"会員{number}" for number in range(1000)))
    with pytest.raises(RosterTooLong):
        add_to_roster(group_id=club.pk, lines=[Line("千一人目")], actor=me)


def test_only_who_represents_the_group_reads_and_writes_it(club_of, me, now):
    club = club_of("会員")
    other = Actor("resident", factories.a_resident("他 人").pk)
    for refused in (
        lambda: roster_of(group_id=club.pk, actor=other),
        lambda: add_to_roster(group_id=club.pk, lines=[Line("x")], actor=other),
        lambda: remove_from_roster(group_id=club.pk, entry_ids=[1], actor=other),
        lambda: set_fact(group_id=club.pk, fact="x", entry_ids=[], among=[], actor=other),
    ):
        with pytest.raises(NotRepresentative):
            refused()


def test_people_of_another_roster_are_not_touched(club_of, me):
    mine, other = club_of("会員"), club_of("別の会員")
    (entry,) = roster_of(group_id=other.pk, actor=me)
    with pytest.raises(MemberNotFound):
        change_on_roster(group_id=mine.pk, entry_id=entry.pk, line=Line("取られた"), actor=me)
    remove_from_roster(group_id=mine.pk, entry_ids=[entry.pk], actor=me)
    set_fact(group_id=mine.pk, fact="f", entry_ids=[entry.pk], among=[entry.pk], actor=me)
    assert names(other, me) == ["別の会員"]
    assert roster_counts(other.pk) == (1, {})


def test_facts_are_set_for_those_shown_only(club_of, me):
    club = club_of("一", "二", "三")
    first, second, third = (one.pk for one in roster_of(group_id=club.pk, actor=me))
    set_fact(group_id=club.pk, fact="f", entry_ids=[first, third], among=[first, second, third], actor=me)
    set_fact(group_id=club.pk, fact="f", entry_ids=[second], among=[first, second], actor=me)
    assert [one.facts for one in roster_of(group_id=club.pk, actor=me)] == [[], ["f"], ["f"]]
    assert roster_counts(club.pk) == (3, {"f": 2})


def test_every_look_of_staff_is_recorded(club_of, me, now):
    club, staff = club_of("会員"), factories.a_staff()
    assert [one.name for one in view_roster(group_id=club.pk, staff_id=staff.pk, now=now)] == ["会員"]
    roster_of(group_id=club.pk, actor=me)
    assert [(one.staff, one.what, one.seen_at) for one in viewings_of(club.pk)] == [(staff, "roster", now)]


def test_groups_that_share_people_are_found_by_the_shorter_roster(club_of):
    mine = club_of("青木 愛子", "井上一郎", "上田 歌子", "江藤 絵里")
    small = club_of("青木愛子", "井上 一郎", name="小さい会")
    large = club_of("青木 愛子", *(f"会員{number}" for number in range(9)), name="大きい会")
    club_of("だれか", name="別の会")
    found = {one.group_id: (one.shared, one.share) for one in overlaps_of(mine.pk)}
    assert found == {small.pk: (2, Fraction(1)), large.pk: (1, Fraction(1, 4))}
    assert [one.share for one in overlaps_of(small.pk)] == [Fraction(1), Fraction(1, 2)]


def test_ended_groups_are_nobodys_double(club_of, now):
    mine, other = club_of("青木 愛子"), club_of("青木 愛子")
    other.ended_at = now
    other.save()
    assert overlaps_of(mine.pk) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("山田 花子", [("山田 花子", "")]),
        ("1. 山田　花子、やまだ はなこ\r\n２）鈴木一郎", [("山田 花子", "やまだ はなこ"), ("鈴木一郎", "")]),
        ("1\t山田 花子\tやまだ はなこ\t市内", [("山田 花子", "やまだ はなこ")]),
        ("・佐藤 健,サトウ ケン\n\n  \n", [("佐藤 健", "サトウ ケン")]),
        ("上田 歌子 うえだ うたこ", [("上田 歌子", "うえだ うたこ")]),
        ("山田 はなこ", [("山田 はなこ", "")]),
        ("葛󠄀城 和子", [("葛󠄀城 和子", "")]),
        ("", []),
        ("1.\n、\n\t\n", []),
    ],
)
def test_names_are_read_as_people_paste_them(text, read):
    assert read_pasted(text) == read


@given(st.text(max_size=200))
def test_any_text_is_read_into_names_that_say_something(text):
    for name, _kana in read_pasted(text):
        assert name.strip()
        assert "\n" not in name


@given(st.text(max_size=60))
def test_a_name_is_compared_alike_however_it_is_spaced(text):
    assert as_compared(text) == as_compared(f" {text}　")


def test_taking_people_off_makes_no_other_group_of_them(club_of, me):
    """Else two groups of the same people would have two limits, as soon as one of them emptied its roster."""
    one, other = club_of("甲", "乙", "丙"), club_of("甲", "乙", "丙", name="別の会")
    entries = [entry.pk for entry in roster_of(group_id=other.pk, actor=me)]
    remove_from_roster(group_id=other.pk, entry_ids=entries, actor=me)
    assert names(other, me) == []
    assert roster_counts(other.pk) == (0, {})
    assert [found.share for found in overlaps_of(one.pk)] == [1]


def test_nor_does_giving_them_other_names(club_of, me):
    one, other = club_of("甲"), club_of("甲", name="別の会")
    entry = roster_of(group_id=other.pk, actor=me)[0]
    change_on_roster(group_id=other.pk, entry_id=entry.pk, line=Line("丁"), actor=me)
    assert names(other, me) == ["丁"]
    assert [found.group_id for found in overlaps_of(one.pk)] == [other.pk]


def test_once_staff_have_looked_the_roster_counts_as_it_is(club_of, me):
    one, other = club_of("甲"), club_of("甲", "乙", name="別の会")
    entry = roster_of(group_id=other.pk, actor=me)[0]
    remove_from_roster(group_id=other.pk, entry_ids=[entry.pk], actor=me)
    assert forget_struck(other.pk) == 1
    assert overlaps_of(one.pk) == []
