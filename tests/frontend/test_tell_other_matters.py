"""Groups, waiting, penalties, series: who is told, in which words, and where the link leads."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import Group, GroupInvitation, Membership, Notice, Resident
from accounts.notices.kinds import KINDS
from accounts.notices.telling import tell
from facilities.models import GroupRegistration, RuleBook
from facilities.queries import room_by_key
from tests import factories
from tests.queue import deliver_notices, enqueued

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def choir(city, aiko, now):
    """A group: Aiko represents it, Bunta books, Chie only looks."""
    group = Group.objects.create(name="まちの合唱団", created_at=now)
    people = [
        (aiko.resident, "representative"),
        (factories.a_resident("文太", "bunta@example.jp"), "booker"),
        (factories.a_resident("千恵", "chie@example.jp"), "viewer"),
        (factories.a_resident("前の人", "mae@example.jp"), "booker"),
    ]
    for resident, role in people:
        Membership.objects.create(group=group, resident=resident, role=role, since=now)
    Membership.objects.filter(resident__name="前の人").update(ended_at=now)
    return group


def receivers():
    return sorted(one.to[0] for one in mail.outbox)


def test_the_representative_is_told_of_the_registration(choir, now):
    tell("group_returned", now=now, group_ref=choir.ref, facts={"path": f"/groups/{choir.ref}/"})
    deliver_notices()
    (sent,) = mail.outbox
    assert sent.to == ["aiko@example.jp"]
    assert sent.subject == "団体登録の内容を直してください（まちの合唱団）"
    assert f"http://akiruno.localhost:8000/groups/{choir.ref}/" in sent.body


def test_bookers_are_told_of_an_offer_with_its_time_and_until_when(choir, now):
    room = room_by_key("chuo-kominkan", "kenshu-1")
    facts = {
        "room_id": str(room.id),
        "starts_at": datetime(2027, 6, 9, 10, 0, tzinfo=TOKYO).isoformat(),
        "ends_at": datetime(2027, 6, 9, 12, 0, tzinfo=TOKYO).isoformat(),
        "until": datetime(2027, 6, 1, 17, 0, tzinfo=TOKYO).isoformat(),
        "path": "/waits/offers/1/",
    }
    tell("offer_made", now=now, group_ref=choir.ref, facts=facts)
    deliver_notices()
    assert receivers() == ["aiko@example.jp", "bunta@example.jp"]
    body = mail.outbox[0].body
    for words in (
        "第1研修室",
        "2027年6月9日（水） 10:00から12:00まで",
        "2027年6月1日（火） 17:00",
        "/waits/offers/1/",
    ):
        assert words in body, words


def test_a_resident_is_told_of_a_suspension(aiko, city, now):
    facts = {"until": "2027-08-01", "points": "3", "path": "/my/penalties/"}
    tell("suspended", now=now, resident_id=aiko.resident.pk, facts=facts)
    deliver_notices()
    (sent,) = mail.outbox
    for words in ("2027年8月1日（日）", "3点", "/my/penalties/"):
        assert words in sent.body, words
    assert "団体：" not in sent.body


def test_an_invitation_goes_to_its_address_with_a_signed_link(choir, city, now, client_for):
    invitation = GroupInvitation.objects.create(
        group=choir,
        email="new@example.jp",
        role="booker",
        created_at=now,
        expires_at=datetime(2030, 1, 1, tzinfo=TOKYO),
    )
    facts = {"invitation": str(invitation.pk), "until": invitation.expires_at.isoformat()}
    tell("group_invited", now=now, group_ref=choir.ref, facts=facts)
    assert "new@example.jp" not in str(enqueued("frontend.tell"))
    deliver_notices()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["new@example.jp"], "まちの合唱団から招待が届きました")
    (link,) = [line for line in sent.body.splitlines() if "/groups/join/" in line]
    assert client_for(city).get(link.partition("localhost:8000")[2]).status_code == 200


def test_a_withdrawn_invitation_is_not_sent(choir, now):
    invitation = GroupInvitation.objects.create(
        group=choir, email="n@example.jp", role="booker", created_at=now, expires_at=now, withdrawn_at=now
    )
    tell("group_invited", now=now, group_ref=choir.ref, facts={"invitation": str(invitation.pk)})
    deliver_notices()
    assert mail.outbox == []


def test_admins_are_told_that_a_group_applied(choir, emi, dai, now):
    registration = GroupRegistration.objects.create(
        group=choir, rule_book=RuleBook.objects.all()[0], began_at=now
    )
    facts = {"registration": str(registration.pk)}
    tell("group_applied", now=now, group_ref=choir.ref, facts=facts)
    deliver_notices()
    assert receivers() == ["emi@example.jp"]
    assert f"/desk/groups/r/{registration.ref}/" in mail.outbox[0].body
    assert "中央公民館" in mail.outbox[0].body


def test_without_a_path_a_group_is_led_to_its_page(choir, now):
    tell("group_registered", now=now, group_ref=choir.ref)
    deliver_notices()
    assert f"/groups/{choir.ref}/" in mail.outbox[0].body


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_a_message_never_leads_elsewhere(aiko, city, now, path):
    tell("suspended", now=now, resident_id=aiko.resident.pk, facts={"path": path})
    deliver_notices()
    assert "evil" not in mail.outbox[0].body
    assert "javascript" not in mail.outbox[0].body


def test_facts_nobody_knows_are_a_mistake_of_the_caller(city, now):
    with pytest.raises(ValueError, match="name"):
        tell("suspended", now=now, facts={"name": "青木"})
    with pytest.raises(KeyError):
        tell("nothing", now=now)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if not kind.true_while], ids=lambda kind: kind.key
)
def test_a_kind_can_be_told_whatever_is_missing(kind, language, choir, emi, now):
    Resident.objects.update(language=language)
    tell(
        kind.key,
        now=now,
        group_ref=choir.ref,
        facts={"room_id": "999999", "starts_at": "x", "until": "", "invitation": "y", "points": "-1"},
    )
    deliver_notices()
    for notice in Notice.objects.all():
        assert notice.subject
        assert "{" not in notice.subject + notice.body
