"""Saying that an offence is wrongly counted: who may, once, and what an answer does; what the people concerned see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from booking.errors import NotForGroup, ReasonMissing
from booking.models import Appeal, Measure, Offence
from booking.penalties.appealing import decide_appeal, file_appeal
from booking.penalties.deciding import decide_measure
from booking.penalties.errors import (
    AlreadyDecided,
    AppealedBefore,
    AppealEmpty,
    AppealNotFound,
    NothingToAppeal,
    OffenceNotFound,
)
from booking.penalties.queries import (
    counts_absence,
    has_record,
    measures_at,
    offences_at,
    open_appeals,
    own_offence,
    staff_standing,
    standings_of,
    waiting_for_staff,
)
from booking.penalties.recording import withdraw_offence
from tests.booking.conftest import WEDNESDAY
from tests.booking.test_record_offences import EVENING, absent, chorus, staff, strict  # noqa: F401


@pytest.fixture
def offence(strict, book, absent):  # noqa: F811
    strict()
    absent(book(), EVENING)
    return Offence.objects.get()


@pytest.fixture
def appeal(offence, hanako):
    return file_appeal(offence_ref=offence.ref, text="行きました。", resident_id=hanako.pk, now=EVENING)


def test_one_says_once_why_it_should_not_count(offence, appeal, hanako):
    assert (appeal.state, appeal.text) == ("filed", "行きました。")
    with pytest.raises(AppealedBefore):
        file_appeal(offence_ref=offence.ref, text="もう一度", resident_id=hanako.pk, now=EVENING)


def test_without_words_it_is_no_appeal(offence, hanako):
    with pytest.raises(AppealEmpty):
        file_appeal(offence_ref=offence.ref, text="  ", resident_id=hanako.pk, now=EVENING)


def test_others_do_not_find_it(offence, ichiro):
    with pytest.raises(OffenceNotFound):
        file_appeal(offence_ref=offence.ref, text="x", resident_id=ichiro.pk, now=EVENING)
    with pytest.raises(OffenceNotFound):
        own_offence(ref=offence.ref, resident_id=ichiro.pk)
    assert not has_record(resident_id=ichiro.pk)


def test_accepted_the_offence_is_withdrawn_and_the_suspension_lifted(appeal, staff, book):  # noqa: F811
    decided = decide_appeal(ref=appeal.ref, accept=True, reason="館の記録ちがい", actor=staff, now=EVENING)
    assert decided.state == "accepted"
    assert Offence.objects.get().withdrawn_reason == "館の記録ちがい"
    assert Measure.objects.get().state == "lifted"
    book(day=WEDNESDAY + timedelta(days=1), now=EVENING)
    with pytest.raises(AlreadyDecided):
        decide_appeal(ref=appeal.ref, accept=False, reason="x", actor=staff, now=EVENING)


def test_dismissed_it_keeps_counting(appeal, staff):  # noqa: F811
    decide_appeal(ref=appeal.ref, accept=False, reason="鍵が使われていない", actor=staff, now=EVENING)
    assert Offence.objects.get().withdrawn_at is None
    assert Measure.objects.get().state == "in_force"


def test_an_answer_needs_a_reason_and_an_appeal(appeal, staff, offence):  # noqa: F811
    with pytest.raises(ReasonMissing):
        decide_appeal(ref=appeal.ref, accept=True, reason=" ", actor=staff, now=EVENING)
    with pytest.raises(AppealNotFound):
        decide_appeal(ref=offence.ref, accept=True, reason="x", actor=staff, now=EVENING)


def test_what_was_withdrawn_needs_no_appeal(offence, hanako, staff):  # noqa: F811
    withdraw_offence(ref=offence.ref, reason="館のまちがい", actor=staff, now=EVENING)
    with pytest.raises(NothingToAppeal):
        file_appeal(offence_ref=offence.ref, text="x", resident_id=hanako.pk, now=EVENING)


def test_for_a_group_those_who_act_for_it_appeal(strict, book, absent, chorus, hanako, ichiro):  # noqa: F811
    strict()
    absent(book(group_id=chorus.pk), EVENING)
    offence = Offence.objects.get()
    chorus.memberships.filter(resident=ichiro).update(role="viewer")
    with pytest.raises(NotForGroup):
        file_appeal(offence_ref=offence.ref, text="x", resident_id=ichiro.pk, now=EVENING)
    (seen,) = standings_of(resident_id=ichiro.pk, now=EVENING)
    assert not seen.offences[0].may_appeal
    chorus.memberships.filter(resident=ichiro).update(role="booker")
    (seen,) = standings_of(resident_id=ichiro.pk, now=EVENING)
    assert (seen.group, seen.offences[0].may_appeal) == (chorus, True)
    file_appeal(offence_ref=offence.ref, text="x", resident_id=ichiro.pk, now=EVENING)


def test_one_sees_points_what_follows_and_until_when(offence, hanako):
    (standing,) = standings_of(resident_id=hanako.pk, now=EVENING)
    assert (standing.points, standing.is_suspended) == (2, True)
    (view,) = standing.offences
    assert (view.points, view.counts, view.may_appeal) == (2, True, True)
    assert view.reason.sentence("ja") == "無断の不使用: 2点。"
    (measure,) = standing.measures
    assert measure.holds
    assert [reason.article for reason in measure.reasons] == ["規則第12条", "規則第13条"]
    (later,) = standings_of(resident_id=hanako.pk, now=EVENING + timedelta(days=400))
    assert (later.points, later.is_suspended) == (0, False)


def test_staff_see_what_waits_at_their_halls(appeal, offence, staff, hanako, book):  # noqa: F811
    here, elsewhere = [offence.facility_id], [offence.facility_id + 999]
    assert [one.pk for one in open_appeals(here)] == [appeal.pk]
    assert open_appeals(elsewhere) == offences_at(elsewhere) == measures_at(elsewhere, now=EVENING) == []
    assert waiting_for_staff(here) == waiting_for_staff(None) == 1
    assert [one.offence.pk for one in offences_at(here)] == [offence.pk]
    assert len(measures_at(None, now=EVENING)) == 1
    view, standing = staff_standing(ref=offence.ref, now=EVENING)
    assert (view.appeal.pk, standing.points) == (appeal.pk, 2)


def test_whether_absence_counts_is_known_before_it_is_noted(strict, book):  # noqa: F811
    row = book()
    assert not counts_absence(row.ref)
    strict()
    assert counts_absence(row.ref)


def test_a_decision_is_recorded_with_who_and_why(strict, book, absent, staff):  # noqa: F811
    strict()
    for row in [book("10:00", "11:00"), book("13:00", "14:00")]:
        absent(row, EVENING)
    measure = Measure.objects.get(name="予約の制限")
    decide_measure(
        ref=measure.ref, take=False, reason="事情を聞いた", actor=Actor("staff", staff.id), now=EVENING
    )
    measure.refresh_from_db()
    assert (measure.state, measure.decision, measure.decided_by_id) == ("dismissed", "事情を聞いた", staff.id)
    assert not Appeal.objects.exists()
