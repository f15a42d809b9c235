"""Who acts for a group: invited, promoted, parted with; one representative, always."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    GroupNotFound,
    InvitationNotFound,
    MemberNotFound,
    NotRepresentative,
    RepresentativeStays,
    TooManyInvitations,
)
from accounts.groups.queries import members_of, membership_of, memberships_of, open_invitations
from accounts.groups.services import (
    MOST_OPEN_INVITATIONS,
    GroupFacts,
    accept_invitation,
    change_group,
    change_role,
    found_group,
    invitation_token,
    invite_member,
    remove_member,
    withdraw_invitation,
)
from tenants.context import inside
from tests import factories


def of(resident):
    return Actor("resident", resident.pk)


@pytest.fixture
def haru(city):
    return factories.a_resident("春山 ハル", "haru@example.jp", login=True)


@pytest.fixture
def natsu(city):
    return factories.a_resident("夏川 ナツ", "natsu@example.jp", login=True)


@pytest.fixture
def staff(city):
    return Actor("staff", factories.a_staff().pk)


@pytest.fixture
def club(haru, now):
    return found_group(facts=GroupFacts("さくら　 コーラス"), representative_id=haru.pk, now=now)


def join(club, host, guest, now, role="booker"):
    invitation = invite_member(group_id=club.pk, email=guest.email, role=role, actor=of(host), now=now)
    return accept_invitation(token=invitation_token(invitation), resident_id=guest.pk, now=now)


def roles(club):
    return [(one.name, one.role) for one in members_of(club.pk)]


def test_who_founds_a_group_represents_it(club, haru):
    assert club.name == "さくら コーラス"
    assert roles(club) == [("春山 ハル", "representative")]
    assert [one.ref for one in memberships_of(resident_id=haru.pk)] == [club.ref]


def test_an_invitation_is_told_by_its_id_alone(club, haru, now):
    invitation = invite_member(
        group_id=club.pk, email=" Natsu@Example.jp ", role="booker", actor=of(haru), now=now
    )
    assert invitation.email == "natsu@example.jp"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM public.procrastinate_jobs WHERE args->>'kind' = 'group_invited'"
        )
        ((args,),) = cursor.fetchall()
    assert "natsu" not in args
    assert f'"invitation": "{invitation.pk}"' in args


def test_a_link_lets_in_once(club, haru, natsu, now):
    invitation = invite_member(group_id=club.pk, email=natsu.email, role="viewer", actor=of(haru), now=now)
    token = invitation_token(invitation)
    accept_invitation(token=token, resident_id=natsu.pk, now=now)
    assert roles(club) == [("春山 ハル", "representative"), ("夏川 ナツ", "viewer")]
    assert open_invitations(club.pk) == []
    with pytest.raises(InvitationNotFound):
        accept_invitation(token=token, resident_id=haru.pk, now=now)


@pytest.mark.parametrize("days", [14, 400])
def test_a_link_is_worthless_after_two_weeks(club, haru, natsu, now, days):
    invitation = invite_member(group_id=club.pk, email=natsu.email, role="viewer", actor=of(haru), now=now)
    with pytest.raises(InvitationNotFound):
        accept_invitation(
            token=invitation_token(invitation), resident_id=natsu.pk, now=now + timedelta(days=days)
        )


def test_a_withdrawn_invitation_is_worthless(club, haru, natsu, now):
    invitation = invite_member(group_id=club.pk, email=natsu.email, role="viewer", actor=of(haru), now=now)
    withdraw_invitation(group_id=club.pk, invitation_id=invitation.pk, actor=of(haru), now=now)
    with pytest.raises(InvitationNotFound):
        accept_invitation(token=invitation_token(invitation), resident_id=natsu.pk, now=now)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "あ" * 300])
def test_a_made_up_link_is_worthless(club, natsu, now, token):
    with pytest.raises(InvitationNotFound):
        accept_invitation(token=token, resident_id=natsu.pk, now=now)


def test_a_link_of_another_municipality_is_worthless(club, haru, natsu, now, hokota):
    invitation = invite_member(group_id=club.pk, email=natsu.email, role="viewer", actor=of(haru), now=now)
    token = invitation_token(invitation)
    with inside(hokota), pytest.raises(InvitationNotFound):
        accept_invitation(token=token, resident_id=1, now=now)


def test_nobody_is_invited_twice_at_once(club, haru, natsu, now):
    given = {"group_id": club.pk, "email": natsu.email, "role": "viewer", "actor": of(haru)}
    invite_member(**given, now=now)
    with pytest.raises(AlreadyInvited):
        invite_member(**given, now=now)
    invite_member(**given, now=now + timedelta(days=15))


def test_members_are_not_invited_again(club, haru, natsu, now):
    join(club, haru, natsu, now)
    with pytest.raises(AlreadyMember):
        invite_member(group_id=club.pk, email="NATSU@example.jp", role="viewer", actor=of(haru), now=now)


def test_invitations_are_no_way_to_send_mail_to_the_whole_world(club, haru, now):
    for number in range(MOST_OPEN_INVITATIONS):
        invite_member(group_id=club.pk, email=f"{number}@example.jp", role="viewer", actor=of(haru), now=now)
    with pytest.raises(TooManyInvitations):
        invite_member(group_id=club.pk, email="more@example.jp", role="viewer", actor=of(haru), now=now)


def test_only_the_representative_invites_promotes_and_parts(club, haru, natsu, now):
    membership = join(club, haru, natsu, now)
    for refused in (
        lambda: invite_member(
            group_id=club.pk, email="a@example.jp", role="viewer", actor=of(natsu), now=now
        ),
        lambda: change_role(
            group_id=club.pk, membership_id=membership.pk, role="viewer", actor=of(natsu), now=now
        ),
        lambda: change_group(group_id=club.pk, facts=GroupFacts("別の名"), actor=of(natsu)),
    ):
        with pytest.raises(NotRepresentative):
            refused()


def test_only_staff_invite_a_representative(club, haru, natsu, staff, now):
    given = {"group_id": club.pk, "email": natsu.email, "role": "representative", "now": now}
    with pytest.raises(NotRepresentative):
        invite_member(**given, actor=of(haru))
    invitation = invite_member(**given, actor=staff)
    accept_invitation(token=invitation_token(invitation), resident_id=natsu.pk, now=now)
    assert roles(club) == [("夏川 ナツ", "representative"), ("春山 ハル", "booker")]


def test_somebody_without_a_log_in_leaves_when_another_represents(natsu, staff, now):
    by_phone = factories.a_resident("電話 太郎")
    club = found_group(facts=GroupFacts("窓口の会"), representative_id=by_phone.pk, now=now)
    invitation = invite_member(
        group_id=club.pk, email=natsu.email, role="representative", actor=staff, now=now
    )
    accept_invitation(token=invitation_token(invitation), resident_id=natsu.pk, now=now)
    assert roles(club) == [("夏川 ナツ", "representative")]


def test_representation_is_handed_over_to_a_member(club, haru, natsu, now):
    membership = join(club, haru, natsu, now)
    given = {"group_id": club.pk, "membership_id": membership.pk, "role": "representative"}
    change_role(**given, actor=of(haru), now=now)
    assert roles(club) == [("夏川 ナツ", "representative"), ("春山 ハル", "booker")]
    with pytest.raises(NotRepresentative):
        change_group(group_id=club.pk, facts=GroupFacts("別の名"), actor=of(haru))


def test_a_group_never_loses_its_representative(club, haru, now):
    (own,) = members_of(club.pk)
    with pytest.raises(RepresentativeStays):
        remove_member(group_id=club.pk, membership_id=own.membership_id, actor=of(haru), now=now)
    with pytest.raises(RepresentativeStays):
        change_role(group_id=club.pk, membership_id=own.membership_id, role="viewer", actor=of(haru), now=now)


def test_members_may_go_but_not_send_others_away(club, haru, natsu, now):
    other = factories.a_resident("秋田 アキ", "aki@example.jp", login=True)
    membership, second = join(club, haru, natsu, now), join(club, haru, other, now)
    with pytest.raises(NotRepresentative):
        remove_member(group_id=club.pk, membership_id=second.pk, actor=of(natsu), now=now)
    remove_member(group_id=club.pk, membership_id=membership.pk, actor=of(natsu), now=now)
    with pytest.raises(GroupNotFound):
        membership_of(resident_id=natsu.pk, ref=club.ref)
    with pytest.raises(MemberNotFound):
        remove_member(group_id=club.pk, membership_id=membership.pk, actor=of(haru), now=now)


def test_who_went_can_come_back(club, haru, natsu, now):
    membership = join(club, haru, natsu, now)
    remove_member(group_id=club.pk, membership_id=membership.pk, actor=of(haru), now=now)
    join(club, haru, natsu, now, role="viewer")
    assert roles(club) == [("春山 ハル", "representative"), ("夏川 ナツ", "viewer")]
