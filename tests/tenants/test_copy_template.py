"""A schema made from the template's SQL is the same as one made by migrations; what cannot be copied is refused."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tenants.catalogue import NotCopiable, creation_sql
from tenants.context import inside, inside_public
from tenants.inspecting import schema_contents
from tenants.migrating import _history, _patiently
from tenants.models import Municipality
from tenants.provisioning import make_schema
from tenants.template import TEMPLATE_SCHEMA, refresh_template_sql, template

# What Django's migrations do not make today and a later one may.
EXTRAS = """
    CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.amount := NEW.amount + 1; RETURN NEW; END $$;
    CREATE TABLE extra (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        "select" text COLLATE "C" DEFAULT 'a;b',
        amount integer NOT NULL DEFAULT 3 CONSTRAINT extra_amount CHECK (amount > 0),
        double integer GENERATED ALWAYS AS (amount * 2) STORED,
        raw bytea, during tstzrange, facts jsonb,
        room_id bigint REFERENCES facilities_room DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT extra_no_overlap EXCLUDE USING gist (int8range(room_id, room_id, '[]') WITH &&, during WITH &&)
            WHERE (amount > 1)
    );
    CREATE UNIQUE INDEX extra_upper ON extra (upper("select")) WHERE amount > 100;
    CREATE TRIGGER extra_note BEFORE UPDATE ON extra FOR EACH ROW EXECUTE FUNCTION note_change();
    INSERT INTO extra (amount, raw, during, facts) VALUES
        (7, '\\x00ff', '[2027-05-10 10:00+09,2027-05-10 12:00+09)', '{"名": "葛󠄀 𠮷 ''"}'), (8, NULL, NULL, NULL);
"""


@pytest.fixture
def make(db):
    """``make("m282154")``: a schema from the template as it is now."""

    def schema(name):
        refresh_template_sql()
        municipality = Municipality(schema_name=name)
        make_schema(municipality)
        return municipality

    return schema


def in_template(sql):
    with inside(template()), connection.cursor() as cursor:
        cursor.execute(sql)


def contents(schema):
    return schema_contents([schema])[schema]


def test_a_copy_is_the_same_as_a_migrated_schema(make):
    make("m282154")
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA m999997")
    migrated = Municipality(schema_name="m999997")
    with inside(migrated), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE django_migrations (LIKE {TEMPLATE_SCHEMA}.django_migrations INCLUDING ALL)"
        )
    for migration, state in _history():
        _patiently(migrated, migration, state, None)
    assert len(contents("m999997")) > 300
    assert contents("m282154") == contents("m999997") == contents(TEMPLATE_SCHEMA)


def test_the_copy_has_the_one_invariant_under_its_name(make):
    make("m282154")
    assert any("claim_no_overlap EXCLUDE USING gist" in line for line in contents("m282154"))


def test_triggers_functions_exclusions_and_generated_columns_are_copied(make):
    in_template(EXTRAS)
    make("m282154")
    assert any("note_change" in line for line in contents("m282154"))
    assert contents("m282154") == contents(TEMPLATE_SCHEMA)


def test_rows_and_counters_are_copied(make):
    in_template(EXTRAS)
    rows = []
    for place in (template(), make("m282154")):
        with inside(place), connection.cursor() as cursor:
            cursor.execute("SELECT extra::text FROM extra ORDER BY id")
            rows.append(cursor.fetchall())
    assert rows[0] == rows[1]
    assert len(rows[0]) == 2
    with inside(Municipality(schema_name="m282154")), connection.cursor() as cursor:
        cursor.execute("INSERT INTO extra (amount) VALUES (4) RETURNING id")
        assert cursor.fetchone()[0] == 3
        cursor.execute("UPDATE extra SET amount = 10 WHERE id = 3 RETURNING amount, double")
        assert cursor.fetchone() == (11, 22)


def test_the_copy_points_to_itself_only(make):
    in_template(EXTRAS)
    make("m282154")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid
                WHERE k.connamespace = 'm282154'::regnamespace AND c.relnamespace <> 'm282154'::regnamespace"""
        )
        assert cursor.fetchall() == []
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP SCHEMA template_municipality CASCADE")
    assert contents("m282154")


@pytest.mark.parametrize(
    "stranger",
    [
        "CREATE VIEW seen AS SELECT 1 AS one",
        "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one",
        "CREATE TYPE mood AS ENUM ('good')",
        "CREATE DOMAIN yen AS integer",
        "CREATE TYPE pair AS (a integer)",
        "CREATE SEQUENCE counter",
        "CREATE TABLE parts (id integer) PARTITION BY LIST (id)",
        "CREATE TABLE child () INHERITS (facilities_room)",
        "CREATE UNLOGGED TABLE fast (id integer)",
        "ALTER TABLE facilities_room ENABLE ROW LEVEL SECURITY",
        "CREATE RULE hide AS ON DELETE TO facilities_room DO INSTEAD NOTHING",
        "CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)",
    ],
)
def test_what_cannot_be_copied_is_refused_aloud(db, stranger):
    in_template(stranger)
    with inside(template()), pytest.raises(NotCopiable):
        creation_sql(TEMPLATE_SCHEMA)


def test_check_municipalities_finds_nothing_in_fresh_ones(akiruno, hokota, capsys):
    call_command("check_municipalities")
    assert "as the template" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        ("DROP TABLE m132284.booking_transition", "m132284 lacks table booking_transition"),
        (
            "ALTER TABLE m132284.booking_claim DROP CONSTRAINT claim_no_overlap",
            "m132284 lacks constraint booking_claim",
        ),
        ("DROP INDEX m132284.reservation_of_room", "m132284 lacks index"),
        (
            "ALTER TABLE m082341.facilities_room ADD extra integer",
            "m082341 has besides column facilities_room.extra",
        ),
        ("CREATE TABLE public.booking_claim (id integer)", "public has table booking_claim"),
        ("CREATE SCHEMA m282154", "m282154 is in no register"),
        ("DROP SCHEMA template_municipality CASCADE", "run prepare_database"),
    ],
)
def test_check_municipalities_names_each_fault(akiruno, hokota, capsys, harm, complaint):
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(harm)
    with pytest.raises(CommandError, match="faults"):
        call_command("check_municipalities")
    assert complaint in capsys.readouterr().out
