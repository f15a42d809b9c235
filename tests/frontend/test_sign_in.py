"""Where a log-in leads."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("who", "leads_to"), [("aiko", "/"), ("dai", "/desk/"), ("emi", "/desk/")])
def test_log_in_leads_to_where_one_works(request, client_for, akiruno, who, leads_to):
    person = request.getfixturevalue(who)
    form = {"login": person.email.upper(), "password": person.password}
    assert client_for(akiruno).post("/account/login/", form).url == leads_to


def test_log_in_leads_back_to_the_chosen_time(client_for, akiruno, aiko):
    form = {
        "login": aiko.email,
        "password": aiko.password,
        "next": "/h/chuo-kominkan/shukai/?time=13:00-15:00",
    }
    answer = client_for(akiruno).post("/account/login/", form)
    assert answer.url == "/h/chuo-kominkan/shukai/?time=13:00-15:00"


def test_log_in_leads_to_no_other_site(client_for, akiruno, aiko):
    form = {"login": aiko.email, "password": aiko.password, "next": "https://evil.example/"}
    assert client_for(akiruno).post("/account/login/", form).url == "/"


def test_mail_server_that_does_not_answer_is_said_and_nothing_breaks(client_for, akiruno, aiko, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    client = client_for(akiruno)
    answer = client.post("/account/login/code/", {"email": aiko.email}, follow=True)
    assert answer.status_code == 200
    assert "メールを送れませんでした" in answer.content.decode()
