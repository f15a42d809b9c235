"""The municipality says whose money it is, under which item, and in which ways each hall is paid."""

from __future__ import annotations

import pytest

from payments.models import HallTerms, Payee, RevenueItem
from payments.ways import ways_for
from tests.frontend.conftest import HALL, page_of
from tests.queue import enqueued

PAYEE = {
    "kind": "manager",
    "name": "まちの文化財団",
    "signed_by": "理事長 山田 太郎",
    "address": "",
    "phone": "042-558-1111",
    "invoice_number": "",
    "decided_by": "hall",
    "online_paper": "receipt",
    "four_eyes_from_yen": "50,000",
}
ITEM = {
    "account": "一般会計",
    "kan": "使用料及び手数料",
    "kou": "使用料",
    "moku": "教育使用料",
    "setsu": "公民館",
    "code": "13-01",
    "tax": "standard",
}


@pytest.fixture
def admin(city, browser_of, emi):
    return browser_of(emi)


@pytest.fixture
def foundation(admin):
    admin.post("/console/money/payees/new/", PAYEE)
    return Payee.objects.get(name="まちの文化財団")


def test_a_manager_is_added_with_its_own_income(admin, foundation):
    assert (foundation.kind, foundation.decided_by, foundation.four_eyes_from_yen) == (
        "manager",
        "hall",
        50_000,
    )
    page = page_of(admin.get("/console/money/payees/"))
    assert "まちの文化財団" in page
    assert "利用料金" in page


@pytest.mark.parametrize("number", ["T1234567890123", "123", "T12345678901x3"])
def test_a_registration_number_that_cannot_be_is_refused_with_all_that_was_typed(admin, number):
    answer = admin.post("/console/money/payees/new/", PAYEE | {"invoice_number": number})
    assert answer.status_code == 422
    page = page_of(answer)
    assert "登録番号が、正しくありません" in page
    assert "理事長 山田 太郎" in page
    assert not Payee.objects.filter(kind="manager").exists()


def test_a_registration_number_is_kept_as_it_is_printed(admin):
    admin.post("/console/money/payees/new/", PAYEE | {"invoice_number": "ｔ７０００−０１２０−５０００２"})
    assert Payee.objects.get(kind="manager").invoice_number == "T7000012050002"


def test_a_fee_is_never_decided_by_the_hall(admin):
    answer = admin.post("/console/money/payees/new/", PAYEE | {"kind": "public"})
    assert answer.status_code == 422
    assert "館では決められません" in page_of(answer)


def test_a_manager_has_a_name(admin):
    assert admin.post("/console/money/payees/new/", PAYEE | {"name": ""}).status_code == 422


def test_whose_money_was_taken_already_stays_so(admin, book):
    book()
    payee = Payee.objects.get()
    answer = admin.post(f"/console/money/payees/{payee.pk}/", PAYEE)
    assert answer.status_code == 422
    assert "受け取ったお金がある" in page_of(answer)
    payee.refresh_from_db()
    assert payee.kind == "public"


def test_an_item_is_added_and_is_the_default_alone(admin, foundation):
    said = ITEM | {"payee": str(foundation.pk), "is_default": "on"}
    assert admin.post("/console/money/items/new/", said).status_code == 302
    item = RevenueItem.objects.get(is_default=True)
    assert (item.code, str(item)) == ("13-01", "一般会計 使用料及び手数料 使用料 教育使用料 公民館")
    without = admin.post(f"/console/money/items/{item.pk}/", ITEM | {"payee": str(foundation.pk)})
    assert without.status_code == 422


def test_tax_and_payee_of_money_booked_already_stay(admin, book, foundation):
    book()
    item = RevenueItem.objects.get(is_default=True)
    same = ITEM | {"payee": str(item.payee_id), "is_default": "on"}
    assert admin.post(f"/console/money/items/{item.pk}/", same | {"tax": "exempt"}).status_code == 422
    assert admin.post(f"/console/money/items/{item.pk}/", same | {"payee": foundation.pk}).status_code == 422
    assert admin.post(f"/console/money/items/{item.pk}/", same).status_code == 302


def test_a_hall_gets_its_ways(admin, city):
    item = RevenueItem.objects.get()
    page = admin.get(f"/console/money/halls/{HALL}/")
    assert page.status_code == 200
    said = {"item": item.pk, "ways": ["bank_slip", "desk_cash"]}
    assert admin.post(f"/console/money/halls/{HALL}/", said).status_code == 302
    terms = HallTerms.objects.get()
    assert terms.ways == ["desk_cash", "bank_slip"]
    assert ways_for(facility_id=terms.facility_id) == ("desk_cash", "bank_slip")
    assert "納付書、館の窓口（現金）" in page_of(admin.get("/console/money/halls/"))


def test_a_class_gets_ways_of_its_own(admin, halls):
    item = RevenueItem.objects.get()
    hall = halls[0]
    said = {"item": item.pk, "ways": ["desk_cash"], "class_resident": ["deferred"]}
    assert admin.post(f"/console/money/halls/{hall.key}/", said).status_code == 302
    assert ways_for(facility_id=hall.pk, applicant_class="resident") == ("deferred",)
    assert ways_for(facility_id=hall.pk, applicant_class="outside") == ("desk_cash",)


def test_a_hall_is_paid_in_one_way_at_least(admin, city):
    answer = admin.post(f"/console/money/halls/{HALL}/", {"item": RevenueItem.objects.get().pk})
    assert answer.status_code == 422
    assert not HallTerms.objects.exists()


def test_connecting_to_the_provider_waits_for_its_page(admin, foundation):
    page = f"/console/money/payees/{foundation.pk}/online/"
    assert "まだ、つないでいません" in page_of(admin.get(page))
    answer = admin.post(f"{page}connect/")
    assert answer.url == f"{page}?go=1"
    job = enqueued("payments.onboard")[0]
    assert job["payee_id"] == foundation.pk
    assert job["return_url"].endswith(f"{page}?back=1")
    assert "準備しています" in page_of(admin.get(answer.url))
    link = {"url": "https://connect.example/setup", "expires_at": "2099-01-01T00:00:00+00:00"}
    Payee.objects.filter(pk=foundation.pk).update(stripe_state={"link": link})
    assert admin.get(answer.url).url == "https://connect.example/setup"


def test_what_the_account_can_do_is_shown(admin, foundation):
    state = {"charges_enabled": True, "payouts_enabled": False, "capabilities": {"card_payments": "active"}}
    Payee.objects.filter(pk=foundation.pk).update(stripe_account="acct_1", stripe_state=state)
    page = page_of(admin.get(f"/console/money/payees/{foundation.pk}/online/"))
    assert "acct_1" in page
    assert page.count("使えます") == 1
    assert admin.post(f"/console/money/payees/{foundation.pk}/online/look/").status_code == 302
    assert enqueued("payments.refresh_account")[0]["account"] == "acct_1"


def test_what_is_not_there_is_said(admin):
    for path in ("payees/999/", "items/999/", "payees/999/online/", "halls/nowhere/"):
        assert admin.get(f"/console/money/{path}").status_code == 404
    assert admin.post("/console/money/payees/999/online/connect/").status_code == 404


def test_managers_find_none_of_it(browser_of, dai):
    manager = browser_of(dai)
    for path in ("payees/", "payees/new/", "items/new/", "halls/", f"halls/{HALL}/", "payees/1/online/"):
        assert manager.get(f"/console/money/{path}").status_code == 404
