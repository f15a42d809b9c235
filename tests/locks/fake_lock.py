"""A lock with a vendor, in memory. ``faults`` are raised one by one, before or after it has acted."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from locks.adapters.base import (
    Cap,
    Constraints,
    Credential,
    CredState,
    DeviceHealth,
    DeviceInfo,
    LockError,
    NotFound,
)


class FakeLock:
    """Keeps credentials by ref, as a vendor with client ids does."""

    key = "fake"
    caps: ClassVar[Cap]
    constraints: ClassVar[Constraints]
    codes: ClassVar[list[str]]
    held: ClassVar[dict[str, Credential]]
    calls: ClassVar[list[str]]
    faults: ClassVar[list[LockError]]
    during: ClassVar[list]

    @classmethod
    def reset(cls):
        cls.caps = Cap.PIN_GENERATED | Cap.REVOKE_CLOUD | Cap.CLIENT_ID_IDEMPOTENT
        cls.constraints = Constraints(pin_lengths=(6,))
        cls.codes, cls.held, cls.calls, cls.faults, cls.during = [], {}, [], [], []

    def __init__(self, setup):
        self.setup = setup

    def list_devices(self):
        return [
            DeviceInfo(one, one, "fake", self.caps, self.constraints) for one in self.setup.device_secrets
        ]

    def health(self, device_id):
        return DeviceHealth(device_id, online=True)

    def issue(self, spec, *, idempotency_key):
        self._begin("issue", idempotency_key)
        if spec.ref not in self.held or spec.variant:
            self.held[spec.ref] = Credential(
                ref=spec.ref,
                vendor_id=f"v-{len(self.held)}",
                state=CredState.ACCEPTED,
                kind=spec.kind,
                secret=self.codes.pop(0) if self.codes else f"{len(self.calls):06d}",
                effective_from=spec.valid_from,
                effective_until=spec.valid_until,
            )
        self._end()
        return self.held[spec.ref]

    def update(self, cred, spec, *, idempotency_key):
        return self.issue(spec, idempotency_key=idempotency_key)

    def revoke(self, cred, *, idempotency_key):
        self._begin("revoke", idempotency_key)
        if cred.ref not in self.held:
            raise NotFound("gone")
        del self.held[cred.ref]
        self._end()
        return replace(cred, state=CredState.REVOKED)

    def get(self, cred):
        return self.held[cred.ref]

    def find_by_ref(self, ref, device_ids):
        self.calls.append("find")
        return self.held.get(ref)

    def list_credentials(self, device_id):
        return list(self.held.values())

    def _begin(self, verb, idempotency_key):
        self.calls.append(verb)
        for act in self.during:
            act()
        if self.faults and not self.faults[0].ambiguous:
            raise self.faults.pop(0)

    def _end(self):
        if self.faults:
            raise self.faults.pop(0)
