"""Who stands behind a log-in or a token: a resident, a member of staff, or nobody who may act."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import StaffMember, staff_member
from accounts.services import token_hash

_TOKEN = re.compile(r"mn_([a-z0-9]{1,20})_[A-Za-z0-9_-]{20,100}", re.ASCII)

_WHO = """
SELECT u.id, r.id, s.id IS NOT NULL
FROM accounts_user u LEFT JOIN accounts_resident r ON r.user_id = u.id
LEFT JOIN accounts_staff s ON s.user_id = u.id AND s.is_active
"""
_BY_USER = f"{_WHO} WHERE u.id = %s AND u.is_active"
_BY_TOKEN = (
    f"{_WHO} JOIN accounts_apitoken t ON t.user_id = u.id "
    "WHERE t.token_hash = %s AND t.revoked_at IS NULL AND u.is_active"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A log-in at work. Staff rights win where a person is both resident and staff."""

    user_id: int
    resident_id: int | None
    staff: StaffMember | None

    @property
    def actor(self) -> Actor | None:
        """The person as services want to know them; None for a log-in that is neither resident nor staff."""
        if self.staff is not None:
            return self.staff.actor
        return None if self.resident_id is None else Actor("resident", self.resident_id)

    # Asked for by rest_framework, which treats whoever calls as a user.
    is_authenticated = True
    is_active = True


def caller_by_user(user_id: int) -> Caller | None:
    """Return who is behind an active log-in of this municipality. One query; two for staff."""
    return _caller(_BY_USER, user_id)


def caller_by_token(text: str, *, schema: str) -> Caller | None:
    """Return who is behind an API token; None if it is unknown, revoked or another municipality's (``schema``)."""
    match = _TOKEN.fullmatch(text)
    if match is None or match[1] != schema:
        return None
    return _caller(_BY_TOKEN, token_hash(text))


def _caller(query: str, value: Any) -> Caller | None:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, resident_id, works_here = row
    staff = staff_member(User(pk=user_id)) if works_here else None
    return Caller(user_id, resident_id, staff)
