"""`python -m config.demo.fake_stripe --http-fd N --page-url … --webhook … --folder …`: the fake Stripe on its own.

It delivers webhooks and mails by itself, lets what falls due happen, and goes on after a restart where it stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import smtplib
import socket
import time
from email.message import EmailMessage
from pathlib import Path
from threading import Event, Thread

from config.demo.fake_stripe import api
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.forms import Row
from config.demo.fake_stripe.platform import API_KEY, WEBHOOK_SECRET, Platform
from config.demo.fake_stripe.server import StripeServer
from config.demo.fake_stripe.webhooks import Endpoint

# Stripe lets a test key call so often in a second, for each account.
_CALLS_PER_SECOND = 25
_BEAT = 0.3
# At the end nobody waits longer for who does not answer.
_LAST_BEAT = 3


def keep(platform: Platform, file: Path) -> None:
    """Write everything into a file, whole or not at all."""
    half = file.with_suffix(".part")
    half.write_text(json.dumps(platform.snapshot(), ensure_ascii=False), encoding="utf-8")
    os.replace(half, file)


def take_up(platform: Platform, file: Path) -> None:
    """Go on with what a file has kept, if there is one."""
    if file.exists():
        platform.restore(json.loads(file.read_text(encoding="utf-8")))


class Heart:
    """At each beat time passes, webhooks and mails go out; what changed is kept, at most once a second.

    ``smtp_port`` 0: nobody takes mails, and they wait.
    """

    def __init__(self, control: Control, file: Path | None, *, smtp_port: int = 0) -> None:
        self.control, self.file, self.smtp_port = control, file, smtp_port
        self._kept, self._again = control.platform.changes, 0.0

    def beat(self) -> None:
        """Do what is due."""
        self.control.platform.tick()
        if self.control.deliver_due() or self._send_mails():
            self.control.platform.changes += 1
        changes = self.control.platform.changes
        if self.file and changes != self._kept and time.monotonic() >= self._again:
            keep(self.control.platform, self.file)
            self._kept, self._again = changes, time.monotonic() + 1

    def _send_mails(self) -> bool:
        """Send the mails that wait; one that nobody takes waits on."""
        platform = self.control.platform
        with platform.lock:
            waiting = list(platform.mails) if self.smtp_port else []
        sent = [mail for mail in waiting if _send(mail, self.smtp_port)]
        with platform.lock:
            platform.mails = [mail for mail in platform.mails if mail not in sent]
        return bool(sent)


def _send(mail: Row, port: int) -> bool:
    message = EmailMessage()
    message["From"] = "Stripe（練習用） <no-reply@stripe.localhost>"
    message["To"], message["Subject"] = mail["to"], mail["subject"]
    message.set_content(mail["body"])
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m config.demo.fake_stripe")
    parser.add_argument("--http-fd", type=int, help="a listening socket; else --port")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--page-url", default="")
    parser.add_argument("--webhook", default="", help="where events of connected accounts go")
    parser.add_argument("--webhook-host", default="", help="the Host header for it")
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--webhook-secret", default=WEBHOOK_SECRET)
    parser.add_argument("--smtp-port", type=int, default=0, help="a mail server for mails to payers")
    parser.add_argument("--folder", type=Path, help="where what happens is kept")
    options = parser.parse_args()
    listener = (
        socket.create_server(("127.0.0.1", options.port))
        if options.http_fd is None
        else socket.socket(fileno=options.http_fd)
    )
    url = options.page_url or f"http://localhost:{listener.getsockname()[1]}"
    platform = api.start(Platform(api_key=options.api_key, page_url=url))
    platform.faults.per_second = _CALLS_PER_SECOND
    file = options.folder / "stripe.json" if options.folder else None
    if file:
        take_up(platform, file)
    if options.webhook:
        endpoint = Endpoint(options.webhook, options.webhook_secret, host=options.webhook_host)
        platform.webhooks.endpoints.append(endpoint)
    heart = Heart(Control(platform), file, smtp_port=options.smtp_port)
    _serve(StripeServer(listener, platform), heart)


def _serve(server: StripeServer, heart: Heart) -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Apart from the calls: who hears of webhooks may be slow, or not be there yet.
    thread = Thread(target=_keep_beating, args=(heart, stop), daemon=True)
    thread.start()
    server.timeout = _BEAT
    while not stop.is_set() and thread.is_alive():
        server.handle_request()
    stop.set()
    thread.join(_LAST_BEAT)
    server.server_close()
    if heart.file:
        keep(heart.control.platform, heart.file)


def _keep_beating(heart: Heart, stop: Event) -> None:
    while not stop.wait(_BEAT):
        heart.beat()


if __name__ == "__main__":
    main()
