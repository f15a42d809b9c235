"""The admin's pages of reconciliation: what differs and why, every line of a day, a person's explanation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from payments.models import Difference, Reconciliation
from payments.online.looking import look_round
from payments.online.reconciling import reconcile
from tests.fake_stripe.scenes import a_paid_intent
from tests.queue import enqueued

PAGE = "/console/money/reconciliation/"


@pytest.fixture
def admin(emi):
    """Emi's browser."""
    return emi.client()


@pytest.fixture
def differing(online):
    """A day with one payment of ours and one that is not."""
    attempt = online.opened(online.charge())
    online.stripe.control.pay_card(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    a_paid_intent(online.stripe, online.account, 900)
    return reconcile(account=online.account, day=online.now.date(), now=online.now + timedelta(days=1))


def test_what_differs_is_said_with_its_reason(admin, differing):
    page = admin.get(PAGE).content.decode()
    assert "台帳にない" in page
    assert "このシステムの外で受け取ったお金" in page
    assert "2,100円" in page


def test_a_day_shows_every_line_with_who_paid_for_what(admin, differing):
    page = admin.get(f"{PAGE}{differing.pk}/").content.decode()
    assert "青木 愛子" in page
    assert "中央公民館 第1研修室" in page
    assert "台帳にありません" in page


def test_a_reason_closes_it_and_none_does_not(admin, differing):
    found = Difference.objects.get()
    asked = admin.post(f"{PAGE}differences/{found.pk}/", {"explanation": " "})
    assert (asked.status_code, "ちがいの理由を書いてください" in asked.content.decode()) == (422, True)
    assert (
        admin.post(f"{PAGE}differences/{found.pk}/", {"explanation": "窓口の端末で受け取った"}).status_code
        == 302
    )
    page = admin.get(PAGE).content.decode()
    assert "ちがいは、ありません" in page
    assert "合っています" not in page
    assert "理由が分かっています" in page
    assert "窓口の端末で受け取った" in page
    assert admin.post(f"{PAGE}differences/{found.pk}/", {"explanation": "x"}).status_code == 404


def test_a_day_can_be_compared_again(admin, differing):
    assert admin.post(f"{PAGE}{differing.pk}/again/").status_code == 302
    assert enqueued("payments.reconcile_day")[-1]["day"] == differing.day.isoformat()


def test_before_the_first_payment_there_is_nothing_to_compare(admin, online):
    page = admin.get(PAGE).content.decode()
    assert "まだ、照合した日がありません" in page
    assert admin.get(f"{PAGE}?before=nonsense").status_code == 200
    assert admin.get(f"{PAGE}999999/").status_code == 404


def test_many_days_come_page_by_page(admin, online):
    first = online.now.date()
    for back in range(35):
        Reconciliation.objects.create(
            account=online.account, day=first - timedelta(days=back), ran_at=online.now
        )
    page = admin.get(PAGE).content.decode()
    assert "前の日へ" in page
    older = admin.get(f"{PAGE}?before={first - timedelta(days=30)}").content.decode()
    assert "新しい日へ" in older


def test_managers_of_halls_have_no_such_page(dai, differing):
    browser = dai.client()
    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"{PAGE}{differing.pk}/").status_code == 404
