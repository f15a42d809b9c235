"""A real browser against the real WSGI application on committed data; every page it sees is inspected.

Use ``visit``: ``visit(akiruno)`` opens a phone at that host; ``visit(akiruno, person=aiko, width=1180)`` a desk
computer with Aiko signed in; ``javascript=False`` a browser without JavaScript.
"""

from __future__ import annotations

import os
import re
import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import mail
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import sync_playwright

from config.wsgi import application
from tenants.context import inside_public

PHONE, LARGE_PHONE, TABLET = 320, 375, 1180
# What fits the small phone fits the large one: no style sheet has a step between them (tests/architecture). Journeys
# that run once run on the large one.
WIDTHS = [PHONE, TABLET]
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}

# A link inside a sentence is as high as its line; everything else is a target of at least 44 by 44 pixels.
SMALL_TARGETS = """() => {
  const seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden" && !e.closest(".skip");
  const hidden = (e) => { const s = getComputedStyle(e); return s.clipPath !== "none" && s.position === "absolute"; };
  const inSentence = (e) => getComputedStyle(e).display === "inline"
    && e.parentElement.innerText.trim().length > e.innerText.trim().length;
  const box = (e) => ((e.type === "radio" || e.type === "checkbox") && e.labels[0] || e).getBoundingClientRect();
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => seen(e) && !hidden(e) && !inSentence(e))
    .filter((e) => box(e).width < 43.5 || box(e).height < 43.5)
    .map((e) => `${e.outerHTML.slice(0, 120)} ${Math.round(box(e).width)}x${Math.round(box(e).height)}`);
}"""


# The page without what says nothing about its accessibility: the words themselves, where links lead, what fields hold.
BUILD = r"""() => {
  const page = document.documentElement.cloneNode(true);
  const words = document.createTreeWalker(page, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
  while (words.nextNode()) words.currentNode.nodeValue = words.currentNode.nodeValue.trim() ? "x" : "";
  for (const e of page.querySelectorAll("*")) {
    for (const name of ["href", "src", "action", "value", "datetime", "nonce"]) {
      if (e.getAttribute(name)) e.setAttribute(name, "x");
    }
  }
  return page.outerHTML;
}"""
# What axe found nothing wrong with, on phones and on wider screens (the style sheets know no step below 480 px):
# another page built exactly so is as good.
_sound: set[tuple[bool, str]] = set()


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format, *args):
        """The tests have their own report."""


class _Server(ThreadedWSGIServer):
    # A browser keeps connections open that it may never use: nobody waits for them.
    daemon_threads = True
    block_on_close = False


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session. None to be found is a failure, not a skip."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or None
    # Playwright's loop runs in this thread; Django would take that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def server(committed_city):
    """The port of a server that runs the product's own application, one thread per connection."""
    server = _Server(("127.0.0.1", 0), _QuietHandler)
    server.set_app(StaticFilesHandler(application))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def visit(browser, server):
    """Open a browser window at a municipality's host (None: the joint operator's). Returns a Visitor."""
    contexts = []

    def open_window(municipality, *, width=LARGE_PHONE, person=None, javascript=True, language="ja-JP"):
        with inside_public():
            host = municipality.domains.get(is_primary=True).domain if municipality else settings.PUBLIC_HOST
        context = browser.new_context(
            base_url=f"http://{host}:{server}",
            locale=language,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if person:
            cookie = person.client().cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        return Visitor(page, javascript=javascript)

    yield open_window
    for context in contexts:
        context.close()


class Visitor:
    """A person at a browser. After each step the page is inspected; ``taps`` counts what a finger did."""

    def __init__(self, page, *, javascript):
        self.page = page
        self.javascript = javascript
        self.taps = 0
        self.troubles = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("response", self._see)

    def go(self, path):
        """Open an address."""
        self.page.goto(path)
        self.inspect()
        return self

    def follow(self, name, *, exact=False):
        """Tap a link by its words."""
        return self.tap(self.page.get_by_role("link", name=name, exact=exact).first)

    def press(self, name, *, exact=False):
        """Tap a button by its words."""
        return self.tap(self.page.get_by_role("button", name=name, exact=exact).first)

    def tap(self, target):
        """Tap something that leads on, and look at what comes."""
        self.taps += 1
        target.click()
        self.page.wait_for_load_state()
        if self.javascript:
            self.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping')")
        self.inspect()
        return self

    def choose(self, selector):
        """Tap a radio button; the page stays."""
        self.taps += 1
        self.page.locator(selector).first.check()
        return self

    def fill(self, **fields):
        """Type into fields by their names."""
        for name, text in fields.items():
            self.page.fill(f"[name={name}]", text)
        return self

    def code_from_mail(self):
        """The code of the newest mail, as a person would copy it."""
        body = mail.outbox[-1].body
        return re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", body, re.MULTILINE)[1]

    @property
    def text(self):
        """What stands on the page."""
        return self.page.locator("main").inner_text()

    def inspect(self):
        """Every page, at every step: accessible, nothing too wide, no target too small, nothing the CSP had to stop."""
        page = self.page
        assert not self.troubles, self.troubles
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"
        small = page.evaluate(SMALL_TARGETS)
        assert not small, f"{page.url}: {small}"
        if not self.javascript:
            return  # axe is a script; the same pages are inspected with scripts on
        build = (page.viewport_size["width"] < 480, page.evaluate(BUILD))
        if build not in _sound:
            results = Axe().run(page, options=AXE_RULES)
            assert not results.violations_count, f"{page.url}\n{results.generate_report()}"
            _sound.add(build)

    def _hear(self, message):
        # A browser reports every answer with status 4xx as an error: those are our clear refusals.
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(message.text)

    def _see(self, response):
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")
