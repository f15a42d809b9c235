"""A message is sent once, tried again after a failure, taken over from a dead worker, and given up in the end."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections

from accounts.channels.mail import MailChannel
from accounts.models import LineAccount, Notice, Resident, Staff
from accounts.notices.keeping import wipe_texts
from accounts.notices.log import notice_view, resend
from accounts.notices.recording import NewNotice, dedupe_of, record
from accounts.notices.sending import ABANDONED, PAUSES, due_notices, send_notice
from tenants.context import inside
from tests.queue import enqueued

MINUTE = timedelta(minutes=1)


def send(notice_id, at, true=True):
    send_notice(
        notice_id=notice_id,
        clock=lambda: at,
        sender=lambda language: ("あきる野市", "akiruno.localhost"),
        still_true=lambda notice: true,
    )


def state(notice_id):
    return Notice.objects.get(pk=notice_id).state


def test_the_same_occasion_is_written_down_once(write):
    assert write() is not None
    assert write() is None
    assert write(occasion="another") is not None
    assert len(enqueued("frontend.send_notice")) == 2


def test_it_is_sent_once(write, now):
    one = write()
    for minutes in range(3):
        send(one, now + minutes * MINUTE)
    assert len(mail.outbox) == 1
    assert state(one) == "sent"


def test_what_is_no_longer_true_is_dropped(write, now):
    one = write()
    send(one, now, true=False)
    assert (state(one), mail.outbox) == ("dropped", [])


def test_a_dead_workers_message_is_taken_over_with_the_same_key(write, now):
    one = write()
    Notice.objects.filter(pk=one).update(state="sending", claimed_at=now, next_attempt_at=None, attempts=1)
    send(one, now + ABANDONED - MINUTE)
    assert mail.outbox == []
    assert due_notices(now=now + ABANDONED) == [one]
    send(one, now + ABANDONED)
    key = Notice.objects.get(pk=one).retry_key
    assert mail.outbox[0].message()["Message-ID"] == f"<{key}@akiruno.localhost>"


def test_a_worker_that_comes_back_does_not_overwrite_the_one_that_took_over(write, now, monkeypatch):
    one = write()
    real = MailChannel.send

    def slow(self, message):
        monkeypatch.setattr(MailChannel, "send", real)
        send(one, now + ABANDONED)
        raise_later = real(self, message)
        Notice.objects.filter(pk=one).update(last_error="by the second")
        return raise_later

    monkeypatch.setattr(MailChannel, "send", slow)
    send(one, now)
    assert Notice.objects.get(pk=one).last_error == "by the second"


def test_pauses_grow_and_then_it_is_given_up(write, now, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    one, at = write(), now
    for pause in PAUSES:
        send(one, at)
        notice = Notice.objects.get(pk=one)
        assert (notice.state, notice.next_attempt_at) == ("waiting", at + pause)
        at += pause
    send(one, at)
    view = notice_view(one)
    assert (view.state, view.problem, view.attempts) == (
        "given_up",
        "メールサーバーにつながりません。",
        len(PAUSES) + 1,
    )
    assert at - now < timedelta(hours=24), "LINE keeps a retry key for a day"


def test_an_address_nobody_has_is_told_to_staff_and_not_tried_again(write, now, mail_server):
    mail_server.codes.append("550 no such user")
    one = write()
    send(one, now)
    view = notice_view(one)
    assert (view.state, view.code, view.is_undelivered) == ("failed", "550", True)
    assert due_notices(now=now + timedelta(days=1)) == []


def test_the_round_leaves_a_new_message_to_its_own_job_for_a_minute(write, now):
    one = write()
    assert due_notices(now=now) == []
    assert due_notices(now=now + MINUTE) == [one]


def test_what_line_will_never_take_goes_by_mail(write, linked, line, now):
    line.fail_next("monthly")
    one = write("line")
    send(one, now)
    assert state(one) == "failed"
    (instead,) = Notice.objects.filter(channel="mail")
    send(instead.pk, now)
    assert mail.outbox[0].to == ["aiko@example.jp"]


def test_no_second_mail_where_one_went_out_anyway(write, linked, line, now):
    line.fail_next("401")
    write("mail")
    send(write("line"), now)
    assert Notice.objects.filter(channel="mail").count() == 1


def test_who_blocked_us_meanwhile_is_written_to_by_mail(write, linked, aiko, now):
    one = write("line")
    aiko.resident.line_friend.follows = False
    aiko.resident.line_friend.save()
    send(one, now)
    assert state(one) == "failed"
    assert Notice.objects.filter(channel="mail").exists()


def test_without_an_account_line_fails_and_mail_goes(write, linked, now):
    one = write("line")
    LineAccount.objects.all().delete()
    send(one, now)
    assert Notice.objects.filter(channel="mail").exists()


def test_it_arrives_on_line(write, linked, now):
    one = write("line")
    send(one, now)
    assert [text for _who, text in linked.chat] == ["件名\n\n本文"]
    assert Notice.objects.get(pk=one).provider_id


def test_it_goes_to_the_address_of_today(write, aiko, now):
    one = write()
    Resident.objects.filter(pk=aiko.resident.pk).update(email="new@example.jp")
    send(one, now)
    assert mail.outbox[0].to == ["new@example.jp"]


def test_staff_who_left_get_nothing(city, emi, now):
    new = NewNotice(
        kind="review_waiting",
        channel="mail",
        language="ja",
        subject="s",
        body="b",
        dedupe=dedupe_of("review_waiting", "o", "staff", "mail"),
        address=emi.email,
        staff_id=emi.staff.pk,
    )
    (one,) = record([new], now=now)
    Staff.objects.filter(pk=emi.staff.pk).update(is_active=False)
    send(one, now)
    assert (mail.outbox, state(one)) == ([], "failed")


def test_an_invitations_address_is_kept_encrypted_and_only_as_long_as_needed(city, now):
    new = NewNotice(
        kind="group_invited",
        channel="mail",
        language="ja",
        subject="s",
        body="b",
        dedupe=dedupe_of("group_invited", "o", "invitation 1", "mail"),
        address="stranger@example.jp",
    )
    (one,) = record([new], now=now)
    row = Notice.objects.get(pk=one)
    assert b"stranger" not in bytes(row.address_enc)
    assert row.address_shown == "s***@example.jp"
    send(one, now)
    assert mail.outbox[0].to == ["stranger@example.jp"]
    wipe_texts(now=now + timedelta(days=400))
    assert bytes(Notice.objects.get(pk=one).address_enc) == b""


def test_old_words_are_deleted_and_the_fact_stays(write, now):
    one, fresh = write(), write(occasion="new", at=now + timedelta(days=380))
    send(one, now)
    assert wipe_texts(now=now + timedelta(days=390)) == 1
    row = Notice.objects.get(pk=one)
    assert (row.subject, row.body, row.address_shown, row.state) == ("", "", "", "sent")
    assert Notice.objects.get(pk=fresh).body == "本文"


def test_a_wiped_message_is_not_sent_again(write, now):
    one = write()
    send(one, now)
    wipe_texts(now=now + timedelta(days=390))
    with pytest.raises(Exception, match="もう一度送れません"):
        resend(notice_id=one, now=now + timedelta(days=391))


@pytest.mark.race
def test_ten_workers_at_once_send_it_once(committed_city, now):
    resident = Resident.objects.create(name="青木 愛子", email="aiko@example.jp")
    new = NewNotice(
        kind="suspended",
        channel="mail",
        language="ja",
        subject="s",
        body="b",
        dedupe="d",
        address=resident.email,
        resident_id=resident.pk,
    )
    (one,) = record([new], now=now)
    start, sent = threading.Barrier(10), []

    def work():
        try:
            with inside(committed_city):
                start.wait()
                send(one, now)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent = [mail_ for mail_ in mail.outbox if mail_.to == ["aiko@example.jp"]]
    assert len(sent) == 1
    assert Notice.objects.get(pk=one).attempts == 1
