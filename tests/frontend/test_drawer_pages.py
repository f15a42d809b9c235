"""The drawer at the desk, page by page: open, take, count, hand over, put away, take to the bank, close."""

from __future__ import annotations

import pytest
from django.urls import reverse

from facilities.models import Facility
from payments.cash.drawers import balance
from payments.models import CashMovement, Drawer, HallTerms, HandOver
from tenants.context import inside
from tests import factories
from tests.clients import HostClient


@pytest.fixture
def desk(dai):
    return dai.client()


@pytest.fixture
def hall(akiruno):
    with inside(akiruno):
        return Facility.objects.all()[0]


def page(client, name, *args, data=None, status=200):
    address = reverse(f"desk:{name}", args=args, urlconf="config.urls_municipality")
    answer = client.get(address) if data is None else client.post(address, data)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


@pytest.fixture
def opened(desk, hall, akiruno):
    """Dai's drawer with 10,000 yen of change out of a safe of 30,000."""
    page(desk, "safe-stock", hall.key, data={"yen": "30,000", "memo": "つり銭資金"}, status=302)
    page(desk, "drawer", data={"hall": hall.key, "float_yen": "１００００"}, status=302)
    with inside(akiruno):
        return Drawer.objects.get(keeper__isnull=False)


def in_it(akiruno, drawer):
    with inside(akiruno):
        return balance(drawer.pk)


def test_it_is_opened_with_change_out_of_the_safe(desk, hall, opened, akiruno):
    text = page(desk, "drawer")
    assert "わたしのレジ" in text
    assert "10,000円" in text
    assert "20,000円" in page(desk, "safe", hall.key)


def test_more_than_the_safe_has_is_refused_and_what_was_typed_stays(desk, hall):
    text = page(desk, "drawer", data={"hall": hall.key, "float_yen": "500"}, status=422)
    assert "記録では、0円しか入っていません" in text
    assert 'value="500"' in text


@pytest.mark.parametrize("typed", ["", "abc", "-5", "99999999999"])
def test_nonsense_is_refused_in_words(desk, hall, typed):
    page(desk, "drawer", data={"hall": hall.key, "float_yen": typed}, status=422)
    page(desk, "safe-stock", hall.key, data={"yen": typed}, status=422)


def test_without_a_drawer_its_pages_say_what_to_do(desk):
    for name in ("drawer-count", "drawer-close", "drawer-deposit", "drawer-put-away", "hand-over"):
        assert "先にレジを開けてください" in page(desk, name, status=409)


def test_counting_compares_and_asks_why(desk, opened, akiruno):
    text = page(desk, "drawer-count", data={"piece_1000": "9"}, status=422)
    assert "数えた金額は 9,000円、記録は 10,000円です" in text
    assert 'value="9"' in text
    page(desk, "drawer-count", data={"piece_1000": "9", "explanation": "両替"}, status=302)
    assert in_it(akiruno, opened) == 9_000


def test_closing_puts_it_all_into_the_safe(desk, opened, akiruno, hall):
    page(desk, "drawer-close", data={"piece_10000": "1"}, status=302)
    assert "レジを開ける" in page(desk, "drawer")
    assert "30,000円" in page(desk, "safe", hall.key)


def test_part_of_it_goes_to_the_bank_and_the_safe(desk, opened, akiruno):
    page(desk, "drawer-deposit", data={"yen": "3000", "memo": "控え 12"}, status=302)
    page(desk, "drawer-put-away", data={"yen": "2000"}, status=302)
    assert in_it(akiruno, opened) == 5_000
    assert "控え 12" in page(desk, "drawer")
    page(desk, "drawer-deposit", data={"yen": "5001"}, status=422)


def test_the_safe_is_counted_and_emptied_to_the_bank(desk, opened, hall, akiruno):
    page(desk, "safe-count", hall.key, data={"piece_10000": "2"}, status=302)
    page(desk, "safe-deposit", hall.key, data={"yen": "20000", "memo": ""}, status=302)
    assert "0円" in page(desk, "safe", hall.key)


def test_cash_is_handed_to_a_colleague_who_confirms(desk, opened, hall, akiruno):
    with inside(akiruno):
        jun = factories.a_staff("順田 順", "jun@example.jp", facilities=[hall])
    page(desk, "hand-over", data={"receiver": jun.pk, "yen": "4000", "memo": "交代"}, status=302)
    assert "確認するのを待っています" in page(desk, "drawer")
    other = factories_client(akiruno, jun)
    assert "4,000円の引継ぎがあります" in page(other, "drawer")
    page(other, "drawer", data={"hall": hall.key, "float_yen": "0"}, status=302)
    with inside(akiruno):
        offer = HandOver.objects.get().pk
    page(other, "hand-over-accept", offer, data={}, status=302)
    assert in_it(akiruno, opened) == 6_000
    page(other, "hand-over-accept", offer, data={}, status=404)


def test_a_hand_over_can_be_taken_back(desk, opened, hall, akiruno):
    with inside(akiruno):
        jun = factories.a_staff("順田 順", "jun@example.jp", facilities=[hall])
    page(desk, "hand-over", data={"receiver": jun.pk, "yen": "4000"}, status=302)
    with inside(akiruno):
        offer = HandOver.objects.get().pk
    page(desk, "hand-over-withdraw", offer, data={}, status=302)
    assert "確認するのを待っています" not in page(desk, "drawer")


def test_another_halls_safe_and_report_are_not_found(desk, akiruno):
    with inside(akiruno):
        other = factories.a_facility().key
    for name, args in [("safe", [other]), ("safe-count", [other]), ("daily", [other, "2027-05-10"])]:
        page(desk, name, *args, status=404)


def test_the_daily_report_is_found_by_hall_and_day(desk, hall, opened):
    page(desk, "daily-halls", status=302)
    text = page(desk, "daily", hall.key, "2027-05-10")
    assert "この日は、お金の動きがありません" in text
    page(desk, "daily", hall.key, "2027-13-10", status=404)


def test_the_admin_chooses_which_halls_use_drawers(emi, akiruno, hall, desk):
    console = emi.client()
    address = reverse("console:treasury-drawers", urlconf="config.urls_municipality")
    assert console.post(address, {"hall": hall.key, "used": "1"}).status_code == 302
    with inside(akiruno):
        assert HallTerms.objects.get(facility=hall).drawers_since is not None
        assert not CashMovement.objects.exists()
    assert "使うのをやめる" in console.get(address).content.decode()
    assert desk.get(address).status_code == 404


def factories_client(municipality, staff):
    client = HostClient(municipality)
    client.force_login(staff.user)
    return client
