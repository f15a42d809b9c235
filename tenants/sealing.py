"""Secrets at rest: AES-256-GCM under a key of the municipality, bound to the place they stand in.

The associated data is ``schema|table|row|field``: a ciphertext copied to another municipality, row or field does not
open. The municipality's key is derived from ``settings.MASTER_KEY`` (or, where that is not set, ``SECRET_KEY``), one
for each purpose. Format: one byte for the version of the key scheme, 12 bytes nonce, ciphertext with its tag.
"""

from __future__ import annotations

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


class CannotOpen(Exception):
    """This ciphertext was not written for this place, or under another key. Never says more."""


def seal(secret: bytes, *, purpose: str, table: str, row: str, field: str) -> bytes:
    """Return ``secret`` encrypted for one field of one row of the current municipality."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key_for(purpose)).encrypt(nonce, secret, _place(table, row, field))


def unseal(ciphertext: bytes | memoryview, *, purpose: str, table: str, row: str, field: str) -> bytes:
    """Return what ``seal`` was given for the same purpose and place. Raises CannotOpen."""
    data = bytes(ciphertext)
    nonce, sealed = data[1 : 1 + _NONCE_BYTES], data[1 + _NONCE_BYTES :]
    if data[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise CannotOpen
    try:
        return AESGCM(key_for(purpose)).decrypt(nonce, sealed, _place(table, row, field))
    except InvalidTag:
        # The cause is dropped on purpose: nothing about the secret belongs in a traceback.
        raise CannotOpen from None


def key_for(purpose: str) -> bytes:
    """Return the current municipality's key (32 bytes) for one purpose."""
    return _derive(settings.MASTER_KEY or settings.SECRET_KEY, current_schema(), purpose)


def _place(table: str, row: str, field: str) -> bytes:
    return f"{current_schema()}|{table}|{row}|{field}".encode()


@lru_cache(maxsize=4096)
def _derive(master: str, schema: str, purpose: str) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=schema.encode(), info=f"machinoma {purpose}".encode()
    ).derive(master.encode())
