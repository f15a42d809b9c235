"""The demo's mail provider: takes mail by SMTP, shows it on a page, sends nothing on.

The listening sockets are opened by the supervisor and passed in by number.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import socket
import threading
import time
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.demo import mailbox_pages as pages

KEPT_MAILS = 500
LARGEST_MAIL = 20_000_000  # bytes


class Mailbox:
    """Mails as files in one folder, the newest KEPT_MAILS of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = itertools.count()
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes) -> None:
        """Stores one mail as it came over the wire."""
        name = f"{time.time_ns():020d}-{next(self._count)}"
        half = self.folder / f"{name}.part"
        half.write_bytes(content)
        half.replace(self.folder / f"{name}.eml")
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT_MAILS]:
            old.unlink(missing_ok=True)

    def read(self, name: str) -> EmailMessage | None:
        """The mail of that name, or None."""
        path = self.folder / f"{name}.eml"
        if path.parent != self.folder or not path.is_file():
            return None
        return _parse(path.read_bytes())

    def newest_first(self) -> list[tuple[str, EmailMessage]]:
        """(name, mail) of everything kept, newest first."""
        paths = sorted(self.folder.glob("*.eml"), reverse=True)
        return [(path.stem, _parse(path.read_bytes())) for path in paths]


def _parse(content: bytes) -> EmailMessage:
    message = BytesParser(policy=modern).parsebytes(content)
    assert isinstance(message, EmailMessage)  # noqa: S101 (what the modern policy makes)
    return message


class Receiver:
    """What aiosmtpd calls for each mail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        self._mailbox.keep(content if isinstance(content, bytes) else content.encode())
        return "250 OK"


class PageHandler(BaseHTTPRequestHandler):
    """The list of mails, one mail, its attachments."""

    mailbox: Mailbox
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answers `/`, `/style.css`, `/<mail>` and `/<mail>/<attachment number>`."""
        parts = [unquote(part) for part in urlsplit(self.path).path.split("/") if part]
        answer: pages.Answer | None = None
        if not parts:
            answer = pages.mail_list(self.mailbox.newest_first())
        elif parts == ["style.css"]:
            answer = pages.style()
        elif (mail := self.mailbox.read(parts[0])) is not None:
            answer = pages.mail_page(parts[0], mail) if len(parts) == 1 else pages.attachment(mail, parts[1])
        self._send(answer or pages.not_found())

    def _send(self, answer: pages.Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_arguments: object) -> None:
        """A page view is nothing to write down."""


class PageServer(ThreadingHTTPServer):
    """An HTTP server on a socket that is already bound."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, mailbox: Mailbox) -> None:
        handler = type("BoundPageHandler", (PageHandler,), {"mailbox": mailbox})
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_activate()


async def serve(mailbox: Mailbox, smtp_socket: socket.socket, http_socket: socket.socket) -> None:
    """Takes mail and shows it until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    receiver = Receiver(mailbox)

    def session() -> SMTP:
        return SMTP(
            receiver, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost", loop=loop
        )

    server = await loop.create_server(session, sock=smtp_socket)
    page_server = PageServer(http_socket, mailbox)
    thread = threading.Thread(target=page_server.serve_forever, daemon=True)
    thread.start()
    await stop.wait()
    server.close()
    page_server.shutdown()


def main() -> None:
    """`python -m config.demo.mailbox --folder … --smtp-fd N --http-fd M`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp-fd", type=int, required=True)
    parser.add_argument("--http-fd", type=int, required=True)
    options = parser.parse_args()
    smtp_socket = socket.socket(fileno=options.smtp_fd)
    http_socket = socket.socket(fileno=options.http_fd)
    asyncio.run(serve(Mailbox(options.folder), smtp_socket, http_socket))


if __name__ == "__main__":
    main()
