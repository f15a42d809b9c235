"""Friends of the official account, and how a resident shows that one of them is they.

The resident sees a number of eight digits on their page and types it into the chat. It holds for ten minutes and
once; who types five wrong ones has to wait an hour.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.line.official_account import channel_secret
from accounts.models import LineCode, LineFriend
from accounts.notices.errors import BadSignature
from tenants import sealing
from tenants.jobs import enqueue

CODE_MINUTES = 10
MOST_MISSES = 5
_MISSES_COUNT_FOR = timedelta(hours=1)
REPLY_JOB = "frontend.greet_on_line"


@transaction.atomic
def new_code(*, resident_id: int, now: datetime) -> str:
    """Return a number to type into the chat, in place of the one before. Only its hash is kept."""
    code = f"{secrets.randbelow(10**8):08d}"
    while LineCode.objects.filter(code_hash=_hash(code)).exclude(resident_id=resident_id).exists():
        code = f"{secrets.randbelow(10**8):08d}"
    LineCode.objects.update_or_create(
        resident_id=resident_id,
        defaults={"code_hash": _hash(code), "expires_at": now + timedelta(minutes=CODE_MINUTES)},
    )
    return code


def unlink(*, resident_id: int) -> None:
    """Part a resident from their LINE: nothing more goes there."""
    LineFriend.objects.filter(resident_id=resident_id).update(resident=None, linked_at=None)


def friend_of(resident_id: int) -> LineFriend | None:
    """Return the friend of the official account who is this resident."""
    return LineFriend.objects.filter(resident_id=resident_id).first()


def receive(*, body: bytes, signature: str, now: datetime) -> None:
    """Take in what LINE tells us: who became or ceased to be a friend, what somebody typed.

    Every event may come twice. Raises BadSignature: it is not from LINE, or we have no official account.
    """
    secret = channel_secret()
    if secret is None or not _is_signed(body, signature, secret):
        raise BadSignature
    for event in _events(body):
        user_id = _part(event, "source").get("userId")
        if isinstance(user_id, str) and 0 < len(user_id) <= 64:
            _take(event, user_id, now)


@transaction.atomic
def _take(event: dict[str, Any], user_id: str, now: datetime) -> None:
    kind = event.get("type")
    if kind == "unfollow":
        LineFriend.objects.filter(user_id=user_id).update(follows=False)
    elif kind == "follow":
        _reply(_friend(user_id, now), "follow")
    elif kind == "message" and _part(event, "message").get("type") == "text":
        _typed(_friend(user_id, now), str(_part(event, "message").get("text", "")), now)


def _friend(user_id: str, now: datetime) -> LineFriend:
    """Whoever writes to us is a friend, whatever came in whatever order."""
    friend, _created = LineFriend.objects.get_or_create(user_id=user_id, defaults={"since": now})
    friend = LineFriend.objects.select_for_update(no_key=True).get(pk=friend.pk)
    if not friend.follows:
        LineFriend.objects.filter(pk=friend.pk).update(follows=True, since=now)
    return friend


def _typed(friend: LineFriend, text: str, now: datetime) -> None:
    digits = re.sub(r"[\s\-ー－]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{8}", digits):
        _reply(friend, "linked" if friend.resident_id else "follow")
        return
    if _has_guessed_enough(friend, now):
        _reply(friend, "wait")
        return
    code = LineCode.objects.select_for_update().filter(code_hash=_hash(digits), expires_at__gt=now).first()
    if code is None:
        LineFriend.objects.filter(pk=friend.pk).update(
            misses=F("misses") + 1 if _lately(friend, now) else 1, missed_at=now
        )
        _reply(friend, "wrong")
        return
    LineFriend.objects.filter(resident_id=code.resident_id).exclude(pk=friend.pk).update(
        resident=None, linked_at=None
    )
    LineFriend.objects.filter(pk=friend.pk).update(
        resident_id=code.resident_id, linked_at=now, misses=0, missed_at=None
    )
    code.delete()
    _reply(friend, "linked")


def _lately(friend: LineFriend, now: datetime) -> bool:
    return friend.missed_at is not None and friend.missed_at > now - _MISSES_COUNT_FOR


def _has_guessed_enough(friend: LineFriend, now: datetime) -> bool:
    return _lately(friend, now) and friend.misses >= MOST_MISSES


def _reply(friend: LineFriend, what: str) -> None:
    enqueue(REPLY_JOB, friend_id=friend.pk, what=what, key=str(uuid4()))


def _part(event: dict[str, Any], name: str) -> dict[str, Any]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}


def _events(body: bytes) -> Sequence[dict[str, Any]]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    events = content.get("events") if isinstance(content, dict) else None
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _is_signed(body: bytes, signature: str, secret: bytes) -> bool:
    right = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())
    return hmac.compare_digest(right, signature.encode("utf-8", "replace"))


def _hash(code: str) -> bytes:
    return hmac.new(sealing.key_for("line codes"), code.encode(), hashlib.sha256).digest()


def basic_address(basic_id: str) -> str:
    """Return the address that opens the official account in LINE, to become its friend."""
    return f"{settings.LINE_FRIEND_URL}/{basic_id}" if basic_id else ""
