"""What the database refuses of notices, each constraint under its name."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import (
    LineAccount,
    LineCode,
    Notice,
    NoticeChoice,
    NoticeSettings,
    NoticeText,
)
from tests import factories


@pytest.fixture
def notice(city, aiko, now):
    """The columns of a message that waits."""
    return {
        "kind": "suspended",
        "channel": "mail",
        "language": "ja",
        "dedupe": "d",
        "created_at": now,
        "next_attempt_at": now,
        "resident": aiko.resident,
    }


def refuses(constraint, model, **columns):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**columns)


def test_a_message_is_written_once(notice):
    Notice.objects.create(**notice)
    refuses("notice_once", Notice, **notice)


def test_a_message_has_one_receiver(notice, emi):
    refuses("notice_has_one_receiver", Notice, **notice, staff=emi.staff)


def test_a_sent_message_knows_when(notice):
    refuses("notice_sent_has_time", Notice, **{**notice, "state": "sent", "next_attempt_at": None})


def test_a_waiting_message_knows_when(notice):
    refuses("notice_waiting_has_time", Notice, **{**notice, "next_attempt_at": None})


def test_a_choice_is_made_once_by_one(aiko, emi, city):
    of_resident = {"resident": aiko.resident, "kind": "k", "channel": "mail", "wanted": True}
    NoticeChoice.objects.create(**of_resident)
    refuses("noticechoice_of_resident_once", NoticeChoice, **of_resident)
    of_staff = {"staff": emi.staff, "kind": "k", "channel": "mail", "wanted": True}
    NoticeChoice.objects.create(**of_staff)
    refuses("noticechoice_of_staff_once", NoticeChoice, **of_staff)
    refuses(
        "noticechoice_has_one_owner", NoticeChoice, **{**of_staff, "resident": aiko.resident, "kind": "l"}
    )


def test_a_text_is_whole(emi, city, now):
    facts = {"kind": "k", "language": "ja", "written_by": emi.staff, "written_at": now}
    refuses("noticetext_whole_or_shipped", NoticeText, **facts, subject="s")


def test_there_is_one_row_of_settings_and_one_account(emi, city, now):
    refuses("noticesettings_only_one", NoticeSettings, id=2)
    refuses("noticesettings_hour_of_day", NoticeSettings, id=1, remind_hour=24)
    refuses("lineaccount_only_one", LineAccount, id=2, changed_by=emi.staff, changed_at=now)


def test_two_residents_never_have_the_same_number(aiko, city, now):
    LineCode.objects.create(resident=aiko.resident, code_hash=b"x", expires_at=now)
    other = factories.a_resident("別の 人")
    refuses("linecode_once", LineCode, resident=other, code_hash=b"x", expires_at=now)
