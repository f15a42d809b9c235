"""Every address of a municipality's host, asked on Hokota's host with Akiruno's ids and everybody's credentials.

New addresses are found by themselves. An address with a part ``canaries.plant`` has no example for fails the test.
"""

from __future__ import annotations

import itertools
import pickle
import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from accounts.models import Staff
from accounts.services import issue_token
from facilities.models import Facility
from tenants.context import current_schema, inside
from tests import factories
from tests.conftest import Person
from tests.isolation.canaries import CANARY, plant

# What Hokota's host answers for something that is Akiruno's: not here, sign in, or not allowed.
NOT_HERE = {400, 401, 403, 404, 405, 415, 422}
# The same for everybody: parts that do not name anything of Akiruno's.
NEUTRAL = {"day", "number", "kind", "language"}
# Who one is comes before what one asks for: staff have no bookings of their own until they give their details.
SIGN_IN = ("/account/login/", "/account/reauthenticate/", "/my/details/")


def routes(resolver, parts=()):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, (*parts, entry.pattern))
        else:
            yield (*parts, entry.pattern)


def filled(parts, examples):
    """Yield the addresses of one route and the names of their parts."""
    text = "".join(plain(part) for part in parts)
    names = re.findall(r"<(\w+)>", text)
    missing = set(names) - set(examples)
    assert not missing, f"/{text}: write an example for {missing} in tests/isolation/canaries.py"
    for values in itertools.product(*(examples[name] for name in names)):
        chosen = dict(zip(names, values, strict=True))
        yield "/" + re.sub(r"<(\w+)>", lambda found, chosen=chosen: chosen[found[1]], text), set(names)


def plain(pattern):
    """A route with ``<name>`` for each part, whether it was written as a path or as a regular expression."""
    if isinstance(pattern, RegexPattern):
        text = re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", str(pattern))
        return text.lstrip("^").rstrip("$").replace("\\.", ".")
    return re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(pattern))


def all_addresses(examples):
    for parts in routes(get_resolver(settings.ROOT_URLCONF)):
        yield from filled(parts, examples)


@pytest.fixture
def planted(aiko, dai, emi, now):
    return plant(aiko, dai, emi, now)


@pytest.fixture
def credentials(akiruno, hokota, aiko, dai, emi, chika, planted):
    """Who asks: a function from a name to (cookies, headers) as they arrive at Hokota's host."""
    with inside(hokota):
        halls = [Facility.objects.all()[0]]
        manager = factories.a_staff("鉾田 館", "manager@example.jp", Staff.Role.MANAGER, halls)
        admin = factories.a_staff("鉾田 課", "admin@example.jp", Staff.Role.ADMIN)
        own_token = issue_token(user_id=admin.user.pk, name="own", schema=current_schema())[1]
    people = {
        "cookie of A's resident": aiko,
        "cookie of A's manager": dai,
        "cookie of A's admin": emi,
        "resident": chika,
        "manager": Person("館", manager.user, hokota, staff=manager),
        "admin": Person("課", admin.user, hokota, staff=admin),
    }
    tokens = {"token of A": planted.token, "token": own_token}

    def of(who):
        if who in tokens:
            return {}, {"HTTP_AUTHORIZATION": f"Bearer {tokens[who]}"}
        if who in people:
            return dict(people[who].client().cookies), {}
        return {}, {}

    return of


class Visitor:
    """Asks for addresses one by one; what a visit changes is undone."""

    def __init__(self, client, cookies, headers, log):
        self.client, self.cookies, self.headers, self.log = client, cookies, headers, log
        client.raise_request_exception = False

    def visit(self, method, address):
        """Return the answer's status, its Location, and all that came out: body, headers, mails, log, cache."""
        self.client.cookies.clear()
        for name, morsel in self.cookies.items():
            self.client.cookies[name] = morsel.value
        self.log.clear()
        mail.outbox.clear()
        cache.clear()
        with transaction.atomic():
            answer = self.client.generic(
                method, address, HTTP_ACCEPT="*/*", content_type=self._type(address), **self.headers
            )
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        out = [body.decode(errors="replace"), repr(answer.headers.items()), str(answer.cookies)]
        out += [repr(message.__dict__) for message in mail.outbox]
        out += [repr(record.__dict__) for record in self.log.records]
        out += [f"{key} {pickle.loads(value)!r}" for key, value in cache._cache.items()]
        # What was asked for may be repeated (``next=``, the page's own address); it was the asker who brought it.
        return answer.status_code, answer.headers.get("Location", ""), "\n".join(out).lower()

    def _type(self, address):
        return "application/json" if address.startswith("/api/") else "application/x-www-form-urlencoded"


ASKERS = [
    "nobody",
    "cookie of A's resident",
    "cookie of A's manager",
    "cookie of A's admin",
    "token of A",
    "resident",
    "manager",
    "admin",
    "token",
]


@pytest.mark.parametrize("who", ASKERS)
def test_nothing_of_akiruno_is_seen_at_hokota(who, hokota, planted, credentials, client_for, caplog):
    caplog.set_level("DEBUG")
    visitor = Visitor(client_for(hokota), *credentials(who), caplog)
    faults = []
    for address, parts in all_addresses(planted.examples):
        for method in ("GET", "POST", "DELETE") if address.startswith("/api/") else ("GET", "POST"):
            status, location, out = visitor.visit(method, address)
            if CANARY in out:
                faults.append(f"{method} {address}: shows {out[out.index(CANARY) :][:60]}")
            if status >= 500:
                faults.append(f"{method} {address}: {status}")
            if parts - NEUTRAL and not (
                status in NOT_HERE or (status == 302 and location.startswith(SIGN_IN))
            ):
                faults.append(f"{method} {address}: {status} {location}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("who", "least"), [("cookie of A's resident", 5), ("cookie of A's admin", 15), ("token of A", 4)]
)
def test_the_same_crawl_at_home_does_see_the_canaries(
    who, least, akiruno, planted, credentials, client_for, caplog
):
    """The proof that the crawler would notice."""
    visitor = Visitor(client_for(akiruno), *credentials(who), caplog)
    singing, broken = [], []
    for address, _parts in all_addresses(planted.examples):
        status, _location, out = visitor.visit("GET", address)
        if CANARY in out:
            singing.append(address)
        if status >= 500:
            broken.append(address)
    assert not broken
    assert len(singing) >= least, singing


@pytest.mark.parametrize("who", ["aiko", "emi"])
def test_a_password_of_akiruno_does_not_sign_in_at_hokota(who, request, hokota, client_for):
    person = request.getfixturevalue(who)
    form = {"login": person.email, "password": person.password}
    client = client_for(hokota)
    client.post("/account/login/", form)
    assert "_auth_user_id" not in client.session
    at_home = client_for(person.municipality)
    at_home.post("/account/login/", form)
    assert "_auth_user_id" in at_home.session


def test_a_route_without_an_example_is_noticed():
    with pytest.raises(AssertionError, match="write an example"):
        list(all_addresses({}))
