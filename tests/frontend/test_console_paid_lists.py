"""The admin hands in the bank's list, looks at it, has it carried out, and finds the slip of what fits none."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import Actor
from payments.models import (
    LedgerEntry,
    PaidLine,
    PaidList,
    PaidListFormat,
    Paper,
    Payee,
    SlipExportFormat,
    SlipTerms,
)
from payments.slips.issuing import issue_slips
from payments.slips.paid_lists import book_list

PAGE = "/console/money/paid-lists/"
SLIPS = "/console/money/slips/"


@pytest.fixture
def emis(city, browser_of, emi):
    return browser_of(emi)


@pytest.fixture
def bank(city):
    columns = {"number": "納付番号", "yen": "金額", "paid_on": "収納日"}
    return PaidListFormat.objects.create(name="まち銀行", encoding="cp932", columns=columns)


@pytest.fixture
def slip(book, now):
    SlipTerms.objects.create(payee=Payee.objects.get(), pay_at="まち銀行", note="")
    (made,) = issue_slips(subjects=[book().ref], actor=Actor("staff", 1), now=now, due_on=date(2027, 6, 1))
    return made


@pytest.fixture
def hand_in(emis, bank):
    def send(text, encoding="cp932"):
        data = ("納付番号,金額,収納日\n" + text).encode(encoding)
        file = SimpleUploadedFile("収納.csv", data, content_type="text/csv")
        return emis.post(PAGE, {"form": bank.pk, "file": file})

    return send


def test_a_list_is_looked_at_then_carried_out(emis, hand_in, slip, now):
    answer = hand_in(f"{slip.number},{slip.yen},2027/05/09\n2027-000777,500,2027/05/09\n合計,,\n")
    assert answer.url.startswith(PAGE)
    page = emis.get(answer.url).text
    for words in (
        "まだ何も変わっていません",
        "納付書のとおり",
        "納付書が見つからない",
        "読めない行",
        slip.number,
    ):
        assert words in page
    assert not LedgerEntry.objects.filter(kind="collected").exists()
    refused = emis.post(answer.url, {"step": "carry"})
    assert (refused.status_code, "読めない行があります" in refused.text) == (422, True)
    emis.post(answer.url, {"step": "carry", "unreadable_seen": "on"})
    taken = PaidList.objects.get()
    assert taken.state == "wanted"
    assert "処理しています" in emis.get(answer.url).text
    book_list(list_id=taken.pk, now=now)
    assert "に処理しました" in emis.get(answer.url).text
    assert LedgerEntry.objects.get(kind="collected").yen == slip.yen


def test_what_fits_no_slip_is_matched_by_a_person(emis, hand_in, slip, now):
    hand_in(f"2027-000777,{slip.yen},2027/05/09\n")
    taken = PaidList.objects.get()
    emis.post(f"{PAGE}{taken.pk}/", {"step": "carry"})
    book_list(list_id=taken.pk, now=now)
    line = PaidLine.objects.get()
    address = f"{PAGE}lines/{line.pk}/"
    assert address in emis.get(PAGE).text
    wrong = emis.post(address, {"slip_number": "2027-000999"})
    assert (wrong.status_code, "この番号の納付書は、ありません" in wrong.text) == (422, True)
    assert emis.post(address, {"slip_number": slip.number}).url == PAGE
    assert LedgerEntry.objects.get(kind="collected").yen == slip.yen
    assert emis.get(address).status_code == 404


def test_a_list_can_be_left(emis, hand_in, slip):
    answer = hand_in(f"{slip.number},{slip.yen},2027/05/09\n")
    assert emis.post(answer.url, {"step": "drop"}).url == PAGE
    assert PaidList.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("text", "encoding", "words"),
    [("", "cp932", "入金の行が、1つもありません"), ("1,1,1\n", "utf-16", "文字が読めません")],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(hand_in, text, encoding, words):
    answer = hand_in(text, encoding)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert PaidList.objects.count() == 0


def test_no_file_and_no_format(emis):
    assert "はじめに" in emis.get(PAGE).text
    assert emis.post(PAGE, {"form": ""}).status_code == 422


def test_a_format_is_written_down_and_changed(emis):
    said = {
        "name": "信用金庫",
        "encoding": "utf-8",
        "heading_lines": "1",
        "number": "番号",
        "yen": "2",
        "paid_on": "日",
        "reference": "",
    }
    assert emis.post(f"{PAGE}formats/new/", said).url == PAGE
    found = PaidListFormat.objects.get()
    assert found.columns == {"number": "番号", "yen": "2", "paid_on": "日"}
    assert emis.post(f"{PAGE}formats/new/", said).status_code == 422
    emis.post(f"{PAGE}formats/{found.pk}/", {**said, "yen": "金額"})
    found.refresh_from_db()
    assert found.columns["yen"] == "金額"
    assert emis.post(f"{PAGE}formats/{found.pk}/", {**said, "yen": ""}).status_code == 422


def test_only_admins_see_these_pages(browser_of, dai, bank):
    browser = browser_of(dai)
    for address in (PAGE, f"{PAGE}formats/{bank.pk}/", SLIPS, f"{SLIPS}export/"):
        assert browser.get(address).status_code == 404


def test_the_place_to_pay_makes_slips_possible(emis):
    payee = Payee.objects.get()
    address = f"{SLIPS}{payee.pk}/"
    assert "納付書は作れません" in emis.get(SLIPS).text
    assert emis.post(address, {"pay_at": "まち銀行", "note": "注意"}).url == SLIPS
    assert SlipTerms.objects.get().pay_at == "まち銀行"
    emis.post(address, {"pay_at": " ", "note": ""})
    assert SlipTerms.objects.count() == 0


def test_slips_go_into_a_file_as_it_was_written_down(emis, slip, now):
    said = {
        "name": "eL-QR",
        "encoding": "cp932",
        "with_titles": "on",
        "columns": "収納機関番号：「13228」\n納付番号：納付書番号（数字だけ）\n"
        "金額:金額\n期限：納期限（数字だけ）\n氏名：納入義務者",
    }
    assert emis.post(f"{SLIPS}formats/new/", said).url == SLIPS
    form = SlipExportFormat.objects.get()
    assert "納付書番号（数字だけ）" in emis.get(f"{SLIPS}formats/{form.pk}/").text
    days = {"form": form.pk, "first": "2027-05-01", "last": "2027-05-31"}
    answer = emis.post(f"{SLIPS}export/", days)
    digits = slip.number.replace("-", "")
    assert answer.content.decode("cp932") == (
        f"収納機関番号,納付番号,金額,期限,氏名\r\n13228,{digits},{slip.yen},20270601,佐藤 花子\r\n"
    )
    LedgerEntry.objects.create(
        **LedgerEntry.objects.values(
            "charge_id", "yen", "at", "actor_kind", "actor_id", "fiscal_year", "item_id"
        ).get(),
        kind="collected",
        gateway="desk_cash",
    )
    assert emis.post(f"{SLIPS}export/", days).content.decode("cp932").count("\r\n") == 1


def test_a_letter_the_file_cannot_have_is_marked_and_no_formula_is_made(emis, slip):
    kept = Paper.objects.get()
    copy = {
        field: getattr(kept, field)
        for field in ("kind", "fiscal_year", "payee", "yen", "content", "issued_at")
    }
    other = Paper.objects.create(**copy, serial=99, cause="x", to="=𠮷田", actor_kind="staff", actor_id=1)
    part = kept.parts.get()
    other.parts.create(charge=part.charge, yen=part.yen)
    form = SlipExportFormat.objects.create(
        name="x",
        encoding="cp932",
        with_titles=False,
        columns=[{"title": "a", "source": "payer", "fixed": ""}],
    )
    days = {"form": form.pk, "first": "2027-05-01", "last": "2027-05-31"}
    answer = emis.post(f"{SLIPS}export/", days)
    assert answer.content.decode("cp932") == "佐藤 花子\r\n'=〓田\r\n"


@pytest.mark.parametrize("columns", ["", "金額", "金額：なし", "：金額", "a：「b"])
def test_columns_that_mean_nothing_are_refused_by_line(emis, columns):
    said = {"name": "x", "encoding": "utf-8", "columns": columns}
    assert emis.post(f"{SLIPS}formats/new/", said).status_code == 422
    assert SlipExportFormat.objects.count() == 0
