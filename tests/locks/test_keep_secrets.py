"""A secret can be read in its place only, and shows up nowhere else."""

from __future__ import annotations

import pytest

from locks.models import Credential, Door
from locks.secrets import CannotDecrypt, decrypt, encrypt, fingerprint
from tenants.context import inside

PLACE = {"table": "credential", "row": "7", "field": "secret"}


def test_a_secret_comes_back_in_its_own_place(city):
    sealed = encrypt(b"07492663", **PLACE)
    assert b"07492663" not in sealed
    assert decrypt(sealed, **PLACE) == b"07492663"
    assert decrypt(memoryview(sealed), **PLACE) == b"07492663"


def test_the_same_secret_never_looks_the_same(city):
    assert encrypt(b"07492663", **PLACE) != encrypt(b"07492663", **PLACE)


@pytest.mark.parametrize("change", [{"table": "door"}, {"row": "8"}, {"field": "url"}])
def test_it_cannot_be_read_in_another_place(city, change):
    sealed = encrypt(b"07492663", **PLACE)
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, **{**PLACE, **change})


def test_another_municipality_cannot_read_it(city, hokota):
    sealed = encrypt(b"07492663", **PLACE)
    with inside(hokota), pytest.raises(CannotDecrypt):
        decrypt(sealed, **PLACE)


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-1], lambda s: b"\x02" + s[1:], lambda s: b"", lambda s: s[:5]]
)
def test_what_was_spoilt_cannot_be_read(city, spoil):
    with pytest.raises(CannotDecrypt):
        decrypt(spoil(encrypt(b"07492663", **PLACE)), **PLACE)


def test_another_municipality_cannot_read_it_even_with_the_same_key(city, hokota, monkeypatch):
    monkeypatch.setattr("tenants.sealing.key_for", lambda purpose: b"k" * 32)
    sealed = encrypt(b"07492663", **PLACE)
    assert decrypt(sealed, **PLACE) == b"07492663"
    with inside(hokota), pytest.raises(CannotDecrypt):
        decrypt(sealed, **PLACE)


def test_a_changed_bit_is_noticed(city):
    sealed = bytearray(encrypt(b"07492663", **PLACE))
    sealed[-1] ^= 1
    with pytest.raises(CannotDecrypt):
        decrypt(bytes(sealed), **PLACE)


def test_the_master_key_opens_what_the_secret_key_did_not_write(city, settings):
    with_secret_key = encrypt(b"07492663", **PLACE)
    settings.MASTER_KEY = "another-" + "m" * 40
    with pytest.raises(CannotDecrypt):
        decrypt(with_secret_key, **PLACE)
    assert decrypt(encrypt(b"1", **PLACE), **PLACE) == b"1"


def test_fingerprints_tell_equal_codes_on_one_door_and_nothing_more(city, hokota):
    here = fingerprint("07492663", door_id=1)
    assert here == fingerprint("07492663", door_id=1)
    assert here != fingerprint("07492663", door_id=2)
    assert here != fingerprint("07492664", door_id=1)
    assert 0 <= here < 2**62
    with inside(hokota):
        assert here != fingerprint("07492663", door_id=1)


def test_neither_code_nor_device_secret_is_stored_in_clear(door, issued):
    keypad = door()
    row = Credential.objects.get(subject=issued())
    code = decrypt(row.secret_enc, table="credential", row=str(row.pk), field="secret").decode()
    assert len(code) == 8
    stored = repr(list(Credential.objects.values())) + repr(list(Door.objects.values()))
    assert code not in stored
    assert decrypt(keypad.secret_enc, table="door", row=keypad.device_id, field="secret").hex() not in stored
