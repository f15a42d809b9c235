"""A worked case that no longer agrees: its new answer is accepted, or the case is changed or removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.http import QueryDict

from facilities import ordinance
from facilities.drafting import begin_draft, save_draft, the_draft
from facilities.errors import CaseWithoutAnswer
from facilities.models import RuleBook
from facilities.ordinance import parse, run_cases
from facilities.ordinance.errors import NoSuchPlace
from facilities.ordinance.reading.parsing import read_plain
from facilities.ordinance.telling.naming import names_of
from facilities.reviewing import accept_answer
from frontend.console.rules.case_values import CaseValuesForm

EXAMPLES = sorted((Path(ordinance.__file__).parent / "examples").glob("*.yaml"))


@pytest.fixture
def draft(city, emi, now):
    return begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=now)


@pytest.fixture
def dearer(draft, emi, now):
    """A draft in which the first case no longer agrees."""
    return write(draft, draft.text.replace("yen_per_hour: 800", "yen_per_hour: 900"), emi, now)


def write(draft, text, emi, now):
    return save_draft(
        rule_book_id=draft.rule_book_id,
        text=text,
        expected_changed_at=the_draft(draft.rule_book_id).changed_at,
        staff_id=emi.staff.pk,
        now=now,
    )


@pytest.fixture
def send(browser_of, emi, draft):
    def post(place, **data):
        seen = the_draft(draft.rule_book_id).changed_at.isoformat()
        path = f"/console/rules/{draft.rule_book_id}/draft/{place}"
        return browser_of(emi).post(path, {"seen": seen, **data}, follow=True)

    return post


def failing(draft):
    results = run_cases(parse(the_draft(draft.rule_book_id).text))
    return [place for place, one in enumerate(results) if not one.passed]


def test_the_new_answer_is_accepted_and_only_that_line_changes(send, dearer, draft):
    before = dearer.text
    (place,) = failing(dearer)
    answer = send(f"case/{place}/accept/")
    assert f"例「{parse(before).cases[place].id}」の答えを、下書きの答えにしました。" in answer.text
    after = the_draft(draft.rule_book_id).text
    assert failing(draft) == []
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(changed) == 1
    assert "2700" in changed[0]
    assert "この版を公開する" in answer.text


def test_a_case_without_an_answer_is_neither_offered_nor_accepted(browser_of, emi, send, draft, now):
    broken = write(draft, draft.text.replace("room: shukai", "room: nowhere", 1), emi, now)
    (place,) = failing(broken)
    page = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/check/").text
    assert "新しい答えを正しいとする</" not in page
    assert f"/case/{place}/accept/" not in page
    assert "この例を直す・消す" in page
    assert "答えが出ていないので" in send(f"case/{place}/accept/").text
    assert the_draft(draft.rule_book_id).text == broken.text


def test_only_what_the_case_expects_is_accepted():
    text = EXAMPLES[0].read_text()
    place, case = next((n, one) for n, one in enumerate(parse(text).cases) if one.kind == "fee")
    wrong = text.replace(f"yen: {case.expect['yen']}", "yen: 1")
    after, case_id = accept_answer(text=wrong, place=place)
    assert case_id == case.id
    assert parse(after).cases[place].expect == case.expect


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_accepting_a_case_that_agrees_changes_nothing(path):
    text = path.read_text()
    for place in range(len(parse(text).cases)):
        assert accept_answer(text=text, place=place)[0] == text


def test_cases_that_are_not_there_are_not_accepted():
    text = EXAMPLES[0].read_text()
    with pytest.raises(NoSuchPlace):
        accept_answer(text=text, place=999)
    with pytest.raises(CaseWithoutAnswer):
        accept_answer(text=text.replace("expect: {yen:", "expect: {colour:", 1), place=0)


def test_a_case_is_changed_in_a_form(browser_of, emi, send, dearer, draft):
    (place,) = failing(dearer)
    form = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/case/{place}/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    answer = send(f"case/{place}/", **{**shown, "expect-yen": "２,７００円", "why": "令和9年の改定"})
    assert "例を直しました" in answer.text
    case = parse(the_draft(draft.rule_book_id).text).cases[place]
    assert (case.expect, case.why) == ({"yen": 2700}, "令和9年の改定")
    assert failing(draft) == []


def test_what_cannot_be_is_refused_at_its_field_with_what_was_typed(send, dearer, draft):
    (place,) = failing(dearer)
    answer = send(f"case/{place}/", **{"given-date": "2027-02-30", "expect-yen": "たくさん"})
    assert answer.status_code == 422
    assert {"given-date", "expect-yen"} <= set(answer.context["form"].errors)
    assert answer.context["form"]["expect-yen"].value() == "たくさん"
    assert the_draft(draft.rule_book_id).text == dearer.text


def test_a_case_is_removed(send, dearer, draft):
    (place,) = failing(dearer)
    count = len(parse(dearer.text).cases)
    assert "例を消しました" in send(f"case/{place}/", step="remove").text
    assert len(parse(the_draft(draft.rule_book_id).text).cases) == count - 1
    assert failing(draft) == []


def test_an_older_page_changes_nothing(browser_of, emi, dearer, draft):
    (place,) = failing(dearer)
    path = f"/console/rules/{draft.rule_book_id}/draft/case/{place}/"
    seen = "2027-01-01T00:00:00+09:00"
    answer = browser_of(emi).post(f"{path}accept/", {"seen": seen}, follow=True)
    assert "ほかの人が下書きを変えました" in answer.text
    assert browser_of(emi).post(path, {"seen": seen, "step": "remove"}).status_code == 422
    assert the_draft(draft.rule_book_id).text == dearer.text


@pytest.mark.parametrize("place", ["99/", "99/accept/"])
def test_there_is_no_such_case(send, draft, place):
    assert send(f"case/{place}").status_code == 404


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_case_of_every_example_has_a_form_that_changes_nothing_by_itself(path):
    text = path.read_text()
    names = names_of(parse(text))
    for case in read_plain(text)["cases"]:
        shown = CaseValuesForm(case, names)
        data = {name: shown.initial[name] for name in shown.fields}
        data = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in data.items()
            if value is not None
        }
        sent = CaseValuesForm(case, names, _query(data))
        assert sent.is_valid(), (case["id"], sent.errors)
        assert sent.changed_values() == {}, case["id"]


def _query(data):
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [str(value)])
    return query
