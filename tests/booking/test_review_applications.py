"""Review: what the rules want looked at waits for staff and keeps its time, until it is decided, taken back or late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.change_errors import ChangedMeanwhile
from booking.changing import change_reservation
from booking.errors import ReservationNotFound, SlotTaken
from booking.models import Claim, Reservation, Review, Transition
from booking.queries import reservation_history
from booking.reviewing.deciding import note_review, permit_applications, refuse_applications
from booking.reviewing.errors import NoApplicationChosen, RefusalReasonMissing, ReviewOver, UseBegan
from booking.reviewing.lateness import lapse_applications, warn_reviewers
from booking.services import confirm_reservation
from facilities.details import Details
from locks.models import Credential
from locks.services import add_door
from payments.models import Charge
from tests.booking.conftest import WEDNESDAY, at
from tests.queue import enqueued

SATURDAY = date(2027, 6, 12)
WINDOW = "とした。\n\ncancellations:"
REVIEWS = """とした。
    reviews:
      - name: 土日の利用
        name_en: Weekends
        when: {days: {weekdays: [sat, sun]}}
        decided_within_days: 5
      - {name: 大人数の利用, when: {headcount: 20..}}

cancellations:"""


@pytest.fixture
def reviewed(publish):
    """Weekends and more than 19 people are reviewed, by the rules of the hall."""
    publish((WINDOW, REVIEWS))


@pytest.fixture
def clerk(emi):
    return Actor("staff", emi.staff.pk)


@pytest.fixture
def applied(reviewed, book):
    """An application for a Saturday."""
    return book(day=SATURDAY)


@pytest.fixture
def door(room, now):
    """The room has a door with a key."""
    add_door(
        facility_id=room.facility_id,
        name="入口",
        adapter="physical_key",
        room_ids=[room.id],
        note="",
        now=now,
    )


def move_to(reservation, room, day, hanako, now, starts="10:00", ends="12:00"):
    change_reservation(
        ref=reservation.ref,
        room_id=room.id,
        starts_at=at(starts, day),
        ends_at=at(ends, day),
        details=None,
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    return Reservation.objects.get(pk=reservation.pk)


def told(kind):
    return [job for job in enqueued("frontend.tell") if job["kind"] == kind]


def test_what_fits_no_case_is_confirmed_at_once(reviewed, book):
    assert book().status == "confirmed"
    assert not Review.objects.exists()


def test_an_application_waits_with_the_reasons_of_the_rules_and_keeps_its_time(applied, book, ichiro, now):
    assert applied.status == "applied"
    review = Review.objects.get()
    assert (review.state, review.applied_at) == ("applied", now)
    assert [reason["params"]["name"] for reason in review.reasons] == ["土日の利用"]
    assert review.decide_by == now.date() + timedelta(days=5)
    with pytest.raises(SlotTaken):
        book(day=SATURDAY, resident=ichiro)


def test_nothing_is_charged_and_no_door_opens_before_the_permit(door, applied):
    assert not Charge.objects.exists()
    assert not Credential.objects.exists()
    assert told("application_received")
    assert not told("reservation_confirmed")


def test_a_hold_becomes_an_application_by_what_is_said_last(reviewed, hold, hanako, now):
    held = hold()
    done = confirm_reservation(
        ref=held.ref,
        purpose="大会",
        details=Details(headcount=25),
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    assert done.status == "applied"
    again = confirm_reservation(
        ref=held.ref, purpose="", actor=Actor("resident", hanako.pk), now=now, details=Details(headcount=25)
    )
    assert again.status == "applied"
    assert Review.objects.count() == 1


def test_permitting_makes_it_a_reservation_with_all_that_follows(door, applied, clerk, now):
    (permitted,) = permit_applications(refs=[applied.ref], conditions="火を使わない", actor=clerk, now=now)
    assert permitted.status == "confirmed"
    review = Review.objects.get()
    assert (review.state, review.conditions, review.decider_id) == ("permitted", "火を使わない", clerk.id)
    assert review.closed_at == now
    assert Charge.objects.get().subject == applied.ref
    assert Credential.objects.get().subject == applied.ref
    assert told("permitted")
    assert enqueued("frontend.settle_permit")
    assert [step.verb for step in applied.transitions.all()] == ["book", "permit"]


def test_refusing_frees_the_time_and_tells_why_and_where_to_appeal(applied, book, ichiro, clerk, now):
    refuse_applications(refs=[applied.ref], reason="公用で使うため", actor=clerk, now=now)
    review = Review.objects.get()
    assert (review.state, review.refusal_reason) == ("refused", "公用で使うため")
    assert "3か月以内に、あきる野市長に審査請求" in review.instruction
    assert "6か月以内に、あきる野市を被告として" in review.instruction
    assert Reservation.objects.get().status == "refused"
    assert not Claim.objects.filter(active=True).exists()
    assert told("refused")
    assert book(day=SATURDAY, resident=ichiro).status == "applied"


def test_a_refusal_needs_a_reason(applied, clerk, now):
    with pytest.raises(RefusalReasonMissing):
        refuse_applications(refs=[applied.ref], reason="  ", actor=clerk, now=now)
    assert Reservation.objects.get().status == "applied"


def test_one_may_note_and_another_decide(applied, clerk, dai, now):
    note_review(refs=[applied.ref], opinion="問題ありません", actor=Actor("staff", dai.staff.pk), now=now)
    review = Review.objects.get()
    assert (review.state, review.opinion, review.reviewer_id) == ("reviewed", "問題ありません", dai.staff.pk)
    permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=now)
    review.refresh_from_db()
    assert (review.state, review.reviewer_id, review.decider_id) == ("permitted", dai.staff.pk, clerk.id)


def test_several_are_decided_together_or_not_at_all(applied, book, clerk, now):
    other = book("13:00", "15:00", day=SATURDAY)
    third = book("16:00", "17:00", day=SATURDAY)
    permit_applications(refs=[third.ref], conditions="", actor=clerk, now=now)
    with pytest.raises(ReviewOver):
        permit_applications(refs=[applied.ref, third.ref], conditions="", actor=clerk, now=now)
    assert Reservation.objects.get(pk=applied.pk).status == "applied"
    permit_applications(refs=[applied.ref, other.ref], conditions="", actor=clerk, now=now)
    assert set(Reservation.objects.values_list("status", flat=True)) == {"confirmed"}


def test_what_is_decided_cannot_be_decided_again(applied, clerk, now):
    refuse_applications(refs=[applied.ref], reason="重なり", actor=clerk, now=now)
    with pytest.raises(ReviewOver):
        permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=now)
    with pytest.raises(NoApplicationChosen):
        permit_applications(refs=[], conditions="", actor=clerk, now=now)


def test_only_staff_decide(applied, hanako, now):
    with pytest.raises(ReservationNotFound):
        permit_applications(refs=[applied.ref], conditions="", actor=Actor("resident", hanako.pk), now=now)


def test_the_applicant_takes_it_back_and_the_review_is_over(applied, hanako, clerk, now):
    cancel_reservation(ref=applied.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    assert Review.objects.get().state == "withdrawn"
    assert not Claim.objects.filter(active=True).exists()
    with pytest.raises(ReviewOver):
        permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=now)


def test_after_its_time_began_it_can_only_be_refused_or_lapse(applied, clerk):
    begun = at("10:00", SATURDAY)
    with pytest.raises(UseBegan):
        permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=begun)
    assert lapse_applications(now=begun - timedelta(minutes=1)) == 0
    assert lapse_applications(now=begun) == 1
    assert lapse_applications(now=begun) == 0
    assert Reservation.objects.get().status == "expired"
    assert Review.objects.get().state == "lapsed"
    assert not Claim.objects.filter(active=True).exists()
    assert told("application_lapsed")


def test_staff_are_warned_once_when_the_day_of_decision_comes(applied, now):
    assert warn_reviewers(now=now) == 0
    due = now + timedelta(days=5)
    assert warn_reviewers(now=due) == 1
    assert warn_reviewers(now=due) == 0
    assert len(told("review_late")) == 1


def test_staff_are_warned_when_the_use_is_near(reviewed, book):
    soon = at("09:00", SATURDAY - timedelta(days=2))
    book(day=SATURDAY, now=soon)
    assert warn_reviewers(now=soon) == 1


def test_the_history_names_staff_and_nobody_else(applied, clerk, emi, now):
    permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=now)
    Transition.objects.filter(verb="book").update(actor_id=clerk.id)
    assert [(step.verb, step.who) for step in reservation_history(ref=applied.ref)] == [
        ("book", ""),
        ("permit", emi.staff.name),
    ]


def test_a_change_to_a_time_without_review_confirms_it_and_ends_the_review(applied, room, hanako, now):
    moved = move_to(applied, room, WEDNESDAY, hanako, now)
    assert moved.status == "confirmed"
    assert Review.objects.get().state == "withdrawn"
    assert Charge.objects.exists()


def test_a_change_to_a_time_with_review_waits_anew_and_keeps_its_place(applied, room, hanako, clerk, now):
    note_review(refs=[applied.ref], opinion="良い", actor=clerk, now=now)
    moved = move_to(applied, room, SATURDAY, hanako, now + timedelta(hours=2), "13:00", "15:00")
    review = Review.objects.get()
    assert (moved.status, review.state, review.applied_at) == ("applied", "applied", now)
    assert review.reviewer is None


def test_a_confirmed_reservation_moved_into_review_waits(reviewed, book, room, hanako, now):
    moved = move_to(book(), room, SATURDAY, hanako, now)
    assert moved.status == "applied"
    assert Review.objects.get().state == "applied"


def test_what_was_changed_since_it_was_looked_at_is_not_decided_unseen(applied, room, clerk, hanako, now):
    seen = {applied.ref: applied.sequence}
    move_to(applied, room, SATURDAY, hanako, now, "14:00", "16:00")
    with pytest.raises(ChangedMeanwhile):
        permit_applications(refs=[applied.ref], conditions="", actor=clerk, now=now, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        refuse_applications(refs=[applied.ref], reason="公用", actor=clerk, now=now, seen=seen)
    assert Review.objects.get().state == "applied"
