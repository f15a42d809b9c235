"""From the words a municipality chooses to the message on somebody's phone; and every page about it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.actors import Actor
from accounts.line.official_account import check_account
from accounts.models import Notice
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from frontend.jobs import greet_on_line
from frontend.resident.days import first_free_day
from tenants.context import inside
from tests.channels.conftest import SECRET, TOKEN, line  # noqa: F401
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET, WIDTHS
from tests.queue import deliver_notices, enqueued, told

pytestmark = pytest.mark.browser


@pytest.fixture
def book(akiruno, aiko):
    """``book()``: Aiko books an hour on the first free day; ``book(1)``: the hour after."""

    def make(later=0):
        now = timezone.now()
        with inside(akiruno):
            room = room_by_key("chuo-kominkan", "kenshu-1")
            day = first_free_day(rooms=[room], asker=Asker("", "web", now)) + timedelta(days=1)
            starts_at = moment(day, 600 + 60 * later, room.zone)
            return book_room(
                room_id=room.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                resident_id=aiko.resident.pk,
                channel="web",
                purpose="会議",
                details=Details(headcount=5),
                actor=Actor("resident", aiko.resident.pk),
                now=now,
            )

    return make


def answer_in_chat():
    for job in enqueued("frontend.greet_on_line"):
        greet_on_line(**{key: value for key, value in job.items() if key != "schema"})


@pytest.mark.parametrize(("width", "javascript"), [(TABLET, True), (LARGE_PHONE, False)])
def test_words_a_clerk_chose_reach_the_hirer(visit, akiruno, emi, book, width, javascript):
    clerk = visit(akiruno, person=emi, width=width, javascript=javascript).go("/console/")
    clerk.follow("お知らせ").tap(clerk.page.locator("a[href$='/reservation_confirmed/ja/']"))
    clerk.fill(subject="{部屋}がとれました", body="{名前} さま\n{暗証番号}").press("見本を見る")
    assert clerk.page.title().startswith("エラー：")
    assert "{暗証番号}は、使えません" in clerk.text
    clerk.fill(body="{名前} さま\n鍵は、1階の窓口でお渡しします。\n{ページ}").press("見本を見る")
    assert "第1研修室がとれました" in clerk.text
    clerk.press("この文にする")
    assert "文を保存しました" in clerk.text
    book()
    deliver_notices()
    (sent,) = [one for one in mail.outbox if one.to == ["aiko@example.jp"]]
    assert sent.subject == "第1研修室がとれました"
    assert "鍵は、1階の窓口でお渡しします。" in sent.body
    clerk.press("はじめの文に戻す")
    assert "はじめからある文です" in clerk.text


def test_a_resident_links_line_and_is_told_there(visit, akiruno, emi, aiko, book, server, line):  # noqa: F811
    channel = line.channels[TOKEN]
    channel.webhook, channel.host = f"http://127.0.0.1:{server}/line/webhook/", f"akiruno.localhost:{server}"
    clerk = visit(akiruno, person=emi, width=TABLET).go("/console/notices/line/")
    clerk.press("保存して確かめる")
    assert clerk.page.title().startswith("エラー：")
    clerk.fill(token=TOKEN, secret=SECRET).press("保存して確かめる")
    assert "確認中" in clerk.text
    check_account(now=timezone.now())
    assert "使えます" in clerk.go("/console/notices/line/").text

    resident = visit(akiruno, person=aiko, width=PHONE).go("/my/").follow("お知らせの受け取り方")
    resident.press("LINEとつなぐ")
    code = re.search(r"\d{4} \d{4}", resident.text)[0]
    friend = line.befriend(TOKEN, "愛子")
    assert line.say(friend, code) == 200
    answer_in_chat()
    assert "つながりました" in friend.chat[-1][1]

    resident.go("/my/notices/")
    assert "LINEとつながっています" in resident.text
    resident.page.uncheck("input[name=important][value=mail]")
    resident.press("保存する")
    book()
    deliver_notices()
    assert "予約できました" in friend.chat[-1][1]
    assert [one for one in mail.outbox if one.to == ["aiko@example.jp"]] == []

    line.block(friend)
    book(1)
    deliver_notices()
    assert len([one for one in mail.outbox if one.to == ["aiko@example.jp"]]) == 1
    assert "ブロックされている" in resident.go("/my/notices/").text
    resident.press("LINEとのつながりを切る")
    assert "LINEとつなぐ" in resident.text


def test_staff_see_what_did_not_arrive_and_send_it_again(visit, akiruno, emi, book):
    booked = book()
    deliver_notices()
    with inside(akiruno):
        (notice,) = told("reservation_confirmed")
        Notice.objects.filter(pk=notice.pk).update(
            state="failed", sent_at=None, last_error="メールサーバーにつながりません。"
        )
    mail.outbox.clear()
    clerk = visit(akiruno, person=emi, width=TABLET).go(f"/desk/reservation/{booked.ref}/")
    clerk.follow("送ったお知らせを見る")
    assert "届きません" in clerk.text
    assert "メールサーバーにつながりません。" in clerk.text
    clerk.press("もう一度送る")
    deliver_notices()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_about_notices_reads_well(visit, akiruno, emi, aiko, book, width):
    booked = book()
    deliver_notices()
    with inside(akiruno):
        (notice,) = told("reservation_confirmed")
    clerk = visit(akiruno, person=emi, width=width)
    for path in (
        "/console/notices/", "/console/notices/application_confirmed/ja/", "/console/notices/refused/en/",
        "/console/notices/sent/", f"/console/notices/sent/{notice.pk}/", "/console/notices/line/",
        "/console/notices/reminders/", "/desk/notices/", f"/desk/reservation/{booked.ref}/notices/",
    ):  # fmt: skip
        clerk.go(path)
    visit(akiruno, person=aiko, width=width).go("/my/notices/")
