"""Who stands behind a log-in or a token: a resident, a member of staff, or nobody who may act."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import constant_time_compare

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import StaffMember, staff_member
from accounts.services import token_hash

_TOKEN = re.compile(r"mn_([a-z0-9]{1,20})_[A-Za-z0-9_-]{20,100}", re.ASCII)

_WHO = """
SELECT u.id, r.id, s.id IS NOT NULL, u.password
FROM accounts_user u LEFT JOIN accounts_resident r ON r.user_id = u.id
LEFT JOIN accounts_staff s ON s.user_id = u.id AND s.is_active
"""
_BY_USER = f"{_WHO} WHERE u.id = %s AND u.is_active"
_BY_TOKEN = (
    f"{_WHO} JOIN accounts_apitoken t ON t.user_id = u.id "
    "WHERE t.token_hash = %s AND t.revoked_at IS NULL AND u.is_active"
)


_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


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


def caller_by_session(session_key: str, *, now: datetime) -> Caller | None:
    """Return who is signed in with a browser's session of this municipality; None when nobody is any more.

    The same checks as Django's (unexpired, log-in active, password unchanged since), in two plain statements: with the
    ORM, finding out who calls cost more than the booking's own statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SESSION, [session_key, now])
        row = cursor.fetchone()
    session = SessionStore().decode(row[0]) if row else {}
    user_id = str(session.get(SESSION_KEY, ""))
    if not user_id.isdecimal():
        return None
    return _caller(_BY_USER, int(user_id), session_hash=str(session.get(HASH_SESSION_KEY, "")))


def caller_by_token(text: str, *, schema: str) -> Caller | None:
    """Return who is behind an API token; None if it is unknown, revoked or another municipality's (``schema``)."""
    match = _TOKEN.fullmatch(text)
    if match is None or match[1] != schema:
        return None
    return _caller(_BY_TOKEN, token_hash(text))


def _caller(query: str, value: Any, *, session_hash: str | None = None) -> Caller | None:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, resident_id, works_here, password = row
    user = User(pk=user_id, password=password)
    if session_hash is not None and not _is_of(user, session_hash):
        return None
    return Caller(user_id, resident_id, staff_member(user) if works_here else None)


def _is_of(user: User, session_hash: str) -> bool:
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(session_hash, one) for one in hashes)
