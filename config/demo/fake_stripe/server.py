"""The fake Stripe on a socket: the API under /v1/, the control API under /_fake/, and pages."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event

from config.demo.fake_stripe import api, control_api, visits
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.pages import STYLE
from config.demo.fake_stripe.platform import Platform

_MOST_BYTES = 1_000_000


class StripeHandler(BaseHTTPRequestHandler):
    """API calls, control calls and page views."""

    control: Control
    closing: Event
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a read."""
        self._answer("GET", b"")

    def do_POST(self) -> None:
        """Answer a write."""
        size = self.headers.get("Content-Length") or "0"
        if not size.isdigit() or int(size) > _MOST_BYTES:
            self.close_connection = True
            self._send(413, b"", {})
            return
        self._answer("POST", self.rfile.read(int(size)))

    def _answer(self, method: str, body: bytes) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/v1/"):
            self._api(method, body)
        elif path.startswith("/_fake/"):
            status, content = control_api.answer(self.control, method, path, body)
            body = json.dumps(content, ensure_ascii=False).encode()
            self._send(status, body, {"Content-Type": "application/json"})
        elif path == "/style.css":
            self._send(200, STYLE.encode(), {"Content-Type": "text/css; charset=utf-8"})
        else:
            page = visits.visit(self.control, method, self.path, self.headers, body)  # type: ignore[arg-type]
            headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
            self._send(page.status, page.html.encode(), headers | ({"Location": page.to} if page.to else {}))

    def _api(self, method: str, body: bytes) -> None:
        answer = api.answer(self.control.platform, method, self.path, self.headers, body)  # type: ignore[arg-type]
        if answer.silence is not None:
            # Whoever called hangs up first, or the server ends.
            self.closing.wait(answer.silence)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer.status, answer.body, answer.headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        # A payment ends on the merchant's page: forms may lead there.
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http: https:; "
            "frame-ancestors 'none'; base-uri 'none'",
        )
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """A call is nothing to write down: it carries a key."""


class StripeServer(ThreadingHTTPServer):
    """The platform on a socket that is bound already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, platform: Platform) -> None:
        self.closing = Event()
        handler = type(
            "BoundStripeHandler", (StripeHandler,), {"control": Control(platform), "closing": self.closing}
        )
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_activate()

    def server_close(self) -> None:
        """Close, and let nobody wait for an answer that is held back."""
        self.closing.set()
        super().server_close()
