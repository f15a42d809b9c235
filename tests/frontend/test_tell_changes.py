"""Mails when a booking is changed, and when the hall needs the room: what it was, what it is, and what can be done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.actors import Actor
from booking.changing import change_reservation
from booking.displacing import Choice, Taking, displace, foresee
from facilities.periods import moment
from facilities.queries import room_by_key
from tests.factories import a_staff
from tests.frontend.test_tell_hirers import DAY, TOKYO, booked, event_of  # noqa: F401 (a fixture)
from tests.queue import deliver_notices

NOTICE = "この決定に不服があるときは、3か月以内に、市長に審査請求をすることができます。"


def at(hour, day=DAY):
    return moment(day, hour * 60, TOKYO)


@pytest.fixture
def elect(booked, now):  # noqa: F811
    """Need the room all day for an election; the booking is dealt with as said."""

    def act(choice, answer_by=None):
        deliver_notices()
        mail.outbox.clear()
        room = room_by_key("chuo-kominkan", "kenshu-1")
        taking = Taking(room.facility_id, (room.id,), at(0), at(24), "election", "投票所として使うため")
        seen = foresee(taking, now=now).seen
        displace(
            taking=taking,
            choices={booked.ref: choice},
            seen=seen,
            appeal_notice=NOTICE,
            answer_by=answer_by,
            staff_id=a_staff().pk,
            now=now,
        )
        deliver_notices()
        return next(one for one in mail.outbox if one.to == ["aiko@example.jp"])

    return act


def test_a_change_is_told_with_what_it_was_and_the_calendar_follows(booked, aiko, now):  # noqa: F811
    deliver_notices()
    mail.outbox.clear()
    change_reservation(
        ref=booked.ref,
        room_id=room_by_key("chuo-kominkan", "kenshu-3").id,
        starts_at=at(13),
        ends_at=at(16),
        details=None,
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )
    deliver_notices()
    (sent,) = mail.outbox
    assert sent.subject == "予約を変更しました（6月9日（水） 第3研修室）"
    assert "変更前：2027年6月9日（水） 10:00から12:00まで 中央公民館 第1研修室" in sent.body
    assert "1,200円" in sent.body
    method, event = event_of(sent)
    assert (method, event["SEQUENCE"], event["UID"].partition("@")[0]) == ("PUBLISH", 1, str(booked.ref))
    assert event["DTSTART"].dt == at(13)


def test_who_is_asked_reads_the_new_time_the_deadline_and_where_to_answer(elect, booked):  # noqa: F811
    other = room_by_key("chuo-kominkan", "kenshu-3")
    deadline = at(17, DAY - timedelta(days=7))
    sent = elect(Choice("ask", other.id, at(10), at(12)), answer_by=deadline)
    for words in (
        "第3研修室",
        "前の予約：2027年6月9日（水） 10:00から12:00まで 中央公民館 第1研修室",
        "投票所として使うため",
        "2027年6月2日（水） 17:00",
        f"/my/r/{booked.ref}/answer/",
        NOTICE,
    ):
        assert words in sent.body


def test_who_is_cancelled_reads_the_reason_and_where_to_appeal(elect):
    sent = elect(Choice("cancel"))
    assert sent.subject.startswith("公用のため、予約を取り消しました")
    for words in ("投票所として使うため", "料金は全部お返しします", NOTICE):
        assert words in sent.body
    assert event_of(sent)[0] == "CANCEL"


def test_who_is_moved_reads_what_it_was_and_that_they_may_leave(elect):
    sent = elect(Choice("move", room_by_key("chuo-kominkan", "kenshu-3").id, at(10), at(12)))
    for words in ("変更前", "第1研修室", "第3研修室", "全部お返しします", NOTICE):
        assert words in sent.body
