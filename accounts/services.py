"""Create and change residents, staff and tokens."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.errors import (
    ClassNotYours,
    LastAdmin,
    ResidentNotFound,
    StaffExists,
    StaffNotFound,
    TokenNotFound,
)
from accounts.models import ApiToken, Resident, Staff, User


def normal_name(text: str) -> str:
    """Return a person's name as stored: NFC, outer and doubled spaces removed; rare kanji stay as typed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def register_resident(
    *,
    name: str,
    name_kana: str = "",
    phone: str = "",
    email: str = "",
    user_id: int | None = None,
    applicant_class: str = "",
    language: str = "ja",
) -> Resident:
    """Create a resident, with a log-in (``user_id``) or without (entered by staff). ``language`` of mails: ja or en."""
    return Resident.objects.create(
        user_id=user_id,
        name=normal_name(name),
        name_kana=normal_name(name_kana),
        phone=phone.strip(),
        email=email.strip(),
        applicant_class=applicant_class,
        language=language,
    )


@transaction.atomic
def change_resident(
    *,
    resident_id: int,
    name: str,
    name_kana: str,
    phone: str,
    language: str,
    applicant_class: str | None = None,
    granted: Collection[str] = (),
) -> None:
    """Change what a resident says about themselves. Raises ResidentNotFound, ClassNotYours.

    ``applicant_class`` None leaves it as it is. Those in ``granted`` only staff give: nobody says one of themselves,
    and one that staff gave stays.
    """
    if applicant_class in granted:
        raise ClassNotYours
    rows = Resident.objects.filter(pk=resident_id)
    changed = rows.update(
        name=normal_name(name), name_kana=normal_name(name_kana), phone=phone.strip(), language=language
    )
    if not changed:
        raise ResidentNotFound
    if applicant_class is not None:
        rows.exclude(applicant_class__in=granted).update(applicant_class=applicant_class)


@transaction.atomic
def appoint_staff(*, email: str, name: str, role: str, password: str | None = None) -> Staff:
    """Create a staff member and the log-in for ``email`` (or use the one that exists).

    Without ``password`` they sign in with a code sent by mail. Raises StaffExists.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, password)
    if Staff.objects.filter(user=user).exists():
        raise StaffExists
    return Staff.objects.create(user=user, name=normal_name(name), role=role)


@transaction.atomic
def change_staff(*, staff_id: int, name: str, role: str, is_active: bool) -> None:
    """Change a staff member's name and role, or switch the access off and on; it counts from the next page.

    Raises StaffNotFound, LastAdmin (a municipality is never left without an active admin).
    """
    admins = set(
        Staff.objects.select_for_update(no_key=True)
        .filter(role=Staff.Role.ADMIN, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if admins == {staff_id} and not (is_active and role == Staff.Role.ADMIN):
        raise LastAdmin
    if not Staff.objects.filter(pk=staff_id).update(name=normal_name(name), role=role, is_active=is_active):
        raise StaffNotFound


def issue_token(*, user_id: int, name: str, schema: str) -> tuple[ApiToken, str]:
    """Create an API token acting as a user. Returns it with its text, which is shown once and not kept."""
    text = f"mn_{schema}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(user_id=user_id, name=name, token_hash=token_hash(text))
    return token, text


def token_hash(text: str) -> bytes:
    """Return the SHA-256 under which a token is kept."""
    return hashlib.sha256(text.encode()).digest()


def revoke_token(*, token_id: int, now: datetime) -> None:
    """Make a token useless from ``now`` on; a second time changes nothing. Raises TokenNotFound."""
    if not ApiToken.objects.filter(pk=token_id).exists():
        raise TokenNotFound
    ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=now)
