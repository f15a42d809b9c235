"""What is not public asks who calls, and who is nobody may do nothing; what is sent is never our fault."""

from __future__ import annotations

import pytest

from tenants.context import inside
from tests import factories
from tests.api.conftest import program_of, refused

NEW = [
    ("POST", "/reservations/00000000-0000-4000-8000-000000000000/change"),
    ("POST", "/reservations/00000000-0000-4000-8000-000000000000/change/look"),
    ("POST", "/reservations/00000000-0000-4000-8000-000000000000/proposal/accept"),
    ("POST", "/reservations/00000000-0000-4000-8000-000000000000/proposal/decline"),
    ("POST", "/applications"),
    ("POST", "/applications/look"),
    ("GET", "/applications/00000000-0000-4000-8000-000000000000"),
    ("GET", "/series"),
    ("POST", "/series"),
    ("GET", "/series/00000000-0000-4000-8000-000000000000"),
    ("GET", "/series/00000000-0000-4000-8000-000000000000/preview"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/apply"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/cancel"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/cancel/look"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/move"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/move/look"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/dates/1/add"),
    ("POST", "/series/00000000-0000-4000-8000-000000000000/renew"),
    ("GET", "/waits"),
    ("POST", "/waits"),
    ("GET", "/waits/00000000-0000-4000-8000-000000000000"),
    ("DELETE", "/waits/00000000-0000-4000-8000-000000000000"),
    ("POST", "/offers/00000000-0000-4000-8000-000000000000/accept"),
    ("POST", "/offers/00000000-0000-4000-8000-000000000000/decline"),
    ("GET", "/groups"),
    ("GET", "/offences"),
    ("POST", "/offences/00000000-0000-4000-8000-000000000000/appeal"),
    ("GET", "/reviews"),
    ("POST", "/reviews/permit"),
    ("POST", "/reviews/refuse"),
    ("POST", "/displacements"),
    ("POST", "/displacements/look"),
    ("GET", "/displacements/00000000-0000-4000-8000-000000000000"),
]


@pytest.mark.parametrize(("method", "path"), NEW)
def test_who_is_not_signed_in_is_asked_to(anybody, method, path):
    refused(anybody.send(method, path, {}), 401, "not_authenticated")


def test_a_login_that_is_nobody_does_nothing(city):
    with inside(city):
        user = factories.a_user("nobody@example.jp")
    program = program_of(type("P", (), {"municipality": city, "user": user}))
    for method, path in NEW:
        assert program.send(method, path, {}).status_code in {403, 422}, path


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"{", b'{"x": NaN}', b"\xff"])
def test_what_is_no_object_is_refused(aikos, dais, body):
    for method, path in NEW:
        for program in (aikos, dais):
            if method == "POST":
                assert program.send(method, path, body).status_code in {400, 403, 404, 422}, path


def test_what_is_not_there_is_not_found(aikos, dais, wish):
    for method, path in NEW:
        if "00000000" in path and method != "POST":
            for program in (aikos, dais):
                assert program.send(method, path).status_code in {403, 404}, path
