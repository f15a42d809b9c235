"""The admin reads the rules as sentences and tables with a table of contents; the document itself is a download."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from facilities.models import RuleBook, RuleVersion
from facilities.ordinance import parse
from facilities.ordinance.telling import Cell, Row, Table, tell
from frontend.templatetags.rules import by_column, is_wide
from tests import factories


@pytest.fixture
def address(city):
    return f"/console/rules/{RuleBook.objects.get().pk}/1/"


def test_the_rules_are_told_in_chapters_with_a_table_of_contents(browser_of, emi, address):
    answer = browser_of(emi).get(address).text
    contents = re.findall(r'<a class="reach" href="#([^"]+)">', answer)
    assert {"about", "hall-chuo-kominkan", "calendars-chuo", "applications-open", "assumed", "keys"} <= set(
        contents
    )
    for key in contents:
        assert answer.count(f'id="{key}"') == 1
    assert "第1火曜日・第3火曜日・第5火曜日は休館です。ただし、祝日は開館します。" in answer
    assert re.search(r'<th scope="row">第1研修室</th>\s*<td>1時間 400円</td>', answer)
    assert "yen_per_hour" not in answer.split('id="text"')[0], "no YAML before the document itself"


def test_the_rules_are_told_in_english_too(browser_of, emi, address):
    answer = browser_of(emi).get(address, headers={"Accept-Language": "en"}).text
    assert "400 yen an hour" in answer


def test_the_document_can_be_downloaded_as_it_was_published(browser_of, emi, city):
    book = RuleBook.objects.get()
    answer = browser_of(emi).get(f"/console/rules/{book.pk}/1.yaml")
    assert answer.text == RuleVersion.objects.get().text
    assert answer["Content-Disposition"] == f'attachment; filename="{book.key}-1.yaml"'


def test_only_admins_download_it(browser_of, dai, city):
    assert browser_of(dai).get(f"/console/rules/{RuleBook.objects.get().pk}/1.yaml").status_code == 404


def test_an_address_to_edit_stands_beside_the_part_it_edits(city):
    document = parse(RuleVersion.objects.get().text)
    path = ("calendars", "chuo", "closures", 0)
    facts = {"chapters": tell(document), "edit_urls": {path: "/somewhere/"}}
    page = render_to_string("console/rules/_chapters.html", facts)
    assert page.count('href="/somewhere/"') == 1
    line = next(one for one in page.splitlines() if "/somewhere/" in one)
    assert "第1火曜日" in line
    assert "直す" not in render_to_string("console/rules/_chapters.html", {"chapters": facts["chapters"]})


def test_on_a_phone_each_cell_of_a_wide_table_says_its_column():
    document = parse((factories.RULES / "much_asked.yaml").read_text(encoding="utf-8"))
    page = render_to_string("console/rules/_chapters.html", {"chapters": tell(document)})
    assert 'data-label="午前 9:00〜12:00">6,000円</td>' in page
    assert re.search(r'"row">グランドピアノ（台）</th><td data-label="加わるとき">頼むとき', page)


def test_a_cell_below_one_that_reaches_down_says_its_own_column():
    head = tuple(Cell(one, one) for one in ("部屋", "区分", "額"))
    rows = (
        Row(
            (Cell("集会室", "集会室", rows=2, heading=True), Cell("午前", "午前"), Cell("500円", "500円")), ()
        ),
        Row((Cell("午後", "午後"), Cell("600円", "600円")), ()),
    )
    table = Table("使用料", "使用料", head, rows, ())
    assert is_wide(table)
    assert [(cell.ja, column) for cell, column in by_column(rows[1], table)] == [
        ("午後", "区分"),
        ("600円", "額"),
    ]
