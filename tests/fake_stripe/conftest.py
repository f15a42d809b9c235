"""An account that is ready."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiosmtpd.controller import Controller


@pytest.fixture
def account(fake_stripe):
    """A connected account that takes cards, konbini and PayPay."""
    return fake_stripe.ready_account()


class MailServer:
    """Takes mail; ``codes`` are what it answers to the next receivers instead."""

    def __init__(self):
        self.received, self.codes, self.port = [], [], 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.codes:
            return self.codes.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def mail_server():
    """A mail server that listens."""
    handler = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        handler.port = listener.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()
    asyncio.set_event_loop(None)
