"""/healthz says which part is not alive, soon, also when the database hangs."""

from __future__ import annotations

import socket
import time

import pytest
from django.db import connection

from tenants import health
from tenants.context import inside_public

ALIVE = {"web": "alive", "database": "alive", "worker": "alive"}


# The test's machine may be busy: what is told soon comes long before what is waited for would come by itself.
LONG_BEFORE_SECONDS, BY_ITSELF_SECONDS = 30, 45


@pytest.fixture
def patient(monkeypatch):
    """A database that is alive may take its time on a busy machine."""
    monkeypatch.setattr(health, "_ANSWER_SECONDS", 60)


def test_nobody_waits_longer_than_three_seconds():
    assert health._CONNECT_SECONDS + health._ANSWER_SECONDS < 3


def heartbeat(seconds_ago):
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_all_alive_is_200(patient, committed_city, public_client):
    heartbeat(5)
    answer = public_client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, ALIVE)
    assert "no-store" in answer["Cache-Control"]


def test_a_worker_without_a_heartbeat_for_a_minute_is_503(patient, committed_city, public_client):
    heartbeat(70)
    answer = public_client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, ALIVE | {"worker": "no heartbeat"})


def test_health_is_told_on_every_host(patient, committed_city, client_for):
    heartbeat(5)
    for host in ("127.0.0.1:8000", "unknown.example.jp", "akiruno.localhost"):
        assert client_for(None).get("/healthz", HTTP_HOST=host).json() == ALIVE


def test_it_can_only_be_read(public_client):
    assert public_client.post("/healthz").status_code == 405


def test_a_database_that_is_not_there_is_503(monkeypatch, public_client):
    pointed_at(monkeypatch, host="127.0.0.1", port=closed_port())
    answer = public_client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "no answer")
    assert answer.json()["worker"] == "unknown"


def test_a_database_that_hangs_is_503_and_not_waited_for(monkeypatch, public_client):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        pointed_at(monkeypatch, host="127.0.0.1", port=silent.getsockname()[1])
        start = time.monotonic()
        answer = public_client.get("/healthz")
        assert time.monotonic() - start < LONG_BEFORE_SECONDS
    assert (answer.status_code, answer.json()["database"]) == (503, "no answer")


def test_a_database_that_falls_silent_after_connecting_is_503(committed_city, monkeypatch, public_client):
    monkeypatch.setattr(health, "_LIVING_WORKERS", f"SELECT pg_sleep({BY_ITSELF_SECONDS})")
    start = time.monotonic()
    answer = public_client.get("/healthz")
    assert time.monotonic() - start < LONG_BEFORE_SECONDS
    assert (answer.status_code, answer.json()["database"]) == (503, "no answer")


def test_a_database_without_tables_is_not_prepared(patient, committed_city, monkeypatch, public_client):
    monkeypatch.setattr(health, "_LIVING_WORKERS", "SELECT count(*) FROM public.no_such_table")
    assert public_client.get("/healthz").json()["database"] == "not prepared"


def test_nothing_secret_is_told(monkeypatch, public_client):
    pointed_at(monkeypatch, host="db.internal.invalid", password="geheim", user="machinoma-user")
    body = public_client.get("/healthz").content.decode()
    for secret in ("geheim", "internal", "machinoma-user", "Traceback"):
        assert secret not in body


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pointed_at(monkeypatch, **changes):
    real = connection.get_connection_params()
    monkeypatch.setattr(connection, "get_connection_params", lambda: {**real, **changes})


@pytest.fixture
def public_client(client_for):
    return client_for(None)
