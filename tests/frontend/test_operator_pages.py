"""The public host: the front page for everybody, municipalities for the joint operator."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Staff
from frontend.operator.health import healths
from tenants.context import inside, inside_public
from tenants.models import Municipality

RULES = Path(__file__).resolve().parents[2] / "facilities" / "ordinance" / "examples" / "miki.yaml"
NEW = "/operator/municipalities/new/"


def typed(**changes):
    return {
        "lg_code": "282154", "name": "三木市", "name_en": "Miki City", "host": "miki.example.jp", "text": "",
        "file": SimpleUploadedFile("miki.yaml", RULES.read_bytes()), **changes,
    }  # fmt: skip


def test_front_page_leads_to_each_municipality(public_client):
    page = public_client.get("/").text
    assert 'href="http://akiruno.localhost/"' in page
    assert 'href="http://hokota.localhost/"' in page


def test_closed_municipality_is_not_on_the_front_page(public_client, hokota):
    with inside_public():
        Municipality.objects.filter(pk=hokota.pk).update(status="closed")
    assert "hokota.localhost" not in public_client.get("/").text


def test_operators_pages_ask_strangers_to_sign_in(public_client):
    for path in ("/operator/", NEW, "/operator/municipalities/132284/"):
        assert public_client.get(path).url.startswith("/account/login/"), path
    assert public_client.post(NEW, typed()).url.startswith("/account/login/")


def test_operators_pages_are_on_no_municipalitys_host(browser_of, emi):
    assert browser_of(emi).get("/operator/").status_code == 404


def test_list_says_that_municipalities_are_well(browser_of, fumi):
    page = browser_of(fumi).get("/operator/").text
    for words in ("あきる野市", "akiruno.localhost", "19部屋", "第1版", "正常", "できます"):
        assert words in page, words


def test_broken_schema_is_said_and_stops_no_other(fumi, akiruno, hokota, clock):
    with inside(hokota), connection.cursor() as cursor:
        cursor.execute("DROP TABLE facilities_roomspace")
    found = {one.municipality.name: one for one in healths(now=clock)}
    assert found["鉾田市"].schema == "broken"
    assert not found["鉾田市"].is_bookable
    assert found["あきる野市"].is_bookable


def test_schema_that_lacks_a_migration_is_said(fumi, hokota, clock):
    with inside(hokota), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'booking' AND name LIKE '0001%%'")
    found = {one.municipality.name: one.schema for one in healths(now=clock)}
    assert (found["鉾田市"], found["あきる野市"]) == ("behind", "ok")


def test_new_municipality_is_bookable_at_once(browser_of, fumi, client_for):
    answer = browser_of(fumi).post(NEW, typed())
    assert answer.url == "/operator/municipalities/282154/?new=1"
    page = browser_of(fumi).get(answer.url).text
    assert "三木市が加わりました" in page
    assert "http://miki.example.jp/" in page
    with inside_public():
        town = Municipality.objects.get(lg_code="282154")
    home = client_for(town).get("/")
    assert home.status_code == 200
    assert "青山公民館" in home.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lg_code": "282155"}, "最後は 4 です"),
        ({"lg_code": ""}, "団体コードを入れてください"),
        ({"lg_code": "132284"}, "もう登録されています"),
        ({"name": " "}, "自治体の名前を入れてください"),
        ({"host": "akiruno.localhost"}, "このホスト名は、もう使われています"),
        ({"host": "http://miki.example.jp/"}, "ホスト名は、英小文字"),
        ({"host": "localhost"}, "共同運営者のホスト名"),
        ({"file": SimpleUploadedFile("a.yaml", b"format: 1\nfacilites: []\n")}, "2行目"),
    ],
)
def test_mistakes_are_said_at_their_field_or_line_and_nothing_is_made(browser_of, fumi, changes, words):
    answer = browser_of(fumi).post(NEW, typed(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    with inside_public():
        assert Municipality.objects.exclude(schema_name="public").count() == 2


def test_refused_document_stands_in_the_field_with_its_mistakes(browser_of, fumi):
    upload = SimpleUploadedFile("a.yaml", "format: 1\nfacilites: [] # まちがい\n".encode())
    page = browser_of(fumi).post(NEW, typed(file=upload)).text
    assert "「facilites」という項目はありません。「facilities」のことですか。" in page
    assert page.count("まちがい\n") == 1


def test_first_admin_is_invited(browser_of, fumi, akiruno):
    browser = browser_of(fumi)
    form = {"name": "新田 管", "email": "kan@example.jp"}
    assert browser.post("/operator/municipalities/132284/", form).status_code == 302
    again = browser.post("/operator/municipalities/132284/", form)
    assert again.status_code == 422
    assert "もう登録されています" in again.text
    with inside(akiruno):
        assert Staff.objects.get(name="新田 管").role == "admin"
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'schema' FROM procrastinate_jobs WHERE task_name = 'frontend.mail_invitation'"
        )
        assert cursor.fetchall() == [("m132284",)]


def test_unknown_municipality_is_not_found(browser_of, fumi):
    assert browser_of(fumi).get("/operator/municipalities/999999/").status_code == 404
