"""A key of metal at a desk or in a box: staff hand it over and take it back (locks.services)."""

from __future__ import annotations

from dataclasses import replace

from locks.adapters.base import Cap, Constraints, Credential, CredentialSpec, CredKind, CredState, Rejected
from locks.adapters.without_vendor import WithoutVendor


class PhysicalKey(WithoutVendor):
    """Issuing means: staff may hand the key over in this window."""

    key = "physical_key"
    model = "key"
    caps = Cap.UPDATE_WINDOW | Cap.REVOKE_CLOUD | Cap.CLIENT_ID_IDEMPOTENT
    constraints = Constraints()

    def issue(self, spec: CredentialSpec, *, idempotency_key: str) -> Credential:
        """Allow the hand-over. Raises Rejected, NotFound."""
        device_id = self._only_device(spec)
        if spec.kind is not CredKind.PHYSICAL:
            raise Rejected("a key has no code")
        answer = Credential(
            ref=spec.ref,
            vendor_id=spec.ref,
            state=CredState.ACCEPTED,
            kind=CredKind.PHYSICAL,
            effective_from=spec.valid_from,
            effective_until=spec.valid_until,
            per_device={device_id: CredState.ACCEPTED},
        )
        return self.get(answer)

    def update(self, cred: Credential, spec: CredentialSpec, *, idempotency_key: str) -> Credential:
        """Allow it in another window."""
        return self.issue(spec, idempotency_key=idempotency_key)

    def revoke(self, cred: Credential, *, idempotency_key: str) -> Credential:
        """No hand-over any more. A key that is out comes back by hand."""
        return replace(cred, state=CredState.EXPIRED if self._is_over(cred) else CredState.REVOKED)

    def get(self, cred: Credential) -> Credential:
        """Only the clock changes what it is."""
        if self._is_over(cred):
            return replace(cred, state=CredState.EXPIRED)
        if cred.effective_from is not None and cred.effective_from <= self._setup.clock():
            return replace(cred, state=CredState.ACTIVE)
        return cred

    def _is_over(self, cred: Credential) -> bool:
        return cred.effective_until is not None and cred.effective_until <= self._setup.clock()
