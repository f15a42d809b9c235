from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.demo.processes import Family
from config.demo.supervisor import make_was_interrupted

ROOT = Path(__file__).resolve().parents[2]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def family(tmp_path):
    family = Family(environment=os.environ, folder=tmp_path)
    yield family
    family.stop(patience=0)


def until(question):
    deadline = time.monotonic() + 60
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_stop_ends_a_child_that_will_not(family, tmp_path):
    child = family.start("stubborn", [sys.executable, "-c", STUBBORN], log=tmp_path / "log")
    until(lambda: (tmp_path / "log").read_text())
    family.stop(patience=0.2)

    assert child.process.returncode == -signal.SIGKILL


def test_stop_ends_what_a_child_started(family, tmp_path):
    family.start("parent", [sys.executable, "-c", PARENT], log=tmp_path / "log")
    until(lambda: (tmp_path / "log").read_text().endswith("\n"))
    grandchild = int((tmp_path / "log").read_text())
    family.stop()

    until(lambda: gone(grandchild))


def test_dead_child_is_named(family, tmp_path):
    family.start("sleeper", ["sleep", "60"], log=tmp_path / "sleeper")
    assert family.dead() is None
    short = family.start("short", ["false"], log=tmp_path / "short")
    until(lambda: family.dead() is not None)

    assert family.dead() is short


def test_children_end_when_their_parent_is_killed(tmp_path):
    program = (
        "import pathlib, sys, time; from config.demo.processes import Family\n"
        f"family = Family(environment={{}}, folder=pathlib.Path({str(tmp_path)!r}))\n"
        f"child = family.start('c', ['/bin/sleep', '60'], log=pathlib.Path({str(tmp_path / 'log')!r}))\n"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        parent.kill()

    until(lambda: gone(child))


def test_ctrl_c_that_only_make_gets_is_noticed(tmp_path):
    (tmp_path / "Makefile").write_text("wait:\n\t@exec sleep 60\n")
    with subprocess.Popen(["make", "wait"], cwd=tmp_path, start_new_session=True) as make:
        children = Path(f"/proc/{make.pid}/task/{make.pid}/children")
        until(lambda: children.read_text())
        before = make_was_interrupted(make.pid)
        make.send_signal(signal.SIGINT)
        until(lambda: make_was_interrupted(make.pid))
        os.killpg(make.pid, signal.SIGKILL)

    assert before is False
