"""The rules document: read, looked over, published."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from facilities.models import Room, RuleBook, RuleVersion
from facilities.reviewing import current_number, review_rules


@pytest.fixture
def text(city):
    return RuleVersion.objects.get().text


@pytest.fixture
def page(city):
    return f"/console/rules/{RuleBook.objects.get().pk}/new/"


def test_version_shows_text_with_line_numbers_facts_and_cases(browser_of, emi, text):
    answer = browser_of(emi).get(f"/console/rules/{RuleBook.objects.get().pk}/1/").text
    assert f'<li id="L{len(text.splitlines())}">' in answer
    for words in ("合っている", "中央公民館", "第1版"):
        assert words in answer
    assert "いま使っている" in browser_of(emi).get("/console/rules/").text


def test_mistakes_are_shown_with_line_field_and_reason(browser_of, emi, page, text):
    wrong = text.replace("rounding:", "roundin:", 1)
    line = next(number for number, one in enumerate(wrong.splitlines(), 1) if one.startswith("roundin:"))
    answer = browser_of(emi).post(page, {"text": wrong, "step": "publish"})
    assert answer.status_code == 422
    assert f"{line}行目" in answer.text
    assert "「roundin」という項目はありません" in answer.text
    assert RuleVersion.objects.count() == 1


def test_case_that_comes_out_differently_is_shown_red_and_stops_publishing(browser_of, emi, page, text):
    document = review_rules(rule_book_id=None, text=text).document
    yen = next(case.expect["yen"] for case in document.cases if case.kind == "fee")
    wrong = text.replace(f"yen: {yen}}}", "yen: 1}", 1)
    assert wrong != text
    answer = browser_of(emi).post(page, {"text": wrong, "step": "publish"})
    assert answer.status_code == 422
    assert "確認用の例が、1つ合いません" in answer.text
    assert f"yen: {yen}" in answer.text
    assert RuleVersion.objects.count() == 1


def test_good_document_is_looked_over_first_and_then_published_from_a_day(browser_of, emi, page, text):
    browser = browser_of(emi)
    looked = browser.post(page, {"text": text, "step": "check", "effective_from": "2027-07-01"})
    assert "まちがいはありません" in looked.text
    assert RuleVersion.objects.count() == 1
    answer = browser.post(page, {"text": text, "step": "publish", "effective_from": "2027-07-01"})
    version = RuleVersion.objects.get(number=2)
    assert answer.url.endswith("/2/")
    assert (str(version.effective_from), version.published_by_id) == ("2027-07-01", emi.staff.pk)
    assert "これから" in browser.get("/console/rules/").text


def test_document_comes_as_a_file_and_stands_in_the_field_after(browser_of, emi, page, text):
    upload = SimpleUploadedFile("rules.yaml", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    answer = browser_of(emi).post(page, {"file": upload, "text": "", "step": "check"})
    assert "まちがいはありません" in answer.text
    assert answer.context["form"].initial["text"] == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("日本語".encode("cp932"), "UTF-8"),
        (b"", "ファイルを選ぶか"),
        (b"\xef\xbb\xbf\t- : :", "行目"),
        (b"x" * 1_000_001, "大きすぎ"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_words(browser_of, emi, page, content, words):
    answer = browser_of(emi).post(page, {"file": SimpleUploadedFile("rules.yaml", content), "step": "check"})
    assert answer.status_code == 422
    assert words in answer.text


def test_document_without_a_room_in_use_is_refused(browser_of, emi, page, text):
    Room.objects.filter(key="kenshu-2").update(key="kenshu-99")
    answer = browser_of(emi).post(page, {"text": text, "step": "publish"})
    assert answer.status_code == 422
    assert "いま貸し出している部屋が、文書にありません" in answer.text
    assert RuleVersion.objects.count() == 1


def test_closed_room_may_be_missing(city, text):
    book = RuleBook.objects.get()
    Room.objects.filter(key="kenshu-2").update(key="kenshu-99", is_open=False)
    assert review_rules(rule_book_id=book.pk, text=text).publishable


def test_version_in_effect_is_the_latest_begun(city):
    versions = [(1, date(2021, 1, 1)), (2, date(2027, 7, 1)), (3, date(2027, 7, 1))]
    assert current_number(versions, date(2027, 6, 30)) == 1
    assert current_number(versions, date(2027, 7, 1)) == 3
    assert current_number(versions, date(2020, 1, 1)) is None


def test_unknown_book_and_version_are_refused(browser_of, emi, city):
    assert browser_of(emi).get("/console/rules/999/new/").status_code in {404, 409}
    assert browser_of(emi).get("/console/rules/999/1/").status_code in {404, 409}
