"""The treasurer's pages: what came in, what is owed, letters, closed years, files, and whether the sums agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.actors import Actor
from accounts.roles import staff_member
from facilities.models import Facility
from payments.cash.drawers import open_drawer
from payments.dues import DuePart, set_dues
from payments.models import Charge, Drawer, Dunning, ExportLayout, LedgerEntry, Paper, Refund, YearClosing
from payments.services import assess_charge, collect_cash, reduce_charge, refund_cash
from tenants.context import inside
from tests.treasury.test_write_to_debtors import TOKYO

LONG_AGO = datetime(2019, 5, 10, 10, 0, tzinfo=TOKYO)
ROOT = "config.urls_municipality"
PAGES = (
    *("treasury", "treasury-unpaid", "treasury-refunds", "treasury-exemptions", "treasury-cash"),
    *("treasury-drawers", "treasury-years", "treasury-check", "treasury-layouts", "treasury-layout-new"),
    *("treasury-letters", "treasury-letters-made", "treasury-csv", "treasury-xlsx"),
)


@pytest.fixture
def treasurer(emi):
    return emi.client()


@pytest.fixture
def at_work(monkeypatch):
    """``at_work(instant)``: what the clock says on the pages."""

    def set_clock(when):
        for module in ("overview", "debts", "books", "layouts"):
            monkeypatch.setattr(f"frontend.console.treasury.{module}.clock_now", lambda: when)

    return set_clock


@pytest.fixture
def charge(akiruno, emi):
    """Make a charge that was due on the day it was made; ``pay`` it at once, ``back`` some of it."""

    def make(yen=800, at=LONG_AGO, *, pay=False, back=0, payer="佐藤 花子"):
        with inside(akiruno):
            subject, who = uuid4(), Actor("system", 0)
            assess_charge(
                subject=subject, yen=yen, title="中央公民館 第1研修室", payer=payer, day=at.date(),
                facility_id=Facility.objects.all()[0].pk, actor=who, now=at,
            )  # fmt: skip
            set_dues(subject=subject, parts=[DuePart(at, "staff")])
            if pay:
                collect_cash(subject=subject, yen=yen, staff_id=emi.staff.pk, now=at)
            if back:
                reduce_charge(subject=subject, to_yen=yen - back, reason="減額", actor=who, now=at)
                refund_cash(subject=subject, staff_id=emi.staff.pk, now=at)
            return Charge.objects.get(subject=subject).pk

    return make


def page(client, name, *args, data=None, status=200, query=""):
    address = reverse(f"console:{name}", args=args, urlconf=ROOT) + query
    answer = client.get(address) if data is None else client.post(address, data)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer


def text_of(client, name, *args, **facts):
    return page(client, name, *args, **facts).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_only_admins_see_them(name, treasurer, dai):
    page(treasurer, name)
    page(dai.client(), name, status=404)


def test_the_year_by_item_and_month(treasurer, charge, at_work):
    charge(1000, pay=True, back=300)
    charge(500)
    at_work(LONG_AGO + timedelta(days=1))
    text = text_of(treasurer, "treasury")
    assert "2019年度 月ごとの収納" in text
    for number in ("1,200", "1,000", "300", "700", "500"):
        assert f">{number}</td>" in text, number
    lines = page(treasurer, "treasury-csv").content.decode("utf-8-sig").splitlines()
    assert lines[-1] == "合計,,計,1200,1000,300,0,700,0,500"
    assert page(treasurer, "treasury-xlsx").content.startswith(b"PK")


@pytest.mark.parametrize("query", ["?year=1999", "?year=x", "?hall=nowhere"])
def test_a_year_or_hall_there_is_not(treasurer, query):
    page(treasurer, "treasury", query=query, status=404)


def test_the_year_of_one_hall(treasurer, charge, at_work, akiruno):
    charge(1000, pay=True)
    at_work(LONG_AGO)
    with inside(akiruno):
        hall = Facility.objects.all()[0].key
    assert "1,000" in text_of(treasurer, "treasury", query=f"?year=2019&hall={hall}")


def test_refunds_of_a_year(treasurer, charge, at_work):
    charge(1000, pay=True, back=300)
    at_work(LONG_AGO)
    assert "歳入から 300円、歳出から 0円" in text_of(treasurer, "treasury-refunds")


class TestDebts:
    def test_the_list_tells_age_and_day(self, treasurer, charge, at_work):
        charge(800)
        at_work(LONG_AGO + timedelta(days=10))
        text = text_of(treasurer, "treasury-unpaid")
        assert "10日過ぎている" in text
        assert "佐藤 花子" in text
        at_work(LONG_AGO - timedelta(days=1))
        assert "10日過ぎている" not in text_of(treasurer, "treasury-unpaid")
        assert "佐藤 花子" not in text_of(treasurer, "treasury-unpaid", query="?late=1")

    def test_letters_to_those_who_were_chosen(self, treasurer, charge, at_work, akiruno):
        first, second = charge(800), charge(500, payer="別の人")
        at_work(LONG_AGO + timedelta(days=10))
        asked = text_of(treasurer, "treasury-letters", data={"charge": [first]})
        assert 'value="2019-06-03"' in asked
        assert "別の人" not in asked
        wrong = {"charge": [first], "due_on": "2019-05-01"}
        assert "きょうより後の日" in text_of(treasurer, "treasury-letters", data=wrong, status=422)
        sent = {"charge": [first, second, "x"], "due_on": "2019-06-10"}
        page(treasurer, "treasury-letters", data=sent, status=302)
        with inside(akiruno):
            assert set(Dunning.objects.values_list("yen", "due_on")) == {
                (800, date(2019, 6, 10)), (500, date(2019, 6, 10)),
            }  # fmt: skip
            token = Paper.objects.filter(kind="dunning")[0].token
        assert "2019-000001" in text_of(treasurer, "treasury-letters-made")
        letter = page(treasurer, "treasury-letter", token)
        assert letter.content.startswith(b"%PDF")

    def test_nobody_chosen_is_said(self, treasurer):
        assert "選んでください" in text_of(treasurer, "treasury-letters", data={})
        assert "選んでください" in text_of(
            treasurer, "treasury-letters", data={"charge": ["1"], "due_on": "2030-01-01"}, status=422
        )

    def test_a_letter_is_no_other_paper(self, treasurer, charge, akiruno):
        charge(800, pay=True)
        with inside(akiruno):
            token = Paper.objects.get(kind="receipt").token
        page(treasurer, "treasury-letter", token, status=404)

    def test_what_has_lapsed_is_given_up(self, treasurer, charge, at_work, akiruno):
        charge_id = charge(800)
        at_work(LONG_AGO + timedelta(days=100))
        wrong = text_of(treasurer, "treasury-write-off", charge_id, data={"reason": "時効"}, status=422)
        assert "時効になるのは 2024-05-11" in wrong
        at_work(LONG_AGO.replace(year=2024, day=11))
        assert "不納欠損にする" in text_of(treasurer, "treasury-unpaid")
        page(treasurer, "treasury-write-off", charge_id, data={"reason": ""}, status=422)
        page(treasurer, "treasury-write-off", charge_id, data={"reason": "時効"}, status=302)
        with inside(akiruno):
            assert LedgerEntry.objects.get(kind="written_off").yen == 800
        page(treasurer, "treasury-write-off", charge_id, status=404)


class TestYears:
    def test_one_is_closed(self, treasurer, charge, at_work, akiruno):
        charge(800, pay=True)
        at_work(datetime(2020, 6, 1, 9, 0, tzinfo=TOKYO))
        assert "2019年度の帳簿を閉鎖する" in text_of(treasurer, "treasury-years")
        page(treasurer, "treasury-years", data={"year": "2019"}, status=302)
        assert "閉鎖した" in text_of(treasurer, "treasury-years")
        with inside(akiruno):
            assert YearClosing.objects.get().fiscal_year == 2019

    @pytest.mark.parametrize("year", ["2020", "99999", "x", ""])
    def test_one_that_is_open_is_not(self, treasurer, charge, at_work, year):
        at_work(datetime(2020, 6, 1, 9, 0, tzinfo=TOKYO))
        answer = treasurer.post(reverse("console:treasury-years", urlconf=ROOT), {"year": year})
        assert answer.status_code in {302, 409}
        if year == "2020":
            assert answer.status_code == 409


class TestCash:
    def test_open_drawers_and_an_admin_who_closes_one(self, treasurer, emi, dai, akiruno):
        with inside(akiruno):
            from_dai = Facility.objects.all()[0]
            open_drawer(facility_id=from_dai.pk, float_yen=0, staff=staff_member(dai.user), now=LONG_AGO)
            pk = Drawer.objects.get(keeper__isnull=False).pk
        assert "土井 大" in text_of(treasurer, "treasury-cash")
        page(treasurer, "treasury-close-drawer", pk, data={"piece_100": "1"}, status=422)
        closing = {"piece_100": "1", "explanation": "置き忘れ"}
        page(treasurer, "treasury-close-drawer", pk, data=closing, status=302)
        text = text_of(treasurer, "treasury-cash")
        assert "置き忘れ" in text
        page(treasurer, "treasury-close-drawer", pk, status=404)


class TestFiles:
    SENT = {
        "name": "財務会計",
        "rows": "entries",
        "file_format": "csv",
        "encoding": "cp932",
        "date_style": "plain",
        "with_heading": "on",
        "field": ["date", "", "yen", "fixed"],
        "heading": ["日", "", "", "区分"],
        "value": ["", "", "", "01"],
    }

    @pytest.fixture
    def saved(self, treasurer, akiruno):
        page(treasurer, "treasury-layout-new", data=self.SENT, status=302)
        with inside(akiruno):
            return ExportLayout.objects.get().pk

    def test_a_layout_is_saved_and_written(self, treasurer, saved, charge):
        charge(800)
        assert "財務会計" in text_of(treasurer, "treasury-layouts")
        days = "?first=2019-05-01&last=2019-05-31"
        answer = page(treasurer, "treasury-download", saved, query=days)
        assert answer.content.decode("cp932") == "日,金額（正の数）,区分\r\n20190510,800,01\r\n"
        assert 'filename="zaimu-20190501-20190531.csv"' in answer["Content-Disposition"]

    def test_as_a_workbook(self, treasurer, saved, charge):
        page(treasurer, "treasury-layout", saved, data=self.SENT | {"file_format": "xlsx"}, status=302)
        days = "?first=2019-05-01&last=2019-05-31"
        assert page(treasurer, "treasury-download", saved, query=days).content.startswith(b"PK")

    @pytest.mark.parametrize(
        "query",
        ["", "?first=x&last=y", "?first=2019-05-02&last=2019-05-01", "?first=2010-01-01&last=2019-01-01"],
    )
    def test_days_that_make_no_sense(self, treasurer, saved, query):
        page(treasurer, "treasury-download", saved, query=query, status=422)

    def test_a_mistake_keeps_what_was_typed(self, treasurer):
        wrong = self.SENT | {"field": ["payer", "", "", ""], "rows": "months"}
        text = text_of(treasurer, "treasury-layout-new", data=wrong, status=422)
        assert "列の内容が正しくありません" in text
        assert 'value="財務会計"' in text

    def test_it_is_dropped(self, treasurer, saved):
        page(treasurer, "treasury-layout", saved)
        page(treasurer, "treasury-layout-drop", saved, data={}, status=302)
        page(treasurer, "treasury-layout", saved, status=404)
        page(treasurer, "treasury-download", saved, status=404)


def test_the_check_says_that_all_agrees(treasurer, charge):
    charge(1000, pay=True, back=300)
    assert "すべて合っています" in text_of(treasurer, "treasury-check")


def test_the_check_says_what_differs(treasurer, charge, akiruno):
    charge(1000, pay=True, back=300)
    with inside(akiruno):
        Refund.objects.update(yen=299)
    text = text_of(treasurer, "treasury-check")
    assert "合わないところがあります" in text
    assert "差 −1円" in text
