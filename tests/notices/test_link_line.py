"""Becoming a friend, showing who one is, blocking: by signed events only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from accounts.line.friends import CODE_MINUTES, MOST_MISSES, friend_of, new_code, receive
from accounts.line.official_account import check_account, connect_account
from accounts.models import LineAccount, LineCode, LineFriend
from accounts.notices.choosing import ways_to
from accounts.notices.errors import BadSignature
from frontend.jobs import greet_on_line
from tests.channels.conftest import SECRET, TOKEN
from tests.queue import enqueued

USER = "U" + "1" * 32


@pytest.fixture
def account(city, emi, line, now):
    """Akiruno's official account."""
    connect_account(token=TOKEN, secret=SECRET, staff_id=emi.staff.pk, now=now)
    check_account(now=now)


def body_of(*events):
    whole = [{"source": {"type": "user", "userId": USER}, **event} for event in events]
    return json.dumps({"destination": "U0", "events": whole}).encode()


def signed(body, secret=SECRET):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def happen(now, *events):
    body = body_of(*events)
    receive(body=body, signature=signed(body), now=now)


def typed(text):
    return {"type": "message", "message": {"type": "text", "id": "1", "text": text}}


def answered():
    return [job["what"] for job in enqueued("frontend.greet_on_line")]


def test_a_new_friend_is_told_how_to_go_on(account, now, line):
    friend = line.befriend(TOKEN, "愛子")
    body = json.dumps(
        {"events": [{"type": "follow", "source": {"userId": friend.user_id}}]}, ensure_ascii=False
    ).encode()
    receive(body=body, signature=signed(body), now=now)
    (job,) = enqueued("frontend.greet_on_line")
    assert friend.user_id not in str(job), "a job carries no personal data"
    greet_on_line(**{key: value for key, value in job.items() if key != "schema"})
    greet_on_line(**{key: value for key, value in job.items() if key != "schema"})
    assert len(friend.chat) == 1, "a job that runs twice speaks once"
    assert "/my/notices/" in friend.chat[0][1]


def test_the_right_number_links(account, aiko, now):
    code = new_code(resident_id=aiko.resident.pk, now=now)
    happen(now, {"type": "follow"}, typed(f" {code[:4]}-{code[4:]} "))
    assert friend_of(aiko.resident.pk).user_id == USER
    assert answered() == ["follow", "linked"]
    assert [way.value for way in ways_to(aiko.resident)] == ["mail", "line"]
    assert not LineCode.objects.exists()


def test_full_width_digits_are_digits(account, aiko, now):
    code = new_code(resident_id=aiko.resident.pk, now=now)
    happen(now, typed(code.translate({48 + n: 0xFF10 + n for n in range(10)})))
    assert friend_of(aiko.resident.pk) is not None


def test_a_number_counts_once_and_for_ten_minutes(account, aiko, now):
    code = new_code(resident_id=aiko.resident.pk, now=now)
    happen(now + timedelta(minutes=CODE_MINUTES), typed(code))
    assert friend_of(aiko.resident.pk) is None
    code = new_code(resident_id=aiko.resident.pk, now=now)
    happen(now, typed(code))
    LineFriend.objects.all().delete()
    happen(now, typed(code))
    assert friend_of(aiko.resident.pk) is None


def test_only_a_hash_of_the_number_is_kept(account, aiko, now):
    code = new_code(resident_id=aiko.resident.pk, now=now)
    assert code.encode() not in bytes(LineCode.objects.get().code_hash)


def test_guessing_ends_after_five_wrong_numbers(account, aiko, now):
    code = new_code(resident_id=aiko.resident.pk, now=now)
    wrong = "00000000" if code != "00000000" else "11111111"
    for _ in range(MOST_MISSES):
        happen(now, typed(wrong))
    happen(now, typed(code))
    assert friend_of(aiko.resident.pk) is None
    assert answered() == ["wrong"] * MOST_MISSES + ["wait"]
    code = new_code(resident_id=aiko.resident.pk, now=now + timedelta(hours=1))
    happen(now + timedelta(hours=1), typed(code))
    assert friend_of(aiko.resident.pk) is not None


def test_one_line_is_one_resident_and_the_last_link_counts(account, aiko, now):
    other = "U" + "2" * 32
    LineFriend.objects.create(user_id=other, since=now, resident=aiko.resident, linked_at=now)
    happen(now, typed(new_code(resident_id=aiko.resident.pk, now=now)))
    assert friend_of(aiko.resident.pk).user_id == USER
    assert LineFriend.objects.get(user_id=other).resident_id is None


def test_who_blocks_us_gets_mail_until_they_come_back(account, aiko, now):
    happen(now, typed(new_code(resident_id=aiko.resident.pk, now=now)))
    happen(now, {"type": "unfollow"})
    aiko.resident.refresh_from_db()
    assert [way.value for way in ways_to(aiko.resident)] == ["mail"]
    happen(now, {"type": "follow"})
    aiko.resident.refresh_from_db()
    assert [way.value for way in ways_to(aiko.resident)] == ["mail", "line"]


def test_an_event_that_comes_twice_changes_nothing_more(account, aiko, now):
    code = new_code(resident_id=aiko.resident.pk, now=now)
    happen(now, typed(code))
    linked_at = friend_of(aiko.resident.pk).linked_at
    happen(now + timedelta(minutes=1), typed(code))
    assert friend_of(aiko.resident.pk).linked_at == linked_at


@pytest.mark.parametrize("signature", ["", "x", signed(b"other"), "あ"])
def test_what_is_not_signed_by_line_is_not_believed(account, now, signature):
    with pytest.raises(BadSignature):
        receive(body=body_of({"type": "follow"}), signature=signature, now=now)
    assert not LineFriend.objects.exists()


def test_without_an_account_nobody_is_believed(city, now):
    body = body_of({"type": "follow"})
    with pytest.raises(BadSignature):
        receive(body=body, signature=signed(body, ""), now=now)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"events": 5}',
        b'{"events": [5, {"type": "follow"}, {"source": 5}, {"source": {"userId": 7}}]}',
        b'{"events": [{"type": "message", "source": {"userId": "U1"}, "message": 5}]}',
        b'{"events": [{"type": "accountLink", "source": {"userId": "U1"}}]}',
    ],
)
def test_odd_events_do_no_harm(account, now, body):
    receive(body=body, signature=signed(body), now=now)


class TestWebhook:
    def post(self, client, body, signature):
        return client.post(
            "/line/webhook/", body, content_type="application/json", headers={"x-line-signature": signature}
        )

    def test_a_signed_event_is_taken(self, account, akiruno, client_for):
        body = body_of({"type": "follow"})
        assert self.post(client_for(akiruno), body, signed(body)).status_code == 200
        assert LineFriend.objects.get().user_id == USER

    def test_an_unsigned_one_is_not(self, account, akiruno, client_for):
        assert self.post(client_for(akiruno), body_of({"type": "follow"}), "x").status_code == 401

    def test_the_secret_of_one_municipality_opens_no_other(self, account, hokota, client_for):
        body = body_of({"type": "follow"})
        assert self.post(client_for(hokota), body, signed(body)).status_code == 401

    def test_it_is_only_for_line(self, account, akiruno, client_for):
        assert client_for(akiruno).get("/line/webhook/").status_code == 405

    def test_too_much_is_not_read(self, account, akiruno, client_for):
        body = b"x" * 300_000
        assert self.post(client_for(akiruno), body, signed(body)).status_code == 413


def test_token_and_secret_are_kept_encrypted_and_say_nothing(account, caplog):
    row = LineAccount.objects.get()
    for secret in (TOKEN, SECRET):
        assert secret.encode() not in bytes(row.token_enc) + bytes(row.secret_enc)
        assert secret not in repr(row) + caplog.text
