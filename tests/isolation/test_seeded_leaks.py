"""Leaks seeded on purpose: with the guard taken away the probe sees the other municipality, with it in place not.

Each test asks the same probe twice. That the first answer is the leak proves that the second one means something.
Akiruno is the one whose data must not be seen, Hokota the one that looks.
"""

from __future__ import annotations

import threading

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType, ContentTypeManager
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import signing as django_signing
from django.core.cache import cache
from django.db import ProgrammingError, connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.module_loading import import_string
from django_tenants.postgresql_backend.base import DatabaseWrapper as UnguardedWrapper

from accounts import callers
from accounts.models import Resident, User
from accounts.services import issue_token
from facilities import rules
from facilities.models import Facility, RuleVersion
from tenants import checks, hosts, jobs, middleware, signing
from tenants.context import current_schema, inside, inside_public
from tenants.models import Domain
from tenants.postgresql.base import DatabaseWrapper
from tests import factories

CANARY = "CANARY-A"
SHARED_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"}}


def seen(error, probe):
    """The probe's answer; None when it fails closed with ``error``."""
    try:
        with transaction.atomic():
            return probe()
    except error:
        return None


def test_cache_key_without_schema(akiruno, hokota):
    def probe():
        with inside(akiruno):
            cache.set("rooms", CANARY)
        with inside(hokota):
            return cache.get("rooms")

    with override_settings(CACHES=SHARED_CACHE):
        assert probe() == CANARY
        assert [fault.id for fault in checks.check_isolation_settings(None)] == ["tenants.E002"]
    assert probe() is None
    assert checks.check_isolation_settings(None) == []


def test_raw_cursor_keeps_the_path_of_the_municipality_before(akiruno, hokota):
    """A cursor of the driver's own connection is not told that the municipality changed: house rules forbid it."""

    def probe(cursor_of):
        with inside(akiruno):
            names = list(Facility.objects.values_list("name", flat=True))
        with inside(hokota), cursor_of() as cursor:
            cursor.execute("SELECT name FROM facilities_facility")
            return {row[0] for row in cursor.fetchall()} & set(names)

    assert probe(lambda: connection.connection.cursor())
    assert not probe(lambda: connection.cursor())


def test_bare_thread_starts_outside_every_municipality(committed_city, monkeypatch):
    """A new thread has a new connection. It must not start where its parent was, or where anybody else was."""
    answers = []

    def probe():
        def run():
            try:
                answers.append(
                    seen(ProgrammingError, lambda: Facility.objects.values_list("name", flat=True)[0])
                )
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(120)
        return answers.pop()

    def start_where_somebody_is(self):
        UnguardedWrapper.set_schema_to_public(self)
        self.set_tenant(committed_city)

    with monkeypatch.context() as unguarded:
        unguarded.setattr(DatabaseWrapper, "set_schema_to_public", start_where_somebody_is)
        assert probe() == Facility.objects.all()[0].name
    assert probe() is None


def test_signed_token_without_schema(akiruno, hokota, monkeypatch):
    def probe():
        with inside(akiruno):
            token = signing.sign(CANARY, purpose="calendar")
        with inside(hokota):
            return seen(django_signing.BadSignature, lambda: signing.unsign(token, purpose="calendar"))

    with monkeypatch.context() as unguarded:
        unguarded.setattr(signing, "_salt", lambda purpose: purpose)
        assert probe() == CANARY
    assert probe() is None


def test_missing_table_falls_into_public(hokota, monkeypatch):
    """Residents exist in schema public too (the log-in app is shared), so there is something to fall into."""
    with inside_public():
        Resident.objects.create(name=CANARY)

    def probe():
        with inside(hokota):
            return list(Resident.objects.values_list("name", flat=True))

    with inside(hokota), connection.cursor() as cursor:
        cursor.execute("DROP TABLE accounts_resident CASCADE")
    with monkeypatch.context() as unguarded:
        unguarded.setattr(DatabaseWrapper, "set_tenant", UnguardedWrapper.set_tenant)
        assert seen(ProgrammingError, probe) == [CANARY]
    assert seen(ProgrammingError, probe) is None


def test_session_cookie_across_hosts(akiruno, hokota, settings):
    """A session is looked up among the municipality's own. Were they kept together, a cookie would open any host."""

    def served(host, cookie, view):
        # The session is stored after the view, still inside the municipality.
        request = RequestFactory().get("/", HTTP_HOST=host)
        if cookie:
            request.COOKIES[django_settings.SESSION_COOKIE_NAME] = cookie
        return middleware.MunicipalityMiddleware(SessionMiddleware(view))(request)

    def probe():
        found = []

        def remember(request):
            request.session["who"] = CANARY
            return HttpResponse()

        def look(request):
            found.append(request.session.get("who"))
            return HttpResponse()

        response = served("akiruno.localhost", None, remember)
        morsel = response.cookies[django_settings.SESSION_COOKIE_NAME]
        assert morsel["domain"] == ""
        served("akiruno.localhost", morsel.value, look)
        served("hokota.localhost", morsel.value, look)
        assert found[0] == CANARY
        return found[1]

    with override_settings(CACHES=SHARED_CACHE, SESSION_ENGINE="django.contrib.sessions.backends.cache"):
        assert probe() == CANARY
    assert probe() is None
    for setting in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN"):
        with override_settings(**{setting: ".localhost"}):
            assert [fault.id for fault in checks.check_isolation_settings(None)] == ["tenants.E003"]


def test_content_type_numbers_of_the_municipality_before(akiruno, hokota, monkeypatch):
    with inside(hokota):
        ContentType.objects.create(app_label="other", model="first")
    expected = {}
    for place in (akiruno, hokota):
        with inside(place):
            expected[place.schema_name] = ContentType.objects.create(app_label="facilities", model="room").pk
    assert expected["m132284"] != expected["m082341"]

    def probe():
        with inside(akiruno):
            ContentType.objects.get_by_natural_key("facilities", "room")
        with inside(hokota):
            return ContentType.objects.get_by_natural_key("facilities", "room").pk

    ContentType.objects.clear_cache()
    with monkeypatch.context() as unguarded:
        unguarded.setattr(ContentTypeManager, "clear_cache", lambda self: None)
        assert probe() == expected["m132284"]
    assert probe() == expected["m082341"]


def test_compiled_rules_are_kept_per_municipality(akiruno, hokota, monkeypatch):
    with inside(akiruno):
        version = RuleVersion.objects.all()[0].pk
    with inside(hokota):
        assert RuleVersion.objects.filter(pk=version).exists()

    def probe():
        rules._compiled.clear()
        with inside(akiruno):
            theirs = rules.rules_of(version)
        with inside(hokota):
            return rules.rules_of(version) is theirs

    with monkeypatch.context() as unguarded:
        unguarded.setattr(rules, "current_schema", lambda: "everywhere")
        assert probe()
    assert not probe()


def test_api_token_across_hosts(aiko, hokota, monkeypatch):
    """Even a token whose hash was copied to another municipality (a backup in the wrong place) is refused."""
    with inside(aiko.municipality):
        token, text = issue_token(user_id=aiko.user.pk, name="program", schema=current_schema())
    with inside(hokota):
        user = factories.a_user("copied@example.jp")
        type(token).objects.create(user=user, name=CANARY, token_hash=token.token_hash)
        factories.a_resident(CANARY).__class__.objects.filter(name=CANARY).update(user=user)

    def probe(schema):
        with inside(hokota):
            return callers.caller_by_token(text, schema=schema)

    assert probe("m132284") is not None
    assert probe("m082341") is None


def test_unknown_host_is_served_by_nobody(akiruno, hokota, monkeypatch):
    def probe():
        answered = []

        def view(request):
            answered.append(Facility.objects.values_list("name", flat=True)[0])
            return HttpResponse()

        middleware.MunicipalityMiddleware(view)(RequestFactory().get("/", HTTP_HOST="nobody.localhost"))
        return answered

    with monkeypatch.context() as unguarded:
        unguarded.setattr(
            middleware, "municipality_at", lambda host: hosts.municipality_at("akiruno.localhost")
        )
        assert probe()
    assert probe() == []


def test_host_cache_after_a_host_changed_hands(akiruno, hokota, monkeypatch):
    def probe():
        hosts.municipality_at("akiruno.localhost")
        with inside_public():
            Domain.objects.filter(domain="akiruno.localhost").update(tenant=hokota)
        hosts.forget_hosts()
        found = hosts.municipality_at("akiruno.localhost").schema_name
        with inside_public():
            Domain.objects.filter(domain="akiruno.localhost").update(tenant=akiruno)
        hosts._known.clear()
        return found

    with monkeypatch.context() as unguarded:
        unguarded.setattr(hosts, "forget_hosts", lambda: None)
        assert probe() == "m132284"
    assert probe() == "m082341"


def test_job_of_one_municipality_run_in_another(akiruno, hokota, monkeypatch):
    """A job's schema is taken from the connection that enqueues it, never from the one that runs it."""
    ran = []
    jobs.job("tests.isolation")(lambda: ran.append(current_schema()))
    task = jobs.app.tasks["tests.isolation"]

    def probe():
        ran.clear()
        with inside(hokota):
            task(schema="m132284")
        return ran[0]

    with monkeypatch.context() as unguarded:
        unguarded.setattr(jobs, "municipality_of", lambda schema: connection.tenant)
        assert probe() == "m082341"
    assert probe() == "m132284"


def test_error_inside_a_municipality_leaves_it(akiruno, hokota):
    class Broken(Exception):
        pass

    def fail():
        with inside(akiruno), transaction.atomic():
            raise Broken

    with inside(hokota):
        mine = set(Facility.objects.values_list("name", flat=True))
        with pytest.raises(Broken):
            fail()
        assert current_schema() == "m082341"
        assert set(Facility.objects.values_list("name", flat=True)) == mine


def test_rolled_back_savepoint_does_not_bring_back_the_path_before(akiruno, hokota):
    """PostgreSQL undoes SET search_path with the savepoint; the path must be set again for the next statement."""
    with inside(akiruno):
        theirs = set(Facility.objects.values_list("name", flat=True))

    def probe():
        with transaction.atomic():
            with inside(akiruno):
                Facility.objects.count()
            try:
                with inside(hokota), transaction.atomic():
                    Facility.objects.count()
                    raise ProgrammingError
            except ProgrammingError:
                pass
            with inside(hokota):
                return set(Facility.objects.values_list("name", flat=True)) & theirs

    assert not probe()
    with override_settings(TENANT_LIMIT_SET_CALLS=True):
        assert [fault.id for fault in checks.check_isolation_settings(None)] == ["tenants.E001"]


@pytest.mark.parametrize(
    ("setting", "value", "fault"),
    [("ASGI_APPLICATION", "config.asgi.application", "tenants.E005")],
)
def test_other_settings_that_leak_are_refused_at_start(setting, value, fault):
    with override_settings(**{setting: value}):
        assert [found.id for found in checks.check_isolation_settings(None)] == [fault]


def test_the_unguarded_database_engine_is_refused_at_start(settings):
    engine = {**settings.DATABASES["default"], "ENGINE": "django_tenants.postgresql_backend"}
    unguarded = type("Settings", (), {"DATABASES": {"default": engine}, "CACHES": settings.CACHES})()
    for name in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN"):
        setattr(unguarded, name, None)
    original, checks.settings = checks.settings, unguarded
    try:
        assert [found.id for found in checks.check_isolation_settings(None)] == ["tenants.E004"]
    finally:
        checks.settings = original


def test_the_engine_in_use_is_the_guarded_one():
    assert isinstance(connections["default"], import_string("tenants.postgresql.base.DatabaseWrapper"))
    assert User._meta.db_table == "accounts_user"
