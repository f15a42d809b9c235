"""A group with a roster, a file, an invitation and a registration that waits, for the addresses that show them."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.groups.rosters import Line, roster_of, view_roster
from accounts.groups.services import (
    GroupFacts,
    accept_invitation,
    invitation_token,
    invite_member,
)
from facilities.groups.applying import apply_for_registration, begin_group, write_roster
from facilities.groups.evidence import add_evidence
from facilities.groups.kinds import kinds_on
from tests import factories


def plant_club(resident, staff, now):
    """Register a group as far as the review; return the group's ref, its invitation's link, and other examples."""
    me = Actor("resident", resident.pk)
    registration = begin_group(
        facts=GroupFacts("団体", "だんたい", "活動", "042-555-0100", "住所"),
        representative_id=resident.pk,
        kind=kinds_on(now.date())[0],
        actor=me,
        now=now,
    )
    group_id = registration.group_id
    write_roster(group_id=group_id, lines=[Line("会員 一", "かいいん いち")], actor=me)
    content = b"%PDF-1.7 evidence"
    file = add_evidence(ref=registration.ref, file_name="規約.pdf", content=content, actor=me, now=now)
    friend = factories.a_resident("友 人", "friend@example.jp", login=True)
    given = {"group_id": group_id, "actor": me, "now": now}
    invited = invite_member(**given, email="friend@example.jp", role="booker")
    member = accept_invitation(token=invitation_token(invited), resident_id=friend.pk, now=now)
    invitation = invite_member(**given, email="somebody@example.jp", role="viewer")
    view_roster(group_id=group_id, staff_id=staff.pk, now=now)
    (entry,) = roster_of(group_id=group_id, actor=me)
    apply_for_registration(ref=registration.ref, actor=me, now=now)
    examples = {
        "registration": [str(registration.ref)],
        "file_ref": [str(file.ref)],
        "entry_id": [str(entry.pk)],
        "member_id": [str(member.pk)],
        "invitation_id": [str(invitation.pk)],
    }
    return str(registration.group.ref), invitation_token(invitation), examples
