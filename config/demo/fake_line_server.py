"""The fake LINE platform on a socket: the API under /v2/, and pages on which one is a person with a phone."""

from __future__ import annotations

import argparse
import json
import signal
import socket
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from urllib.parse import parse_qs, unquote, urlsplit

from config.demo import fake_line_pages as pages
from config.demo.fake_line import FAULTS, Channel, FakeLine

_MOST_BYTES = 1_000_000


class LineHandler(BaseHTTPRequestHandler):
    """API calls and page views."""

    line: FakeLine
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer the API, the list of chats, or one chat."""
        path = urlsplit(self.path).path
        if path.startswith("/v2/"):
            self._api("GET", path, b"")
            return
        parts = [unquote(part) for part in path.split("/") if part]
        if not parts or parts[0].startswith("@"):
            self._page(200, pages.chats(self.line))
        elif parts == ["style.css"]:
            self._send(200, pages.STYLE.encode(), {"Content-Type": "text/css; charset=utf-8"})
        elif len(parts) == 2 and parts[0] == "friends" and parts[1] in self.line.friends:
            self._page(200, pages.chat(self.line, self.line.friends[parts[1]]))
        else:
            self._page(404, pages.not_found())

    def do_POST(self) -> None:
        """Answer the API, or do what somebody pressed on a page."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES))
        path = urlsplit(self.path).path
        if path.startswith("/v2/"):
            self._api("POST", path, body)
            return
        said = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
        self.send_response(303)
        self.send_header("Location", self._press(path, said))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _press(self, path: str, said: Mapping[str, str]) -> str:
        """Do it; return the page to go on with."""
        parts = [unquote(part) for part in path.split("/") if part]
        if parts == ["friends"] and said.get("token") in self.line.channels:
            friend = self.line.befriend(said["token"], said.get("name") or "名前なし")
            return f"/friends/{friend.user_id}"
        if parts == ["faults"] and said.get("fault") in FAULTS:
            self.line.fail_next(said["fault"])
        elif len(parts) == 3 and parts[0] == "friends" and parts[1] in self.line.friends:
            friend = self.line.friends[parts[1]]
            if parts[2] == "say" and said.get("text"):
                self.line.say(friend, said["text"])
            elif parts[2] == "block":
                self.line.block(friend)
            elif parts[2] == "unblock":
                self.line.unblock(friend)
            return f"/friends/{friend.user_id}"
        return "/"

    def _api(self, method: str, path: str, body: bytes) -> None:
        reply = self.line.answer(method, path, self.headers, body)  # type: ignore[arg-type]
        if reply.lost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        headers = {"Content-Type": "application/json", **reply.headers}
        self._send(reply.status, json.dumps(reply.content, ensure_ascii=False).encode(), headers)

    def _page(self, status: int, html: str) -> None:
        self._send(status, html.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'"
        )
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """A call is nothing to write down: it carries a token."""


class LineServer(ThreadingHTTPServer):
    """The platform on a socket that is bound already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, line: FakeLine) -> None:
        handler = type("BoundLineHandler", (LineHandler,), {"line": line})
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_activate()


def main() -> None:
    """`python -m config.demo.fake_line_server --http-fd N --channels '[{"token": …}, …]'`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--http-fd", type=int, required=True)
    parser.add_argument("--channels", default="[]")
    options = parser.parse_args()
    line = FakeLine()
    for one in json.loads(options.channels):
        line.add_channel(Channel(**one))
    server = LineServer(socket.socket(fileno=options.http_fd), line)
    server.timeout = 0.5
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        server.handle_request()


if __name__ == "__main__":
    main()
