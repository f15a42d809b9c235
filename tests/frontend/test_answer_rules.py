"""What the rules of a hall ask, from the room's page to the booking: nothing lost, nothing asked in vain."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from accounts.models import Resident
from booking.models import Reservation
from tests.frontend.conftest import ANSWERS, confirm, page_of

STAGE = "/h/bunka/stage/"


def test_exactly_what_the_rules_ask_is_asked(browser_of_aiko, held):
    page = page_of(browser_of_aiko.get(f"/book/{held().ref}/"))
    for name in ("who", "use", "q_admission", "q_cooling", "q_seats", "x_e01", "x_e24"):
        assert f'name="{name}"' in page
    assert "q_power" not in page, "staff answer that after the use"
    assert "q_rain" not in page, "asked when cancelling, in another hall"
    assert "登録団体" not in page, "only staff give that class"
    assert len(re.findall(r"<details", page)) == 3, "24 extras in groups of ten"


def test_hall_that_asks_nothing_asks_purpose_and_headcount_alone(browser_of_aiko, held):
    page = page_of(browser_of_aiko.get(f"/book/{held('kouen/plain').ref}/"))
    assert re.findall(r'name="((?:who|use|q_|x_)[^"]*)"', page) == []


def test_price_follows_what_was_said(browser_of_aiko, held, answer):
    one = held()
    page = page_of(
        answer(one, who="outside", q_cooling="yes", q_admission="１,５００円", x_e11="2", x_e01="")
    )
    # 8,000 + 50 % + 100 % = 20,000; cooling 30 % of the fee; two microphones
    assert "ワイヤレスマイク" in page
    assert "市外の人や団体" in page
    assert "1,500円" in page
    assert "グランドピアノ" not in page, "only what was chosen"
    assert "別表第1備考3" in page
    confirm(browser_of_aiko, one)
    booked = Reservation.objects.get(ref=one.ref)
    assert booked.status == "confirmed"
    assert booked.applicant_class == "outside"
    assert booked.purpose_key == "meeting"
    assert booked.answers == {"admission": 1500, "cooling": True, "seats": "rows"}
    assert booked.extras == {"e11": 2}
    lines = {line["kind"]: line["yen"] for line in booked.quote["lines"]}
    assert lines["e11"] == 2000
    assert booked.price_yen == sum(line["yen"] for line in booked.quote["lines"])
    assert f"{booked.price_yen:,}円" in page


def test_what_was_said_stays_when_something_is_missing(held, answer):
    page = page_of(answer(held(), use=None, q_admission="百円", x_e05="3"))
    assert "<title>エラー：" in page
    assert "利用の目的を選んでください。" in page
    assert "入場料のいちばん高い額は、数字で書いてください。" in page
    assert 'value="百円"' in page
    assert 'value="春の発表会"' in page
    assert re.search(r'name="x_e05" value="3"', page)
    assert re.search(r"<details open>.{0,400}グランドピアノ", page, re.S), (
        "the group with a number in it is open"
    )


def test_going_back_finds_every_answer(browser_of_aiko, held, answer):
    one = held()
    answer(one, who="outside", use="concert", q_cooling="yes", q_seats="round", x_e02="4")
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/"))
    for name, value in {"who": "outside", "use": "concert", "q_cooling": "yes", "q_seats": "round"}.items():
        assert re.search(rf'name="{name}" value="{value}"[^>]*checked', page), name
    assert re.search(r'name="x_e02" value="4"', page)


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "party"},
        {"who": "registered"},
        {"who": "nobody"},
        {"q_seats": "standing"},
        {"q_cooling": "maybe"},
        {"q_admission": "-1"},
        {"q_admission": "9" * 40},
        {"q_admission": "1e9"},
        {"q_admission": "\x00"},
        {"x_e01": "3"},
        {"x_e02": "10001"},
        {"x_e02": "-1"},
        {"x_e02": "１.５"},
        {"headcount": "601"},
    ],
)
def test_odd_answers_are_refused_at_their_field(held, answer, changes):
    response = answer(held(), follow=False, **changes)
    assert response.status_code == 422
    field = next(iter(changes))
    assert f'href="#id_{field}' in page_of(response)


def test_unknown_and_repeated_fields_change_nothing(browser_of_aiko, held, answer):
    one = held()
    page = page_of(
        answer(one, q_power="500", q_rain="yes", x_nothing="9", use=["party", "meeting"], x_e02=["9", "1"])
    )
    assert "内容を確かめて" in page
    confirm(browser_of_aiko, one)
    booked = Reservation.objects.get(ref=one.ref)
    assert set(booked.answers) == {"admission", "cooling", "seats"}
    assert booked.extras == {"e02": 1}
    assert booked.purpose_key == "meeting"


def test_prohibited_purpose_is_refused_with_its_article_and_the_time_stays_held(held, answer):
    one = held()
    response = answer(one, use="gambling", follow=False)
    page = page_of(response)
    assert response.status_code == 422
    assert "かけごとのためには利用できません。（条例第4条）" in page
    assert "この時間をおさえました" in page
    assert 'value="春の発表会"' in page
    one.refresh_from_db()
    assert one.status == "hold"


def test_too_many_for_the_purpose_is_refused_with_its_article(held, answer):
    page = page_of(answer(held(), use="filming", headcount="21"))
    assert "撮影は20人までです。（規則第6条）" in page


def test_price_only_staff_know_is_said_to_be_decided_by_them(browser_of_aiko, held, answer):
    one = held()
    words = "料金は、館が決めてお知らせします"
    assert words in page_of(answer(one, use="filming"))
    assert words in page_of(confirm(browser_of_aiko, one))
    for path in (f"/my/r/{one.ref}/", f"/my/r/{one.ref}/done/", "/my/", "/again/"):
        page = page_of(browser_of_aiko.get(path))
        assert "None" not in page
    assert Reservation.objects.get(ref=one.ref).price_yen is None
    assert words in page_of(browser_of_aiko.get(f"/my/r/{one.ref}/"))


@pytest.fixture
def filmed(browser_of_aiko, held, answer, free_day):
    """One filming, which is all a month may have, and another time held on the same day."""
    day = free_day("bunka/stage")
    first = held(day=day)
    answer(first, use="filming")
    second = held(day=day, time="18:00-21:00")
    confirm(browser_of_aiko, first)
    return second


def test_limit_reached_is_told_before_the_last_button(answer, filmed):
    response = answer(filmed, use="filming")
    assert response.status_code == 422
    assert "規則第5条" in page_of(response)
    assert "この内容で予約する" not in page_of(response)
    assert "この内容で予約する" in page_of(answer(filmed, use="meeting"))


def test_limit_reached_meanwhile_is_refused_at_the_end_with_its_article_and_nothing_is_lost(
    browser_of_aiko, held, answer, free_day
):
    day = free_day("bunka/stage")
    first = held(day=day)
    second = held(day=day, time="18:00-21:00")
    filming = [answer(one, use="filming") for one in (first, second)]
    assert all("この内容で予約する" in page_of(one) for one in filming)
    confirm(browser_of_aiko, first)
    response = confirm(browser_of_aiko, second)
    page = page_of(response)
    assert response.status_code == 422
    assert "規則第5条" in page
    assert 'value="春の発表会"' in page
    assert re.search(r'name="use" value="filming"[^>]*checked', page)
    assert Reservation.objects.get(ref=second.ref).status == "hold"


def test_answers_of_last_time_are_where_one_starts_the_next_time(browser_of_aiko, held, answer, free_day):
    day = free_day("bunka/stage")
    first = held(day=day)
    answer(first, who="outside", use="concert", q_cooling="yes", x_e03="6")
    confirm(browser_of_aiko, first)
    page = page_of(browser_of_aiko.get(f"/book/{held(day=day, time='18:00-21:00').ref}/"))
    for name, value in {"who": "outside", "use": "concert", "q_cooling": "yes"}.items():
        assert re.search(rf'name="{name}" value="{value}"[^>]*checked', page), name
    assert re.search(r'name="x_e03" value="6"', page)


def test_extras_of_another_room_are_not_carried_over(browser_of_aiko, held, answer):
    first = held()
    answer(first, x_e03="6")
    confirm(browser_of_aiko, first)
    page = page_of(browser_of_aiko.get(f"/book/{held('kouen/plain').ref}/"))
    assert "x_e03" not in page
    assert 'value="春の発表会"' in page


def test_same_as_last_time_carries_all_that_was_said(browser_of_aiko, held, answer):
    first = held(time="13:00-17:00+30")
    answer(first, who="outside", use="meeting", q_cooling="yes", x_e03="6")
    confirm(browser_of_aiko, first)
    day = re.search(r'name="day" value="([^"]+)"', page_of(browser_of_aiko.get("/again/")))[1]
    page = page_of(browser_of_aiko.post("/again/", {"day": day, "idempotency_key": "x"}, follow=True))
    assert "内容を確かめて" in page
    for words in ("市外の人や団体", "会議・講演", "譜面台", "6台", "終わりをのばす", "17:30"):
        assert words in page, words


def test_time_can_be_made_longer_at_both_ends(browser_of_aiko, free_day, held, answer):
    day = free_day("bunka/stage")
    page = page_of(browser_of_aiko.get(f"{STAGE}{day}/"))
    assert 'value="30+13:00-17:00+60"' in page
    assert "始まりを30分早める" in page
    # 20 % of 8,000 yen for each half hour
    assert re.search(r"17:30.{0,300}9,600円.{0,80}\+1,600円", page, re.S)
    one = held(day=day, time="30+13:00-17:00+60")
    assert (one.early_minutes, one.extension_minutes) == (30, 60)
    assert one.price_yen == 8000 + 3 * 1600
    page = page_of(answer(one))
    assert "終わりをのばす" in page
    confirm(browser_of_aiko, one)
    assert Reservation.objects.get(ref=one.ref).price_yen == 12800


def test_longer_time_that_somebody_else_has_is_not_offered(browser_of_aiko, free_day, held):
    day = free_day("bunka/stage")
    held(day=day, time="18:00-21:00")
    page = page_of(browser_of_aiko.get(f"{STAGE}{day}/"))
    assert 'value="13:00-17:00+60"' in page, "it ends at 18:00"
    held(day=day, time="09:00-12:00+60")
    page = page_of(browser_of_aiko.get(f"{STAGE}{day}/"))
    assert 'value="13:00-17:00+60"' in page
    assert 'value="30+13:00-17:00"' not in page


@pytest.mark.parametrize(
    "time",
    [
        "13:00-17:00+90",
        "90+13:00-17:00",
        "999+09:00-12:00",
        "13:00-17:00+",
        "+13:00-17:00+9999",
    ],
)
def test_time_made_longer_than_the_rules_allow_is_refused_in_words(browser_of_aiko, free_day, time):
    response = browser_of_aiko.post(
        f"{STAGE}{free_day('bunka/stage')}/", {"time": time, "idempotency_key": "l"}
    )
    assert response.status_code in {409, 422}
    assert "まちがいがあります" in page_of(response)
    assert not Reservation.objects.exists()


def test_purpose_said_first_opens_a_longer_window(client_for, city, halls):
    browser = client_for(city)
    page = page_of(browser.get(STAGE))
    assert 'name="use"' in page
    far = timezone.localdate() + timezone.timedelta(days=200)
    assert 'type="radio" name="time"' not in page_of(browser.get(f"{STAGE}{far}/"))
    page = page_of(browser.get(f"{STAGE}{far}/?use=concert"))
    assert 'type="radio" name="time"' in page
    assert '<input type="hidden" name="use" value="concert">' in page
    assert "?use=concert" in re.search(r'class="day[^>]*href="([^"]+)"', page)[1]


def test_purpose_said_first_is_carried_to_the_questions(browser_of_aiko, held):
    far = timezone.localdate() + timezone.timedelta(days=200)
    one = held(day=far, use="concert")
    assert one.purpose_key == "concert"
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/"))
    assert re.search(r'name="use" value="concert"[^>]*checked', page)


def test_another_purpose_afterwards_is_refused_by_its_window(held, answer):
    far = timezone.localdate() + timezone.timedelta(days=200)
    response = answer(held(day=far, use="concert"), use="meeting", follow=False)
    assert response.status_code == 422
    assert "規則第3条" in page_of(response)


def test_strangers_choice_and_purpose_survive_the_log_in(client_for, city, halls):
    far = timezone.localdate() + timezone.timedelta(days=200)
    answer = client_for(city).post(f"{STAGE}{far}/", {"time": "13:00-17:00", "use": "concert"})
    assert "use%3Dconcert" in answer.url


@pytest.mark.parametrize(
    "query", ["use=party", "use=", "use=%00", "use=concert&use=party", "who=registered", "q_x=1"]
)
def test_odd_purpose_in_the_address_shows_the_page(client_for, city, halls, query):
    assert client_for(city).get(f"{STAGE}?{query}").status_code == 200


def test_room_whose_windows_are_the_same_for_all_does_not_ask_first(client_for, city, halls):
    assert 'name="use"' not in page_of(client_for(city).get("/h/kouen/plain/"))


def test_price_that_depends_on_the_answers_says_so(client_for, city, halls, browser_of_aiko, held, answer):
    page = page_of(client_for(city).get("/h/kouen/field/"))
    start = re.search(r'href="([^"]+\?start=[^"#]+)', page)[1]
    page = page_of(client_for(city).get(start))
    assert "料金は内容によります" in page
    assert "None" not in page
    one = held("kouen/field", time="13:00-15:00")
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/"))
    assert "料金は内容によります" in page
    assert "2,000円" in page_of(answer(one))


def test_due_date_of_the_rules_is_said_in_place_of_the_usual_words(browser_of_aiko, held, answer):
    one = held()
    page = page_of(answer(one))
    assert "使用料は" in page
    assert "（条例第7条）" in page
    assert "当日までに" not in page
    confirm(browser_of_aiko, one)
    for path in (f"/my/r/{one.ref}/", f"/my/r/{one.ref}/done/"):
        assert "（条例第7条）" in page_of(browser_of_aiko.get(path))


def test_hall_without_a_due_date_keeps_the_usual_words(held, answer):
    assert "当日までに館の窓口で" in page_of(answer(held("kouen/plain"), headcount="5"))


def test_class_staff_granted_is_among_the_choices_and_preselected(browser_of_aiko, aiko, held, answer):
    Resident.objects.filter(pk=aiko.resident.pk).update(applicant_class="registered")
    one = held()
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/"))
    assert re.search(r'name="who" value="registered"[^>]*checked', page)
    answer(one, who="registered")
    confirm(browser_of_aiko, one)
    assert Reservation.objects.get(ref=one.ref).applicant_class == "registered"


def test_draft_of_an_older_release_asks_again(browser_of_aiko, held):
    one = held("kouen/plain")
    session = browser_of_aiko.session
    session["drafts"] = {str(one.ref): {"purpose": "会", "headcount": 5}}
    session.save()
    assert browser_of_aiko.get(f"/book/{one.ref}/check/").url == f"/book/{one.ref}/"


def test_questions_are_asked_in_english(browser_of_aiko, held, answer):
    one = held(time="13:00-17:00+30")
    browser_of_aiko.cookies["language"] = "en"
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/"))
    for words in (
        "Purpose of use",
        "Concert or play",
        "Who applies",
        "From outside",
        "Highest admission",
        "Yes",
    ):
        assert words in page, words
    page = page_of(answer(one, use="gambling"))
    assert "Rooms are not lent for gambling." in page
    page = page_of(answer(one, q_admission="1500"))
    for words in ("Meeting or lecture", "¥1,500", "Later end", "30 min", "Admission over 1000 yen"):
        assert words in page, words


def test_units_are_english_on_an_english_page(browser_of_aiko, held, answer):
    one = held()
    english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/", **english))
    assert re.search(r'name="q_admission".{0,300}>yen<', page, re.S)
    assert "1 台" not in page
    assert not re.search(r">[円台枚本]<", page)
    said = {**ANSWERS, "use": "concert", "x_e03": "6", "q_admission": "1,500 yen"}
    page = page_of(browser_of_aiko.post(f"/book/{one.ref}/", said, follow=True, **english))
    assert "¥1,500" in page
    assert "台</dd>" not in page
