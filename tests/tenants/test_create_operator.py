"""manage.py create_operator: a log-in in schema public, with a password from standard input or none."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tenants.context import inside, inside_public

GOOD = "mado-no-soto-no-yuki"


@pytest.fixture
def create(db, monkeypatch):
    def run(email="fumi@example.jp", password=None):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        call_command("create_operator", email=email, password_from_stdin=password is not None)
        with inside_public():
            return User.objects.get(email=email.strip().lower())

    return run


def test_the_operator_can_sign_in_on_the_public_host_only(create, public_client, akiruno, client_for):
    create(password=GOOD)
    form = {"login": "fumi@example.jp", "password": GOOD}
    public_client.post("/account/login/", form)
    assert "_auth_user_id" in public_client.session
    at_akiruno = client_for(akiruno)
    at_akiruno.post("/account/login/", form)
    assert "_auth_user_id" not in at_akiruno.session
    with inside(akiruno):
        assert not User.objects.exists()


def test_without_a_password_only_mail_codes_open(create):
    assert not create(email=" Fumi@Example.JP ").has_usable_password()


def test_a_second_time_gives_a_new_password_and_no_second_log_in(create, capsys):
    first = create(password=GOOD)
    again = create(password="ame-no-hi-no-hon")
    assert again.pk == first.pk
    assert again.check_password("ame-no-hi-no-hon")
    assert "was there already" in capsys.readouterr().out


def test_a_second_time_without_a_password_keeps_the_old_one(create):
    create(password=GOOD)
    assert create().check_password(GOOD)


@pytest.mark.parametrize(("email", "password"), [("nobody", GOOD), ("", GOOD), ("a@example.jp", "short")])
def test_bad_input_is_explained(create, email, password):
    with pytest.raises(CommandError, match=r"[。.]"):
        create(email=email, password=password)
    with inside_public():
        assert not User.objects.exists()
