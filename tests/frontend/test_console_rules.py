"""Versions of the rules and the draft as a text: read, replaced, looked over, published, taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from facilities.drafting import begin_draft, draft_of, save_draft, the_draft
from facilities.models import Room, RuleBook, RuleVersion
from facilities.reviewing import current_number, review_rules
from facilities.services import publish_rules


@pytest.fixture
def rules(city):
    return RuleBook.objects.get()


@pytest.fixture
def text(city):
    return RuleVersion.objects.get().text


@pytest.fixture
def draft(rules, emi, now):
    return begin_draft(rule_book_id=rules.pk, staff_id=emi.staff.pk, now=now)


@pytest.fixture
def put(browser_of, emi, draft):
    """``put("text/", text=…)``: sent from a page that shows the draft as it is now."""

    def send(place, *, seen=None, **data):
        data["seen"] = seen or the_draft(draft.rule_book_id).changed_at.isoformat()
        return browser_of(emi).post(f"/console/rules/{draft.rule_book_id}/draft/{place}", data)

    return send


def write(draft, text, emi, now):
    return save_draft(
        rule_book_id=draft.rule_book_id,
        text=text,
        expected_changed_at=draft.changed_at,
        staff_id=emi.staff.pk,
        now=now,
    )


def test_version_shows_text_with_line_numbers_rules_and_cases(browser_of, emi, rules, text):
    answer = browser_of(emi).get(f"/console/rules/{rules.pk}/1/").text
    assert f'<li id="L{len(text.splitlines())}">' in answer
    for words in ("合っている", "中央公民館", "第1版", "2,400円"):
        assert words in answer
    assert "いま使っている" in browser_of(emi).get("/console/rules/").text


def test_a_draft_is_begun_with_a_chosen_version_and_found_again(browser_of, emi, rules, text, now):
    publish_rules(rule_book_id=rules.pk, text=text + "# 2\n", effective_from=date(2028, 4, 1), now=now)
    browser = browser_of(emi)
    assert "第2版" in browser.get(f"/console/rules/{rules.pk}/draft/new/").text
    browser.post(f"/console/rules/{rules.pk}/draft/new/", {"number": "2"})
    assert draft_of(rules.pk).text == text + "# 2\n"
    assert browser.get(f"/console/rules/{rules.pk}/draft/new/").url.endswith("/draft/")
    assert "書きかけの下書きがあります" in browser.get("/console/rules/").text


@pytest.mark.parametrize("number", ["", "99", "x", "1' OR 1=1"])
def test_without_a_version_that_stands_the_current_one_is_taken(browser_of, emi, rules, text, number):
    browser_of(emi).post(f"/console/rules/{rules.pk}/draft/new/", {"number": number})
    assert draft_of(rules.pk).text == text


def test_mistakes_are_kept_and_shown_with_line_field_and_reason(browser_of, emi, put, draft, text):
    wrong = text.replace("rounding:", "roundin:", 1)
    line = next(number for number, one in enumerate(wrong.splitlines(), 1) if one.startswith("roundin:"))
    page = put("text/", text=wrong).url
    assert the_draft(draft.rule_book_id).text == wrong
    answer = browser_of(emi).get(page).text
    assert f"{line}行目" in answer
    assert "「roundin」という項目はありません" in answer


@pytest.mark.parametrize("place", ["", "check/", "case/", "fees/0/", "part/facilities/0/", "add/facilities/"])
def test_a_draft_with_mistakes_leads_to_its_text(browser_of, emi, draft, now, place):
    write(draft, "format: [", emi, now)
    answer = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/{place}")
    assert answer.url.endswith("/draft/text/")
    assert "まちがい" in browser_of(emi).get(answer.url).text


def test_a_text_from_an_old_page_changes_nothing_and_is_not_lost(put, draft, emi, now):
    write(draft, draft.text + "# newer\n", emi, now)
    answer = put("text/", seen=draft.changed_at.isoformat(), text="# mine\n")
    assert answer.status_code == 422
    assert "ほかの人が下書きを変えました" in answer.text
    assert "# mine" in answer.text
    assert the_draft(draft.rule_book_id).text == draft.text + "# newer\n"


@pytest.mark.parametrize("seen", ["x", "2027-05-10", "9" * 500, "2027-05-10T10:00:00"])
def test_a_page_that_does_not_say_what_it_saw_changes_nothing(put, draft, seen):
    assert put("text/", seen=seen, text="# mine\n").status_code == 422
    assert the_draft(draft.rule_book_id).text == draft.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_a_file_takes_the_place_of_the_draft(put, draft, text, encoding):
    upload = SimpleUploadedFile("rules.yaml", (text + "# 別\n").replace("\n", "\r\n").encode(encoding))
    assert put("text/", file=upload, text="").status_code == 302
    assert the_draft(draft.rule_book_id).text == text + "# 別\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00\x01", "読めません"),
        (b"a: \x00", "読めません"),
        (b"", "ファイルを選ぶか"),
        (b"x" * 1_000_001, "大きすぎ"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(put, draft, content, words):
    answer = put("text/", file=SimpleUploadedFile("rules.yaml", content))
    assert answer.status_code == 422
    assert words in answer.text
    assert the_draft(draft.rule_book_id).text == draft.text


def test_a_huge_text_is_refused(put, draft):
    assert put("text/", text="x" * 1_000_001).status_code in {400, 422}
    assert the_draft(draft.rule_book_id).text == draft.text


def test_the_draft_is_a_download(browser_of, emi, draft):
    answer = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft.yaml")
    assert answer.text == draft.text
    assert "attachment" in answer["Content-Disposition"]


def test_case_that_comes_out_differently_is_shown_red_in_words_and_stops_publishing(
    browser_of, emi, put, draft, now
):
    write(draft, draft.text.replace("yen_per_hour: 800", "yen_per_hour: 900"), emi, now)
    answer = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/check/").text
    for words in ("確認用の例が、1つ合いません", "料金：2,400円", "料金：2,700円", "800円", "900円"):
        assert words in answer
    assert "この版を公開する" not in answer
    answer = put("check/", step="publish", effective_from="2027-07-01")
    assert answer.status_code == 422
    assert RuleVersion.objects.count() == 1


def test_before_publishing_one_sees_what_changed_and_how_many_keep_their_price(browser_of, emi, draft, now):
    write(draft, draft.text.replace("capacity: 12,", "capacity: 13,", 1), emi, now)
    page = f"/console/rules/{draft.rule_book_id}/draft/check/"
    answer = browser_of(emi).get(page).text
    assert "第2研修室" in answer
    assert "12 → 13" in answer
    assert "まだありません" in answer


def test_a_reservation_from_that_day_on_is_counted(put, draft, book):
    book(day=date(2027, 6, 9))
    assert "もう1件あります" in put("check/", step="look", effective_from="2027-06-09").text
    assert "まだありません" in put("check/", step="look", effective_from="2027-06-10").text
    assert RuleVersion.objects.count() == 1


def test_a_good_draft_is_published_from_a_day_and_listed(browser_of, emi, put, draft):
    answer = put("check/", step="publish", effective_from="2027-07-01")
    version = RuleVersion.objects.get(number=2)
    assert answer.url.endswith("/2/")
    assert (str(version.effective_from), version.published_by_id) == ("2027-07-01", emi.staff.pk)
    assert "これから" in browser_of(emi).get("/console/rules/").text
    assert draft_of(draft.rule_book_id) is None


@pytest.mark.parametrize("day", ["2027-05-09", "", "x", "2027-02-30", "0000-00-00", "99999-01-01"])
def test_a_day_that_is_over_or_none_is_refused(put, day):
    assert put("check/", step="publish", effective_from=day).status_code == 422
    assert RuleVersion.objects.count() == 1


def test_a_draft_without_a_room_in_use_is_refused(browser_of, emi, put, draft):
    Room.objects.filter(key="kenshu-2").update(key="kenshu-99")
    page = browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/check/").text
    assert "いま貸し出している部屋が、文書にありません" in page
    assert put("check/", step="publish", effective_from="2027-07-01").status_code == 422
    assert RuleVersion.objects.count() == 1


def test_closed_room_may_be_missing(rules, text):
    Room.objects.filter(key="kenshu-2").update(key="kenshu-99", is_open=False)
    assert review_rules(rule_book_id=rules.pk, text=text).publishable


def test_a_coming_version_is_taken_back_after_a_question_and_stays_in_the_list(
    browser_of, emi, rules, text, now
):
    publish_rules(rule_book_id=rules.pk, text=text, effective_from=date(2027, 7, 1), now=now)
    browser, page = browser_of(emi), f"/console/rules/{rules.pk}/2/withdraw/"
    assert "第2版を取りやめますか" in browser.get(page).text
    assert RuleVersion.objects.get(number=2).withdrawn_at is None
    browser.post(page)
    listed = browser.get("/console/rules/").text
    assert "取りやめた" in listed
    assert emi.name in listed
    assert browser.post(page).status_code == 409


def test_a_version_in_force_is_not_taken_back(browser_of, emi, rules):
    answer = browser_of(emi).post(f"/console/rules/{rules.pk}/1/withdraw/")
    assert answer.status_code == 409
    assert "もう始まっている" in answer.text


def test_a_draft_is_thrown_away_after_a_question(browser_of, emi, put, draft):
    assert "捨てますか" in browser_of(emi).get(f"/console/rules/{draft.rule_book_id}/draft/drop/").text
    assert put("drop/", seen="2020-01-01T00:00:00+00:00").status_code == 409
    assert draft_of(draft.rule_book_id) is not None
    put("drop/")
    assert draft_of(draft.rule_book_id) is None


def test_version_in_effect_is_the_latest_begun(city):
    versions = [(1, date(2021, 1, 1)), (2, date(2027, 7, 1)), (3, date(2027, 7, 1))]
    assert current_number(versions, date(2027, 6, 30)) == 1
    assert current_number(versions, date(2027, 7, 1)) == 3
    assert current_number(versions, date(2020, 1, 1)) is None


PAGES = ["", "new/", "text/", "check/", "case/", "drop/", "fees/0/", "part/facilities/0/", "add/facilities/"]


@pytest.mark.parametrize("place", PAGES)
def test_unknown_books_are_not_found(browser_of, emi, city, place):
    assert browser_of(emi).get(f"/console/rules/999/draft/{place}").status_code == 404
    assert browser_of(emi).post(f"/console/rules/999/draft/{place}", {"seen": "x"}).status_code in {404, 405}


@pytest.mark.parametrize("place", [*PAGES, "list/facilities/0/"])
def test_only_municipality_admins_come_in(browser_of, dai, aiko, draft, place):
    for person in (dai, aiko):
        for method in ("get", "post"):
            answer = getattr(browser_of(person), method)(f"/console/rules/{draft.rule_book_id}/draft/{place}")
            assert answer.status_code == 404
    assert the_draft(draft.rule_book_id).text == draft.text


def test_unknown_version_is_refused(browser_of, emi, city):
    assert browser_of(emi).get("/console/rules/999/1/").status_code in {404, 409}
    assert browser_of(emi).get("/console/rules/999/1/withdraw/").status_code in {404, 409}
