"""A migration runs once and is replayed everywhere: exactly, once each, and on after an interruption."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from tenants import migrating
from tenants.context import inside, inside_public
from tenants.inspecting import schema_contents
from tenants.migrating import MigrationFailed, applied_migrations, migrate_municipalities, prepare_database
from tenants.models import Municipality
from tenants.provisioning import make_schema
from tenants.recording import is_replayable
from tenants.template import TEMPLATE_SCHEMA

BOTH = ("m082341", "m132284")


def say(sentence):
    pass


def a_migration(name, *operations, atomic=True):
    class Step(Migration):
        pass

    Step.operations = list(operations)
    Step.atomic = atomic
    return Step(name, "facilities")


ADD_COLOUR = migrations.AddField(
    "room", "colour", models.CharField(max_length=10, default="白", db_index=True)
)


@pytest.fixture
def history(akiruno, hokota, monkeypatch):
    """``history(step, …)``: from now on the product's migrations end with these."""
    real = list(migrating._history())

    def end_with(*steps):
        migration, state = real[-1]
        state = migration.mutate_state(state, preserve=True)
        more = []
        for step in steps:
            more.append((step, state))
            state = step.mutate_state(state, preserve=True)
        monkeypatch.setattr(migrating, "_history", lambda: iter([*real, *more]))

    return end_with


def columns_of_room(schema):
    return {line for line in schema_contents([schema])[schema] if line.startswith("column facilities_room.")}


def rows(schema, query):
    with inside(Municipality(schema_name=schema)), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_a_migration_reaches_every_municipality_and_the_template(history):
    history(a_migration("9001_colour", ADD_COLOUR))
    assert migrate_municipalities(say=say) == 2
    contents = schema_contents([*BOTH, TEMPLATE_SCHEMA])
    assert any("facilities_room.colour" in line for line in contents["m132284"])
    assert contents["m132284"] == contents["m082341"] == contents[TEMPLATE_SCHEMA]
    assert rows("m132284", "SELECT DISTINCT colour FROM facilities_room") == [("白",)]


def test_it_is_noted_once_and_not_run_again(history):
    history(a_migration("9001_colour", ADD_COLOUR))
    migrate_municipalities(say=say)
    said = []
    migrate_municipalities(say=said.append)
    assert said == []
    for schema in (*BOTH, TEMPLATE_SCHEMA):
        assert rows(schema, "SELECT count(*) FROM django_migrations WHERE name = '9001_colour'") == [(1,)]


def test_later_migrations_see_what_earlier_ones_made(history):
    history(
        a_migration("9001_colour", ADD_COLOUR),
        a_migration("9002_rename", migrations.RenameField("room", "colour", "paint")),
        a_migration("9003_drop", migrations.RemoveField("room", "paint")),
        a_migration("9004_sql", migrations.RunSQL("UPDATE facilities_room SET note = '100%'; SELECT 1")),
    )
    before = columns_of_room("m132284")
    migrate_municipalities(say=say)
    assert columns_of_room("m132284") == before == columns_of_room(TEMPLATE_SCHEMA)
    assert rows("m082341", "SELECT DISTINCT note FROM facilities_room") == [("100%",)]


def test_python_in_a_migration_runs_in_each_municipality(history):
    def shout(apps, editor):
        for room in apps.get_model("facilities", "Room").objects.all():
            room.name += f" {editor.connection.schema_name}"
            room.save()

    history(a_migration("9001_shout", migrations.RunPython(shout)))
    migrate_municipalities(say=say)
    for schema in BOTH:
        assert all(row[0].endswith(schema) for row in rows(schema, "SELECT name FROM facilities_room"))


def test_an_operation_that_writes_past_the_editor_is_run_not_replayed(history):
    class Sneaky(migrations.operations.base.Operation):
        def state_forwards(self, app_label, state):
            pass

        def database_forwards(self, app_label, editor, from_state, to_state):
            with editor.connection.cursor() as cursor:
                cursor.execute("UPDATE facilities_room SET note = %s", [editor.connection.schema_name])

    history(a_migration("9001_sneaky", Sneaky()))
    migrate_municipalities(say=say)
    for schema in BOTH:
        assert rows(schema, "SELECT DISTINCT note FROM facilities_room") == [(schema,)]


@pytest.mark.parametrize(
    ("operations", "atomic", "expected"),
    [
        ([ADD_COLOUR], True, True),
        ([ADD_COLOUR], False, False),
        ([migrations.RunPython(lambda apps, editor: None)], True, False),
        ([migrations.RunPython(migrations.RunPython.noop)], True, True),
        ([migrations.SeparateDatabaseAndState([migrations.RunPython(lambda a, e: None)])], True, False),
        ([migrations.SeparateDatabaseAndState([], [migrations.RunPython(lambda a, e: None)])], True, True),
    ],
)
def test_what_can_be_replayed_as_sql(operations, atomic, expected):
    assert is_replayable(a_migration("9001", *operations, atomic=atomic)) is expected


def test_one_that_fails_does_not_stop_the_others_and_the_next_run_goes_on(history):
    history(a_migration("9001_colour", ADD_COLOUR), a_migration("9002_sql", migrations.RunSQL("SELECT 1")))
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE m082341.facilities_room ADD colour integer")
    with pytest.raises(MigrationFailed, match=r"m082341: facilities\.9001_colour"):
        migrate_municipalities(say=say)
    applied = applied_migrations([*BOTH, TEMPLATE_SCHEMA])
    assert ("facilities", "9002_sql") in applied["m132284"]
    assert ("facilities", "9001_colour") not in applied["m082341"]
    assert ("facilities", "9002_sql") not in applied["m082341"]
    assert ("facilities", "9001_colour") not in applied[TEMPLATE_SCHEMA]
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE m082341.facilities_room DROP colour")
    migrate_municipalities(say=say)
    contents = schema_contents([*BOTH, TEMPLATE_SCHEMA])
    assert contents["m132284"] == contents["m082341"] == contents[TEMPLATE_SCHEMA]


def test_a_municipality_behind_the_template_catches_up(history):
    """Made while a migration was under way, or restored from an older backup."""
    history(a_migration("9001_colour", ADD_COLOUR))
    migrate_municipalities(say=say)
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE m082341.facilities_room DROP colour")
        cursor.execute("DELETE FROM m082341.django_migrations WHERE name = '9001_colour'")
    migrate_municipalities(say=say)
    assert columns_of_room("m082341") == columns_of_room(TEMPLATE_SCHEMA)


def test_a_busy_table_is_tried_again_and_then_named(history, monkeypatch):
    history(a_migration("9001_colour", ADD_COLOUR))
    tries = []

    class Busy(DatabaseError):
        pass

    def run(migration, state, script):
        tries.append(connection.schema_name)
        error = Busy("canceling statement due to lock timeout")
        error.__cause__ = type("LockNotAvailable", (Exception,), {"sqlstate": "55P03"})()
        raise error

    monkeypatch.setattr(migrating, "_run", run)
    with pytest.raises(MigrationFailed, match="lock timeout"):
        migrate_municipalities(say=say)
    assert sorted(tries) == ["m082341"] * 3 + ["m132284"] * 3


def test_which_municipality_lacks_what_takes_one_query_per_hundred(
    akiruno, hokota, django_assert_max_num_queries
):
    # SET search_path (before PostgreSQL 18); which of them exist; what they have.
    with django_assert_max_num_queries(3):
        applied = applied_migrations([*BOTH, "m999999"])
    assert applied["m999999"] == set()
    assert applied["m132284"] == applied["m082341"] != set()


def test_prepare_database_changes_nothing_the_second_time(akiruno, hokota, capsys):
    call_command("prepare_database")
    said = capsys.readouterr().out
    assert "Schema public" in said
    assert "2 municipalities are up to date." in said
    assert "in 2 municipalities …" not in said


def test_prepare_database_says_which_municipality_failed(history):
    history(a_migration("9001_bad", migrations.RunSQL("SELECT 1/0")))
    with pytest.raises(CommandError, match=r"run the command again.*9001_bad: division by zero"):
        call_command("prepare_database")


def test_an_empty_database_is_prepared_from_nothing(akiruno):
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {TEMPLATE_SCHEMA} CASCADE")
    prepare_database(say=say)
    contents = schema_contents(["m132284", TEMPLATE_SCHEMA])
    assert contents["m132284"] == contents[TEMPLATE_SCHEMA]


# BEGIN, SET LOCAL, the replayed script, the note that it is done, COMMIT.
MOST_STATEMENTS_EACH = 6


def test_the_cost_per_municipality_stays_flat(history, now):
    """A municipality takes one replay more, however many there are; nothing is asked of each in turn."""
    statements = {}
    for count in (10, 40):
        missing = [f"9{number:05d}" for number in range(count)]
        with inside_public():
            Municipality.objects.filter(lg_code__startswith="9").delete()
            towns = Municipality.objects.bulk_create(
                Municipality(schema_name=f"m{code}", lg_code=code, name=code, created_at=now)
                for code in missing
            )
        for town in towns:
            if not schema_contents([town.schema_name])[town.schema_name]:
                make_schema(town)
        history(
            a_migration(
                f"9001_colour_{count}",
                migrations.AddField("room", f"c{count}", models.IntegerField(default=0)),
            )
        )
        with CaptureQueriesContext(connection) as captured:
            migrate_municipalities(say=say)
        # Before PostgreSQL 18 each cursor sets its search path too.
        statements[count] = sum(not one["sql"].startswith("SET search_path") for one in captured)
    assert statements[40] - statements[10] <= 30 * MOST_STATEMENTS_EACH


def test_the_state_given_to_a_migration_is_the_one_before_it(history):
    history(a_migration("9001_colour", ADD_COLOUR))
    *_, (migration, state) = migrating._history()
    assert isinstance(state, ProjectState)
    assert "colour" not in state.models["facilities", "room"].fields
    assert migration.name == "9001_colour"
