"""Deciding exemptions: who may, how much, what becomes of price, charge and money, and what is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.changing import change_reservation
from booking.exempting.applying import apply_for_exemption
from booking.exempting.deciders import may_decide
from booking.exempting.deciding import (
    foresee_grant,
    grant_exemption,
    refuse_exemption,
    relay_exemption,
    revoke_exemption,
)
from booking.exempting.errors import (
    ExemptionNotFound,
    ExemptionOver,
    ExemptionReasonMissing,
    ExemptionUsedUp,
    GroundUnfit,
    MeasureByRules,
    MeasureMissing,
    MeasureTooHigh,
    NotDecider,
)
from booking.exempting.papers import decision_paper, exemption_decision_content
from booking.exempting.queries import decided_exemptions, exemptions_of, waiting_exemptions
from booking.models import Exemption
from booking.overdue import lapse_dues
from booking.pricing import set_price
from booking.reviewing.deciding import permit_applications
from facilities.details import Details
from facilities.models import Facility
from payments.models import HallTerms, LedgerEntry, Payee, Refund, RevenueItem
from payments.queries import payment_states
from payments.services import collect_cash
from tests.booking.conftest import at
from tests.booking.exempting import RULES_WITH_GROUNDS
from tests.factories import a_staff
from tests.queue import enqueued

PIANO = Details(headcount=10, extras={"piano": 1})


@pytest.fixture(autouse=True)
def _grounds(publish):
    publish(*RULES_WITH_GROUNDS)


@pytest.fixture
def admin(emi):
    return Actor("staff", emi.staff.pk)


@pytest.fixture
def clerk(room):
    hall = Facility.objects.get(pk=room.facility_id)
    return Actor("staff", a_staff("窓口 次郎", "jiro@example.jp", facilities=[hall]).pk)


@pytest.fixture
def applied(hanako, now):
    def act(row, ground="welfare"):
        actor = Actor("resident", hanako.pk)
        return apply_for_exemption(ref=row.ref, ground=ground, remark="", actor=actor, now=now)

    return act


@pytest.fixture
def manager_income(room):
    """The hall's money is the income of a designated manager, who decides by itself."""
    payee = Payee.objects.create(kind="manager", name="まちづくり財団", decided_by="hall")
    item = RevenueItem.objects.create(payee=payee, account="利用料金")
    HallTerms.objects.create(facility_id=room.facility_id, item=item, ways=["desk_cash"])


def assessed(row):
    return payment_states([row.ref])[row.ref].assessed_yen


def test_granted_the_price_falls_and_both_prices_are_kept(book, applied, admin, now):
    row = book()
    found = grant_exemption(ref=applied(row).ref, reason="規則のとおり", actor=admin, now=now)
    row.refresh_from_db()
    assert (row.price_yen, row.quote["before_exemption_yen"], row.quote["total_yen"]) == (400, 800, 400)
    assert sum(line["yen"] for line in row.quote["lines"]) == 400
    assert assessed(row) == 400
    assert (found.state, found.before_yen, found.after_yen, found.decider_id) == (
        "granted",
        800,
        400,
        admin.id,
    )
    entry = LedgerEntry.objects.get(charge__subject=row.ref, kind="reduced")
    assert (entry.yen, entry.memo) == (400, "減免 福祉団体")
    assert enqueued("frontend.tell")[-1]["kind"] == "exemption_granted"


def test_what_was_paid_too_much_goes_back(book, applied, admin, clerk, now):
    row = book()
    found = applied(row)
    collect_cash(subject=row.ref, yen=800, staff_id=clerk.id, now=now)
    grant_exemption(ref=found.ref, actor=admin, now=now)
    assert [one.yen for one in Refund.objects.filter(charge__subject=row.ref)] == [400]
    assert payment_states([row.ref])[row.ref].refund_due_yen == 400


def test_only_what_the_ground_covers_is_taken_off(book, applied, admin, now):
    fee_only, everything = book(details=PIANO), book("13:00", "15:00", details=PIANO)
    grant_exemption(ref=applied(fee_only).ref, actor=admin, now=now)
    grant_exemption(ref=applied(everything, "host").ref, actor=admin, now=now)
    for row in (fee_only, everything):
        row.refresh_from_db()
    assert (fee_only.price_yen, everything.price_yen) == (900, 0)


def test_the_paper_says_what_was_decided_and_where_to_appeal(book, applied, admin, now):
    row = book()
    found = grant_exemption(ref=applied(row).ref, reason="規則のとおり", actor=admin, now=now)
    said = exemption_decision_content(found)
    assert (said["title"], said["before_yen"], said["after_yen"]) == ("減免決定通知書", 800, 400)
    assert "審査請求" in said["instruction"][0]
    paper = decision_paper(found.pk, "granted")
    assert (paper.number, paper.to, paper.yen) == ("2027-000001", "佐藤 花子", 400)
    assert ["減免の前の料金", {"yen": 800}] in paper.content["rows"]
    assert ["決定の理由", "規則のとおり"] in paper.content["rows"]
    assert [one.paper for one in exemptions_of(reservation_id=row.pk)] == [paper.token]


def test_refused_the_price_stays_and_the_reason_is_told(book, applied, admin, now):
    row = book()
    found = applied(row)
    with pytest.raises(ExemptionReasonMissing):
        refuse_exemption(ref=found.ref, reason=" ", actor=admin, now=now)
    found = refuse_exemption(ref=found.ref, reason="対象の団体ではないため", actor=admin, now=now)
    row.refresh_from_db()
    assert (row.price_yen, found.state, found.reason) == (800, "refused", "対象の団体ではないため")
    assert found.instruction
    assert decision_paper(found.pk, "refused").content["title"] == "減免不承認決定通知書"
    assert enqueued("frontend.tell")[-1]["kind"] == "exemption_refused"
    with pytest.raises(ExemptionOver):
        grant_exemption(ref=found.ref, actor=admin, now=now)


def test_a_fee_is_exempted_by_the_municipality_the_hall_passes_on(book, applied, admin, clerk, now):
    row = book()
    found = applied(row)
    for act in (grant_exemption, refuse_exemption):
        with pytest.raises(NotDecider):
            act(ref=found.ref, reason="x", actor=clerk, now=now)
    relay_exemption(ref=found.ref, opinion="よい会です", actor=clerk, now=now)
    (waiting,) = waiting_exemptions(facility_ids=None, now=now)
    assert (waiting.exemption.state, waiting.exemption.opinion) == ("relayed", "よい会です")
    assert waiting.exemption.relayer == "窓口 次郎"
    assert enqueued("frontend.tell")[-1]["kind"] == "exemption_relayed"
    grant_exemption(ref=found.ref, actor=admin, now=now)
    assert waiting_exemptions(facility_ids=None, now=now) == []
    assert [one.exemption.state for one in decided_exemptions(facility_ids=None)] == ["granted"]


def test_a_managers_income_is_its_own_to_decide(manager_income, book, applied, clerk, now):
    row = book()
    grant_exemption(ref=applied(row).ref, actor=clerk, now=now)
    row.refresh_from_db()
    assert row.price_yen == 400


def test_what_was_charged_as_a_fee_stays_one_when_the_hall_gets_a_manager(book, applied, clerk, room, now):
    found = applied(book())
    manager = Payee.objects.create(kind="manager", name="指定管理者", decided_by="hall")
    item = RevenueItem.objects.create(payee=manager, setsu="利用料金")
    HallTerms.objects.create(facility_id=room.facility_id, item=item, ways=["desk_cash"])
    with pytest.raises(NotDecider):
        grant_exemption(ref=found.ref, actor=clerk, now=now)


def test_who_works_elsewhere_or_is_no_staff_decides_nothing(manager_income, book, applied, room, hanako, now):
    stranger = Actor("staff", a_staff("よその 人", "yoso@example.jp").pk)
    assert not may_decide(stranger, room.facility_id)
    assert not may_decide(Actor("resident", hanako.pk), room.facility_id)
    found = applied(book())
    with pytest.raises(NotDecider):
        grant_exemption(ref=found.ref, actor=stranger, now=now)
    with pytest.raises(ExemptionNotFound):
        relay_exemption(ref=found.ref, opinion="", actor=Actor("resident", hanako.pk), now=now)


@pytest.mark.parametrize(
    ("ground", "measure", "price"),
    [
        ("special", {"percent": 70}, 240),
        ("special", {"percent": 1}, 792),
        ("special", {"yen": 560}, 240),
        ("open", {"yen": 500}, 300),
        ("open", {"percent": 100}, 300),
    ],
)
def test_where_the_rules_leave_it_open_staff_say_how_much(book, applied, admin, now, ground, measure, price):
    row = book()
    found = applied(row, ground)
    assert foresee_grant(ref=found.ref, **{"percent": None, "yen": None, **measure}).after_yen == price
    grant_exemption(ref=found.ref, **measure, actor=admin, now=now)
    row.refresh_from_db()
    assert (row.price_yen, assessed(row)) == (price, price)


@pytest.mark.parametrize(
    ("ground", "measure", "refusal"),
    [
        ("special", {"percent": 71}, MeasureTooHigh),
        ("special", {"yen": 561}, MeasureTooHigh),
        ("special", {}, MeasureMissing),
        ("special", {"percent": 10, "yen": 10}, MeasureMissing),
        ("special", {"percent": 0}, MeasureTooHigh),
        ("open", {"yen": 501}, MeasureTooHigh),
        ("open", {"yen": 0}, MeasureTooHigh),
        ("welfare", {"percent": 50}, MeasureByRules),
    ],
)
def test_the_rules_ceilings_hold(book, applied, admin, now, ground, measure, refusal):
    row = book()
    with pytest.raises(refusal):
        grant_exemption(ref=applied(row, ground).ref, **measure, actor=admin, now=now)
    row.refresh_from_db()
    assert row.price_yen == 800


def test_two_grounds_hold_together_as_the_rules_stack_them(book, applied, admin, now):
    row = book()
    grant_exemption(ref=applied(row).ref, actor=admin, now=now)
    grant_exemption(ref=applied(row, "more").ref, actor=admin, now=now)
    row.refresh_from_db()
    assert (row.price_yen, row.quote["before_exemption_yen"]) == (240, 800)


def test_of_two_that_stand_alone_the_smaller_adds_nothing(book, applied, admin, now):
    row = book()
    grant_exemption(ref=applied(row, "host").ref, actor=admin, now=now)
    row.refresh_from_db()
    assert row.price_yen == 0


def test_a_ground_is_granted_only_so_often_a_year(book, applied, admin, now):
    rows = [book(f"{hour}:00", f"{hour + 1}:00") for hour in (9, 11, 13)]
    found = [applied(row, "yearly") for row in rows]
    for one in found[:2]:
        grant_exemption(ref=one.ref, actor=admin, now=now)
    with pytest.raises(ExemptionUsedUp):
        grant_exemption(ref=found[2].ref, actor=admin, now=now)
    cancel_reservation(ref=rows[0].ref, actor=admin, reason="x", now=now)
    grant_exemption(ref=found[2].ref, actor=admin, now=now)


def test_taken_back_the_difference_is_due_again(book, applied, admin, clerk, now):
    row = book()
    found = grant_exemption(ref=applied(row).ref, actor=admin, now=now)
    collect_cash(subject=row.ref, yen=400, staff_id=clerk.id, now=now)
    with pytest.raises(NotDecider):
        revoke_exemption(ref=found.ref, reason="x", actor=clerk, now=now)
    revoke_exemption(ref=found.ref, reason="営利の会だった", actor=admin, now=now)
    row.refresh_from_db()
    found.refresh_from_db()
    assert (row.price_yen, row.quote["before_exemption_yen"]) == (800, None)
    assert (found.state, found.revocation, found.revoker_id) == ("revoked", "営利の会だった", admin.id)
    assert payment_states([row.ref])[row.ref].due_yen == 400
    assert decision_paper(found.pk, "granted").events.get().reason == "営利の会だった"
    assert decision_paper(found.pk, "revoked").content["title"] == "減免取消通知書"


def test_a_price_staff_decided_since_stays_when_it_is_taken_back(book, applied, admin, now):
    row = book()
    found = grant_exemption(ref=applied(row).ref, actor=admin, now=now)
    set_price(ref=row.ref, yen=300, reason="x", actor=admin, now=now)
    row.refresh_from_db()
    assert (row.quote["before_exemption_yen"], row.quote["total_yen"]) == (700, 300)
    revoke_exemption(ref=found.ref, reason="x", actor=admin, now=now)
    row.refresh_from_db()
    assert row.price_yen == 300


def change(row, actor, now, *, starts="10:00", ends="13:00", details=None):
    times = {"starts_at": at(starts), "ends_at": at(ends)}
    return change_reservation(
        ref=row.ref, room_id=row.room_id, **times, details=details, actor=actor, now=now
    )


def test_a_change_keeps_the_ground_that_still_fits(book, applied, admin, hanako, now):
    row = book()
    found = grant_exemption(ref=applied(row, "special").ref, percent=50, actor=admin, now=now)
    changed = change(row, Actor("resident", hanako.pk), now)
    row.refresh_from_db()
    found.refresh_from_db()
    assert (changed.pay_yen, row.price_yen, row.quote["before_exemption_yen"]) == (200, 600, 1200)
    assert (assessed(row), found.state) == (600, "granted")


def test_a_change_that_fits_no_more_ends_it_and_tells(book, applied, admin, hanako, now):
    row = book()
    found = grant_exemption(ref=applied(row).ref, actor=admin, now=now)
    charged = Details(headcount=10, answers={"admission": True})
    change(row, Actor("resident", hanako.pk), now, details=charged)
    row.refresh_from_db()
    found.refresh_from_db()
    assert (row.price_yen, row.quote["before_exemption_yen"], assessed(row)) == (1200, None, 1200)
    assert found.state == "ended"
    assert decision_paper(found.pk, "granted").events.exists()
    assert "exemption_ended" in [one["kind"] for one in enqueued("frontend.tell")]


def test_a_change_that_makes_the_rules_grant_it_has_the_lower_price(book, hanako, now):
    row = book()
    change(row, Actor("resident", hanako.pk), now, ends="12:00", details=Details(headcount=4))
    row.refresh_from_db()
    assert (row.price_yen, row.quote["before_exemption_yen"]) == (600, 800)
    assert [one.ground for one in Exemption.objects.filter(state="granted")] == ["small"]


def test_what_waits_for_its_permit_is_charged_the_price_that_was_exempted(publish, book, applied, admin, now):
    window = "とした。\n\ncancellations:"
    reviews = "とした。\n    reviews:\n      - {name: 大人数, when: {headcount: 10..}}\n\ncancellations:"
    publish(*RULES_WITH_GROUNDS, (window, reviews))
    row = book()
    assert row.status == "applied"
    grant_exemption(ref=applied(row).ref, actor=admin, now=now)
    assert payment_states([row.ref]) == {}
    permit_applications(refs=[row.ref], conditions="", actor=admin, now=now)
    assert assessed(row) == 400


def test_a_ground_that_takes_nothing_off_cannot_be_granted(book, applied, admin, now):
    row = book()
    found = applied(row)
    Exemption.objects.filter(pk=found.pk).update(ground="small")
    with pytest.raises(GroundUnfit):
        grant_exemption(ref=found.ref, actor=admin, now=now)


def test_nobody_is_put_out_for_not_paying_what_may_still_fall(publish, book, applied, admin, now):
    due = (
        "\nrounding:",
        "\npayments:\n  paid:\n    due: [{days_after_booking: 7, unpaid: cancelled}]\n\nrounding:",
    )
    hall = ("  - key: chuo-kominkan\n", "  - key: chuo-kominkan\n    payment: paid\n")
    publish(*RULES_WITH_GROUNDS, due, hall)
    row, other = book(), book("13:00", "15:00")
    found, later = applied(row), now + timedelta(days=9)
    assert lapse_dues(now=later) == 1
    refuse_exemption(ref=found.ref, reason="対象外", actor=admin, now=later)
    assert lapse_dues(now=later + timedelta(days=1)) == 0
    assert lapse_dues(now=later + timedelta(days=9)) == 1
    for one in (row, other):
        one.refresh_from_db()
        assert one.status == "cancelled"


def test_who_waits_for_the_decision_and_who_pays_do_not_lose_a_yen(book, applied, admin, clerk, now):
    row = book()
    found = applied(row, "host")
    collect_cash(subject=row.ref, yen=800, staff_id=clerk.id, now=now)
    grant_exemption(ref=found.ref, actor=admin, now=now)
    state = payment_states([row.ref])[row.ref]
    assert (state.assessed_yen, state.collected_yen, state.refund_due_yen) == (0, 800, 800)
    revoke_exemption(ref=found.ref, reason="x", actor=admin, now=now)
    assert payment_states([row.ref])[row.ref].assessed_yen == 800
