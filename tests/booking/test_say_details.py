"""What an applicant says decides the price and whether they may; a booking keeps the rules its hold was made under."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from booking.errors import DetailsMissing, DetailsUnfit, OutsideRules
from booking.services import confirm_reservation
from facilities.details import Details
from payments.queries import payment_states

QUESTIONS = (
    "causes:\n",
    "purposes: [{key: meeting, name: 会議}, {key: sale, name: 販売}]\n"
    "questions:\n  - {key: admission, name: 入場料, unit: 円}\n  - {key: heating, name: 暖房を使う}\n"
    "extras:\n  chuo:\n"
    "    - {key: piano, name: ピアノ, unit: 1回, stock: 2, fee: {yen: 540}}\n"
    "    - {key: heating, name: 暖房料, when: {heating: true}, fee: {yen: 100}}\n"
    "adjustments:\n  chuo:\n    stack: add\n    rows:\n"
    "      - {name: 販売, when: {purpose: sale}, add: 10割}\n"
    "      - {name: 入場料, when: {admission: 1..}, add: 5割}\n"
    "causes:\n",
)
USED = ("  - key: chuo-kominkan\n", "  - key: chuo-kominkan\n    extras: chuo\n    adjustment: chuo\n")


@pytest.fixture
def asking(publish):
    """Akiruno's rules with a purpose that costs double, two questions and a piano."""
    publish(QUESTIONS, USED)


@pytest.fixture
def confirm(hanako, now):
    def act(row, **said):
        actor = Actor("resident", hanako.pk)
        details = Details(**{"headcount": 5, "purpose": "meeting", **said})
        return confirm_reservation(ref=row.ref, purpose="集まり", details=details, actor=actor, now=now)

    return act


def test_answers_and_extras_make_the_price_that_is_charged(asking, hold, confirm):
    row = confirm(hold(), purpose="sale", answers={"admission": 500, "heating": True}, extras={"piano": 2})
    assert row.price_yen == 800 + 800 + 400 + 2 * 540 + 100
    assert payment_states([row.ref])[row.ref].assessed_yen == row.price_yen
    row.refresh_from_db()
    assert (row.purpose_key, row.answers, row.extras) == (
        "sale",
        {"admission": 500, "heating": True},
        {"piano": 2},
    )
    assert sum(line["yen"] for line in row.quote["lines"]) == row.price_yen


def test_what_the_rules_need_to_know_must_be_said(asking, hold, confirm, book):
    with pytest.raises(DetailsMissing) as refused:
        confirm(hold(), purpose="")
    assert refused.value.facts["missing"] == ("purpose",)
    with pytest.raises(DetailsMissing):
        book("15:00", "16:00")


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"purpose": "wedding"}, ("purpose", "unknown")),
        ({"answers": {"age": 3}}, ("answers", "unknown")),
        ({"answers": {"admission": "many"}}, ("answers", "no_number")),
        ({"answers": {"admission": -1}}, ("answers", "no_number")),
        ({"answers": {"admission": True}}, ("answers", "no_number")),
        ({"answers": {"heating": 1}}, ("answers", "no_yes_no")),
        ({"extras": {"organ": 1}}, ("extras", "unknown")),
        ({"extras": {"piano": -1}}, ("extras", "no_number")),
        ({"extras": {"piano": 10**9}}, ("extras", "no_number")),
        ({"extras": {"piano": 3}}, ("extras", "too_many")),
        ({"applicant_class": "mayor"}, ("applicant_class", "unknown")),
    ],
)
def test_what_the_rules_do_not_know_is_refused_by_name(asking, hold, confirm, said, part):
    with pytest.raises(DetailsUnfit) as refused:
        confirm(hold(), **said)
    (unfit,) = refused.value.facts["unfit"]
    assert (unfit.part, unfit.reason) == part


def test_a_prohibited_purpose_refuses_the_booking_and_keeps_the_hold(publish, hold, confirm):
    publish(
        QUESTIONS,
        (USED[0], USED[1] + "    prohibited: [{key: sale, name: 物の販売, article: 条例第6条}]\n"),
    )
    held = hold()
    with pytest.raises(OutsideRules) as refused:
        confirm(held, purpose="sale")
    assert [reason.article for reason in refused.value.facts["reasons"]] == ["条例第6条"]
    assert confirm(held).status == "confirmed"


def test_rules_published_between_hold_and_confirmation_do_not_change_the_price(publish, hold, confirm):
    held = hold()
    publish(
        ("capacity: 30, fee: {yen_per_hour: 400}}", "capacity: 30, fee: {yen_per_hour: 900}}"),
        effective_from=date(2027, 1, 1),
    )
    assert confirm(held, purpose="").price_yen == 800
    assert hold("15:00", "16:00").price_yen == 900


def test_a_class_only_staff_grant_cannot_be_claimed(publish, hold, confirm, hanako):
    publish(
        (
            "applicant_classes:\n",
            "applicant_classes:\n  - {key: registered, name: 登録団体, granted: true}\n"
            "  - {key: outside, name: 市外}\n",
        ),
        ("who: [general]", "who: [general, registered, outside]"),
    )
    with pytest.raises(DetailsUnfit):
        confirm(hold(), purpose="", applicant_class="registered")
    assert confirm(hold("13:00", "14:00"), purpose="", applicant_class="outside").applicant_class == "outside"
    hanako.applicant_class = "registered"
    hanako.save()
    assert confirm(hold("15:00", "16:00"), purpose="").applicant_class == "registered"


def test_a_class_the_rules_do_not_know_counts_as_the_usual_one(hold, hanako):
    hanako.applicant_class = "from-another-hall"
    hanako.save()
    assert hold().applicant_class == "general"
