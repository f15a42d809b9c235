from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from config.demo.postgres import PostgresFailed, ensure_postgres, stop_postgres

ROOT = Path(__file__).resolve().parents[2]


def postmaster(data):
    return int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def ask(url, question):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_server_answers_with_utf8_and_room_for_many_municipalities(data):
    url = ensure_postgres(data)

    assert ask(url, "show server_encoding") == "UTF8"
    assert ask(url, "select lower('ＡÉ')") == "ａé"
    assert int(ask(url, "show max_connections")) == 300
    assert int(ask(url, "show max_locks_per_transaction")) == 256
    assert (data / "database-url").read_text().strip() == url


def test_django_reads_the_address(data):
    parsed = dj_database_url.parse(ensure_postgres(data))

    assert parsed["NAME"] == "machinoma"
    assert parsed["OPTIONS"]["host"] == str(data.resolve() / "postgres")


def test_second_call_finds_the_same_server(data):
    first = ensure_postgres(data)
    pid = postmaster(data)

    assert ensure_postgres(data) == first
    assert postmaster(data) == pid


def test_server_outlives_the_process_that_started_it(data):
    command = [sys.executable, "-m", "config.demo.postgres", "start"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "MACHINOMA_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ask(done.stdout.strip(), "select 1") == 1


def test_data_survives_a_killed_server(data):
    url = ensure_postgres(data)
    with psycopg.connect(url) as connection:
        connection.execute("create table kept (answer int)")
        connection.execute("insert into kept values (42)")
    killed = postmaster(data)
    os.kill(killed, signal.SIGKILL)

    assert ask(ensure_postgres(data), "select answer from kept") == 42
    assert postmaster(data) != killed


def test_process_number_that_now_belongs_to_another_program_is_no_server(data):
    ensure_postgres(data)
    stop_postgres(data)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file = data / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{bystander.pid}\n{data / 'postgres'}\n{int(time.time())}\n5432\n\n\n\nready\n")

        assert ask(ensure_postgres(data), "select 1") == 1
        stop_postgres(data)

        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_path_too_long_for_a_socket_still_works(data):
    deep = data / ("long-" + "x" * 60) / ("long-" + "y" * 60)

    assert ask(ensure_postgres(deep), "select 1") == 1


def test_path_with_a_blank_a_quote_and_kanji_works(data):
    odd = data / "町 の'間"

    assert ask(ensure_postgres(odd), "select 1") == 1


def test_half_made_server_is_made_again(data):
    half = data / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    assert ask(ensure_postgres(data), "select 1") == 1
    assert not half.exists()


def test_foreign_files_are_not_touched(data):
    (data / "postgres").mkdir()
    letter = data / "postgres" / "letter.txt"
    letter.write_text("mine")

    with pytest.raises(PostgresFailed, match="not a PostgreSQL data folder"):
        ensure_postgres(data)

    assert letter.read_text() == "mine"


def test_stopping_twice_is_fine_and_takes_the_address_away(data):
    url = ensure_postgres(data)
    stop_postgres(data)
    stop_postgres(data)

    assert not (data / "database-url").exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
