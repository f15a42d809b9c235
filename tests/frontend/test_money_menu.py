"""Where work with money begins, at the desk and for the municipality."""

from __future__ import annotations


def test_the_desk_has_a_page_for_money(browser_of, dai):
    answer = browser_of(dai).get("/desk/money/")
    assert answer.status_code == 200
    assert "料金を受け取る" in answer.content.decode()


def test_the_municipality_has_a_page_for_money_and_managers_have_not(browser_of, dai, emi):
    assert browser_of(emi).get("/console/money/").status_code == 200
    assert browser_of(dai).get("/console/money/").status_code == 404
