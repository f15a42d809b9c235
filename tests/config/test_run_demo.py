from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.config.conftest import data_folder

ROOT = Path(__file__).resolve().parents[2]
TOWNS = ("akiruno", "hokota", "miki", "inzai")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Demo:
    """A `make demo` on its own port and folder, without make."""

    def __init__(self, data, port):
        self.port, self.data, self.said = port, data, ""
        environment = {**os.environ, "PORT": str(port), "MACHINOMA_DATA": str(data)}
        for name in ("DATABASE_URL", "SECRET_KEY", "MASTER_KEY", "HTTPS", "DJANGO_SETTINGS_MODULE"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.demo.supervisor"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_ready(self):
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C stops everything" in line:
                return self
        raise AssertionError(self.said)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=120)[0]
        return self.process.returncode

    def status(self, host, path="/"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
        status = connection.getresponse().status
        connection.close()
        return status


def stop_all(demos):
    for demo in demos:
        if demo.process.poll() is None:
            demo.stop()
        demo.process.stdout.close()


@pytest.fixture
def start(data):
    """Start a demo in an empty folder."""
    demos = []

    def start(port=None):
        demos.append(Demo(data, port or free_port()))
        return demos[-1]

    yield start
    stop_all(demos)


@dataclass
class FirstStart:
    """What was seen of a demo from its first start to its end; its data is kept for those who start again."""

    data: Path
    demo: Demo
    answers: dict[str, int]
    bookings: tuple[int, int]
    exit_code: int
    left: list[bytes]


@pytest.fixture(scope="module")
def first_start():
    with data_folder() as data:
        demo = Demo(data, free_port())
        try:
            demo.wait_until_ready()
            answers = {f"{town}.localhost": demo.status(f"{town}.localhost") for town in TOWNS}
            answers["healthz"] = demo.status("localhost", "/healthz")
            seen = bookings(data)
            exit_code = demo.stop(signal.SIGINT)
            yield FirstStart(data, demo, answers, seen, exit_code, living(data))
        finally:
            stop_all([demo])


@pytest.fixture
def start_again(first_start):
    """Start a demo where there was one before."""
    demos = []

    def start():
        demos.append(Demo(first_start.data, first_start.demo.port))
        return demos[-1]

    yield start
    stop_all(demos)


def bookings(data):
    """How many reservations the first town has, and the last one's number."""
    with psycopg.connect((data / "database-url").read_text().strip()) as connection:
        return connection.execute("SELECT count(*), max(id) FROM m132284.booking_reservation").fetchone()


def living(data):
    """Every process that works for the demo in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, words = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"MACHINOMA_DATA={data}".encode() in environment or str(data).encode() in words:
            found.append(words)
    return found


def test_demo_serves_tells_its_log_ins_and_stops_everything(first_start):
    assert set(first_start.answers.values()) == {200}, first_start.answers
    for role in ("Resident", "Hall manager", "Municipality admin", "Joint operator"):
        assert role in first_start.demo.said
    assert first_start.exit_code == 0
    assert first_start.left == []


def test_second_start_keeps_the_data_and_fills_in_nothing_again(first_start, start_again):
    second = start_again().wait_until_ready()

    assert bookings(first_start.data) == first_start.bookings
    assert first_start.bookings > (100, 100)
    assert re.findall(r"\S+@\S+", second.said) == re.findall(r"\S+@\S+", first_start.demo.said)
    assert second.stop() == 0
    with pytest.raises(ConnectionRefusedError):
        second.status("localhost")


def test_part_that_dies_ends_the_demo_and_is_named(first_start, start_again):
    demo = start_again().wait_until_ready()
    worker = next(
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if process.joinpath("stat").exists()
        and f" {demo.process.pid} " in process.joinpath("stat").read_text()
        and b"\0work\0" in process.joinpath("cmdline").read_bytes()
    )
    os.kill(worker, signal.SIGKILL)
    demo.said += demo.process.communicate(timeout=120)[0]

    assert demo.process.returncode == 1
    assert "The worker has ended by itself" in demo.said
    assert living(first_start.data) == []


def test_taken_port_gets_a_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        demo = start(port)
        demo.said += demo.process.communicate(timeout=120)[0]

    assert demo.process.returncode == 1
    assert f"Port {port} is in use" in demo.said
    assert "Traceback" not in demo.said


def test_port_is_held_from_the_first_moment(start):
    demo = start()
    for line in demo.process.stdout:
        if "PostgreSQL" in line:
            break
    with socket.socket() as rival:
        rival.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="Address already in use"):
            rival.bind(("127.0.0.1", demo.port))
