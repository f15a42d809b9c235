"""Refusals about people and their log-ins."""

from __future__ import annotations

from tenants.errors import Refusal


class StaffExists(Refusal):
    """このメールアドレスの職員は、もう登録されています。"""

    code = "staff_exists"
    status = 422


class StaffNotFound(Refusal):
    """この職員は、見つかりません。"""

    code = "staff_not_found"
    status = 404


class LastAdmin(Refusal):
    """自治体管理者が一人もいなくなるので、できません。先に、ほかの人を自治体管理者にしてください。"""

    code = "last_admin"


class ClassNotYours(Refusal):
    """この区分は、館が決めます。ご自身では選べません。"""

    code = "class_not_yours"
    status = 422


class ResidentNotFound(Refusal):
    """この利用者は、見つかりません。"""

    code = "resident_not_found"
    status = 404


class TokenNotFound(Refusal):
    """このAPIトークンは、見つかりません。"""

    code = "token_not_found"
    status = 404


class GroupNotFound(Refusal):
    """この団体は、見つかりません。"""

    code = "group_not_found"
    status = 404


class NotRepresentative(Refusal):
    """これは、団体の代表者だけができます。代表者に頼んでください。"""

    code = "not_representative"
    status = 403


class MemberNotFound(Refusal):
    """この人は、団体にいません。ページを開き直して、たしかめてください。"""

    code = "member_not_found"
    status = 404


class RepresentativeStays(Refusal):
    """代表者は、そのままでは抜けられません。先に、ほかの人に代表者をかわってください。"""

    code = "representative_stays"


class AlreadyMember(Refusal):
    """この人は、もう団体に入っています。"""

    code = "already_member"


class AlreadyInvited(Refusal):
    """このメールアドレスには、もう招待を送ってあります。送り直すときは、先にその招待を取りやめてください。"""

    code = "already_invited"


class TooManyInvitations(Refusal):
    """返事のない招待が多すぎます。要らない招待を取りやめてから、もう一度送ってください。"""

    code = "too_many_invitations"
    status = 422


class InvitationNotFound(Refusal):
    """この招待は、使えません。もう使われたか、取りやめられたか、期限が過ぎました。団体の人に、もう一度送ってもらってください。"""

    code = "invitation_not_found"
    status = 404


class RosterTooLong(Refusal):
    """名簿に書けるのは、1000人までです。"""

    code = "roster_too_long"
    status = 422


class NotTwoPeople(Refusal):
    """世帯には、ちがう人を選んでください。"""

    code = "not_two_people"
    status = 422


class InAnotherHousehold(Refusal):
    """この方は、ほかの世帯に入っています。先に、その世帯から外してください。"""

    code = "in_another_household"
