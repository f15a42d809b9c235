"""A mail server and a LINE platform on real sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from accounts.channels.base import Outgoing
from config.demo.fake_line import Channel, FakeLine
from config.demo.fake_line_server import LineServer

TOKEN, SECRET = "token-of-akiruno", "secret-of-akiruno"


@pytest.fixture
def line(settings):
    """The fake platform, listening; the product talks to it."""
    listener = socket.create_server(("127.0.0.1", 0))
    fake = FakeLine()
    fake.add_channel(Channel(TOKEN, SECRET, "あきる野市", "@akiruno"))
    server = LineServer(listener, fake)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.LINE_API_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class MailServer:
    """Takes mail; ``codes`` are what it answers to the next receivers instead."""

    received: list = field(default_factory=list)
    codes: list = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.codes:
            return self.codes.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def mail_server(settings):
    """A mail server that listens."""
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()
    asyncio.set_event_loop(None)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def message():
    """``message(address)``: a message to somebody."""

    def make(address, **changes):
        facts = {
            "address": address,
            "sender_name": "あきる野市",
            "host": "akiruno.localhost",
            "language": "ja",
            "subject": "予約できました（6月9日（水） 第1研修室）",
            "body": "葛󠄀の会 𠮷 様\n\n予約ができました。",
            "key": uuid4(),
        }
        return Outgoing(**{**facts, **changes})

    return make
