"""Tokens belong to one municipality and can be taken back; browsers write with their CSRF token."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from accounts.services import issue_token, revoke_token
from tenants.context import inside, inside_public
from tests.api.conftest import Program, program_of, refused
from tests.clients import HostClient


@pytest.mark.parametrize("token", ["x", "", "mn_m132284_" + "a" * 43, "mn__", "mn_m132284_葛", "a b"])
def test_an_unknown_token_is_refused_also_where_none_is_needed(city, token):
    program = Program(city)
    program.headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    refused(program.get("/reservations"), 401, "invalid_token")
    refused(program.get("/rooms"), 401, "invalid_token")


def test_a_revoked_token_is_refused(city, aiko, now):
    with inside(city):
        token, text = issue_token(user_id=aiko.user.pk, name="x", schema=city.schema_name)
    program = Program(city, text)
    assert program.get("/reservations").status_code == 200
    with inside(city):
        revoke_token(token_id=token.pk, now=now)
    refused(program.get("/reservations"), 401, "invalid_token")


def test_a_token_of_another_municipality_is_refused(city, hokota, chika):
    foreign = program_of(chika).headers["Authorization"].removeprefix("Bearer ")
    refused(Program(city, foreign).get("/reservations"), 401, "invalid_token")
    renamed = foreign.replace(hokota.schema_name, city.schema_name)
    refused(Program(city, renamed).get("/reservations"), 401, "invalid_token")


def test_a_token_whose_text_names_another_municipality_is_refused(city, hokota, aiko):
    with inside(city):
        _, text = issue_token(user_id=aiko.user.pk, name="x", schema=hokota.schema_name)
    refused(Program(city, text).get("/reservations"), 401, "invalid_token")


def test_a_token_of_somebody_locked_out_is_refused(city, aiko, aikos):
    with inside(city):
        type(aiko.user).objects.filter(pk=aiko.user.pk).update(is_active=False)
    refused(aikos.get("/reservations"), 401, "invalid_token")


def test_a_browser_reads_with_its_session(city, aiko):
    with inside_public():
        browser = aiko.client()
    assert browser.get("/api/v1/reservations").json() == {"reservations": [], "next": None}


def test_a_browser_writes_only_with_its_csrf_token(city, aiko, wish):
    with inside_public():
        client = HostClient(city)
    client.handler.enforce_csrf_checks = True
    client.force_login(aiko.user)
    refused(client.post("/api/v1/holds", wish(), content_type="application/json"), 403, "csrf_failed")
    client.cookies["csrf"] = "a" * 32
    response = client.post(
        "/api/v1/holds", wish(), content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert response.status_code == 201, response.content


def test_a_token_needs_no_csrf_token(city, aikos, wish):
    aikos.client.handler.enforce_csrf_checks = True
    assert aikos.post("/holds", wish()).status_code == 201


def test_a_session_ends_with_the_password_it_began_with(city, aiko):
    with inside_public():
        browser = aiko.client()
    assert browser.get("/api/v1/reservations").status_code == 200
    with inside(city):
        aiko.user.set_password("ame-nochi-hare-2027")
        aiko.user.save(update_fields=["password"])
    refused(browser.get("/api/v1/reservations"), 401, "not_authenticated")


def test_an_expired_session_is_nobody(city, aiko, now):
    with inside_public():
        browser = aiko.client()
    with inside(city):
        Session.objects.update(expire_date=now.replace(year=2020))
    refused(browser.get("/api/v1/reservations"), 401, "not_authenticated")


def test_the_session_of_somebody_locked_out_is_nobody(city, aiko):
    with inside_public():
        browser = aiko.client()
    with inside(city):
        type(aiko.user).objects.filter(pk=aiko.user.pk).update(is_active=False)
    refused(browser.get("/api/v1/reservations"), 401, "not_authenticated")


@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "a" * 5000, "' OR 1=1", "%00"])
def test_a_made_up_session_is_nobody(city, cookie):
    with inside_public():
        client = HostClient(city)
    client.cookies["session"] = cookie
    refused(client.get("/api/v1/reservations"), 401, "not_authenticated")
