"""Codes and device secrets at rest: AES-256-GCM under a key of the municipality, bound to the place they stand in.

The associated data is ``schema|table|row|field``: a ciphertext copied to another municipality, row or field does not
decrypt. The municipality's key is derived from ``settings.MASTER_KEY`` (or, where that is not set, ``SECRET_KEY``).
Format: one byte for the version of the key scheme, 12 bytes nonce, ciphertext with its tag.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenants.context import current_schema

_VERSION = b"\x01"
_NONCE_BYTES = 12
# A bigint range ``[x, x]`` is stored as ``[x, x + 1)``, so x must stay well below the largest bigint.
_FINGERPRINT_BITS = 62


class CannotDecrypt(Exception):
    """This ciphertext was not written for this place, or under another key. Never says more."""


def encrypt(secret: bytes, *, table: str, row: str, field: str) -> bytes:
    """Return ``secret`` encrypted for one field of one row of the current municipality."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key("secrets")).encrypt(nonce, secret, _place(table, row, field))
    return _VERSION + nonce + sealed


def decrypt(ciphertext: bytes | memoryview, *, table: str, row: str, field: str) -> bytes:
    """Return what ``encrypt`` was given for the same place. Raises CannotDecrypt."""
    data = bytes(ciphertext)
    nonce, sealed = data[1 : 1 + _NONCE_BYTES], data[1 + _NONCE_BYTES :]
    if data[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise CannotDecrypt
    try:
        return AESGCM(_key("secrets")).decrypt(nonce, sealed, _place(table, row, field))
    except InvalidTag:
        # The cause is dropped on purpose: nothing about the secret belongs in a traceback.
        raise CannotDecrypt from None


def fingerprint(code: str, *, door_id: int) -> int:
    """Return a number that is equal for equal codes on one door and tells nothing of the code without the key."""
    digest = hmac.new(_key("fingerprints"), f"{door_id}|{code}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _FINGERPRINT_BITS)


def _place(table: str, row: str, field: str) -> bytes:
    return f"{current_schema()}|{table}|{row}|{field}".encode()


def _key(purpose: str) -> bytes:
    return _derive(settings.MASTER_KEY or settings.SECRET_KEY, current_schema(), purpose)


@lru_cache(maxsize=4096)
def _derive(master: str, schema: str, purpose: str) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=schema.encode(), info=f"machinoma locks {purpose}".encode()
    ).derive(master.encode())
