"""The fake Stripe as a process of its own: it delivers by itself and goes on where it stopped."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import stripe

from config.demo.fake_stripe import api
from config.demo.fake_stripe.__main__ import Heart, keep, take_up
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.platform import API_KEY, Platform
from config.demo.fake_stripe.webhooks import Endpoint
from tests.fake_stripe.scenes import a_paid_intent, a_paid_voucher, a_session

ROOT = Path(__file__).resolve().parents[2]


def test_a_restart_forgets_nothing(fake_stripe, account, tmp_path):
    session = a_session(fake_stripe, account, key="attempt:1")
    a_paid_intent(fake_stripe, account)
    fake_stripe.control.advance(1000)
    file = tmp_path / "stripe.json"
    keep(fake_stripe.platform, file)
    again = api.start(Platform())
    take_up(again, file)
    assert again.snapshot() == fake_stripe.platform.snapshot()
    assert again.own.id == fake_stripe.platform.own.id
    assert again.stores[account].keys["attempt:1"]["content"]["id"] == session.id
    Control(again).pay_card(session.id)
    assert len(again.stores[account].charges) == 2


def test_nothing_kept_yet_is_an_empty_start(tmp_path):
    platform = api.start(Platform())
    take_up(platform, tmp_path / "stripe.json")
    assert not platform.accounts


def test_time_passes_webhooks_go_out_and_changes_are_kept(fake_stripe, account, tmp_path):
    session = a_session(fake_stripe, account, expires_at=fake_stripe.platform.now() + 3600)
    nowhere = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{nowhere.getsockname()[1]}/"
    nowhere.close()
    fake_stripe.platform.webhooks.endpoints = [Endpoint(url, fake_stripe.secret)]
    fake_stripe.platform._offset = 4000

    heart = Heart(fake_stripe.control, tmp_path / "stripe.json")
    heart.beat()
    kept = json.loads((tmp_path / "stripe.json").read_text())
    store = next(one for one in kept["stores"] if one["id"] == account)
    assert store["sessions"][session.id]["status"] == "expired"
    assert [one["tries"] for one in kept["webhooks"]] == [1] * len(kept["webhooks"])
    # Nothing happened since: nothing is written.
    (tmp_path / "stripe.json").unlink()
    heart.beat()
    assert not (tmp_path / "stripe.json").exists()


@pytest.fixture
def run(tmp_path):
    """``run(*options)``: the process, and a client of it."""
    processes = []

    def start(*options):
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [sys.executable, "-m", "config.demo.fake_stripe", "--http-fd", str(listener.fileno())]
        command += ["--folder", str(tmp_path), *options]
        processes.append(subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()]))
        listener.close()
        return processes[-1], stripe.StripeClient(API_KEY, base_addresses={"api": url})

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_serves_until_it_is_asked_to_stop(run, tmp_path, number):
    process, client = run()
    account = client.v1.accounts.create({"country": "JP"})
    process.send_signal(number)
    assert process.wait(timeout=60) == 0
    assert account.id in json.loads((tmp_path / "stripe.json").read_text())["accounts"]


def test_who_does_not_answer_webhooks_holds_up_nobody(run):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        process, client = run("--webhook", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        account = client.v1.accounts.create({"country": "JP"})
        client.v1.accounts.update(account.id, {"email": "x@example.jp"})
        waiting, _ = silent.accept()
        # The webhook has arrived and gets no answer: calls are answered all the same, while it still waits.
        client.v1.accounts.retrieve(account.id)
        waiting.setblocking(False)
        with pytest.raises(BlockingIOError):
            _read_to_end(waiting)
        process.terminate()
        assert process.wait(timeout=60) == 0
        waiting.close()


def _read_to_end(connection):
    while connection.recv(4096):
        pass


def test_what_is_kept_is_whole_even_if_writing_was_cut_short(fake_stripe, account, tmp_path):
    file = tmp_path / "stripe.json"
    keep(fake_stripe.platform, file)
    (tmp_path / "stripe.part").write_text('{"half": ')
    before = time.time()
    again = api.start(Platform())
    take_up(again, file)
    assert account in again.accounts
    assert again.now() >= int(before)


def test_a_payer_is_mailed_where_to_say_their_bank_account(fake_stripe, account, mail_server):
    order = {"payment_intent": a_paid_voucher(fake_stripe, account), "instructions_email": "aiko@example.jp"}
    refund = fake_stripe.client(account).v1.refunds.create(order)
    fake_stripe.lose_webhooks()
    control = fake_stripe.control
    Heart(control, None).beat()
    mail_server.codes.append("451 try later")
    for expected in (1, 0, 0):
        Heart(control, None, smtp_port=mail_server.port).beat()
        assert len(fake_stripe.platform.mails) == expected
    (envelope,) = mail_server.received
    assert envelope.rcpt_tos == ["aiko@example.jp"]
    text = message_from_bytes(envelope.content, policy=default).get_content()
    assert f"{fake_stripe.url}/refunds/{refund.id}" in text
