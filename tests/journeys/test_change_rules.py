"""An admin changes the rules in the browser: a fee, a closed day, what it means, published, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities.drafting import begin_draft
from facilities.models import RuleBook, RuleVersion
from tenants.context import inside
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(akiruno, emi):
    with inside(akiruno):
        return begin_draft(rule_book_id=RuleBook.objects.get().pk, staff_id=emi.staff.pk, now=timezone.now())


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_draft_reads_well(visit, akiruno, emi, draft, width):
    start = f"/console/rules/{draft.rule_book_id}/draft/"
    visitor = visit(akiruno, person=emi, width=width).go(start)
    for path in (
        "text/", "check/", "case/", "drop/", "fees/0/", "part/document/", "part/calendars/chuo/hours/",
        "part/calendars/chuo/closures/", "part/calendars/chuo/closures/0/", "add/calendars/chuo/closures/",
        "part/facilities/0/rooms/0/", "add/facilities/0/rooms/", "part/applications/open/windows/0/",
        "part/cancellations/usual/", "add/cancellations/usual/refunds/", "part/applications/open/limits/",
    ):  # fmt: skip
        visitor.go(start + path)


@pytest.mark.parametrize(("width", "javascript"), [(TABLET, True), (LARGE_PHONE, True), (PHONE, False)])
def test_admin_changes_a_fee_and_a_closed_day_publishes_and_takes_it_back(
    visit, akiruno, emi, width, javascript
):
    visitor = (
        visit(akiruno, person=emi, width=width, javascript=javascript).go("/console/").follow("規則の文書")
    )
    visitor.follow("規則を変える").press("下書きを作る")
    visitor.follow("中央公民館の料金の表")
    fee = "c-facilities-0-rooms-0-fee-yen_per_hour"
    visitor.fill(**{fee: "四百"}).press("下書きの料金を変える")
    assert visitor.page.title().startswith("エラー：")
    assert visitor.page.input_value(f"[name={fee}]") == "四百"
    visitor.fill(**{fee: "４５０円"}).press("下書きの料金を変える")
    assert "下書きの料金を変えました" in visitor.text
    visitor.go(visitor.page.url.replace("/draft/", "/draft/part/calendars/chuo/closures/")).follow("加える")
    visitor.fill(name="点検の日", **{"days-dates": "2028年2月30日"}).press("下書きに加える")
    assert visitor.page.input_value("[name=days-dates]") == "2028年2月30日"
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(**{"days-dates": "2028年2月1日〜2月3日"}).press("下書きに加える")
    assert "点検の日" in visitor.text
    visitor.follow("下書きへ").follow("公開の前に確かめる")
    assert "450円" in visitor.text
    assert "点検の日" in visitor.text
    assert "合わない" not in visitor.text
    day = (timezone.now() + timedelta(days=60)).date()
    visitor.fill(effective_from=day.isoformat()).press("この版を公開する")
    assert "規則の新しい版を公開しました" in visitor.text
    assert "これから" in visitor.text
    with inside(akiruno):
        assert RuleVersion.objects.get(number=2).effective_from == day
    visitor.follow("この版を取りやめる").press("この版を取りやめる")
    assert "取りやめた" in visitor.text
    assert emi.name in visitor.text


def test_admin_accepts_new_answers_of_worked_cases_and_publishes(visit, akiruno, emi, draft):
    check = f"/console/rules/{draft.rule_book_id}/draft/check/"
    visitor = visit(akiruno, person=emi, width=TABLET).go(check.replace("check/", "fees/0/"))
    fee = next(name for name in visitor.page.evaluate(_AMOUNTS, "800"))
    visitor.fill(**{fee: "900"}).press("下書きの料金を変える").go(check)
    assert "確認用の例が、1つ合いません" in visitor.text
    assert "この版を公開する" not in visitor.text
    visitor.press("新しい答えを正しいとする")
    assert "下書きの答えにしました" in visitor.text
    assert "合いません" not in visitor.text
    visitor.press("この日で確かめ直す").press("この版を公開する")
    assert "規則の新しい版を公開しました" in visitor.text


@pytest.mark.parametrize(("width", "javascript"), [(TABLET, True), (PHONE, False)])
def test_admin_adds_a_rules_document_from_a_model_and_registers_its_hall(
    visit, akiruno, emi, width, javascript
):
    visitor = visit(akiruno, person=emi, width=width, javascript=javascript).go("/console/rules/")
    visitor.follow("規則を増やす").press("下書きを作る")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(name="東の公民館の規則", key="east")
    visitor.page.select_option("[name=model]", "hokota")
    visitor.press("下書きを作る")
    assert "規則を増やしました" in visitor.text
    visitor.go(visitor.page.url + "sets/calendars/new/").press("下書きに加える")
    assert "写したものを、ここで直してください" in visitor.text
    visitor.follow("下書きへ").follow("公開の前に確かめる")
    visitor.fill(effective_from=(timezone.now() + timedelta(days=30)).date().isoformat())
    visitor.press("この版を公開する")
    assert "まだ登録していない施設・部屋" in visitor.text
    visitor.press("登録する")
    assert "登録しました" in visitor.text
    assert "大集会室" in visitor.text


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_around_the_draft_read_well(visit, akiruno, emi, draft, width):
    start = f"/console/rules/{draft.rule_book_id}/draft/"
    visitor = visit(akiruno, person=emi, width=width).go("/console/rules/new/")
    for path in ("case/0/", "case/6/", "sets/calendars/new/", "sets/times/new/", "sets/cancellations/new/"):
        visitor.go(start + path)


_AMOUNTS = """amount => [...document.querySelectorAll('input[name^=c-]')]
    .filter(box => box.value === amount).map(box => box.name)"""
