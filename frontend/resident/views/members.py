"""Who acts for a group: invite, give roles, hand over, part; and the link of an invitation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import MemberNotFound
from accounts.groups.queries import Member, MembershipView, group_by_ref, members_of, membership_of
from accounts.groups.services import (
    accept_invitation,
    change_role,
    invitation_by_token,
    invite_member,
    remove_member,
    require_representative,
    withdraw_invitation,
)
from accounts.models import Membership
from frontend.answers import carry_out
from frontend.groups.forms import InviteMemberForm, RoleForm
from frontend.resident.people import actor_of, for_resident, resident_of, send_to_register


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def invite(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask somebody by mail to act for the group."""
    own = membership_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    require_representative(own.group_id, actor)
    form = InviteMemberForm(request.POST or None)

    def act() -> HttpResponse:
        invite_member(group_id=own.group_id, **form.cleaned_data, actor=actor, now=timezone.now())
        messages.success(
            request, _("招待のメールを送ります。届いた人がリンクを開いて「入る」を押すと、団体に入ります。")
        )
        return redirect("group", ref)

    facts = {"form": form, "group": group_by_ref(ref), "base": "resident_base.html"}
    return carry_out(request, form, act, "groups/invite.html", facts)


@require_POST
@for_resident
def withdraw(request: HttpRequest, ref: UUID, invitation_id: int) -> HttpResponse:
    """Make an invitation useless."""
    own = membership_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    actor, now = actor_of(request.resident), timezone.now()  # type: ignore[attr-defined]
    withdraw_invitation(group_id=own.group_id, invitation_id=invitation_id, actor=actor, now=now)
    messages.success(request, _("招待を取りやめました。"))
    return redirect("group", ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def member(request: HttpRequest, ref: UUID, member_id: int) -> HttpResponse:
    """Give somebody another role, hand over, or part with them."""
    own, who = _member_of(request, ref, member_id)
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    if "remove" in request.POST:
        return _remove(request, own.group_id, who, ref)
    form = RoleForm(request.POST or None, initial={"role": who.role})

    def act() -> HttpResponse:
        given = {"group_id": own.group_id, "membership_id": member_id, **form.cleaned_data}
        change_role(**given, actor=actor, now=timezone.now())
        messages.success(request, _("できることを変えました。"))
        return redirect("group", ref)

    facts = {"form": form, "group": group_by_ref(ref), "who": who, "own": own}
    return carry_out(request, form, act, "groups/member.html", facts)


def _member_of(request: HttpRequest, ref: UUID, member_id: int) -> tuple[MembershipView, Member]:
    """My group, and somebody in it: anybody if I represent it, else only myself."""
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    own = membership_of(resident_id=actor.id, ref=ref)
    found = [one for one in members_of(own.group_id) if one.membership_id == member_id]
    if not found:
        raise MemberNotFound
    if found[0].resident_id != actor.id:
        require_representative(own.group_id, actor)
    return own, found[0]


def _remove(request: HttpRequest, group_id: int, who: Member, ref: UUID) -> HttpResponse:
    actor, now = actor_of(request.resident), timezone.now()  # type: ignore[attr-defined]
    remove_member(group_id=group_id, membership_id=who.membership_id, actor=actor, now=now)
    if who.resident_id == actor.id:
        messages.success(request, _("団体から抜けました。"))
        return redirect("groups")
    messages.success(request, _("{name}さんを団体から外しました。").format(name=who.name))
    return redirect("group", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Open the link of an invitation, and accept it. Who is no resident yet signs up first and comes back."""
    now = timezone.now()
    invitation = invitation_by_token(token, now=now)
    resident = resident_of(request)
    if request.method != "POST" or resident is None:
        facts = {"invitation": invitation, "group": invitation.group, "resident": resident}
        later = send_to_register(request, request.get_full_path())
        return later if later and request.method == "POST" else render(request, "groups/join.html", facts)
    accept_invitation(token=token, resident_id=resident.pk, now=now)
    roles = {Membership.Role.VIEWER: _("団体に入りました。団体の予約を見られます。")}
    done = _("団体に入りました。団体の名前で予約できます。")
    messages.success(request, roles.get(Membership.Role(invitation.role), done))
    return redirect("group", invitation.group.ref)
