"""What adapters without a vendor have in common: nobody to ask, so nothing is remembered and nothing measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from locks.adapters.base import (
    Cap,
    Constraints,
    Credential,
    CredentialSpec,
    DeviceHealth,
    DeviceInfo,
    NotFound,
    Rejected,
    Setup,
)


class WithoutVendor:
    """One device per door, known from the set-up alone."""

    key: ClassVar[str]
    model: ClassVar[str]
    caps: ClassVar[Cap]
    constraints: ClassVar[Constraints]

    def __init__(self, setup: Setup) -> None:
        """``setup`` names the devices."""
        self._setup = setup

    def list_devices(self) -> Sequence[DeviceInfo]:
        """Return the devices of the set-up."""
        return [
            DeviceInfo(device_id, device_id, self.model, self.caps, self.constraints)
            for device_id in self._setup.device_secrets
        ]

    def health(self, device_id: str) -> DeviceHealth:
        """Return that nothing is known. Raises NotFound."""
        self._known(device_id)
        return DeviceHealth(device_id)

    def find_by_ref(self, ref: str, device_ids: Sequence[str]) -> Credential | None:
        """Nobody remembers: issuing again gives the same credential."""
        return None

    def list_credentials(self, device_id: str) -> Sequence[Credential]:
        """Nobody keeps a list."""
        return ()

    def _known(self, device_id: str) -> bytes:
        if device_id not in self._setup.device_secrets:
            raise NotFound("no such device")
        return self._setup.device_secrets[device_id]

    def _only_device(self, spec: CredentialSpec) -> str:
        """Return the one device of a wish whose window is still to come or running. Raises Rejected, NotFound."""
        if len(spec.device_ids) != 1:
            raise Rejected("one device at a time")
        if spec.valid_until <= max(self._setup.clock(), spec.valid_from):
            raise Rejected("the window is over or empty")
        self._known(spec.device_ids[0])
        return spec.device_ids[0]
