"""A further rules document: begun from a model, a file or a text; published; its halls added under it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from facilities.drafting import begin_rule_book, drop_draft, publish_draft, the_draft
from facilities.errors import DraftTooLong, HallsElsewhere, KeyTaken, ModelNotFound
from facilities.model_documents import model_documents, model_text
from facilities.models import Facility, Room, RuleBook, RuleDraft, RuleVersion
from facilities.ordinance import parse, run_cases

NEW = "/console/rules/new/"


@pytest.fixture
def begin(emi, now):
    """``begin("hokota")``: a second rule book whose draft is that model."""

    def make(model, akiruno, key="sports"):
        text = model_text(key=model, municipality=akiruno)
        return begin_rule_book(key=key, name="体育施設", text=text, staff_id=emi.staff.pk, now=now)

    return make


def publish(draft, emi, now, day):
    return publish_draft(
        rule_book_id=draft.rule_book_id,
        expected_changed_at=draft.changed_at,
        effective_from=day,
        staff_id=emi.staff.pk,
        now=now,
    )


@pytest.mark.parametrize("model", [one.key for one in model_documents()])
def test_every_model_is_a_document_of_this_municipality_whose_cases_agree(akiruno, model):
    document = parse(model_text(key=model, municipality=akiruno))
    assert (document.municipality.name, document.municipality.lg_code) == (akiruno.name, akiruno.lg_code)
    assert document.municipality.name_kana is None
    assert "手本" in document.note
    assert all(case.passed for case in run_cases(document))


def test_models_are_described_in_a_sentence_and_there_is_no_other():
    assert len(model_documents()) == 23
    assert all(one.about and one.name_en for one in model_documents())
    for key in ("nowhere", "../akiruno", ""):
        with pytest.raises(ModelNotFound):
            model_text(key=key, municipality=None)


def test_a_document_begins_from_a_model_and_is_changed_like_any_other(browser_of, emi, city):
    browser = browser_of(emi)
    assert 'value="rules-2"' in browser.get(NEW).text
    answer = browser.post(NEW, {"name": "体育施設", "key": "sports", "model": "masuda"}, follow=True)
    assert "規則を増やしました" in answer.text
    draft = RuleDraft.objects.get(rule_book__key="sports")
    assert parse(draft.text).municipality.name == city.name
    assert RuleBook.objects.count() == 2
    listed = browser.get("/console/rules/").text
    assert "体育施設" in listed
    assert "まだ、公開していません" in listed


def test_a_document_begins_from_a_file_or_a_text_with_its_mistakes(browser_of, emi, city):
    browser = browser_of(emi)
    upload = SimpleUploadedFile("rules.yaml", "format: 1\nまちがい: はい\n".encode())
    answer = browser.post(NEW, {"name": "体育施設", "key": "sports", "file": upload}, follow=True)
    assert "文書に、まちがいが" in answer.text
    answer = browser.post(NEW, {"name": "市民会館", "key": "hall", "text": "a: b"}, follow=True)
    assert the_draft(RuleBook.objects.get(key="hall").pk).text == "a: b"
    assert "市民会館" in answer.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "体育", "key": "体育", "model": "masuda"}, "key"),
        ({"name": "体育", "key": "A b", "model": "masuda"}, "key"),
        ({"name": "体育", "key": "sports"}, "model"),
        ({"name": "体育", "key": "sports", "model": "nowhere"}, "model"),
        ({"name": "体育", "key": "sports", "model": "masuda", "text": "a: b"}, "model"),
    ],
)
def test_what_cannot_begin_a_document_is_said_at_its_field_and_nothing_is_made(
    browser_of, emi, city, typed, field
):
    answer = browser_of(emi).post(NEW, typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert RuleBook.objects.count() == 1
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value


def test_a_key_that_is_taken_is_refused_in_words(browser_of, emi, begin, akiruno, city):
    begin("masuda", akiruno)
    answer = browser_of(emi).post(NEW, {"name": "体育", "key": "sports", "model": "masuda"})
    assert answer.status_code == 422
    assert "この記号（key）は、もう使われています" in answer.text
    with pytest.raises(KeyTaken):
        begin("masuda", akiruno)
    assert RuleDraft.objects.count() == 1


def test_a_document_that_is_too_long_makes_no_rule_book(emi, now, city):
    with pytest.raises(DraftTooLong):
        begin_rule_book(key="x", name="x", text="x" * 1_000_001, staff_id=emi.staff.pk, now=now)
    assert RuleBook.objects.count() == 1


def test_a_hall_s_key_that_another_document_uses_is_refused_before_and_when_publishing(
    browser_of, emi, begin, akiruno, city, now
):
    draft = begin("akiruno", akiruno)
    page = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/check/").text
    assert "施設の記号（key）が同じです" in page
    assert "chuo-kominkan" in page
    assert "この版を公開する" not in page
    with pytest.raises(HallsElsewhere) as refused:
        publish(draft, emi, now, now.date())
    assert "chuo-kominkan" in refused.value.facts["halls"][0]
    assert RuleVersion.objects.count() == 1


def test_the_halls_of_every_document_can_be_added_each_under_its_own(
    browser_of, emi, begin, akiruno, city, now
):
    draft = begin("hokota", akiruno)
    publish(draft, emi, now, now.date())
    browser = browser_of(emi)
    page = browser.get("/console/halls/new/").text
    assert "鉾田中央公民館（体育施設）" in page
    added = {"key": "hokota-chuo", "name": "鉾田中央公民館", "name_kana": "", "address": "", "phone": ""}
    assert browser.post("/console/halls/new/", added).status_code == 302
    hall = Facility.objects.get(key="hokota-chuo")
    assert hall.rule_book_id == draft.rule_book_id
    assert "集会室" in browser.get("/console/halls/hokota-chuo/rooms/new/").text


def test_dropping_a_draft_of_which_nothing_was_published_drops_its_rule_book(
    browser_of, emi, begin, akiruno, city
):
    draft = begin("masuda", akiruno)
    page = f"/console/rules/{draft.rule_book_id}/draft/drop/"
    answer = browser_of(emi).post(page, {"seen": draft.changed_at.isoformat()}, follow=True)
    assert answer.status_code == 200
    assert list(RuleBook.objects.values_list("key", flat=True)) == ["main"]


def test_dropping_a_draft_keeps_a_rule_book_with_versions(emi, begin, akiruno, city, now):
    draft = begin("hokota", akiruno)
    publish(draft, emi, now, now.date())
    again = RuleDraft.objects.create(
        rule_book_id=draft.rule_book_id, text="", changed_at=now, changed_by=emi.staff
    )
    drop_draft(rule_book_id=draft.rule_book_id, expected_changed_at=again.changed_at)
    assert RuleBook.objects.count() == 2
    assert Room.objects.filter(facility__rule_book_id=draft.rule_book_id).count() == 0
