"""Money over the API: what is due, paying it, what comes back, exemptions and papers; one's own only."""

from __future__ import annotations

from uuid import uuid4

import pytest

from facilities.models import Facility
from frontend.api import money_outputs as outputs
from payments.models import Attempt, HallTerms, RevenueItem
from payments.online.settling import look_at_attempt, open_attempt
from payments.services import collect_cash
from tenants.context import inside
from tests import factories
from tests.api.conftest import program_of, refused
from tests.money.world import RULES, open_account

ONLINE = ["desk_cash", "card", "konbini", "paypay"]


@pytest.fixture
def stranger(city):
    with inside(city):
        other = factories.a_resident("別 人", "other@example.jp", login=True)
    return program_of(type("P", (), {"municipality": city, "user": other.user}))


@pytest.fixture
def account(city, fake_stripe, now):
    """The hall is paid at its desk or online."""
    fake_stripe.set_time(now)
    found = open_account(fake_stripe, city, now)
    for hall in Facility.objects.all():
        HallTerms.objects.create(facility=hall, item=RevenueItem.objects.get(is_default=True), ways=ONLINE)
    return found


@pytest.fixture
def begun(account, aikos, booked):
    """A payment by card, as the API answered it."""
    made = aikos.post("/payments", {"reservations": [booked["ref"]], "way": "card"})
    assert made.status_code == 201, made.content
    return made.json()


def test_what_is_due_is_listed_for_its_payer_only(aikos, stranger, dais, booked):
    (one,) = outputs.Charges.model_validate_json(aikos.get("/charges").content).charges
    assert (str(one.reservation), one.yen, one.payee, one.payment) == (booked["ref"], 800, "", None)
    assert stranger.get("/charges").json() == {"charges": []}
    refused(dais.get("/charges"), 403, "permission_denied")


def test_ways_are_those_of_the_hall_and_its_account(aikos, stranger, booked, account):
    chosen = {"reservations": [booked["ref"]]}
    found = outputs.Ways.model_validate_json(aikos.post("/charges/ways", chosen).content)
    assert (found.yen, found.ways) == (800, ONLINE)
    refused(stranger.post("/charges/ways", chosen), 422, "nothing_chosen_to_pay")


def test_a_payment_is_begun_once_opened_by_the_worker_and_paid_only_when_the_provider_says_so(
    aikos, begun, fake_stripe, booked, now
):
    assert (begun["state"], begun["url"], begun["yen"]) == ("wanted", None, 800)
    assert begun["parts"] == [{"reservation": booked["ref"], "yen": 800}]
    again = aikos.post("/payments", {"reservations": [booked["ref"]], "way": "card"})
    assert (again.json()["ref"], again["Location"]) == (begun["ref"], f"/api/v1/payments/{begun['ref']}")
    attempt = Attempt.objects.get(ref=begun["ref"])
    open_attempt(attempt_id=attempt.pk, now=now)
    found = outputs.Payment.model_validate_json(aikos.get(f"/payments/{begun['ref']}").content)
    assert (found.state, bool(found.url)) == ("open", True)
    fake_stripe.control.pay_card(Attempt.objects.get().provider_ref)
    assert aikos.get(f"/payments/{begun['ref']}").json()["state"] == "open", "nobody has looked yet"
    look_at_attempt(attempt_id=attempt.pk, now=now)
    paid = aikos.get(f"/payments/{begun['ref']}").json()
    assert (paid["state"], paid["url"], paid["back_yen"]) == ("paid", None, 0)
    assert aikos.get("/charges").json() == {"charges": []}


def test_a_key_begins_one_payment(aikos, account, booked):
    body, key = {"reservations": [booked["ref"]], "way": "konbini"}, {"Idempotency-Key": "k1"}
    first, second = (aikos.post("/payments", body, key) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Attempt.objects.count() == 1


def test_others_neither_see_nor_begin_a_payment(stranger, dais, begun, booked):
    refused(stranger.get(f"/payments/{begun['ref']}"), 404, "payment_not_found")
    body = {"reservations": [booked["ref"]], "way": "card"}
    refused(stranger.post("/payments", body), 404, "reservation_not_found")
    refused(dais.post("/payments", body), 403, "permission_denied")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reservations": [], "way": "card"}, "invalid_input"),
        ({"reservations": ["x"], "way": "card"}, "invalid_input"),
        ({"reservations": [str(uuid4())], "way": "cash"}, "invalid_input"),
        ({"way": "card"}, "invalid_input"),
    ],
)
def test_nonsense_is_refused_by_name(aikos, body, code):
    refused(aikos.post("/payments", body), 422, code)


def test_a_hall_without_account_is_not_paid_online(aikos, booked):
    body = {"reservations": [booked["ref"]], "way": "card"}
    refused(aikos.post("/payments", body), 409, "not_this_way")


def test_what_goes_back_is_told_with_its_route(publish, aikos, stranger, dais, wish, city, dai, now):
    publish(*RULES)
    booked = aikos.post("/reservations", wish(purpose="会", headcount=5)).json()
    with inside(city):
        collect_cash(subject=booked["ref"], yen=800, staff_id=dai.staff.pk, now=now)
    path = f"/reservations/{booked['ref']}"
    assert aikos.post(f"{path}/cancel", {}).status_code == 200
    for who in (aikos, dais):
        (one,) = outputs.Refunds.model_validate_json(who.get(f"{path}/refunds").content).refunds
        assert (one.yen, one.way, one.route, one.state) == (800, "desk_cash", "desk_cash", "ready")
    refused(stranger.get(f"{path}/refunds"), 404, "reservation_not_found")


def test_exemption_is_applied_for_under_a_ground_of_the_rules(aikos, stranger, publish, wish):
    publish(*RULES)
    made = aikos.post("/reservations", wish(purpose="コーラス", headcount=10)).json()
    path = f"/reservations/{made['ref']}/exemptions"
    found = outputs.Exemptions.model_validate_json(aikos.get(path).content)
    assert [(one.key, one.name) for one in found.grounds] == [
        ("welfare", "福祉団体"),
        ("mayor", "市長が認めるもの"),
    ]
    refused(aikos.post(path, {"ground": "nobody"}), 422, "exemption_ground_unknown")
    refused(stranger.post(path, {"ground": "welfare"}), 404, "reservation_not_found")
    applied = aikos.post(path, {"ground": "welfare", "remark": "登録しています。"})
    assert (applied.status_code, applied.json()["state"]) == (200, "applied"), applied.content
    refused(aikos.post(path, {"ground": "welfare"}), 409, "exemption_applied_for")
    found = outputs.Exemptions.model_validate_json(aikos.get(path).content)
    assert [(one.state, one.remark) for one in found.exemptions] == [("applied", "登録しています。")]
    assert found.grounds == []


def test_papers_are_listed_and_downloaded_by_those_who_see_the_reservation(
    aikos, stranger, dais, booked, city, dai, now
):
    with inside(city):
        collect_cash(subject=booked["ref"], yen=800, staff_id=dai.staff.pk, now=now)
    path = f"/reservations/{booked['ref']}/papers"
    (one,) = outputs.Papers.model_validate_json(aikos.get(path).content).papers
    assert (one.kind, one.yen, one.state) == ("receipt", 800, "valid")
    address = one.url.removeprefix("/api/v1")
    for who in (aikos, dais):
        pdf = who.get(address)
        assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
        assert "no-store" in pdf["Cache-Control"]
    refused(stranger.get(path), 404, "reservation_not_found")
    refused(stranger.get(address), 404, "reservation_not_found")
    refused(aikos.get(f"{path}/nothing.pdf"), 404, "paper_not_found")


def test_a_paper_is_found_only_below_what_it_is_about(aikos, booked, wish, city, dai, now):
    with inside(city):
        collect_cash(subject=booked["ref"], yen=800, staff_id=dai.staff.pk, now=now)
    other = aikos.post("/reservations", wish("13:00", "14:00", purpose="会", headcount=5)).json()
    (one,) = aikos.get(f"/reservations/{booked['ref']}/papers").json()["papers"]
    address = one["url"].removeprefix("/api/v1").replace(booked["ref"], other["ref"])
    refused(aikos.get(address), 404, "paper_not_found")
