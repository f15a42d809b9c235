"""Applying for exemption: by whom, until when, under which grounds; and what the rules grant at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Membership
from booking.cancelling import cancel_reservation
from booking.errors import NotForGroup, ReservationNotFound
from booking.exempting.applying import apply_for_exemption, withdraw_exemption
from booking.exempting.closing import is_waiting
from booking.exempting.errors import (
    AlreadyAppliedFor,
    AlreadyExempted,
    ExemptionNotFound,
    ExemptionOver,
    ExemptionTooLate,
    GroundUnfit,
    GroundUnknown,
    NoSuchEvidence,
    NothingToExempt,
    PriceNotByRules,
    ReservationNotStanding,
)
from booking.exempting.evidence import add_evidence, evidence_of, open_evidence, remove_evidence
from booking.exempting.queries import grounds_for, may_apply_for
from booking.models import Exemption, Transition
from booking.pricing import set_price
from booking.queries import reservation_for_staff
from facilities.details import Details
from facilities.errors import EvidenceTooLarge, EvidenceUnknownType, TooMuchEvidence
from payments.queries import payment_states
from tests.booking.exempting import RULES_WITH_GROUNDS
from tests.factories import a_group
from tests.queue import enqueued

PDF = b"%PDF-1.7 proof"


@pytest.fixture(autouse=True)
def _grounds(publish):
    publish(*RULES_WITH_GROUNDS)


@pytest.fixture
def apply(hanako, now):
    def act(row, ground="welfare", remark="車いすの会です", by=None, at=now):
        actor = by or Actor("resident", hanako.pk)
        return apply_for_exemption(ref=row.ref, ground=ground, remark=remark, actor=actor, now=at)

    return act


def test_an_application_waits_and_the_price_stays(book, apply):
    row = book()
    assert not is_waiting(row.pk)
    found = apply(row)
    row.refresh_from_db()
    assert (found.state, found.basis, found.remark) == ("applied", "application", "車いすの会です")
    assert (found.name, found.name_en) == ("福祉団体", "Welfare groups")
    assert row.price_yen == 800
    assert payment_states([row.ref])[row.ref].assessed_yen == 800
    assert is_waiting(row.pk)
    kinds = [one["kind"] for one in enqueued("frontend.tell")]
    assert kinds[-1] == "exemption_applied"


def test_it_is_written_into_the_history(book, apply):
    row = book()
    apply(row)
    assert Transition.objects.filter(reservation=row).last().verb == "exempt_apply"


def test_staff_apply_for_somebody(book, apply, emi):
    found = apply(book(), by=Actor("staff", emi.staff.pk))
    assert found.entered_by_id == emi.staff.pk


def test_a_ground_the_rules_grant_by_themselves_is_granted_at_once(book, apply):
    row = book(details=Details(headcount=5))
    row.refresh_from_db()
    assert row.price_yen == 600
    with pytest.raises(AlreadyExempted):
        apply(row, "small")


def test_the_grounds_of_the_hall_can_be_applied_for_until_one_waits(book, apply, now):
    row = book()
    view = reservation_for_staff(ref=row.ref)
    assert [one.key for one in grounds_for(view)] == [
        "host", "welfare", "circle", "small", "special", "open", "yearly", "more",
    ]  # fmt: skip
    assert [one.key for one in may_apply_for(view, now)] == [one.key for one in grounds_for(view)]
    apply(row)
    assert may_apply_for(view, now) == ()


@pytest.mark.parametrize(
    ("ground", "refusal"), [("nothing", GroundUnknown), ("circle", GroundUnfit), ("small", GroundUnfit)]
)
def test_a_ground_has_to_be_one_of_the_rules_and_to_fit(book, apply, ground, refusal):
    with pytest.raises(refusal):
        apply(book(), ground)
    assert not Exemption.objects.exists()


def test_what_was_said_of_the_use_decides_whether_it_fits(book, apply):
    row = book(details=Details(headcount=10, answers={"admission": True}))
    with pytest.raises(GroundUnfit):
        apply(row)


def test_one_application_at_a_time(book, apply):
    row = book()
    apply(row)
    with pytest.raises(AlreadyAppliedFor):
        apply(row, "host")


def test_only_until_the_use_begins(book, apply):
    row = book()
    with pytest.raises(ExemptionTooLate):
        apply(row, at=row.starts_at)
    apply(row, at=row.starts_at - timedelta(seconds=1))


def test_only_what_stands_and_costs_something(book, apply, hanako, emi, now):
    gone = book()
    cancel_reservation(ref=gone.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    with pytest.raises(ReservationNotStanding):
        apply(gone)
    free = book("13:00", "14:00")
    set_price(ref=free.ref, yen=0, reason="x", actor=Actor("staff", emi.staff.pk), now=now)
    with pytest.raises(NothingToExempt):
        apply(free)


def test_a_price_staff_decided_is_theirs_to_lower(book, apply, emi, now):
    row = book()
    set_price(ref=row.ref, yen=700, reason="x", actor=Actor("staff", emi.staff.pk), now=now)
    with pytest.raises(PriceNotByRules):
        apply(row)


def test_only_for_their_own_and_only_who_acts_for_the_group(book, apply, hanako, ichiro, now):
    row = book()
    with pytest.raises(ReservationNotFound):
        apply(row, by=Actor("resident", ichiro.pk))
    group = a_group("合唱団", now=now)
    for person, role in ((hanako, "booker"), (ichiro, "viewer")):
        Membership.objects.create(group=group, resident=person, role=role, since=now)
    theirs = book("13:00", "14:00", group_id=group.pk)
    with pytest.raises(NotForGroup):
        apply(theirs, by=Actor("resident", ichiro.pk))
    found = apply(theirs)
    add_evidence(
        ref=found.ref, file_name="手帳.pdf", content=PDF, actor=Actor("resident", hanako.pk), now=now
    )
    (file,) = evidence_of(exemption_id=found.pk)
    with pytest.raises(NotForGroup):
        open_evidence(ref=found.ref, evidence_ref=file.ref, actor=Actor("resident", ichiro.pk), now=now)


def test_taken_back_it_is_decided_by_nobody(book, apply, hanako, ichiro, now):
    row = book()
    found = apply(row)
    with pytest.raises(ExemptionNotFound):
        withdraw_exemption(ref=found.ref, actor=Actor("resident", ichiro.pk), now=now)
    withdraw_exemption(ref=found.ref, actor=Actor("resident", hanako.pk), now=now)
    found.refresh_from_db()
    assert (found.state, found.closed_at) == ("withdrawn", now)
    with pytest.raises(ExemptionOver):
        withdraw_exemption(ref=found.ref, actor=Actor("resident", hanako.pk), now=now)
    apply(row)


def test_an_application_ends_with_its_reservation(book, apply, hanako, now):
    row = book()
    found = apply(row)
    cancel_reservation(ref=row.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    found.refresh_from_db()
    assert found.state == "withdrawn"


def test_evidence_is_kept_seen_by_few_and_each_look_is_written_down(book, apply, hanako, ichiro, emi, now):
    row, own = book(), Actor("resident", hanako.pk)
    found = apply(row)
    add_evidence(ref=found.ref, file_name="手帳.pdf", content=PDF, actor=own, now=now)
    (file,) = evidence_of(exemption_id=found.pk)
    assert (file.file_name, file.content_type, file.size) == ("手帳.pdf", "application/pdf", len(PDF))
    with pytest.raises(ExemptionNotFound):
        open_evidence(ref=found.ref, evidence_ref=file.ref, actor=Actor("resident", ichiro.pk), now=now)
    assert bytes(open_evidence(ref=found.ref, evidence_ref=file.ref, actor=own, now=now).content) == PDF
    assert Transition.objects.filter(reservation=row).last().verb == "exempt_apply"
    open_evidence(ref=found.ref, evidence_ref=file.ref, actor=Actor("staff", emi.staff.pk), now=now)
    assert Transition.objects.filter(reservation=row).last().verb == "exempt_evidence"
    remove_evidence(ref=found.ref, evidence_ref=file.ref, actor=own)
    with pytest.raises(NoSuchEvidence):
        remove_evidence(ref=found.ref, evidence_ref=file.ref, actor=own)


def test_evidence_has_bounds(book, apply, hanako, now):
    found, own = apply(book()), Actor("resident", hanako.pk)
    for content, refusal in ((b"%PDF-" + b"x" * 5_000_000, EvidenceTooLarge), (b"MZ", EvidenceUnknownType)):
        with pytest.raises(refusal):
            add_evidence(ref=found.ref, file_name="x.pdf", content=content, actor=own, now=now)
    for _ in range(10):
        add_evidence(ref=found.ref, file_name="x.pdf", content=PDF, actor=own, now=now)
    with pytest.raises(TooMuchEvidence):
        add_evidence(ref=found.ref, file_name="x.pdf", content=PDF, actor=own, now=now)
