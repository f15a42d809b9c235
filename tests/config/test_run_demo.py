from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


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
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def status(self, host, path="/"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture
def start(data):
    demos = []

    def start(port=None):
        demos.append(Demo(data, port or free_port()))
        return demos[-1]

    yield start
    for demo in demos:
        if demo.process.poll() is None:
            demo.stop()
        demo.process.stdout.close()


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


def test_demo_serves_tells_its_log_ins_and_stops_everything(start, data):
    demo = start().wait_until_ready()

    assert demo.status("localhost", "/healthz") == 200
    for town in ("akiruno", "hokota", "miki", "inzai"):
        assert demo.status(f"{town}.localhost") == 200
    for role in ("Resident", "Hall manager", "Municipality admin", "Joint operator"):
        assert role in demo.said
    assert demo.stop() == 0
    assert living(data) == []
    with pytest.raises(ConnectionRefusedError):
        demo.status("localhost")


def test_second_start_is_quick_and_keeps_the_data(start):
    first = start().wait_until_ready()
    first.stop(signal.SIGINT)
    began = time.monotonic()
    second = start(first.port).wait_until_ready()

    # A first start fills in hundreds of reservations; finding them there takes a fraction of that.
    assert time.monotonic() - began < 30
    assert re.findall(r"\S+@\S+", second.said) == re.findall(r"\S+@\S+", first.said)


def test_part_that_dies_ends_the_demo_and_is_named(start, data):
    demo = start().wait_until_ready()
    worker = next(
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if process.joinpath("stat").exists()
        and f" {demo.process.pid} " in process.joinpath("stat").read_text()
        and b"\0work\0" in process.joinpath("cmdline").read_bytes()
    )
    os.kill(worker, signal.SIGKILL)
    demo.said += demo.process.communicate(timeout=60)[0]

    assert demo.process.returncode == 1
    assert "The worker has ended by itself" in demo.said
    assert living(data) == []


def test_taken_port_gets_a_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        demo = start(port)
        demo.said += demo.process.communicate(timeout=60)[0]

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
