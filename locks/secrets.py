"""Codes and device secrets at rest (tenants.sealing), and the fingerprints by which equal codes are told."""

from __future__ import annotations

import hashlib
import hmac

from tenants import sealing
from tenants.sealing import CannotOpen as CannotDecrypt

__all__ = ["CannotDecrypt", "decrypt", "encrypt", "fingerprint"]

# A bigint range ``[x, x]`` is stored as ``[x, x + 1)``, so x must stay well below the largest bigint.
_FINGERPRINT_BITS = 62
_PURPOSE = "locks secrets"


def encrypt(secret: bytes, *, table: str, row: str, field: str) -> bytes:
    """Return ``secret`` encrypted for one field of one row of the current municipality."""
    return sealing.seal(secret, purpose=_PURPOSE, table=table, row=row, field=field)


def decrypt(ciphertext: bytes | memoryview, *, table: str, row: str, field: str) -> bytes:
    """Return what ``encrypt`` was given for the same place. Raises CannotDecrypt."""
    return sealing.unseal(ciphertext, purpose=_PURPOSE, table=table, row=row, field=field)


def fingerprint(code: str, *, door_id: int) -> int:
    """Return a number that is equal for equal codes on one door and tells nothing of the code without the key."""
    key = sealing.key_for("locks fingerprints")
    digest = hmac.new(key, f"{door_id}|{code}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _FINGERPRINT_BITS)
