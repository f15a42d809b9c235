"""A new municipality: all of it at once, or nothing; and never two."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from facilities.errors import InvalidRules
from facilities.models import Facility, Room
from tenants.context import inside, inside_public
from tenants.errors import (
    HostTaken,
    InvalidMunicipality,
    MunicipalityExists,
    MunicipalityNotFound,
    NotPrepared,
)
from tenants.lg_code import check_digit, is_lg_code, schema_name_of
from tenants.models import Domain, Municipality, SchemaTemplate
from tenants.provisioning import drop_schema
from tenants.services import close_municipality, create_municipality
from tests.building import ROOT

MIKI = ROOT / "facilities/ordinance/examples/miki.yaml"
RULES = MIKI.read_text(encoding="utf-8")


@pytest.fixture
def create(db, now):
    def make(**changes):
        facts = {
            "lg_code": "282154",
            "name": "三木市",
            "host": "miki.localhost",
            "rules_text": RULES,
            "now": now,
        }
        return create_municipality(**(facts | changes))

    return make


def schemas():
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'm______'")
        return {row[0] for row in cursor.fetchall()}


def test_a_new_municipality_has_its_halls_and_its_host(create, client_for, now):
    municipality = create(name_en="Miki City")
    assert municipality.created_at == now
    assert municipality.schema_name == "m282154"
    with inside(municipality):
        assert Facility.objects.exists()
        assert Room.objects.exists()
    assert client_for(municipality).get("/no-such-page").status_code == 404
    assert client_for(municipality).host == "miki.localhost"


def test_a_new_municipality_can_take_rows_at_once(create):
    """Counters of tables that came with rows go on after them."""
    with inside(create()), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now()) RETURNING id"
        )
        first = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM django_migrations WHERE id >= %s", [first])
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"lg_code": ""}, "lg_code", "入れてください"),
        ({"lg_code": "28215"}, "lg_code", "6けた"),
        ({"lg_code": "２８２１５４"}, "lg_code", "半角"),
        ({"lg_code": "990000"}, "lg_code", "都道府県"),
        ({"lg_code": "282155"}, "lg_code", "最後は 4"),
        ({"name": " \u3000"}, "name", "名前を入れて"),
        ({"name": "市" * 101}, "name", "100文字"),
        ({"name_en": "x" * 101}, "name_en", "100文字"),
        ({"host": ""}, "host", "入れてください"),
        ({"host": "https://miki.jp"}, "host", "http://"),
        ({"host": "miki.jp:8000"}, "host", "ポート番号"),
        ({"host": "mi_ki.jp"}, "host", "ハイフン"),
        ({"host": "192.0.2.1"}, "host", "ホスト名"),
        ({"host": "localhost"}, "host", "共同運営者"),
        ({"host": "LOCALHOST."}, "host", "共同運営者"),
    ],
)
def test_wrong_facts_are_refused_with_a_reason_per_field(create, changes, field, word):
    with pytest.raises(InvalidMunicipality) as refused:
        create(**changes)
    assert list(refused.value.facts["errors"]) == [field]
    assert word in refused.value.facts["errors"][field]


def test_all_mistakes_are_told_at_once(create):
    with pytest.raises(InvalidMunicipality) as refused:
        create(lg_code="1", name="", host="?")
    assert set(refused.value.facts["errors"]) == {"lg_code", "name", "host"}


def test_the_same_code_is_refused(create, akiruno):
    with pytest.raises(MunicipalityExists):
        create(lg_code="132284")


def test_a_taken_host_is_refused_and_leaves_nothing(create, akiruno):
    before = schemas()
    with pytest.raises(HostTaken):
        create(host="Akiruno.localhost")
    assert schemas() == before
    assert not Municipality.objects.filter(lg_code="282154").exists()


def test_a_refused_rules_file_leaves_nothing(create):
    with pytest.raises(InvalidRules):
        create(rules_text="format: 99\n")
    assert "m282154" not in schemas()
    assert not Municipality.objects.filter(lg_code="282154").exists()
    assert not Domain.objects.filter(domain="miki.localhost").exists()
    create()


def test_a_schema_left_behind_is_never_built_into(create):
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA m282154")
    with pytest.raises(MunicipalityExists, match="m282154"):
        create()


def test_seeders_run_inside_the_new_municipality(create, settings):
    settings.MUNICIPALITY_SEEDERS = ["tests.tenants.test_create_municipality.note_schema"]
    create()
    assert seen == [("m282154", RULES)]


seen = []


def note_schema(*, text, now):
    seen[:] = [(connection.schema_name, text)]


def test_without_a_template_the_refusal_says_what_to_do(create):
    drop_schema("template_municipality")
    with pytest.raises(NotPrepared, match="prepare_database"):
        create()


def test_the_sql_is_derived_again_when_it_is_not_kept(create):
    SchemaTemplate.objects.all().delete()
    create()
    assert SchemaTemplate.objects.count() == 1


def test_closing_an_unknown_municipality_is_refused(db):
    with pytest.raises(MunicipalityNotFound):
        close_municipality(lg_code="282154")


@pytest.mark.race
def test_of_two_creations_at_once_one_wins_and_one_is_refused(committed_city, now):
    outcomes = []
    start = threading.Barrier(2)

    def run():
        start.wait(timeout=60)
        try:
            create_municipality(
                lg_code="282154", name="三木市", host="miki.localhost", rules_text=RULES, now=now
            )
            outcomes.append("created")
        except MunicipalityExists:
            outcomes.append("refused")
        finally:
            connections.close_all()

    rivals = [threading.Thread(target=run) for _ in range(2)]
    try:
        for rival in rivals:
            rival.start()
        for rival in rivals:
            rival.join(120)
        assert sorted(outcomes) == ["created", "refused"]
    finally:
        drop_schema("m282154")


def test_the_command_creates_and_says_so(db, capsys):
    call_command(
        "create_municipality",
        lg_code="282154",
        name="三木市",
        host="miki.localhost",
        rules=Path(MIKI),
        name_en="Miki",
    )
    assert "三木市" in capsys.readouterr().out
    assert Municipality.objects.filter(lg_code="282154").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lg_code": "1"}, "6けた"),
        ({"rules": Path("/no/such/file")}, "cannot be read"),
        ({"host": "?"}, "ホスト名"),
    ],
)
def test_the_command_explains_what_is_wrong(db, changes, words):
    facts = {"lg_code": "282154", "name": "三木市", "host": "miki.localhost", "rules": MIKI} | changes
    with pytest.raises(CommandError, match=words):
        call_command("create_municipality", **facts)


def test_municipality_lg_code_six_digits_is_kept_by_the_database(db, now):
    with pytest.raises(IntegrityError, match="municipality_lg_code_six_digits"), transaction.atomic():
        Municipality.objects.bulk_create(
            [Municipality(schema_name="m282154", lg_code="28215", created_at=now)]
        )


def test_municipality_schema_from_code_is_kept_by_the_database(db, now):
    with pytest.raises(IntegrityError, match="municipality_schema_from_code"), transaction.atomic():
        Municipality.objects.bulk_create(
            [Municipality(schema_name="elsewhere", lg_code="282154", created_at=now)]
        )


def test_domain_is_a_host_is_kept_by_the_database(akiruno):
    with pytest.raises(IntegrityError, match="domain_is_a_host"), transaction.atomic():
        Domain.objects.bulk_create([Domain(domain="UPPER.jp", tenant=akiruno)])


@pytest.mark.parametrize("code", ["132284", "082341", "282154", "131016", "011002", "472018"])
def test_real_codes_have_the_right_check_digit(code):
    assert is_lg_code(code)
    assert check_digit(code[:5]) == code[5]
    assert schema_name_of(code) == f"m{code}"


@pytest.mark.parametrize(
    "code", ["132285", "13228", "1322840", "000000", "480002", "１３２２８４", "13228x", ""]
)
def test_wrong_codes_are_seen(code):
    assert not is_lg_code(code)
