"""What every lock can be asked, in one shape: capabilities, wishes, answers, errors.

Rules for adapters: plain synchronous Python; clock and network are given from outside; no models, no settings, no
retries (the worker owns them). Issuing twice with one ``ref`` gives one credential. Revoking what is gone or over
succeeds. The answer wins over the wish. No code, token or secret in ``repr``, log, exception or job argument.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


class Cap(enum.Flag):
    """What a device can really do."""

    NONE = 0
    PIN_CUSTOM = enum.auto()  # we may choose the digits
    PIN_GENERATED = enum.auto()  # the adapter or vendor chooses them
    URL_KEY = enum.auto()
    IC_CARD = enum.auto()
    OFFLINE_PIN = enum.auto()  # opens with lock and network both offline
    UPDATE_WINDOW = enum.auto()  # the window moves, the digits stay
    REVOKE_CLOUD = enum.auto()  # taking back works while the device can be reached
    REVOKE_IMMEDIATE = enum.auto()  # and within about a minute
    MULTI_DOOR = enum.auto()
    REMOTE_UNLOCK = enum.auto()
    LOCK_STATE = enum.auto()
    BATTERY = enum.auto()
    SYNC_STATUS = enum.auto()  # the vendor tells whether the code reached the lock
    WEBHOOK = enum.auto()
    WEBHOOK_SIGNED = enum.auto()
    EVENTS_PULL = enum.auto()
    CLIENT_ID_IDEMPOTENT = enum.auto()  # our ref is the vendor's key


class CredState(enum.StrEnum):
    """How far a credential has got. UNKNOWN: sent, no answer; look before sending again."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    ON_DEVICE = "on_device"
    ACTIVE = "active"
    REVOKING = "revoking"
    REVOKED = "revoked"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CredKind(enum.StrEnum):
    """What the person holds in the hand."""

    PIN = "pin"
    URL = "url"
    QR = "qr"
    CARD = "card"
    PHYSICAL = "physical"


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a device demands of a wish."""

    pin_lengths: tuple[int, ...] = ()
    forbidden_pin_regex: str | None = None
    granularity_minutes: int = 1
    max_window_hours: int | None = None
    earliest_issue_hours: int | None = None  # not sooner than this before the start
    name_max: int = 60
    max_active_codes: int | None = None


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """What we wish. ``ref`` is ours and stays the same however often it is sent.

    ``variant`` counts the codes that turned out to be taken: another variant, another code.
    """

    ref: str
    device_ids: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    label: str
    kind: CredKind = CredKind.PIN
    pin: str | None = field(default=None, repr=False)
    variant: int = 0


@dataclass(frozen=True, slots=True)
class Credential:
    """What the lock answered. ``effective_*`` contain the window wished for, or the adapter raises Rejected."""

    ref: str
    vendor_id: str
    state: CredState
    kind: CredKind
    secret: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    per_device: Mapping[str, CredState] = field(default_factory=dict)
    vendor_data: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device and what it can do."""

    device_id: str
    name: str
    model: str
    caps: Cap
    constraints: Constraints


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """How a device is; None: it does not tell."""

    device_id: str
    online: bool | None = None
    battery_percent: int | None = None
    locked: bool | None = None
    jammed: bool | None = None
    last_seen_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class LockEvent:
    """Something that happened at a device. ``vendor_event_id`` tells repeats apart."""

    vendor_event_id: str
    type: str  # unlocked, locked, denied, jammed, code_synced, code_failed, battery_low, offline, online
    device_id: str | None
    credential_ref: str | None
    vendor_credential_id: str | None
    occurred_at: datetime
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """An inbound call as it came, before anything is believed."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Setup:
    """What an adapter is given: the secret of each device, and a clock."""

    clock: Callable[[], datetime]
    device_secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)


class LockError(Exception):
    """Something went wrong at the lock. ``retry``: later may help. ``ambiguous``: the vendor may have acted."""

    retry = False
    ambiguous = False

    def __init__(self, message: str = "", *, retry_after_seconds: float | None = None) -> None:
        """``message`` never holds a code, token or secret; ``retry_after_seconds`` as the vendor asked."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class AuthFailed(LockError):
    """We are not let in: stop and tell the operator."""


class Rejected(LockError):
    """This wish can never be fulfilled."""


class NotFound(Rejected):
    """There is no such credential or device."""


class CodeConflict(Rejected):
    """The code is taken: try another."""


class DeviceOffline(LockError):
    """The device cannot be reached now."""

    retry = True


class RateLimited(LockError):
    """Too many calls."""

    retry = True


class VendorDown(LockError):
    """The vendor cannot be reached; nothing was sent."""

    retry = True


class OutcomeUnknown(LockError):
    """Sent, and no answer came: look before sending again."""

    retry = True
    ambiguous = True


@runtime_checkable
class LockProvider(Protocol):
    """What every adapter can do. ``idempotency_key`` is the same for every repeat of one act."""

    key: str

    def list_devices(self) -> Sequence[DeviceInfo]:
        """Return the devices this adapter was set up for."""
        ...

    def health(self, device_id: str) -> DeviceHealth:
        """Return how a device is. Raises NotFound."""
        ...

    def issue(self, spec: CredentialSpec, *, idempotency_key: str) -> Credential:
        """Bring a credential about. Raises LockError."""
        ...

    def update(self, cred: Credential, spec: CredentialSpec, *, idempotency_key: str) -> Credential:
        """Change its window; the answer says whether the code changed. Raises LockError."""
        ...

    def revoke(self, cred: Credential, *, idempotency_key: str) -> Credential:
        """Take it back. REVOKING in the answer: it may still open until ``effective_until``."""
        ...

    def get(self, cred: Credential) -> Credential:
        """Return it as it is now."""
        ...

    def find_by_ref(self, ref: str, device_ids: Sequence[str]) -> Credential | None:
        """Return what was issued for a ref, if the vendor remembers."""
        ...

    def list_credentials(self, device_id: str) -> Sequence[Credential]:
        """Return what the vendor knows of a device."""
        ...


@runtime_checkable
class RemoteUnlock(Protocol):
    """An adapter that can open a door from afar."""

    def unlock(self, device_id: str, *, actor: str, idempotency_key: str) -> str:
        """Open the door; return the vendor's id of the act. Raises LockError."""
        ...


@runtime_checkable
class InboundEvents(Protocol):
    """An adapter whose vendor sends events."""

    def verify(self, request: InboundRequest) -> None:
        """Raise AuthFailed unless the call comes from the vendor."""
        ...

    def parse(self, request: InboundRequest) -> Sequence[LockEvent]:
        """Return the events of a verified call."""
        ...

    def pull_events(self, since: datetime) -> Sequence[LockEvent]:
        """Return what happened since, for calls that never came."""
        ...
