"""What every channel promises, tried on both over real sockets: delivered, later, never, and never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest

from accounts.channels.base import Delivered, Permanent, Temporary
from accounts.channels.line import LONGEST, LineChannel, shortened
from accounts.channels.line_api import LineApi
from accounts.channels.mail import MailChannel
from tests.channels.conftest import TOKEN


@dataclass
class Bench:
    """A channel with its provider: an address it knows, and how to make it fail."""

    channel: Any
    address: str
    texts: Any
    refuse_for_now: Any
    refuse_for_good: Any
    go_away: Any


@pytest.fixture
def mail_bench(mail_server, settings):
    def texts():
        mails = [message_from_bytes(one.content) for one in mail_server.received]
        return [part.get_payload(decode=True).decode() for part in mails]

    def go_away():
        settings.EMAIL_PORT = 1

    return Bench(
        MailChannel(),
        "aiko@example.jp",
        texts,
        lambda: mail_server.codes.append("451 try later"),
        lambda: mail_server.codes.append("550 no such user"),
        go_away,
    )


@pytest.fixture
def line_bench(line, settings):
    friend = line.befriend(TOKEN, "愛子")

    def go_away():
        bench.channel = LineChannel(LineApi(token=TOKEN, base="http://127.0.0.1:1"))

    bench = Bench(
        LineChannel(LineApi(token=TOKEN, base=settings.LINE_API_URL)),
        friend.user_id,
        lambda: [text for _who, text in friend.chat],
        lambda: line.fail_next("500"),
        lambda: line.fail_next("401"),
        go_away,
    )
    return bench


@pytest.fixture(params=["mail", "line"])
def bench(request):
    """Each channel in turn."""
    return request.getfixturevalue(f"{request.param}_bench")


def test_a_message_arrives_as_it_was_written(bench, message):
    answer = bench.channel.send(message(bench.address))
    assert isinstance(answer, Delivered)
    assert answer.provider_id
    (text,) = bench.texts()
    assert "葛󠄀の会 𠮷 様\n\n予約ができました。" in text.replace("\r\n", "\n")


def test_what_the_provider_cannot_take_now_may_be_tried_again(bench, message):
    bench.refuse_for_now()
    one = message(bench.address)
    assert isinstance(bench.channel.send(one), Temporary)
    assert isinstance(bench.channel.send(one), Delivered)
    assert len(bench.texts()) == 1


def test_what_the_provider_never_takes_is_said_to_be_so(bench, message):
    bench.refuse_for_good()
    answer = bench.channel.send(message(bench.address))
    assert isinstance(answer, Permanent)
    assert answer.code in {401, 550}


def test_a_provider_that_is_not_there_is_no_error_of_ours(bench, message):
    bench.go_away()
    assert isinstance(bench.channel.send(message(bench.address)), Temporary)


def test_no_answer_tells_an_address_or_a_text(bench, message):
    one = message(bench.address)
    bench.refuse_for_good()
    answer = bench.channel.send(one)
    for secret in (bench.address, "葛󠄀の会", "予約ができました", TOKEN):
        assert secret not in repr(answer) + repr(one) + repr(bench.channel)


def test_a_mail_has_its_headers_and_the_calendar(mail_bench, mail_server, message):
    one = message(mail_bench.address, calendar="BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n")
    mail_bench.channel.send(one)
    sent = message_from_bytes(mail_server.received[0].content)
    assert str(make_header(decode_header(sent["Subject"]))) == one.subject
    assert sent["Message-ID"] == f"<{one.key}@akiruno.localhost>"
    assert sent["Auto-Submitted"] == "auto-generated"
    (calendar,) = [part for part in sent.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == "CANCEL"


def test_a_lost_answer_does_not_make_two_messages_on_line(line_bench, line, message):
    line.fail_next("lost")
    one = message(line_bench.address)
    assert isinstance(line_bench.channel.send(one), Temporary)
    assert isinstance(line_bench.channel.send(one), Delivered)
    assert len(line_bench.texts()) == 1
    assert [status for *_call, status in line.calls] == [200, 409]


def test_line_says_how_long_to_wait(line_bench, line, message):
    line.fail_next("429")
    assert line_bench.channel.send(message(line_bench.address)).wait == timedelta(seconds=90)


def test_a_month_that_is_used_up_is_not_tried_again(line_bench, line, message):
    line.fail_next("monthly")
    assert isinstance(line_bench.channel.send(message(line_bench.address)), Permanent)


def test_line_is_told_the_subject_first(line_bench, message):
    line_bench.channel.send(message(line_bench.address))
    assert line_bench.texts()[0].startswith("予約できました（6月9日（水） 第1研修室）\n\n")


def test_who_is_no_friend_gets_nothing(line_bench, message):
    assert isinstance(line_bench.channel.send(message("U" + "0" * 32)), Permanent)


def test_a_token_of_nobody_is_refused(line, settings, message):
    channel = LineChannel(LineApi(token="wrong", base=settings.LINE_API_URL))
    friend = line.befriend(TOKEN, "愛子")
    assert channel.send(message(friend.user_id)) == Permanent("LINEのトークンが、使えません。", 401)


@pytest.mark.parametrize("text", ["あ" * (LONGEST + 1), "𠮷" * LONGEST, "x" * LONGEST + "𠮷"])
def test_a_text_too_long_for_line_is_cut_and_still_goes(line_bench, message, text):
    assert isinstance(line_bench.channel.send(message(line_bench.address, body=text)), Delivered)
    assert line_bench.texts()[0].endswith("…")


def test_what_fits_is_not_cut():
    assert shortened("あ" * LONGEST, LONGEST) == "あ" * LONGEST
    assert len(shortened("𠮷" * LONGEST, LONGEST).encode("utf-16-le")) // 2 <= LONGEST
