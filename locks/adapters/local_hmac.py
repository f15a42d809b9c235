"""Keypad that computes its own codes: no vendor, no network, only a secret it shares with us and a clock.

Windows are widened to whole hours and the answer says so. A code cannot be taken back: it ends with its window,
unless the keypad is given the window as denied (see locks.edge.verify, which holds the algorithm).
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

from locks.adapters.base import (
    Cap,
    CodeConflict,
    Constraints,
    Credential,
    CredentialSpec,
    CredKind,
    CredState,
    Rejected,
)
from locks.adapters.without_vendor import WithoutVendor
from locks.edge.verify import DIGITS, LONGEST_HOURS, SECONDS_PER_HOUR, VARIANTS, Window, code_for


class LocalHmac(WithoutVendor):
    """Eight digits from the door's secret and the hours of the window."""

    key = "local_hmac"
    model = "keypad with machinoma local code v1"
    caps = Cap.PIN_GENERATED | Cap.OFFLINE_PIN | Cap.CLIENT_ID_IDEMPOTENT
    constraints = Constraints(
        pin_lengths=(DIGITS,),
        granularity_minutes=60,
        max_window_hours=LONGEST_HOURS,
        max_active_codes=VARIANTS,
    )

    def issue(self, spec: CredentialSpec, *, idempotency_key: str) -> Credential:
        """Compute the code of the window.

        Raises Rejected for what the keypad cannot do, CodeConflict when no variant is left.
        """
        device_id = self._only_device(spec)
        if spec.kind is not CredKind.PIN or spec.pin is not None:
            raise Rejected("this keypad makes its own codes")
        if spec.variant >= VARIANTS:
            raise CodeConflict("no code left for this window")
        first, last = _hour_at(spec.valid_from), _hour_from(spec.valid_until)
        if last - first > LONGEST_HOURS:
            raise Rejected("the window is too long for this keypad")
        window: Window = (first, last - first, spec.variant)
        answer = Credential(
            ref=spec.ref,
            vendor_id="-".join(str(number) for number in window),
            state=CredState.ON_DEVICE,
            kind=CredKind.PIN,
            secret=code_for(self._known(device_id), device_id, window),
            effective_from=_instant(first),
            effective_until=_instant(last),
            per_device={device_id: CredState.ON_DEVICE},
        )
        return self.get(answer)

    def update(self, cred: Credential, spec: CredentialSpec, *, idempotency_key: str) -> Credential:
        """Another window is another code."""
        return self.issue(spec, idempotency_key=idempotency_key)

    def revoke(self, cred: Credential, *, idempotency_key: str) -> Credential:
        """REVOKING until the window is over: the keypad goes on accepting the code."""
        over = cred.effective_until is not None and cred.effective_until <= self._setup.clock()
        return replace(cred, state=CredState.EXPIRED if over else CredState.REVOKING)

    def get(self, cred: Credential) -> Credential:
        """Only the clock changes what a code can do."""
        now = self._setup.clock()
        if cred.effective_until is not None and cred.effective_until <= now:
            return replace(cred, state=CredState.EXPIRED)
        if cred.effective_from is not None and cred.effective_from <= now:
            return replace(cred, state=CredState.ACTIVE)
        return cred


def _hour_at(instant: datetime) -> int:
    """Return the hour since 1970 UTC in which an instant lies."""
    return math.floor(instant.timestamp() / SECONDS_PER_HOUR)


def _hour_from(instant: datetime) -> int:
    """Return the first hour since 1970 UTC that does not begin before an instant."""
    return math.ceil(instant.timestamp() / SECONDS_PER_HOUR)


def _instant(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * SECONDS_PER_HOUR, UTC)
