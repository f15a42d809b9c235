"""What cannot be served is answered with a page in words, whatever was sent."""

from __future__ import annotations

import pytest


@pytest.fixture
def browser(client_for, akiruno):
    browser = client_for(akiruno)
    browser.raise_request_exception = False
    return browser


def test_a_huge_body_is_refused_before_it_is_read(browser):
    answer = browser.generic("POST", "/account/login/", b"x", CONTENT_LENGTH="2000001")
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text


def test_the_api_refuses_a_huge_body_as_a_problem(browser):
    body = b'"' + b"x" * 3_000_000 + b'"'
    answer = browser.generic("POST", "/api/v1/holds", body, content_type="application/json")
    assert answer.status_code in {401, 413}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_at_the_limit_is_read(browser):
    answer = browser.generic("POST", "/account/login/", b"x" * 100, content_type="text/plain")
    assert answer.status_code == 200


def test_the_length_of_a_body_must_be_a_number_to_count(browser):
    assert browser.generic("POST", "/account/login/", b"", CONTENT_LENGTH="many").status_code == 200


@pytest.mark.parametrize("path", ["/", "/h/chuo-kominkan/", "/h/chuo-kominkan/kenshu-1/", "/account/login/"])
def test_head_is_answered_like_get_without_a_body(browser, path):
    answer = browser.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/h/chuo-kominkan/2027-02-30/",
        "/h/chuo-kominkan/kenshu-1/2027-13-01/",
        "/h/chuo-kominkan/kenshu-1/9999-12-31/",
        "/h/nowhere/",
        "/h/chuo-kominkan/nowhere/",
        "/h/chuo-kominkan/kenshu-1/2027-06-09%00/",
        "/my/00000000-0000-0000-0000-000000000000/",
        "/%F0%9F%8E%B5",
        "/h/葛󠄀城/",
    ],
)
def test_what_does_not_exist_gets_a_page_in_words(browser, path):
    answer = browser.get(path, follow=True)
    assert answer.status_code in {200, 404}
    assert "<h1" in answer.text


def test_the_style_sheet_is_there_for_an_unknown_host_too(settings):
    assert settings.MIDDLEWARE[0] == "whitenoise.middleware.WhiteNoiseMiddleware"
