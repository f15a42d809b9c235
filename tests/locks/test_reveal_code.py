"""The code is shown from the day before, to the end, never after a cancellation; and that it was shown is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from locks import queries
from locks.edge.verify import Keypad
from locks.errors import DoorNotFound
from locks.models import Credential
from locks.queries import edge_setup, reveal_code, reveal_codes
from locks.services import withdraw_access
from tenants.context import inside
from tests.locks.conftest import at, only


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (at("10:00") - timedelta(hours=24, seconds=1), False),
        (at("10:00") - timedelta(hours=24), True),
        (at("11:59"), True),
        (at("12:00"), False),
    ],
)
def test_the_code_is_shown_from_24_hours_before_until_the_end(door, issued, when, shown):
    door()
    assert (reveal_code(subject=issued("10:00", "12:00"), now=when) is not None) == shown


def test_the_shown_code_opens_the_keypad_of_its_door(door, issued):
    keypad_door = door()
    code = reveal_code(subject=issued("10:00", "12:00"), now=at("9:50"))
    assert (code.door, code.note) == ("入口のテンキー", "玄関の右です。")
    assert (code.valid_from, code.valid_until) == (at("9:00"), at("13:00"))
    setup = edge_setup(door_id=keypad_door.pk)

    def enter(clock):
        return Keypad(
            setup.secret, setup.device_id, clock=lambda: at(clock).timestamp(), denied=frozenset(setup.denied)
        ).enter(code.code)

    assert [enter(clock) for clock in ("8:59", "9:00", "12:59", "13:00")] == [
        "wrong",
        "open",
        "open",
        "wrong",
    ]


def test_the_first_showing_is_kept(door, issued):
    door()
    subject = issued()
    reveal_code(subject=subject, now=at("9:00"))
    reveal_code(subject=subject, now=at("9:30"))
    assert only(subject).revealed_at == at("9:00")


def test_a_code_not_made_yet_is_not_shown(door, want):
    door()
    assert reveal_code(subject=want(), now=at("9:30")) is None


def test_a_withdrawn_code_is_not_shown(door, issued):
    door()
    subject = issued()
    withdraw_access(subject=subject, now=at("9:00"))
    assert reveal_code(subject=subject, now=at("9:30")) is None
    assert only(subject).revealed_at is None


def test_a_code_withdrawn_while_it_is_being_read_is_not_shown(door, issued, monkeypatch):
    door()
    subject = issued()
    note_revealed = queries._note_revealed

    def cancelled_meanwhile(row, now):
        Credential.objects.filter(subject=subject).update(desired="absent")
        return note_revealed(row, now)

    monkeypatch.setattr(queries, "_note_revealed", cancelled_meanwhile)
    assert reveal_code(subject=subject, now=at("9:30")) is None


def test_several_doors_have_several_codes(door, issued):
    door(name="玄関")
    door(name="部屋")
    codes = reveal_codes(subject=issued(), now=at("9:30"))
    assert [code.door for code in codes] == ["玄関", "部屋"]
    assert codes[0].code != codes[1].code


def test_a_key_has_no_code(door, issued):
    door("physical_key")
    assert reveal_code(subject=issued(), now=at("9:30")) is None


def test_an_unknown_subject_has_no_code(city):
    assert reveal_code(subject=uuid4(), now=at("9:30")) is None


def test_another_municipality_does_not_have_it(door, issued, hokota):
    door()
    subject = issued()
    with inside(hokota):
        assert reveal_code(subject=subject, now=at("9:30")) is None


def test_neither_code_nor_secret_is_in_a_representation(door, issued):
    keypad_door = door()
    code = reveal_code(subject=issued(), now=at("9:30"))
    assert code.code not in repr(code)
    setup = edge_setup(door_id=keypad_door.pk)
    assert repr(setup.secret) not in repr(setup)


def test_only_a_local_keypad_has_an_edge_setup(door):
    with pytest.raises(DoorNotFound):
        edge_setup(door_id=door("physical_key").pk)
    with pytest.raises(DoorNotFound):
        edge_setup(door_id=0)
