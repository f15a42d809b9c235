"""The mail that tells somebody they are now staff, and how to sign in for the first time."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.models import Staff
from tenants.models import Municipality


def invitation_mail(staff: Staff, *, municipality: Municipality, site: str) -> EmailMessage:
    """Return the invitation, in Japanese. The template's first line is the subject.

    It carries no secret: the person signs in with a code sent to the same address.
    """
    admin = staff.role == Staff.Role.ADMIN
    facts = {
        "name": staff.name,
        "role": staff.get_role_display(),
        "halls": []
        if admin
        else [link.facility.name for link in staff.facilities.select_related("facility")],
        "municipality": municipality,
        "address": f"{site}/{'console' if admin else 'desk'}/",
    }
    with override("ja"):
        text = render_to_string("mails/ja/invitation.txt", facts)
    subject, _newline, body = text.lstrip().partition("\n")
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[staff.user.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": "ja"},
    )
