"""Fixtures of all tests: two real municipalities, the people in them, and a browser for each host.

The cast: Aiko (resident of Akiruno), Chika (resident of Hokota), Dai (manager of Akiruno's first hall), Emi
(Akiruno's admin), Fumi (joint operator). Use ``city`` for tests whose changes are rolled back, ``committed_city`` for
threads and live servers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from accounts.models import Resident, Staff, User
from facilities import rules
from facilities.models import Facility
from tenants.context import inside, inside_public
from tenants.hosts import forget_hosts
from tenants.models import Municipality
from tests import building, factories
from tests.clients import HostClient
from tests.stripe_platform import fake_stripe  # noqa: F401 (a fixture for all tests)

TOKYO = ZoneInfo("Asia/Tokyo")

# A busy machine makes one example slow now and then; slowness is measured in bench/, not here.
settings.register_profile("no_clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no_clock")

# Where several processes share the tests, none should be left alone with one that takes half a minute.
SLOWEST_FIRST = (
    "tests/config/test_run_demo",
    "tests/booking/test_any_order",
    "tests/money/test_any_order",
    "tests/journeys/",
    "tests/isolation/",
    "tests/frontend/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Slow tests first, when the tests are shared out; the order is a chance one otherwise."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        slowest = len(SLOWEST_FIRST)
        rank = {start: place for place, start in enumerate(SLOWEST_FIRST)}
        items.sort(key=lambda item: next((rank[one] for one in rank if item.nodeid.startswith(one)), slowest))


def pytest_terminal_summary(terminalreporter):
    """Say what tests counted (``record_property("figures", …)``), whichever process ran them."""
    for report in terminalreporter.stats.get("passed", []):
        for name, figures in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(figures)


@dataclass(frozen=True)
class Person:
    """Somebody with a log-in. ``municipality`` None: the joint operator."""

    name: str
    user: User
    municipality: Municipality | None
    resident: Resident | None = None
    staff: Staff | None = None
    password: str = factories.PASSWORD

    @property
    def email(self) -> str:
        return self.user.email

    def client(self) -> HostClient:
        """A browser in which this person is logged in at their own host."""
        client = HostClient(self.municipality)
        client.force_login(self.user)
        return client


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Build the test database by the product's own provisioning; never touch the one in the settings."""
    original = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        building.build()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            name = cursor.fetchone()[0]
    assert name.startswith("test_"), name
    yield
    with django_db_blocker.unblock():
        building.remove(original)


@pytest.fixture(autouse=True)
def _clean_process():
    """What lives in the process and not in the database: caches, this thread's language and its connection's schema.

    Compiled rules too: putting a municipality back gives the ids of its versions to others.
    """
    connection.set_schema_to_public()
    forget_hosts()
    rules._compiled.clear()
    cache.clear()
    translation.deactivate()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def now():
    """A Monday morning in May: 2027-05-10 10:00 in Tokyo."""
    return datetime(2027, 5, 10, 10, 0, tzinfo=TOKYO)


@pytest.fixture
def _data(request):
    """The database, committed if the test asked for ``committed_city``, else rolled back after the test."""
    request.getfixturevalue("committed_city" if "committed_city" in request.fixturenames else "db")


@pytest.fixture
def akiruno(_data):
    """あきる野市 (132284, akiruno.localhost). Enters nothing."""
    with inside_public():
        return Municipality.objects.get(lg_code="132284")


@pytest.fixture
def hokota(_data):
    """鉾田市 (082341, hokota.localhost). Enters nothing."""
    with inside_public():
        return Municipality.objects.get(lg_code="082341")


@pytest.fixture
def city(akiruno):
    """The test runs inside Akiruno; everything it writes is rolled back."""
    with inside(akiruno):
        yield akiruno


@pytest.fixture
def committed_city(django_db_setup, django_db_blocker):
    """The test runs inside Akiruno and commits: for threads and live servers. Both municipalities are put back after.

    Threads must close their connection (``connections.close_all()``), or putting back would wait for them.
    """
    with django_db_blocker.unblock():
        municipalities = list(Municipality.objects.order_by("-lg_code"))
        try:
            with inside(municipalities[0]):
                yield municipalities[0]
        finally:
            building.restore(municipalities)
            connection.close()


@pytest.fixture
def client_for(_data):
    """``client_for(akiruno)``: an anonymous browser at that host; ``client_for(None)``: at the public host."""

    def make(municipality, **defaults):
        with inside_public():
            return HostClient(municipality, **defaults)

    return make


@pytest.fixture
def public_client(client_for):
    """An anonymous browser at the joint operator's host."""
    return client_for(None)


@pytest.fixture
def aiko(akiruno):
    """Resident of Akiruno with a log-in."""
    with inside(akiruno):
        resident = factories.a_resident("青木 愛子", "aiko@example.jp", login=True, phone="042-000-0001")
        return Person("青木 愛子", resident.user, akiruno, resident=resident)


@pytest.fixture
def chika(hokota):
    """Resident of Hokota with a log-in."""
    with inside(hokota):
        resident = factories.a_resident("千葉 千佳", "chika@example.jp", login=True, phone="0291-00-0001")
        return Person("千葉 千佳", resident.user, hokota, resident=resident)


@pytest.fixture
def dai(akiruno):
    """Manager of Akiruno's first hall."""
    with inside(akiruno):
        staff = factories.a_staff(
            "土井 大", "dai@example.jp", Staff.Role.MANAGER, [Facility.objects.all()[0]]
        )
        return Person("土井 大", staff.user, akiruno, staff=staff)


@pytest.fixture
def emi(akiruno):
    """Admin of Akiruno."""
    with inside(akiruno):
        staff = factories.a_staff("江本 恵美", "emi@example.jp", Staff.Role.ADMIN)
        return Person("江本 恵美", staff.user, akiruno, staff=staff)


@pytest.fixture
def fumi(_data):
    """Joint operator: a log-in in schema public."""
    with inside_public():
        return Person("藤井 文", factories.a_user("fumi@example.jp"), None)


@pytest.fixture
def outbox():
    """The mails sent so far in this test."""
    return mail.outbox
