"""A request's host decides the municipality: whoever asks, however it is written."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tenants import hosts
from tenants.context import current_schema, inside_public
from tenants.host_names import host_of, is_host_name, normal_host
from tenants.hosts import municipality_at
from tenants.middleware import MunicipalityMiddleware
from tenants.models import Domain
from tenants.services import close_municipality, reopen_municipality


@pytest.fixture
def served(akiruno):
    """``served(host)``: the schema a request to that host runs in, or the answer's status when it ran in none."""

    def ask(host, path="/", **headers):
        seen = []

        def view(request):
            seen.append((current_schema(), request.urlconf, getattr(request.tenant, "schema_name", None)))
            return HttpResponse()

        response = MunicipalityMiddleware(view)(RequestFactory().get(path, HTTP_HOST=host, **headers))
        assert current_schema() == "public"
        return seen[0] if seen else response.status_code

    return ask


AKIRUNO = ("m132284", "config.urls_municipality", "m132284")
PUBLIC = ("public", "config.urls_public", None)


@pytest.mark.parametrize(
    "host",
    [
        "akiruno.localhost",
        "akiruno.localhost:8000",
        "AKIRUNO.LocalHost",
        "akiruno.localhost.",
        "akiruno.localhost.:80",
    ],
)
def test_every_way_to_write_the_host_leads_to_its_municipality(served, host):
    assert served(host) == AKIRUNO


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LOCALHOST."])
def test_the_public_host_enters_no_municipality(served, host):
    assert served(host) == PUBLIC


@pytest.mark.parametrize(
    "host",
    [
        "nowhere.localhost",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
        "akiruno_.localhost",
        "akiruno.localhost/evil",
        "m132284",
        "public",
        "template_municipality",
        "x.akiruno.localhost",
        "akiruno.localhost:8000:9",
        "@akiruno.localhost",
        "",
    ],
)
def test_an_unknown_or_broken_host_gets_a_page_and_no_schema(served, host):
    assert served(host) == 404


def test_forwarded_host_is_not_believed(served):
    assert served("nowhere.localhost", HTTP_X_FORWARDED_HOST="akiruno.localhost") == 404
    assert served("akiruno.localhost", HTTP_X_FORWARDED_HOST="hokota.localhost") == AKIRUNO


def test_health_is_answered_on_any_host(served):
    for host in ("127.0.0.1", "nowhere.localhost", "akiruno.localhost", "localhost"):
        assert served(host, "/healthz") == PUBLIC


def test_a_closed_municipality_gets_a_page_that_says_so(served, akiruno, client_for):
    client = client_for(akiruno)
    close_municipality(lg_code="132284")
    assert served("akiruno.localhost") == 410
    assert "終了しました" in client.get("/").content.decode()
    reopen_municipality(lg_code="132284")
    assert served("akiruno.localhost") == AKIRUNO


def test_the_schema_is_left_also_after_an_error(akiruno):
    def broken(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        MunicipalityMiddleware(broken)(RequestFactory().get("/", HTTP_HOST="akiruno.localhost"))
    assert current_schema() == "public"


def test_a_known_host_costs_no_query_the_second_time(akiruno, django_assert_num_queries):
    municipality_at("akiruno.localhost")
    with django_assert_num_queries(0):
        assert municipality_at("akiruno.localhost") == akiruno


def test_a_new_host_is_seen_at_once_even_if_somebody_asked_before(akiruno):
    assert municipality_at("new.localhost") is None
    with inside_public():
        Domain.objects.bulk_create([Domain(domain="new.localhost", tenant=akiruno, is_primary=False)])
    assert municipality_at("new.localhost") == akiruno


def test_made_up_hosts_do_not_fill_the_memory(akiruno):
    for number in range(20):
        municipality_at(f"h{number}.localhost")
    assert not hosts._known


def test_another_process_notices_a_change_after_a_few_seconds(akiruno, monkeypatch):
    municipality_at("akiruno.localhost")
    with inside_public():
        Domain.objects.filter(domain="akiruno.localhost").delete()
    assert municipality_at("akiruno.localhost") == akiruno
    later = hosts.time.monotonic() + 16
    monkeypatch.setattr(hosts.time, "monotonic", lambda: later)
    assert municipality_at("akiruno.localhost") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Akiruno.Example.JP. ", "akiruno.example.jp"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("あ" * 70 + ".jp", "あ" * 70 + ".jp"),
    ],
)
def test_a_host_is_kept_in_one_form(typed, kept):
    assert normal_host(typed) == kept


@pytest.mark.parametrize("host", ["akiruno.example.jp", "localhost", "a-1.xn--r8jz45g.jp", "0akiruno.jp"])
def test_a_host_name_is_accepted(host):
    assert is_host_name(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "a..jp",
        "-a.jp",
        "a-.jp",
        "a_b.jp",
        "a.jp:80",
        "http://a.jp",
        "10.0.0.1",
        "::1",
        "a.1",
        "あ.jp",
        "a b.jp",
        f"{'a' * 64}.jp",
        ".".join(["a" * 60] * 5),
        "a.jp\n",
    ],
)
def test_what_is_no_host_name_is_refused(host):
    assert not is_host_name(host)


def test_nonsense_in_the_header_is_no_host():
    assert host_of("a b") == ""
