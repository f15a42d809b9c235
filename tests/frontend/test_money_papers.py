"""Papers about money on the pages of residents and of the desk, and what everybody reads behind a QR code."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from accounts.actors import Actor
from payments.models import Charge, HallTerms, Paper, PaperEvent, Payee, RevenueItem, SlipTerms
from payments.papers.issuing import cancel_paper
from payments.papers.receipts import issue_receipts
from payments.services import collect_cash, collect_through
from tenants.context import inside_public
from tests import factories

CLERK = Actor("staff", 1)


@pytest.fixture
def browser(client_for, akiruno):
    """Somebody who is not signed in."""
    return client_for(akiruno)


@pytest.fixture
def slips(room):
    """The bank takes slips, and the hall lets people pay so."""
    SlipTerms.objects.create(payee=Payee.objects.get(), pay_at="まち銀行 本店", note="")
    item = RevenueItem.objects.get()
    HallTerms.objects.create(facility_id=room.facility_id, item=item, ways=["desk_cash", "bank_slip"])


def desk(reservation, tail=""):
    return f"/desk/reservation/{reservation.ref}/papers/{tail}"


def mine(reservation, tail=""):
    return f"/my/r/{reservation.ref}/papers/{tail}"


def words_of(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    document = pypdfium2.PdfDocument(answer.content)
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def paid(reservation, now, gateway="bank_slip"):
    charge = Charge.objects.get(subject=reservation.ref)
    collect_through(charge_id=charge.pk, yen=600, gateway_key=gateway, actor=CLERK, now=now)


def test_a_resident_makes_a_proof_of_payment_and_opens_it(browser_of, aiko, book, now):
    reservation, browser = book(resident=aiko.resident), browser_of(aiko)
    assert "書類は、まだありません" in browser.get(mine(reservation)).text
    paid(reservation, now)
    assert "支払済証明書を作る" in browser.get(mine(reservation)).text
    assert browser.post(mine(reservation), {"what": "receipt"}).url == mine(reservation)
    paper = Paper.objects.get()
    page = browser.get(mine(reservation)).text
    assert "支払済証明書を開く" in page
    assert "支払済証明書を作る" not in page
    text = words_of(browser.get(mine(reservation, f"{paper.token}.pdf")))
    assert "支払済証明書" in text
    assert "600円" in text
    assert reservation.number in text


def test_what_cannot_be_issued_is_refused_with_a_sentence(browser_of, aiko, book):
    reservation, browser = book(resident=aiko.resident), browser_of(aiko)
    for what in ("receipt", "invoice", "slip", "", "x"):
        answer = browser.post(mine(reservation), {"what": what})
        assert answer.status_code == 422
    assert Paper.objects.count() == 0


def test_a_resident_makes_a_slip_where_the_hall_takes_them(browser_of, aiko, book, slips):
    reservation, browser = book(resident=aiko.resident), browser_of(aiko)
    assert "納付書を作る" in browser.get(mine(reservation)).text
    browser.post(mine(reservation), {"what": "slip"})
    slip = Paper.objects.get(kind="slip")
    text = words_of(browser.get(mine(reservation, f"{slip.token}.pdf")))
    for field in (
        "所属年度",
        "歳入科目",
        "納入すべき金額",
        "納期限",
        "納入場所",
        "請求の事由",
        "まち銀行 本店",
    ):
        assert field in text


def test_several_are_put_on_one_slip_from_the_page_of_paying(browser_of, aiko, book, slips):
    first, second = (
        book(starts=hour * 60, ends=hour * 60 + 120, resident=aiko.resident) for hour in (10, 13)
    )
    browser = browser_of(aiko)
    refs = [str(first.ref), str(second.ref)]
    assert "納付書を作る" in browser.get(f"/my/pay/way/?r={refs[0]}&r={refs[1]}").text
    assert browser.post("/my/pay/slip/", {"r": refs}).url == mine(first)
    assert Paper.objects.get(kind="slip").yen == first.price_yen + second.price_yen


def test_no_slips_for_a_hall_that_takes_none(browser_of, aiko, book):
    SlipTerms.objects.create(payee=Payee.objects.get(), pay_at="まち銀行 本店", note="")
    reservation, browser = book(resident=aiko.resident), browser_of(aiko)
    assert browser.post(mine(reservation), {"what": "slip"}).status_code == 422
    for refs in ([str(reservation.ref)], [], ["x"]):
        assert browser.post("/my/pay/slip/", {"r": refs}).url == "/my/pay/"
    theirs = book(starts=900, ends=1020)
    assert browser.post("/my/pay/slip/", {"r": [str(theirs.ref)]}).status_code == 404
    assert Paper.objects.count() == 0


def test_nobody_elses_paper_is_opened(browser_of, aiko, book, now):
    theirs = book()
    paid(theirs, now)
    (paper,) = issue_receipts(subject=theirs.ref, actor=CLERK, now=now)
    browser = browser_of(aiko)
    assert browser.get(mine(theirs)).status_code == 404
    assert browser.post(mine(theirs), {"what": "invoice"}).status_code == 404
    own = book(starts=900, ends=1020, resident=aiko.resident)
    for reservation in (theirs, own):
        assert browser.get(mine(reservation, f"{paper.token}.pdf")).status_code == 404


def test_another_halls_manager_finds_nothing(stranger, book, dai, now):
    reservation = book()
    token = collect_cash(subject=reservation.ref, yen=600, staff_id=dai.staff.pk, now=now).token
    with inside_public():
        browser = stranger.client()
    for tail in ("", f"{token}.pdf", f"{token}/again/"):
        assert browser.get(desk(reservation, tail)).status_code == 404
    assert browser.get(f"/desk/reservation/{reservation.ref}/slip/").status_code == 404


def test_the_desk_issues_again_with_a_reason(browser_of, dai, book, now):
    reservation, browser = book(), browser_of(dai)
    collect_cash(subject=reservation.ref, yen=600, staff_id=dai.staff.pk, now=now)
    token = Paper.objects.get().token
    assert "再発行" not in words_of(browser.get(desk(reservation, f"{token}.pdf")))
    assert browser.post(desk(reservation, f"{token}/again/"), {"reason": ""}).status_code == 422
    assert PaperEvent.objects.count() == 0
    browser.post(desk(reservation, f"{token}/again/"), {"reason": "なくした"})
    assert PaperEvent.objects.get().reason == "なくした"
    assert "再発行" in words_of(browser.get(desk(reservation, f"{token}.pdf")))


def test_the_desk_receipt_is_printed_once(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    page = f"/desk/reservation/{reservation.ref}/receipt/"
    browser.post(f"/desk/reservation/{reservation.ref}/cash/", {"yen": "600"})
    assert "上のとおり領収しました" in browser.get(page).text
    assert "上のとおり領収しました" not in browser.get(page).text
    assert PaperEvent.objects.count() == 0
    browser.post(page)
    again = browser.get(page).text
    assert "上のとおり領収しました" in again
    assert "receipt__again" in again
    assert PaperEvent.objects.count() == 1


def test_one_slip_for_several_reservations(browser_of, dai, book, slips, now):
    person = factories.a_resident("佐藤 花子")
    first, second, paid_one = (
        book(starts=hour * 60, ends=hour * 60 + 120, resident=person) for hour in (10, 13, 17)
    )
    book(starts=1140, ends=1260)
    collect_cash(subject=paid_one.ref, yen=600, staff_id=dai.staff.pk, now=now)
    browser = browser_of(dai)
    page = browser.get(f"/desk/reservation/{first.ref}/slip/").text
    assert page.count('name="others"') == 1
    assert str(second.ref) in page
    given = {"due_on": "2027-06-08", "others": [str(second.ref)]}
    assert browser.post(f"/desk/reservation/{first.ref}/slip/", given).url == desk(first)
    slip = Paper.objects.get(kind="slip")
    assert (slip.yen, slip.parts.count()) == (first.price_yen + second.price_yen, 2)
    assert words_of(browser.get(desk(second, f"{slip.token}.pdf"))).count(f"{slip.yen:,}円") == 3


@pytest.mark.parametrize("day", ["", "2020-01-01", "x"])
def test_a_slip_needs_a_day_to_come(browser_of, dai, book, slips, day):
    reservation = book()
    answer = browser_of(dai).post(f"/desk/reservation/{reservation.ref}/slip/", {"due_on": day})
    assert answer.status_code == 422
    assert "納期限" in answer.text
    assert Paper.objects.count() == 0


def test_without_a_place_to_pay_there_are_no_slips(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    assert "納付書を作る" not in browser.get(desk(reservation)).text
    answer = browser.post(f"/desk/reservation/{reservation.ref}/slip/", {"due_on": "2027-06-08"})
    assert answer.status_code == 422
    assert "納入場所" in answer.text


def test_everybody_reads_whether_a_paper_is_true_but_not_whose(browser, dai, book, now):
    reservation = book()
    receipt = collect_cash(subject=reservation.ref, yen=600, staff_id=dai.staff.pk, now=now)
    answer = browser.get(f"/verify/paper/{receipt.token}/")
    assert "この書類は本物です" in answer.text
    assert "600円" in answer.text
    assert "佐藤" not in answer.text
    assert answer["X-Robots-Tag"] == "noindex"
    cancel_paper(paper_id=receipt.pk, reason="佐藤さんのまちがい", actor=CLERK, now=now)
    ended = browser.get(f"/verify/paper/{receipt.token}/").text
    assert "もう使えません" in ended
    assert "佐藤" not in ended
    assert browser.get("/verify/paper/0123/").status_code == 404
    assert browser.get("/verify/paper/01%0023/").status_code == 404
    assert browser.get("/verify/permit/01%0023/").status_code == 404


def test_the_code_on_the_paper_leads_to_that_page(browser, browser_of, dai, book, now):
    reservation = book()
    receipt = collect_cash(subject=reservation.ref, yen=600, staff_id=dai.staff.pk, now=now)
    text = words_of(browser_of(dai).get(desk(reservation, f"{receipt.token}.pdf")))
    address = re.search(r"https?://[^/]+(/verify/paper/[0-9a-f]+/)", text)
    assert browser.get(address[1]).status_code == 200
