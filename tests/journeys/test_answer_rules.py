"""A resident books where the rules ask much: purpose, class, questions, extras, a longer time; on a phone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from booking.models import Reservation
from tenants.context import inside
from tests import factories
from tests.journeys.conftest import PHONE, WIDTHS

pytestmark = pytest.mark.browser

STAGE = "/h/bunka/stage/"


@pytest.fixture
def halls(akiruno, committed_city):
    """見本市文化会館 and 見本市運動公園, beside Akiruno's own hall."""
    with inside(akiruno):
        return factories.halls_of(factories.RULES / "much_asked.yaml")


@pytest.fixture
def far():
    """A day for which only concerts are taken already."""
    return timezone.localdate() + timezone.timedelta(days=200)


def say(visitor, *, use="meeting", who="outside"):
    """Answer everything the stage asks."""
    visitor.fill(purpose="春の発表会", headcount="２０人", q_admission="1,500円")
    for name, value in {"who": who, "use": use, "q_cooling": "yes"}.items():
        visitor.page.locator(f"input[name={name}][value={value}]").check()


@pytest.mark.parametrize("width", WIDTHS)
def test_resident_answers_what_the_rules_ask(visit, akiruno, aiko, halls, far, width):
    visitor = visit(akiruno, person=aiko, width=width).go(f"{STAGE}{far}/")
    assert "申込みは" in visitor.text
    visitor.page.select_option("select[name=use]", "concert")
    visitor.press("この内容で空きを見る")
    visitor.go(f"{STAGE}{far}/?use=concert")
    visitor.page.locator(".longer > summary").nth(1).click()
    visitor.inspect()
    visitor.choose("input[value='30+13:00-17:00+60']").press("つぎへ進む")
    assert visitor.page.locator("input[name=use][value=concert]").is_checked()
    visitor.press("つぎへ進む")
    assert visitor.page.title().startswith("エラー：")
    assert visitor.page.evaluate("document.activeElement.className") == "error-summary"
    say(visitor, use="concert")
    visitor.page.locator(".extras summary").nth(1).click()
    visitor.page.get_by_role("button", name="ワイヤレスマイクを1つふやす").click()
    visitor.page.get_by_role("button", name="ワイヤレスマイクを1つふやす").click()
    visitor.page.get_by_role("button", name="ワイヤレスマイクを1つ減らす").click()
    visitor.fill(x_e11="２台")
    visitor.inspect()
    visitor.press("つぎへ進む")
    visitor.page.locator(".why summary").first.click()
    visitor.inspect()
    for words in (
        "市外の人や団体",
        "音楽会・演劇",
        "1,500円",
        "ワイヤレスマイク",
        "2台",
        "（別表第1備考3）",
        "（条例第7条）",
    ):
        assert words in visitor.text, words
    visitor.press("この内容で予約する")
    assert "予約しました" in visitor.text
    visitor.follow("予約の内容を見る")
    assert "ワイヤレスマイク" in visitor.text
    with inside(akiruno):
        booked = Reservation.objects.get()
    assert (booked.early_minutes, booked.extension_minutes, booked.extras) == (30, 60, {"e11": 2})


@pytest.mark.parametrize("width", [PHONE])
def test_all_of_it_works_without_javascript(visit, akiruno, aiko, halls, far, width):
    visitor = visit(akiruno, person=aiko, width=width, javascript=False).go(STAGE)
    visitor.page.select_option("select[name=use]", "concert")
    visitor.press("この内容で空きを見る")
    visitor.go(f"{STAGE}{far}/?use=concert")
    visitor.choose("input[name=time][value='18:00-21:00']").press("つぎへ進む")
    say(visitor, use="concert")
    visitor.page.locator(".extras summary").nth(0).click()
    visitor.fill(x_e01="3").press("つぎへ進む")
    assert "グランドピアノは、2台までです。" in visitor.text
    assert visitor.page.input_value("[name=x_e01]") == "3"
    visitor.fill(x_e01="1").press("つぎへ進む")
    assert "グランドピアノ" in visitor.text
    visitor.tap(visitor.page.locator(".summary__change a").nth(2))
    visitor.page.locator("input[name=use][value=meeting]").check()
    visitor.press("つぎへ進む")
    assert "規則第3条" in visitor.text, "a meeting has a shorter window"
    visitor.page.locator("input[name=use][value=concert]").check()
    visitor.press("つぎへ進む").press("この内容で予約する")
    assert "予約しました" in visitor.text


def test_prohibited_purpose_is_refused_while_the_time_stays_held(visit, akiruno, aiko, halls):
    visitor = visit(akiruno, person=aiko).go(STAGE).choose("input[name=time]").press("つぎへ進む")
    say(visitor, use="gambling")
    visitor.press("つぎへ進む")
    assert (
        "かけごとのためには利用できません。（条例第4条）"
        in visitor.page.locator(".error-summary").inner_text()
    )
    assert "この時間をおさえました" in visitor.text
    assert visitor.page.input_value("[name=purpose]") == "春の発表会"


def test_hall_that_asks_nothing_needs_no_more_taps(visit, akiruno, aiko, halls):
    visitor = visit(akiruno, person=aiko).go("/h/kouen/").follow("会議室")
    visitor.tap(visitor.page.locator("a.hour").first)
    visitor.choose("#length input[name=time]").press("つぎへ進む")
    visitor.fill(purpose="囲碁の会", headcount="6").press("つぎへ進む").press("この内容で予約する")
    assert "予約しました" in visitor.text
    assert visitor.taps <= 6


def test_second_booking_starts_from_the_answers_of_the_first(visit, akiruno, aiko, halls):
    visitor = visit(akiruno, person=aiko).go(STAGE).choose("input[name=time]").press("つぎへ進む")
    say(visitor)
    visitor.press("つぎへ進む").press("この内容で予約する")
    visitor.taps = 0
    visitor.go(STAGE).choose("input[name=time]").press("つぎへ進む")
    visitor.press("つぎへ進む").press("この内容で予約する")
    assert "予約しました" in visitor.text
    assert visitor.taps == 4


def test_field_asks_about_rain_when_it_is_cancelled(visit, akiruno, aiko, halls):
    visitor = visit(akiruno, person=aiko, width=PHONE).go("/h/kouen/field/")
    visitor.tap(visitor.page.locator("a.day").nth(4))
    visitor.tap(visitor.page.locator("a.hour").first)
    assert "料金は内容によります" in visitor.text
    visitor.choose("#length input[name=time]").press("つぎへ進む")
    visitor.fill(purpose="サッカー", headcount="20").press("つぎへ進む")
    assert "1,000円" in visitor.text
    visitor.press("この内容で予約する").follow("予約の内容を見る").follow("予約を取り消す")
    visitor.page.locator("input[name=q_rain][value=yes]").check()
    visitor.press("返るお金をたしかめる")
    assert "規則第9条第1号" in visitor.text
    visitor.press("予約を取り消す")
    assert "予約を取り消しました" in visitor.text


@pytest.mark.parametrize(
    "example", ["ageo", "sodegaura", "inzai", "kumamoto", "fujieda", "yamanashi", "kyowa"]
)
def test_first_room_of_a_real_rule_set_can_be_held(visit, akiruno, aiko, example):
    with inside(akiruno):
        halls = factories.halls_of(factories.EXAMPLES / f"{example}.yaml")
        paths = [f"/h/{hall.key}/{hall.rooms.order_by('position')[0].key}/" for hall in halls]
    visitor = visit(akiruno, person=aiko, width=PHONE)
    for path in paths:
        visitor.go(path)
        start = visitor.page.locator("a.hour").first
        if start.count():
            visitor.tap(start)
        free = visitor.page.locator("input[type=radio][name=time]")
        if not free.count():
            continue
        free.first.check()
        visitor.press("つぎへ進む")
        assert "使いみちと人数" in visitor.text


@pytest.mark.parametrize("width", WIDTHS)
def test_rules_of_a_hall_are_read_in_words(visit, akiruno, halls, width):
    visitor = visit(akiruno, width=width).go("/h/bunka/").follow("料金・申込み・取消しの規則")
    for words in ("大ホール", "別表第1", "ワイヤレスマイク"):
        assert words in visitor.text, words
    sideways = "e => e.checkVisibility() && e.scrollWidth > e.clientWidth"
    assert not visitor.page.locator(".table-region").evaluate_all(f"all => all.some({sideways})")
    visitor.go("/rules/chuo-kominkan/")
