"""Rules tried on past reservations, on the console: asked, waited for, read, downloaded."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from booking.models import RuleTrial
from booking.trials import run_trial
from facilities.drafting import begin_draft, draft_of, save_draft
from facilities.models import Room, RuleBook, RuleVersion

PERIOD = {"first": "2027-05-01", "last": "2027-05-31"}


@pytest.fixture
def text(city):
    return RuleVersion.objects.get().text


@pytest.fixture
def page(city):
    return reverse("console:simulate", args=[RuleBook.objects.get().pk], urlconf="config.urls_municipality")


@pytest.fixture
def ask(browser_of, emi, page, now):
    """Ask for a trial of a text on the page, and let the worker do it."""

    def make(text, run=True, **changes):
        upload = SimpleUploadedFile("new.yaml", text.encode())
        answer = browser_of(emi).post(page, {"document": "file", "file": upload, **PERIOD, **changes})
        assert answer.status_code == 302, answer.text
        if run:
            run_trial(trial_id=RuleTrial.objects.latest("pk").pk, now=lambda: now)
        return answer.url

    return make


def test_the_form_offers_versions_and_the_last_twelve_whole_months(browser_of, emi, page):
    answer = browser_of(emi).get(page).text
    assert "第1版" in answer
    assert 'value="2026-05-01"' in answer
    assert 'value="2027-04-30"' in answer
    assert "下書き" not in answer


def test_a_dearer_document_is_tried_and_told_in_plain_sentences(browser_of, emi, ask, book, text):
    book()
    answer = browser_of(emi).get(ask(text.replace("yen_per_hour: 300", "yen_per_hour: 400"))).text
    assert "使用料の合計は、600円から 800円になります（+33.3%）。" in answer
    assert "値上がりする予約 1件、変わらない予約 0件、値下がりする予約 0件" in answer
    for words in ("第2研修室", "一般", "2027年5月", "料金のわけ", "<svg", "CSV"):
        assert words in answer
    assert "佐藤 花子" not in answer


def test_the_draft_is_what_is_tried_when_there_is_one(browser_of, emi, page, text, now):
    book_id = RuleBook.objects.get().pk
    begin_draft(rule_book_id=book_id, staff_id=emi.staff.pk, now=now)
    save_draft(
        rule_book_id=book_id,
        text=text + "\n# 直した\n",
        expected_changed_at=draft_of(book_id).changed_at,
        staff_id=emi.staff.pk,
        now=now,
    )
    browser = browser_of(emi)
    assert "下書き" in browser.get(page).text
    browser.post(page, {"document": "draft", **PERIOD})
    assert RuleTrial.objects.get().text.endswith("# 直した\n")


def test_a_published_version_can_be_tried(browser_of, emi, page, text):
    browser_of(emi).post(page, {"document": "version-1", **PERIOD})
    trial = RuleTrial.objects.get()
    assert (trial.text, trial.first, trial.last) == (text, date(2027, 5, 1), date(2027, 5, 31))
    assert trial.asked_by_id == emi.staff.pk


def test_a_waiting_trial_looks_again_by_itself_with_and_without_javascript(browser_of, emi, ask, text):
    url = ask(text, run=False)
    RuleTrial.objects.update(state="running", total=900, done=300)
    answer = browser_of(emi).get(url).text
    assert "900件のうち、300件が終わりました" in answer
    assert '<noscript><meta http-equiv="refresh"' in answer
    assert 'hx-trigger="every 2s"' in answer


def test_a_look_in_the_background_moves_the_page_when_it_is_done(browser_of, emi, ask, text):
    url = ask(text)
    answer = browser_of(emi).get(url, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_what_cannot_be_compared_is_listed_with_its_reason(browser_of, emi, ask, book, text):
    book()
    answer = browser_of(emi).get(ask(text.replace("key: kenshu-2,", "key: kenshu-98,"))).text
    assert "新しい規則では貸せなくなる予約が、1件あります" in answer
    assert "もとの額で600円です。上の合計には、入っていません。" in answer
    assert "この部屋は、新しい規則の文書にありません" in answer


def test_a_period_without_reservations_says_so(browser_of, emi, ask, text):
    assert "この期間に、予約はありません" in browser_of(emi).get(ask(text)).text


def test_the_same_rules_say_that_nothing_changes(browser_of, emi, ask, book, text):
    book()
    answer = browser_of(emi).get(ask(text)).text
    assert "使用料の合計は、変わりません" in answer
    assert "値上がりする予約 0件、変わらない予約 1件" in answer


def test_the_file_has_a_row_for_each_class_room_and_month(browser_of, emi, ask, book, text):
    book()
    book(day=date(2027, 5, 19), room="kenshu-1")
    url = ask(text.replace("yen_per_hour: 400", "yen_per_hour: 500"))
    trial = RuleTrial.objects.get()
    answer = browser_of(emi).get(url.rstrip("/") + ".csv")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(rows) == 2
    assert {len(row) for row in rows} == {len(head)}
    place = head.index("新しい額（円）")
    assert sum(int(row[place]) for row in rows) == sum(cell[3 + 12] for cell in trial.result["cells"])


def test_a_failed_trial_can_be_begun_again(browser_of, emi, ask, text):
    url = ask(text, run=False)
    RuleTrial.objects.update(state="failed")
    browser = browser_of(emi)
    assert "もう一度はじめる" in browser.get(url).text
    answer = browser.post(f"{url}again/")
    assert answer.url != url
    assert RuleTrial.objects.get(state="waiting").text == text


def test_mistakes_in_the_document_are_shown_with_their_line(browser_of, emi, page, text):
    upload = SimpleUploadedFile("new.yaml", text.replace("rounding:", "roundin:").encode())
    answer = browser_of(emi).post(page, {"document": "file", "file": upload, **PERIOD})
    assert answer.status_code == 422
    assert "行目" in answer.text
    assert "roundin" in answer.text
    assert not RuleTrial.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"document": "file"}, "ファイルを選んでください"),
        ({"document": "version-9"}, ""),
        ({"document": "version-1", "first": "2027-05-31", "last": "2027-05-01"}, "終わりの日は"),
        ({"document": "version-1", "first": "2011-05-31"}, "3年以内"),
        ({"document": "version-1", "first": "never"}, "この日付は、ありません"),
        ({"document": "draft"}, ""),
        ({}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_on_the_page(browser_of, emi, page, given, words):
    answer = browser_of(emi).post(page, {**PERIOD, **given})
    assert answer.status_code == 422
    assert words in answer.text
    assert not RuleTrial.objects.exists()


def test_only_admins_come_in(browser_of, dai, emi, ask, text, page, client_for, akiruno):
    url = ask(text)
    manager = browser_of(dai)
    for path in (page, url, url.rstrip("/") + ".csv"):
        assert manager.get(path).status_code == 404
        assert "/account/login/" in client_for(akiruno).get(path).url
    assert manager.post(page, {"document": "version-1", **PERIOD}).status_code == 404


def test_unknown_books_and_trials_are_not_found(browser_of, emi, ask, text, page):
    url = ask(text)
    browser = browser_of(emi)
    number = RuleTrial.objects.get().pk
    for path in ("/console/rules/999/trials/", url.replace(f"/{number}/", "/98765/"), f"{page}98765.csv"):
        assert browser.get(path).status_code == 404


def test_rooms_are_named_though_they_were_closed_since(browser_of, emi, ask, book, text):
    book()
    url = ask(text)
    Room.objects.update(is_open=False)
    assert "第2研修室" in browser_of(emi).get(url).text


def test_before_publishing_one_reads_what_the_last_trial_of_this_text_found(
    browser_of, emi, page, book, text, now
):
    book()
    book_id = RuleBook.objects.get().pk
    begin_draft(rule_book_id=book_id, staff_id=emi.staff.pk, now=now)
    check, browser = page.replace("trials/", "draft/check/"), browser_of(emi)
    assert "この下書きは、まだ試していません。" in browser.get(check).text

    def write(text):
        save_draft(
            rule_book_id=book_id,
            text=text,
            expected_changed_at=draft_of(book_id).changed_at,
            staff_id=emi.staff.pk,
            now=now,
        )

    write(text.replace("yen_per_hour: 300", "yen_per_hour: 400"))
    browser.post(page, {"document": "draft", **PERIOD})
    assert "この下書きは、まだ試していません。" in browser.get(check).text
    trial = RuleTrial.objects.get()
    run_trial(trial_id=trial.pk, now=lambda: now)
    answer = browser.get(check).text
    assert "使用料の合計は、600円から 800円（+33.3%）になります。値上がり 1件、値下がり 0件。" in answer
    assert f"trials/{trial.pk}/" in answer
    write(text)
    answer = browser.get(check).text
    assert "いまの下書きでは、まだ試していません。最後に試した文書（" in answer
    assert "800円（" not in answer
