"""A LINE platform to try things with: the Messaging API as far as we use it, friends, and faults on command.

It remembers what it was told, refuses what LINE refuses, signs the webhooks it sends, and does on demand what goes
wrong in life: too many calls, an error, a lost answer. The pages of it are in ``config.demo.fake_line_pages``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

LONGEST = 5000
FAULTS = ("429", "monthly", "500", "lost", "401")


@dataclass
class Channel:
    """An official account: its token and secret, and where its webhooks go (``host`` names the municipality)."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    name: str
    basic_id: str
    webhook: str = ""
    host: str = ""


@dataclass
class Friend:
    """Somebody with LINE, and their chat with one official account: (who, text), oldest first."""

    user_id: str
    name: str
    token: str = field(repr=False)
    follows: bool = True
    chat: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Reply:
    """An HTTP answer of the API. ``lost``: carried out, but the line goes dead before the answer."""

    status: int
    content: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False


class FakeLine:
    """The state of the platform. Safe to be used by several threads."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.friends: dict[str, Friend] = {}
        self.faults: deque[str] = deque()
        self.calls: list[tuple[str, str, int]] = []
        self._accepted: dict[tuple[str, str], str] = {}
        self._count = itertools.count(1)
        self._lock = Lock()

    def add_channel(self, channel: Channel) -> None:
        """Open an official account."""
        self.channels[channel.token] = channel

    def fail_next(self, fault: str, times: int = 1) -> None:
        """Let the next push calls go wrong in one of FAULTS' ways."""
        if fault not in FAULTS:
            raise ValueError(fault)
        self.faults.extend([fault] * times)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one call of the Messaging API."""
        token = (headers.get("Authorization") or "").removeprefix("Bearer ")
        with self._lock:
            channel = self.channels.get(token)
            if channel is None:
                reply = Reply(
                    401, {"message": "Authentication failed. Confirm that the access token is valid."}
                )
            elif (method, path) == ("GET", "/v2/bot/info"):
                reply = Reply(200, {"displayName": channel.name, "basicId": channel.basic_id})
            elif (method, path) == ("POST", "/v2/bot/message/push"):
                reply = self._push(channel, headers.get("X-Line-Retry-Key") or "", body)
            else:
                reply = Reply(404, {"message": "Not found"})
            self.calls.append((method, path, reply.status))
        return reply

    def _push(self, channel: Channel, key: str, body: bytes) -> Reply:
        fault = self.faults.popleft() if self.faults else ""
        if fault and fault != "lost":
            return _FAULTY[fault]
        if key and not _is_uuid(key):
            return Reply(400, {"message": "The retry key is invalid"})
        if key and (channel.token, key) in self._accepted:
            known = self._accepted[channel.token, key]
            return Reply(
                409,
                {"message": "The retry key is already accepted", "sentMessages": [{"id": known}]},
                {"X-Line-Accepted-Request-Id": known},
            )
        try:
            to, texts = _read(body)
        except ValueError as problem:
            return Reply(400, {"message": str(problem)})
        friend = self.friends.get(to)
        if friend is None or friend.token != channel.token:
            return Reply(
                400, {"message": "The property, 'to', in the request body is invalid (line: -, column: -)"}
            )
        number = f"{next(self._count):018d}"
        if key:
            self._accepted[channel.token, key] = number
        if friend.follows:
            friend.chat += [(channel.name, text) for text in texts]
        return Reply(200, {"sentMessages": [{"id": number}]}, lost=fault == "lost")

    # What people do in their LINE.

    def befriend(self, token: str, name: str) -> Friend:
        """Somebody adds the official account."""
        friend = Friend(f"U{uuid.uuid4().hex}", name, token)
        self.friends[friend.user_id] = friend
        self.send_event(friend, {"type": "follow"})
        return friend

    def say(self, friend: Friend, text: str) -> int:
        """They type something into the chat. Returns the status the webhook was answered with."""
        friend.chat.append((friend.name, text))
        return self.send_event(
            friend, {"type": "message", "message": {"type": "text", "id": "1", "text": text}}
        )

    def block(self, friend: Friend) -> None:
        """They block the account: what is pushed is taken (200) and never seen."""
        friend.follows = False
        self.send_event(friend, {"type": "unfollow"})

    def unblock(self, friend: Friend) -> None:
        """They take it back."""
        friend.follows = True
        self.send_event(friend, {"type": "follow", "follow": {"isUnblocked": True}})

    def send_event(self, friend: Friend, event: Mapping[str, Any], *, signature: str | None = None) -> int:
        """Send one webhook event, signed with the account's secret. Returns the status; 0: nobody answered."""
        channel = self.channels[friend.token]
        if not channel.webhook:
            return 0
        source = {"type": "user", "userId": friend.user_id}
        events = [{**event, "source": source, "webhookEventId": uuid.uuid4().hex, "mode": "active"}]
        body = json.dumps({"destination": "U0", "events": events}, ensure_ascii=False).encode()
        signed = base64.b64encode(hmac.new(channel.secret.encode(), body, hashlib.sha256).digest()).decode()
        return _post(channel, body, signed if signature is None else signature)


_FAULTY = {
    "429": Reply(
        429, {"message": "The API rate limit has been exceeded. Try again later."}, {"Retry-After": "90"}
    ),
    "monthly": Reply(429, {"message": "You have reached your monthly limit."}),
    "500": Reply(500, {"message": "Internal Server Error"}),
    "401": Reply(401, {"message": "Authentication failed. Confirm that the access token is valid."}),
}


def _read(body: bytes) -> tuple[str, list[str]]:
    """The receiver and texts of a push. Raises ValueError with LINE's kind of sentence."""
    try:
        content = json.loads(body)
        to, texts = content["to"], [one["text"] for one in content["messages"] if one["type"] == "text"]
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError("The request body has 1 error(s)") from problem
    if not 1 <= len(texts) <= 5 or any(
        not isinstance(text, str) or not 1 <= len(text.encode("utf-16-le")) // 2 <= LONGEST for text in texts
    ):
        raise ValueError("Length must be between 1 and 5000")
    return str(to), texts


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _post(channel: Channel, body: bytes, signature: str) -> int:
    address = urlsplit(channel.webhook)
    connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=10)
    headers = {"Content-Type": "application/json", "X-Line-Signature": signature}
    if channel.host:
        headers["Host"] = channel.host
    try:
        connection.request("POST", address.path, body=body, headers=headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
