"""Each page in each language: whole in English, whole in Japanese, and changed by one button."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from accounts.models import Resident, Staff
from booking.models import Reservation
from facilities.models import Facility, Room, RuleVersion, Space
from tenants.context import inside, inside_public

JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々（）：〜、。・「」※]+")
ENGLISH = re.compile(r"\b[A-Za-z][a-z]{2,}\b")
DAY = date(2027, 5, 12)
HALL = "/h/chuo-kominkan/"
ROOM = f"{HALL}shukai/"
# The other language's button is in that language; so is the product's name.
ALWAYS = {"日本語"}
ENGLISH_IN_JAPANESE = {"English", "Machinoma"}
EXAMPLES = re.compile(r"\S+@\S+|https?://\S+|\S+\.example\.jp|\S+\.localhost|例：Akiruno City")

PAGES = {
    "nobody": [
        "/", HALL, f"{HALL}kenshu-1/", f"{HALL}{DAY}/", "/account/login/", "/account/signup/", "/account/login/code/",
        "/account/password/reset/", f"{HALL}none/", f"{HALL}2027-02-30/",
    ],
    "resident": [
        "/", "/my/", "/my/details/", "/my/calendar/", "/account/email/", "/account/password/change/", "/account/2fa/",
    ],
    "manager": [
        f"/desk/chuo-kominkan/{DAY}/", f"/desk/chuo-kominkan/kenshu-1/{DAY}/new/", "/desk/chuo-kominkan/close/",
        "/desk/calendar/", "/desk/reservation/{ref}/", "/desk/reservation/{ref}/cancel/",
        "/desk/reservation/{ref}/cash/",
    ],
    "admin": [
        "/console/", "/console/reservations/", "/console/halls/", "/console/closures/", "/console/staff/",
        "/console/staff/new/", "/console/doors/", "/console/tokens/", "/console/rules/",
    ],
    "operator": ["/", "/operator/", "/operator/municipalities/new/", "/operator/municipalities/132284/"],
}  # fmt: skip
EVERY_PAGE = [(who, page) for who, pages in PAGES.items() for page in pages]


class _Words(HTMLParser):
    """What people read or hear of a page: text, title and spoken labels; nothing in <script>, no values."""

    def __init__(self):
        super().__init__()
        self.said, self.lang, self._silent = [], "", False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self._silent = tag in ("script", "style", "textarea")
        if tag == "html":
            self.lang = attrs.get("lang")
        self.said += [
            attrs[name] for name in ("aria-label", "alt", "title", "placeholder") if attrs.get(name)
        ]

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.said.append(data.strip())


def words_of(response):
    page = _Words()
    page.feed(response.content.decode())
    return page


@pytest.fixture
def browser(city, client_for, request):
    """``browser("resident", "en")``: that person's browser, set to that language."""
    people = {"resident": "aiko", "manager": "dai", "admin": "emi", "operator": "fumi"}

    def open_browser(who, language):
        with inside_public():
            client = request.getfixturevalue(people[who]).client() if who in people else client_for(city)
        client.cookies["language"] = language
        return client

    return open_browser


@pytest.fixture
def visit(browser, book, clock):
    """``visit("resident", "/my/", "en")``: the page as that person sees it in that language."""

    def open_page(who, page, language):
        ref = book().ref
        client = browser(who, language)
        response = client.get(page.replace("{ref}", str(ref)), follow=True)
        assert response.status_code in (200, 404)
        return response

    return open_page


def data_of(city):
    """All that stands in the database in Japanese and has no English: people, addresses, notes, rules."""
    with inside(city):
        rows = [*Facility.objects.values_list("address", "notice"), *Room.objects.values_list("note")]
        rows += [*Space.objects.values_list("name"), *RuleVersion.objects.values_list("text")]
        rows += [*Resident.objects.values_list("name", "name_kana"), *Staff.objects.values_list("name")]
        rows += Reservation.objects.values_list("purpose")
    return "\n".join(str(value) for row in rows for value in row)


@pytest.mark.parametrize(("who", "page"), EVERY_PAGE)
def test_an_english_page_is_english(visit, city, who, page):
    found = words_of(visit(who, page, "en"))
    assert found.lang == "en"
    data = data_of(city)
    runs = {run for text in found.said for run in JAPANESE.findall(text)}
    assert {run for run in runs - ALWAYS if run not in data} == set()


@pytest.mark.parametrize(("who", "page"), EVERY_PAGE)
def test_a_japanese_page_is_japanese(visit, who, page):
    found = words_of(visit(who, page, "ja"))
    assert found.lang == "ja"
    words = {word for text in found.said for word in ENGLISH.findall(EXAMPLES.sub("", text))}
    assert words - ENGLISH_IN_JAPANESE == set()


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/account/login/", {"login": "x", "password": ""}),
        ("/account/login/", {"login": "nobody@example.jp", "password": "wrong"}),
        ("/account/signup/", {}),
        ("/account/signup/", {"email": "x", "phone": "x", "password1": "password", "name": "a" * 500}),
        ("/account/password/reset/", {"email": "x"}),
        ("/account/login/code/", {"email": ""}),
    ],
)
def test_what_is_wrong_is_said_in_the_page_s_language(browser, address, sent):
    for language, other in (("ja", ENGLISH), ("en", JAPANESE)):
        response = browser("nobody", language).post(address, sent)
        summary = re.search(r'class="error-summary".*?</div>', response.content.decode(), re.DOTALL)
        assert summary
        said = EXAMPLES.sub("", re.sub(r"<[^>]+>", " ", summary[0].partition(">")[2]))
        assert said.strip()
        assert other.findall(said) == []


@pytest.mark.parametrize("who", ["nobody", "resident", "manager", "admin", "operator"])
def test_one_button_changes_the_language_and_stays_on_the_page(browser, who):
    client = browser(who, "ja")
    assert '<button name="language" value="en" lang="en">English</button>' in client.get("/").content.decode()
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/?x=1"})
    assert answer.status_code == 302
    assert answer.url == "/?x=1"
    assert answer.cookies["language"]["max-age"] == 60 * 60 * 24 * 365
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert '<button name="language" value="ja" lang="ja">日本語</button>' in page


def test_the_language_button_leads_nowhere_else(city, client_for):
    answer = client_for(city).post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert answer.url == "/"


def test_dates_and_prices_are_written_in_the_page_s_language(browser, room, day):
    address = f"{ROOM}{day}/?start=13:00"
    japanese, english = (browser("nobody", one).get(address).content.decode() for one in ("ja", "en"))
    assert f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）の時間" in japanese
    assert f"Times on {day:%a} {day.day} {day:%b}" in english
    assert "午後1時から、何時まで使いますか" in japanese
    assert "From 1:00 pm – until when?" in english
    assert "1,600円" in japanese
    assert "¥1,600" in english


def test_numbers_in_addresses_have_no_separators(visit):
    page = visit("manager", f"/desk/chuo-kominkan/{DAY}/", "en").content.decode()
    assert re.findall(r"\?from=([0-9,]+)", page)
    assert "," not in "".join(re.findall(r"\?from=([0-9,]+)", page))
