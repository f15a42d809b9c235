"""Clubs of the demo: one that is registered, whose representative can log in, and one that waits for its review."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actors import Actor
from accounts.groups.rosters import Line
from accounts.groups.services import GroupFacts
from accounts.models import Group, Resident
from accounts.services import register_resident
from facilities.groups.applying import apply_for_registration, begin_group, write_roster
from facilities.groups.kinds import Kind, kinds_on
from facilities.groups.reviewing import approve_registration
from facilities.models import GroupRegistration
from facilities.periods import local
from tenants.context import current_zone

_MEMBERS = (
    ("青木 春子", "あおき はるこ"),
    ("石井 正", "いしい ただし"),
    ("上田 歌子", "うえだ うたこ"),
    ("江藤 健", "えとう けん"),
    ("𠮷田 進", "よしだ すすむ"),
    ("葛󠄀城 和子", "かつらぎ かずこ"),
)
_CHOIR = GroupFacts("さくらコーラス", "さくらこーらす", "合唱の練習", "042-555-0199", "中央1-1")
_READERS = GroupFacts("木曜読書会", "もくようどくしょかい", "本を読んで話す", "042-555-0188", "中央2-2")


def seed_clubs(*, representative: Resident, clerk_id: int, now: datetime) -> None:
    """Register さくらコーラス for somebody with a log-in, and let 木曜読書会 wait. A second time changes nothing."""
    if Group.objects.exists():
        return
    kind = kinds_on(local(now, current_zone())[0])[0]
    choir = _apply(_CHOIR, representative, kind, _MEMBERS, now - timedelta(days=40))
    approve_registration(
        ref=choir.ref, staff_id=clerk_id, applicant_class=kind.usual_class, now=now - timedelta(days=38)
    )
    reader = register_resident(name="木村 文", name_kana="きむら ふみ", phone="042-555-0188")
    others = [("木村 文", "きむら ふみ"), *_MEMBERS[1:]]
    _apply(_READERS, reader, kind, others, now - timedelta(days=3))


def _apply(
    facts: GroupFacts,
    representative: Resident,
    kind: Kind,
    people: tuple[tuple[str, str], ...] | list[tuple[str, str]],
    at: datetime,
) -> GroupRegistration:
    actor = Actor("resident", representative.pk)
    registration = begin_group(
        facts=facts, representative_id=representative.pk, kind=kind, actor=actor, now=at
    )
    asked = frozenset(fact.key for fact in kind.asked)
    lines = [Line(name, kana, asked) for name, kana in people]
    write_roster(group_id=registration.group_id, lines=lines, actor=actor)
    apply_for_registration(ref=registration.ref, actor=actor, now=at)
    return registration
