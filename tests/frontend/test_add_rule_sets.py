"""One more set of closed days, hours, applications … for some halls or rooms, without writing the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from facilities import ordinance
from facilities.drafting import begin_draft, begin_rule_book, the_draft
from facilities.models import RuleBook
from facilities.ordinance import parse
from frontend.console.rules.new_sets import SETS

EXAMPLES = Path(ordinance.__file__).parent / "examples"


@pytest.fixture
def draft(city, emi, now):
    return begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=now)


@pytest.fixture
def page(draft):
    return f"/console/rules/{draft.rule_book_id}/draft/sets/calendars/new/"


@pytest.fixture
def send(browser_of, emi):
    def post(draft, chapter, **data):
        seen = the_draft(draft.rule_book_id).changed_at.isoformat()
        path = f"/console/rules/{draft.rule_book_id}/draft/sets/{chapter}/new/"
        return browser_of(emi).post(path, {"seen": seen, **data})

    return post


def document_of(draft):
    return parse(the_draft(draft.rule_book_id).text)


def test_the_draft_leads_to_one_more_set_of_each_chapter(browser_of, emi, draft, page):
    answer = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/").text
    assert page in answer
    assert "「開館時間と休館日」をもう一つ作る" in answer
    assert 'value="calendar-2"' in browser_of(emi).get(page).text


def test_a_copy_is_followed_by_the_rooms_that_were_ticked_and_opened_to_be_changed(send, draft):
    old = document_of(draft)
    users = ["facilities-0-rooms-1", "facilities-0-rooms-2"]
    answer = send(draft, "calendars", copy_of="chuo", key="evening", users=users)
    assert answer.url.endswith("draft/part/calendars/evening/")
    new = document_of(draft)
    assert new.calendars["evening"] == old.calendars["chuo"] == new.calendars["chuo"]
    assert [room.calendar for room in new.facilities[0].rooms[:4]] == [None, "evening", "evening", None]
    assert new.facilities[0].calendar == "chuo"


def test_a_new_set_can_then_be_chosen_in_the_form_of_a_room(browser_of, emi, send, draft):
    send(draft, "calendars", copy_of="chuo", key="evening")
    page = f"/console/rules/{draft.rule_book_id}/draft/part/facilities/0/rooms/3/"
    choices = dict(browser_of(emi).get(page).context["form"].fields["calendar"].choices)
    assert {"chuo", "evening"} <= set(choices)
    assert "中央公民館" in choices["chuo"]


@pytest.mark.parametrize("name", ["akiruno", "miki", "kanazawa", "ageo", "masuda", "inzai"])
def test_every_kind_of_set_can_be_copied_and_nothing_else_changes(send, emi, now, city, name):
    text = (EXAMPLES / f"{name}.yaml").read_text()
    draft = begin_rule_book(key=name, name=name, text=text, staff_id=emi.staff.pk, now=now)
    for chapter in SETS:
        old = document_of(draft)
        sets = getattr(old, chapter)
        if not sets:
            assert send(draft, chapter, copy_of="x", key="y").status_code == 404
            continue
        first = next(iter(sets))
        answer = send(draft, chapter, copy_of=first, key="another", users=["facilities-0"])
        assert answer.status_code == 302, (chapter, answer.context["form"].errors)
        new = document_of(draft)
        assert getattr(new, chapter) == {**sets, "another": sets[first]}
        assert getattr(new.facilities[0], SETS[chapter]) == "another"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"copy_of": "chuo", "key": "chuo"}, "key"),
        ({"copy_of": "chuo", "key": "よる"}, "key"),
        ({"copy_of": "chuo", "key": ""}, "key"),
        ({"copy_of": "nowhere", "key": "evening"}, "copy_of"),
        ({"copy_of": "chuo", "key": "evening", "users": ["facilities-9"]}, "users"),
    ],
)
def test_what_cannot_be_copied_is_said_at_its_field(send, draft, typed, field):
    answer = send(draft, "calendars", **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert the_draft(draft.rule_book_id).text == draft.text


@pytest.mark.parametrize("chapter", ["facilities", "penalties", "rounding", "nowhere"])
def test_there_are_no_other_sets_to_copy(send, draft, chapter):
    assert send(draft, chapter, copy_of="x", key="y").status_code == 404


def test_a_page_made_from_an_older_draft_is_refused(browser_of, emi, draft, page):
    typed = {"copy_of": "chuo", "key": "evening", "seen": "2027-01-01T00:00:00+09:00"}
    answer = browser_of(emi).post(page, typed)
    assert answer.status_code == 422
    assert "ほかの人が下書きを変えました" in answer.text
