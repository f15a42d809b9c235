"""What every channel promises: say what it can do, and answer each message in one of three ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry. ``longest``: characters of a message, None for no limit."""

    subject: bool
    attachments: bool
    longest: int | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to go. ``key`` is the same for every try, so that two tries can be told from two messages.

    The address and the text never show up in a log or a traceback.
    """

    address: str = field(repr=False)
    sender_name: str
    host: str
    language: str
    subject: str = field(repr=False)
    body: str = field(repr=False)
    key: UUID
    calendar: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider took the message. ``provider_id`` is its name for it, for asking them."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Temporary:
    """Not now: it may be tried again. ``words`` (a message id) say why, to staff, ``code`` is the provider's number.

    ``wait`` is what the provider asked for.
    """

    words: str
    code: int = 0
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """Never, as it is. ``words`` (a message id) say why, to staff, ``code`` is the provider's number."""

    words: str
    code: int = 0


Answer = Delivered | Temporary | Permanent


class MessageChannel(Protocol):
    """A way to reach people."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what the channel can carry."""

    def send(self, message: Outgoing) -> Answer:
        """Hand the message to the provider. Never raises for what a provider or network may do.

        The same ``message.key`` again must not reach the person twice, as far as the provider can tell.
        """
