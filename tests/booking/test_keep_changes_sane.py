"""The database itself refuses what no code may write of changes and of official use, each rule under its own name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actors import Actor
from booking.changing import change_reservation
from booking.displacing import Choice, Taking, displace, foresee
from booking.models import Change, Displaced
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_staff

WRONG = {
    "closure_kind_known": "UPDATE booking_closure SET kind = 'holiday'",
    "change_period_sane": "UPDATE booking_change SET ends_at = starts_at",
    "change_fee_is_paid": "UPDATE booking_change SET fee_yen = pay_yen + 1",
    "displaced_period_sane": "UPDATE booking_displaced SET old_ends_at = old_starts_at",
    "displaced_offer_has_deadline": "UPDATE booking_displaced SET answer_by = NULL",
    "displaced_answer_complete": "UPDATE booking_displaced SET outcome = 'accepted'",
}


@pytest.fixture
def offered(book, room, hanako, now):
    """A booking that was changed by its hirer and is asked to move once more, by the hall."""
    mine = book()
    change_reservation(
        ref=mine.ref,
        room_id=room.id,
        starts_at=at("13:00"),
        ends_at=at("15:00"),
        details=None,
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    taking = Taking(room.facility_id, (room.id,), at("09:00"), at("21:00"), "election", "選挙")
    week = WEDNESDAY + timedelta(days=7)
    displace(
        taking=taking,
        choices={mine.ref: Choice("ask", room.id, at("13:00", week), at("15:00", week))},
        seen=foresee(taking, now=now).seen,
        appeal_notice="",
        answer_by=at("17:00", WEDNESDAY - timedelta(days=1)),
        staff_id=a_staff().pk,
        now=now,
    )


@pytest.mark.parametrize("constraint", WRONG)
def test_a_wrong_value_is_refused_by(constraint, offered):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRONG[constraint])


@pytest.mark.parametrize(
    ("model", "constraint", "other"),
    [
        (Change, "change_once", {}),
        (Displaced, "displaced_once", {"outcome": "lapsed"}),
        (Displaced, "displaced_offered_once", {"displacement": None}),
    ],
)
def test_the_same_again_is_refused_by(model, constraint, other, offered):
    row = model.objects.first()
    if "displacement" in other:
        act = row.displacement
        closure = act.closure
        closure.pk = None
        closure.save()
        act.pk, act.ref, act.closure = None, "00000000-0000-4000-8000-000000000001", closure
        act.save()
        other = {"displacement": act}
    row.pk = None
    for name, value in other.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)
