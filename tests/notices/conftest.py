"""Somebody to tell, and a platform to tell them by."""

from __future__ import annotations

import pytest

from accounts.line.official_account import check_account, connect_account
from accounts.models import LineFriend
from accounts.notices.recording import NewNotice, dedupe_of, record
from tests.channels.conftest import SECRET, TOKEN, line, mail_server  # noqa: F401


@pytest.fixture
def linked(city, emi, aiko, line, now):  # noqa: F811
    """Aiko's LINE, linked with Akiruno's official account."""
    connect_account(token=TOKEN, secret=SECRET, staff_id=emi.staff.pk, now=now)
    check_account(now=now)
    friend = line.befriend(TOKEN, "愛子")
    LineFriend.objects.create(user_id=friend.user_id, since=now, resident=aiko.resident, linked_at=now)
    return friend


@pytest.fixture
def write(city, aiko, now):
    """``write("mail")``: a message to Aiko that waits to be sent; its id."""

    def make(channel="mail", kind="suspended", occasion="o", at=None, **facts):
        new = NewNotice(
            kind=kind,
            channel=channel,
            language="ja",
            subject="件名",
            body="本文",
            dedupe=dedupe_of(kind, occasion, f"resident {aiko.resident.pk}", channel),
            address=aiko.resident.email,
            resident_id=aiko.resident.pk,
            **facts,
        )
        written = record([new], now=at or now)
        return written[0] if written else None

    return make
