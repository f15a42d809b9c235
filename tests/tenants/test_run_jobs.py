"""Jobs belong to the transaction and the municipality that enqueued them."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from tenants import jobs, logs
from tenants.context import current_schema, inside, inside_public
from tenants.models import Municipality
from tenants.services import close_municipality

ran = []


@jobs.job("tests.note")
def note(**arguments):
    ran.append((current_schema(), logs.municipality.get(), arguments))


@jobs.job("tests.fail", attempts=3)
def fail(**arguments):
    raise ZeroDivisionError


@jobs.periodic("tests.sweep", cron="0 0 1 1 *")
def sweep():
    ran.append(current_schema())
    if current_schema() == "m082341":
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


def waiting():
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args, scheduled_at FROM procrastinate_jobs ORDER BY id")
        return [(key, name, json.loads(facts), at) for key, name, facts, at in cursor.fetchall()]


def test_a_job_carries_the_schema_and_the_arguments(city, now):
    job_id = jobs.enqueue("tests.note", at=now, reservation_id=7)
    assert waiting() == [(job_id, "tests.note", {"schema": "m132284", "reservation_id": 7}, now)]


def test_a_job_disappears_with_its_transaction(city):
    class Undone(Exception):
        pass

    def book():
        with transaction.atomic():
            jobs.enqueue("tests.note")
            raise Undone

    with pytest.raises(Undone):
        book()
    assert waiting() == []
    assert current_schema() == "m132284"


def test_enqueuing_leaves_public_out_of_reach(city):
    jobs.enqueue("tests.note")
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone()[0].strip('"') == "m132284"


def test_a_job_runs_inside_the_municipality_that_enqueued_it(akiruno, hokota):
    app.tasks["tests.note"](schema="m082341", reservation_id=7)
    assert ran == [("m082341", "m082341", {"reservation_id": 7})]
    assert current_schema() == "public"


def test_the_schema_is_left_also_when_a_job_fails(akiruno):
    with pytest.raises(ZeroDivisionError):
        app.tasks["tests.fail"](schema="m132284")
    assert current_schema() == "public"


def test_a_job_of_no_municipality_does_not_run(db):
    with pytest.raises(Municipality.DoesNotExist):
        app.tasks["tests.note"](schema="m999999")
    assert ran == []


def test_a_failed_job_is_tried_again_a_limited_number_of_times():
    retry = app.tasks["tests.fail"].retry_strategy
    assert retry.max_attempts == 3
    assert retry.exponential_wait == 3


def test_a_municipality_where_a_periodic_job_fails_does_not_stop_the_others(akiruno, hokota, caplog):
    caplog.set_level(logging.ERROR, "tenants.jobs")
    app.tasks["tests.sweep"](timestamp=0)
    assert ran == ["m082341", "m132284"]
    assert [record.message for record in caplog.records] == ["periodic_job_failed"]
    assert current_schema() == "public"


def test_a_closed_municipality_is_left_out_of_periodic_jobs(akiruno, hokota):
    close_municipality(lg_code="082341")
    app.tasks["tests.sweep"](timestamp=0)
    assert ran == ["m132284"]


def test_a_failed_statement_in_one_municipality_leaves_the_next_one_usable(committed_city):
    """As in the worker: each municipality's work commits by itself."""
    seen = []

    def broken_in_hokota():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM " + ("nowhere" if current_schema() == "m082341" else "facilities_room")
            )
            seen.append((current_schema(), cursor.fetchone()[0] > 0))

    jobs.periodic("tests.broken", cron="0 0 1 1 *")(broken_in_hokota)
    app.tasks["tests.broken"](timestamp=0)
    assert seen == [("m132284", True)]


def test_jobs_of_two_municipalities_do_not_mix(akiruno, hokota):
    for place in (akiruno, hokota):
        with inside(place):
            jobs.enqueue("tests.note")
    assert [row[2]["schema"] for row in waiting()] == ["m132284", "m082341"]
