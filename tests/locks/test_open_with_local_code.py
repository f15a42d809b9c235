"""A code made on the server opens the keypad that never talks to it: in its window, on its door, nowhere else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locks.adapters.base import CodeConflict, CredentialSpec, Rejected, Setup
from locks.adapters.local_hmac import LocalHmac
from locks.edge import verify
from locks.edge.verify import LOCKED_SECONDS, VARIANTS, WRONG_TRIES, Keypad, code_for, opens, windows_at

SECRET = b"0" * 32
DOOR = "hall-A-front"
NOON = datetime(2027, 6, 9, 3, 0, tzinfo=UTC)


def issue(starts, ends, *, variant=0, now=NOON - timedelta(days=3)):
    adapter = LocalHmac(Setup(clock=lambda: now, device_secrets={DOOR: SECRET}))
    wish = CredentialSpec("ref", (DOOR,), starts, ends, "R-000001", variant=variant)
    return adapter.issue(wish, idempotency_key="k")


def test_the_algorithm_is_the_published_one():
    assert code_for(SECRET, DOOR, (490898, 2, 0)) == "07492663"
    assert code_for(SECRET, DOOR, (490898, 2, 1)) == "53204973"


def test_the_adapter_uses_it():
    starts = datetime.fromtimestamp(490898 * 3600, UTC)
    assert issue(starts, starts + timedelta(hours=2), now=starts).secret == "07492663"


def test_a_code_opens_in_its_window_and_at_no_other_time():
    answer = issue(NOON + timedelta(minutes=45), NOON + timedelta(hours=2, minutes=15))
    assert answer.effective_from == NOON
    assert answer.effective_until == NOON + timedelta(hours=3)
    tries = {minutes: NOON + timedelta(minutes=minutes) for minutes in (-1, 0, 45, 100, 179, 180, 24 * 60)}
    opened = {
        minutes for minutes, when in tries.items() if opens(SECRET, DOOR, answer.secret, when.timestamp())
    }
    assert opened == {0, 45, 100, 179}


def test_a_code_opens_no_other_door():
    code = issue(NOON, NOON + timedelta(hours=1)).secret
    assert opens(SECRET, DOOR, code, NOON.timestamp())
    assert not opens(SECRET, "hall-B-front", code, NOON.timestamp())
    assert not opens(b"1" * 32, DOOR, code, NOON.timestamp())


def test_a_denied_window_opens_nothing():
    code = issue(NOON, NOON + timedelta(hours=2)).secret
    window = (int(NOON.timestamp()) // 3600, 2, 0)
    assert not opens(SECRET, DOOR, code, NOON.timestamp(), frozenset([window]))


@pytest.mark.parametrize(
    "typed", ["", "0", "0749266", "074926630", "０７４９２６６３", "' OR 1=1", "abcdefgh"]
)
def test_what_is_no_code_is_just_wrong(typed):
    assert not opens(SECRET, DOOR, typed, NOON.timestamp())


def test_variants_give_different_codes_until_there_are_no_more():
    codes = {issue(NOON, NOON + timedelta(hours=2), variant=one).secret for one in range(VARIANTS)}
    assert len(codes) == VARIANTS
    assert all(opens(SECRET, DOOR, code, NOON.timestamp()) for code in codes)
    with pytest.raises(CodeConflict):
        issue(NOON, NOON + timedelta(hours=2), variant=VARIANTS)


def test_a_day_is_the_longest_window():
    assert opens(SECRET, DOOR, issue(NOON, NOON + timedelta(hours=24)).secret, NOON.timestamp())
    with pytest.raises(Rejected):
        issue(NOON, NOON + timedelta(hours=24, minutes=1))


def test_the_keypad_tries_three_thousand_windows_each_once():
    windows = list(windows_at(NOON.timestamp()))
    assert len(windows) == len(set(windows)) == 300 * VARIANTS


@settings(max_examples=25, deadline=None)
@given(
    start=st.integers(min_value=0, max_value=60 * 24 * 400),
    length=st.integers(min_value=1, max_value=60 * 22),
    offset=st.integers(min_value=-60 * 30, max_value=60 * 60),
)
def test_a_code_opens_exactly_within_what_the_answer_promises(start, length, offset):
    starts = NOON + timedelta(minutes=start)
    answer = issue(starts, starts + timedelta(minutes=length))
    when = starts + timedelta(minutes=offset)
    promised = answer.effective_from <= when < answer.effective_until
    assert opens(SECRET, DOOR, answer.secret, when.timestamp()) == promised


class Keys:
    """A keypad whose clock the test turns."""

    def __init__(self):
        self.seconds = NOON.timestamp()
        self.code = issue(NOON, NOON + timedelta(hours=1)).secret
        self.keypad = Keypad(SECRET, DOOR, clock=lambda: self.seconds)

    def wrong(self, times):
        return [self.keypad.enter("x") for _ in range(times)]


def test_five_wrong_tries_lock_the_keypad_for_five_minutes():
    keys = Keys()
    assert keys.wrong(WRONG_TRIES) == ["wrong"] * WRONG_TRIES
    assert keys.keypad.enter(keys.code) == "locked"
    keys.seconds += LOCKED_SECONDS - 1
    assert keys.keypad.enter(keys.code) == "locked"
    keys.seconds += 1
    assert keys.keypad.enter(keys.code) == "open"


def test_a_right_code_forgives_the_wrong_ones():
    keys = Keys()
    keys.wrong(WRONG_TRIES - 1)
    assert keys.keypad.enter(keys.code) == "open"
    keys.wrong(WRONG_TRIES - 1)
    assert keys.keypad.enter(keys.code) == "open"


def test_the_script_runs_alone_on_the_controller(tmp_path, monkeypatch, capsys):
    """Copied to another machine: no Django, no package, only this file and its set-up."""
    script = tmp_path / "verify.py"
    script.write_text(Path(verify.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    hour = int(datetime.now(UTC).timestamp()) // 3600  # noqa: TID251 (the script reads the real clock)
    setup = tmp_path / "door.json"
    setup.write_text(json.dumps({"device_id": DOOR, "secret": SECRET.hex(), "denied": [[hour - 1, 3, 1]]}))
    typed = "\n".join(code_for(SECRET, DOOR, (hour - 1, 3, variant)) for variant in (0, 1)) + "\n"
    run = subprocess.run(
        [sys.executable, "-I", str(script), str(setup)],
        input=typed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == ["open", "wrong"]
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    verify.main([str(setup)])
    assert capsys.readouterr().out.splitlines() == ["open", "wrong"]
