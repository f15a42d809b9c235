"""Mails about a reservation: once, by the worker, true when they go out, and never with a secret."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from icalendar import Calendar

from accounts.actors import Actor
from accounts.models import Membership, Notice, Resident
from booking.cancelling import cancel_reservation
from booking.models import Reservation
from booking.services import book_room, hold_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from frontend.jobs import send, tell
from tests.factories import a_group, a_resident
from tests.frontend.conftest import confirm
from tests.queue import deliver_notices, enqueued, told, write_notices

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2027, 6, 9)


@pytest.fixture
def booked(city, aiko, now):
    """Aiko's reservation: 10:00 to 12:00."""
    return book_room(
        room_id=room_by_key("chuo-kominkan", "kenshu-1").id,
        starts_at=moment(DAY, 600, TOKYO),
        ends_at=moment(DAY, 720, TOKYO),
        resident_id=aiko.resident.pk,
        channel="web",
        purpose="葛󠄀の会 𠮷",
        details=Details(headcount=10),
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )


@pytest.fixture
def cancelled(booked, aiko, now):
    """The same, cancelled."""
    return cancel_reservation(
        ref=booked.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now + timedelta(hours=1)
    )


def event_of(message):
    part = next(one for one in message.message().walk() if one.get_content_type() == "text/calendar")
    assert part.get_filename() == "yoyaku.ics"
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_booking_puts_a_job_without_personal_data_on_the_queue(booked, city):
    (job,) = enqueued("frontend.tell")
    assert job["schema"] == city.schema_name
    assert (job["kind"], job["reservation_ref"]) == ("reservation_confirmed", str(booked.ref))
    for words in ("青木", "aiko", "葛󠄀の会"):
        assert words not in str(job)
    assert mail.outbox == []


def test_the_hirer_is_told_what_when_and_where(booked):
    deliver_notices()
    (sent,) = mail.outbox
    assert sent.to == ["aiko@example.jp"]
    assert sent.message()["From"].endswith("<no-reply@localhost>")
    assert str(make_header(decode_header(sent.message()["From"]))).startswith("あきる野市")
    assert sent.subject == "予約できました（6月9日（水） 第1研修室）"
    for words in (
        "青木 愛子 様",
        booked.number,
        "2027年6月9日（水） 10:00から12:00まで",
        "800円",
        "葛󠄀の会 𠮷",
    ):
        assert words in sent.body
    assert f"http://akiruno.localhost:8000/my/r/{booked.ref}/" in sent.body
    assert "暗証番号は書いていません" in sent.body
    method, event = event_of(sent)
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)


def test_a_mail_is_sent_once_however_often_the_jobs_run(booked):
    for _ in range(3):
        deliver_notices()
    assert len(mail.outbox) == 1
    (notice,) = told("reservation_confirmed")
    assert (notice.state, notice.attempts) == ("sent", 1)
    assert notice.sent_at is not None


def test_a_failed_mail_is_tried_again(booked, monkeypatch):
    def unreachable(self, **arguments):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", unreachable)
        deliver_notices()
    (notice,) = told("reservation_confirmed")
    assert (notice.state, notice.last_error) == ("waiting", "メールサーバーにつながりません。")
    send(notice_id=notice.pk)
    assert mail.outbox == [], "not before its time"
    Notice.objects.update(next_attempt_at=notice.created_at)
    send(notice_id=notice.pk)
    assert len(mail.outbox) == 1


def test_what_is_no_longer_true_is_not_told(cancelled):
    deliver_notices()
    (sent,) = mail.outbox
    assert sent.subject.startswith("予約を取り消しました")


def test_what_stopped_being_true_while_it_waited_is_dropped(booked, aiko, now):
    write_notices()
    cancel_reservation(ref=booked.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now)
    deliver_notices()
    assert [one.state for one in told("reservation_confirmed")] == ["dropped"]
    assert [one.subject[:5] for one in mail.outbox] == ["予約を取り"]


def test_a_cancellation_takes_the_event_out_of_the_calendar(booked, aiko, now):
    deliver_notices()
    cancel_reservation(ref=booked.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now)
    deliver_notices()
    first, second = (event_of(one) for one in mail.outbox)
    assert mail.outbox[1].subject.startswith("予約を取り消しました")
    assert (second[0], second[1]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert second[1]["UID"] == first[1]["UID"]
    assert second[1]["SEQUENCE"] > first[1]["SEQUENCE"]


def test_who_reads_english_gets_english(booked, aiko):
    Resident.objects.filter(pk=aiko.resident.pk).update(language="en")
    deliver_notices()
    (sent,) = mail.outbox
    assert sent.subject == "Your booking is confirmed (Wed 9 Jun, Seminar Room 1)"
    assert "Akiruno City" in sent.body
    assert "10:00 to 12:00" in sent.body


def test_without_an_address_nothing_is_sent(booked, aiko):
    Resident.objects.filter(pk=aiko.resident.pk).update(email="")
    deliver_notices()
    assert mail.outbox == []
    (notice,) = told("reservation_confirmed")
    assert (notice.channel, notice.state) == ("none", "failed"), "staff see whom they have to call"


def test_a_name_cannot_add_headers(booked, aiko):
    Reservation.objects.filter(pk=booked.pk).update(purpose="x\nBcc: spy@example.jp")
    deliver_notices()
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    (notice,) = told("reservation_confirmed")
    assert message["Message-ID"] == f"<{notice.retry_key}@akiruno.localhost>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_reservation_that_is_gone_or_only_held_gets_no_mail(city, aiko, now):
    held = hold_room(
        room_id=room_by_key("chuo-kominkan", "kenshu-1").id,
        starts_at=moment(DAY, 600, TOKYO),
        ends_at=moment(DAY, 720, TOKYO),
        resident_id=aiko.resident.pk,
        channel="web",
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )
    deliver_notices()
    for ref in (str(held.ref), "00000000-0000-4000-8000-000000000000"):
        tell(
            kind="reservation_confirmed",
            occasion="x",
            happened_at=now.isoformat(),
            facts={},
            reservation_ref=ref,
        )
    deliver_notices()
    assert mail.outbox == []


def test_the_log_names_nobody(booked, caplog):
    with caplog.at_level("INFO"):
        deliver_notices()
    assert "notice" in caplog.text
    assert "aiko" not in caplog.text
    assert "青木" not in caplog.text


def test_mail_says_what_was_said_and_until_when_one_pays(browser_of_aiko, held, answer):
    one = held(time="13:00-17:00+30")
    answer(one, q_cooling="yes", x_e11="2")
    confirm(browser_of_aiko, one)
    deliver_notices()
    body = mail.outbox[-1].body
    for words in (
        "利用の目的：会議・講演",
        "冷房を使う：はい",
        "ワイヤレスマイク：2台",
        "終わりをのばす：30分",
        "（条例第7条）",
    ):
        assert words in body, words
    assert "グランドピアノ" not in body


def test_mail_about_a_price_staff_decide_says_so(browser_of_aiko, held, answer):
    one = held()
    answer(one, use="filming")
    confirm(browser_of_aiko, one)
    Resident.objects.filter(pk=one.resident_id).update(language="en")
    deliver_notices()
    body = mail.outbox[-1].body
    assert "None" not in body
    assert re.search(r"^Price: \S", body, re.MULTILINE)


def test_who_left_the_group_is_told_of_its_bookings_no_more(booked, aiko, now):
    group = a_group("合唱団", now=now)
    member = Membership.objects.create(group=group, resident=aiko.resident, role="booker", since=now)
    chief = a_resident("青木 一郎", email="chief@example.jp")
    Membership.objects.create(group=group, resident=chief, role="representative", since=now)
    Reservation.objects.filter(pk=booked.pk).update(group=group)
    member.ended_at = now
    member.save()
    deliver_notices()
    assert {address for sent in mail.outbox for address in sent.to} == {"chief@example.jp"}
