"""Anybody reads the rules of a hall in words, from the hall's page and from every "why"."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities.models import RuleBook, RuleVersion
from tests import factories
from tests.frontend.conftest import ROOM, page_of

RULES = "/rules/chuo-kominkan/"


def test_stranger_reads_hours_prices_and_windows(client_for, city):
    page = page_of(client_for(city).get(RULES))
    for words in ("集会室", "800円", "年末年始", "この規則です"):
        assert words in page, words


def test_every_reason_leads_to_the_rules(client_for, city, day, hold, browser_of_aiko):
    browser = client_for(city)
    held = hold()
    browser_of_aiko.post(f"/book/{held.ref}/", {"purpose": "会", "headcount": "5"})
    for page in (
        browser.get("/h/chuo-kominkan/"),
        browser.get(f"{ROOM}{day}/?start=9:00"),
        browser.get(f"{ROOM}{day + timedelta(days=400)}/"),
        browser_of_aiko.get(f"/book/{held.ref}/check/"),
    ):
        assert f'href="{RULES}"' in page_of(page)


def test_rules_of_one_hall_do_not_speak_of_another(client_for, city, halls):
    page = page_of(client_for(city).get("/rules/kouen/"))
    assert "運動場" in page
    assert "大ホール" not in page


def test_day_from_which_other_rules_hold_is_said(client_for, city):
    book = RuleBook.objects.get(key="main")
    now = RuleVersion.objects.get(rule_book=book)
    later = timezone.localdate() + timedelta(days=30)
    RuleVersion.objects.create(
        rule_book=book,
        number=now.number + 1,
        text=now.text,
        effective_from=later,
        published_at=timezone.now(),
    )
    assert f"{later.year}年{later.month}月{later.day}日" in page_of(client_for(city).get(RULES))


@pytest.mark.parametrize("path", ["/rules/nowhere/", "/rules/%00/", "/rules/chuo-kominkan/x/"])
def test_hall_that_is_not_there_is_a_clear_404(client_for, city, path):
    browser = client_for(city)
    browser.raise_request_exception = False
    assert browser.get(path).status_code == 404


def test_hall_without_rules_says_so(client_for, city):
    factories.a_facility("atarashii", "新しい会館")
    browser = client_for(city)
    browser.raise_request_exception = False
    response = browser.get("/rules/atarashii/")
    assert 400 <= response.status_code < 500
    assert "<h1" in page_of(response)


def test_rules_are_read_in_english(client_for, city):
    page = page_of(client_for(city, headers={"accept-language": "en"}).get(RULES))
    assert "yen" in page
