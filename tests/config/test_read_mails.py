from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.demo.mailbox import KEPT_MAILS, Mailbox

ROOT = Path(__file__).resolve().parents[2]


class Provider:
    """A running mailbox process: its SMTP port and its page."""

    def __init__(self, folder):
        smtp, http = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
        self.smtp_port, self.url = smtp.getsockname()[1], f"http://127.0.0.1:{http.getsockname()[1]}"
        fds = [smtp.fileno(), http.fileno()]
        command = [sys.executable, "-m", "config.demo.mailbox", "--folder", str(folder)]
        command += ["--smtp-fd", str(fds[0]), "--http-fd", str(fds[1])]
        self.process = subprocess.Popen(command, cwd=ROOT, pass_fds=fds)
        smtp.close()
        http.close()

    def send(self, mail):
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=60) as client:
            client.send_message(mail)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=60) as response:
            return response.read(), response.headers


@pytest.fixture
def provider(tmp_path):
    provider = Provider(tmp_path / "mails")
    yield provider
    provider.process.terminate()
    assert provider.process.wait(60) == 0


def mail(
    subject="予約の確認", text="葛󠄀城さま\nhttps://akiruno.localhost/r/1?a=1&b=2 です", to="x@example.jp"
):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "no-reply@localhost", to
    message.set_content(text)
    return message


def only_name(folder):
    (path,) = folder.glob("*.eml")
    return path.stem


def test_mail_with_calendar_file_can_be_read_and_downloaded(provider, tmp_path):
    message = mail()
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="予約.ics")
    provider.send(message)
    name = only_name(tmp_path / "mails")

    assert "予約の確認" in provider.get("/")[0].decode()
    page = provider.get(f"/{name}")[0].decode()
    assert "葛󠄀城さま" in page
    assert '<a href="https://akiruno.localhost/r/1?a=1&amp;b=2">' in page
    body, headers = provider.get(f"/{name}/0")
    assert body == b"BEGIN:VCALENDAR"
    assert headers["Content-Disposition"].startswith("attachment;")


def test_markup_in_a_mail_is_shown_and_not_run(provider, tmp_path):
    provider.send(mail(subject="<script>alert(1)</script>", text='<img src=x onerror="alert(1)">'))
    name = only_name(tmp_path / "mails")
    pages = provider.get("/")[0].decode() + provider.get(f"/{name}")[0].decode()

    assert "<script>" not in pages
    assert "<img" not in pages
    assert "&lt;script&gt;" in pages


@pytest.mark.parametrize("path", ["/nothing", "/../manage", "/%2e%2e%2fmanage", "/x/y/z", "/%00"])
def test_unknown_address_gets_a_clear_page(provider, path):
    with (
        pytest.raises(urllib.error.HTTPError) as refused,
        urllib.request.urlopen(provider.url + path, timeout=60),
    ):
        pass

    assert refused.value.code == 404
    assert "このメールはありません" in refused.value.read().decode()
    refused.value.close()


def test_newest_mail_is_first_and_the_oldest_go(tmp_path):
    mailbox = Mailbox(tmp_path)
    for number in range(KEPT_MAILS + 2):
        mailbox.keep(b"Subject: %d\r\n\r\n" % number)
    subjects = [str(message["Subject"]) for _name, message in mailbox.newest_first()]

    assert subjects[0] == str(KEPT_MAILS + 1)
    assert len(subjects) == KEPT_MAILS
