"""Not coming and cancelling late, as the rules count it: recorded, undone, told, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Membership
from booking.cancelling import cancel_reservation
from booking.closing import close_rooms
from booking.errors import OutsideRules, ReasonMissing
from booking.models import Closure, Measure, Offence
from booking.penalties.deciding import bookings_hit, cancel_bookings, decide_measure, lift_measure
from booking.penalties.errors import AlreadyDecided, Suspended, UnknownOffence
from booking.penalties.recording import follow_offence, record_offence, withdraw_offence
from booking.services import record_attendance
from facilities.models import Facility
from facilities.queries import room_by_key
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_group, a_staff

PENALTIES = """penalties:
  points:
    within_days: 365
    offences:
      - {key: no-show, name: 無断の不使用, points: 2, recorded: no_show, article: 規則第12条}
      - {key: late, name: 直前の取消し, points: 1, recorded: cancel, when: {days_ahead: ..3}}
      - {key: harm, name: 設備の破損, points: 1}
    steps:
      - {at_least: 2, name: 1か月の利用停止, suspends_months: 1, article: 規則第13条}
      - {at_least: 4, name: 登録の抹消, automatic: false, deregisters: true, cancels_bookings: true}
      - {at_least: 3, name: 予約の制限, automatic: false, suspends_days: 90, suspends: applying}

rounding:
"""
HALL = "    cancellation: usual\n"


@pytest.fixture
def strict(publish):
    """Akiruno with penalties: not coming is two points, and two points suspend for a month."""

    def make(penalties=PENALTIES):
        publish(("\nrounding:\n", "\n" + penalties), (HALL, HALL + "    penalty: points\n"))
        return Facility.objects.get(key="chuo-kominkan")

    return make


@pytest.fixture
def staff(city):
    return Actor("staff", a_staff().pk)


@pytest.fixture
def absent(staff):
    def note(row, now, attendance="absent", **more):
        record_attendance(ref=row.ref, attendance=attendance, actor=staff, now=now, **more)

    return note


@pytest.fixture
def chorus(hanako, ichiro, now):
    group = a_group("コーラス", now=now)
    for resident, role in ((hanako, "representative"), (ichiro, "booker")):
        Membership.objects.create(group=group, resident=resident, role=role, since=now)
    return group


EVENING = at("22:00")


def states(**wanted):
    rows = Measure.objects.filter(**wanted).order_by("pk")
    return [(row.kind, row.state, row.name) for row in rows]


def test_not_coming_is_an_offence_and_suspends_as_the_rules_say(strict, book, absent, hanako):
    strict()
    absent(book(), EVENING)
    offence = Offence.objects.get()
    assert (offence.key, offence.day, offence.resident_id) == ("no-show", WEDNESDAY, hanako.pk)
    (measure,) = Measure.objects.all()
    assert (measure.kind, measure.state, measure.resident_id) == ("suspension", "in_force", hanako.pk)
    assert (measure.starts_on, measure.ends_on) == (WEDNESDAY, date(2027, 7, 9))
    assert [reason["article"] for reason in measure.reasons] == ["規則第12条", "規則第13条"]


def test_while_suspended_nothing_can_be_booked_and_the_reason_says_until_when(strict, book, hold, absent):
    strict()
    absent(book(), EVENING)
    for way in (book, hold):
        with pytest.raises(Suspended) as refused:
            way(day=WEDNESDAY + timedelta(days=40), now=EVENING)
        (reason,) = refused.value.facts["reasons"]
        assert reason.sentence("ja") == "1か月の利用停止のため、2027年7月8日まで予約できません。"
        assert reason.article == "規則第13条"
    over = at("09:00", date(2027, 7, 9))
    assert book(day=date(2027, 7, 14), now=over).status == "confirmed"


def test_others_and_what_staff_book_with_a_reason_are_not_held_up(strict, book, absent, ichiro, staff):
    strict()
    absent(book(), EVENING)
    day = WEDNESDAY + timedelta(days=1)
    book(day=day, resident=ichiro, now=EVENING)
    book("13:00", "14:00", day=day, actor=staff, channel="desk", override_reason="事情を聞いた", now=EVENING)


def test_noted_wrongly_the_offence_is_withdrawn_and_the_suspension_lifted(strict, book, absent):
    strict()
    row = book()
    absent(row, EVENING)
    absent(row, EVENING, attendance="arrived")
    assert Offence.objects.get().withdrawn_reason
    assert states() == [("suspension", "lifted", "1か月の利用停止")]
    book(day=WEDNESDAY + timedelta(days=1), now=EVENING)
    absent(row, EVENING)
    assert Offence.objects.filter(withdrawn_at=None).count() == 1


def test_noting_absence_twice_counts_once(strict, book, absent):
    strict()
    row = book()
    absent(row, EVENING)
    absent(row, EVENING)
    assert Offence.objects.count() == 1
    assert len(states()) == 1


@pytest.mark.parametrize("exempt", ["weather", "disaster", "city"])
def test_weather_disaster_and_the_citys_doing_do_not_count(strict, book, absent, exempt):
    strict()
    absent(book(), EVENING, exempt=exempt, note="大雨警報")
    assert Offence.objects.get().exempt == exempt
    assert states() == []


def test_while_the_hall_is_closed_for_a_disaster_nobody_commits_an_offence(strict, book, absent, staff, now):
    strict()
    row, other = book(), room_by_key("chuo-kominkan", "kenshu-2")
    close_rooms(
        facility_id=other.facility_id,
        room_ids=[other.id],
        starts_at=at("09:00"),
        ends_at=at("22:00"),
        reason="大雨",
        staff_id=staff.id,
        now=now,
    )
    Closure.objects.update(kind="disaster")
    absent(row, EVENING)
    assert Offence.objects.get().exempt == "disaster"


def test_without_penalties_in_the_rules_absence_is_only_noted(book, absent):
    row = book()
    absent(row, EVENING)
    row.refresh_from_db()
    assert (row.attendance, Offence.objects.count()) == ("absent", 0)


def test_a_late_cancellation_counts_when_it_is_late(strict, book, hanako):
    strict()
    early, late = book(), book(day=WEDNESDAY + timedelta(days=1))
    actor = Actor("resident", hanako.pk)
    cancel_reservation(ref=early.ref, actor=actor, reason="", now=at("10:00", WEDNESDAY - timedelta(days=5)))
    assert not Offence.objects.exists()
    cancel_reservation(ref=late.ref, actor=actor, reason="", now=at("10:00", WEDNESDAY - timedelta(days=2)))
    offence = Offence.objects.get()
    assert (offence.key, offence.days_ahead) == ("late", 3)


def test_cancelled_for_reasons_that_are_not_theirs_it_does_not_count(strict, book, staff):
    strict()
    row, other = book(), book("13:00", "14:00")
    day_before = at("10:00", WEDNESDAY - timedelta(days=1))
    cancel_reservation(ref=row.ref, actor=staff, reason="停電", cause="no-fault", now=day_before)
    cancel_reservation(ref=other.ref, actor=staff, reason="市の行事", offence=False, now=day_before)
    assert not Offence.objects.exists()


def test_what_follows_from_cancellations_is_worked_out_afterwards(strict, book, hanako):
    strict()
    rows = [book(starts, ends) for starts, ends in (("10:00", "11:00"), ("12:00", "13:00"))]
    day_before = at("10:00", WEDNESDAY - timedelta(days=2))
    for row in rows:
        cancel_reservation(ref=row.ref, actor=Actor("resident", hanako.pk), reason="", now=day_before)
    for offence in Offence.objects.all():
        follow_offence(offence_id=offence.pk, now=day_before)
        follow_offence(offence_id=offence.pk, now=day_before)
    assert states() == [("suspension", "in_force", "1か月の利用停止")]


def test_an_offence_for_a_group_is_the_groups(strict, book, absent, chorus, hanako, ichiro):
    strict()
    absent(book(group_id=chorus.pk), EVENING)
    assert Measure.objects.get().group_id == chorus.pk
    day = WEDNESDAY + timedelta(days=1)
    with pytest.raises(Suspended):
        book(day=day, resident=ichiro, group_id=chorus.pk, now=EVENING)
    book(day=day, now=EVENING)


def test_the_rules_can_suspend_representatives_or_members_too(strict, book, absent, chorus, hanako, ichiro):
    strict(PENALTIES.replace("suspends_months: 1,", "suspends_months: 1, suspended: [applicant, members],"))
    absent(book(group_id=chorus.pk), EVENING)
    whom = set(Measure.objects.values_list("group_id", "resident_id"))
    assert whom == {(chorus.pk, None), (None, hanako.pk), (None, ichiro.pk)}
    with pytest.raises(Suspended):
        book(day=WEDNESDAY + timedelta(days=1), resident=ichiro, now=EVENING)


def test_staff_write_down_other_offences_with_what_happened(strict, book, staff):
    hall, use = strict(), book()
    facts = {"facility": hall, "reservation_ref": use.ref, "day": WEDNESDAY, "actor": staff, "now": EVENING}
    offence = record_offence(key="harm", note="譜面台をこわした", **facts)
    assert (offence.name, offence.note, offence.recorded_by_id) == (
        "設備の破損",
        "譜面台をこわした",
        staff.id,
    )
    with pytest.raises(ReasonMissing):
        record_offence(key="harm", note=" ", **facts)
    with pytest.raises(UnknownOffence):
        record_offence(key="singing", note="x", **facts)
    with pytest.raises(UnknownOffence):
        record_offence(key="harm", note="x", **{**facts, "day": WEDNESDAY + timedelta(days=1)})


@pytest.fixture
def proposed(strict, book, absent, hanako, staff):
    """Four points: suspended by itself, a restriction and the end of a registration proposed to staff."""
    strict()
    for row in [book("10:00", "11:00"), book("13:00", "14:00")]:
        absent(row, EVENING)
    return {row.name: row for row in Measure.objects.filter(state="proposed")}


def test_what_the_rules_leave_to_staff_waits_for_them(proposed):
    assert set(proposed) == {"登録の抹消", "予約の制限"}


def test_staff_decide_once_with_a_reason(proposed, staff):
    ref = proposed["予約の制限"].ref
    with pytest.raises(ReasonMissing):
        decide_measure(ref=ref, take=True, reason="", actor=staff, now=EVENING)
    decided = decide_measure(ref=ref, take=True, reason="くり返したため", actor=staff, now=EVENING)
    assert (decided.state, decided.decided_by_id) == ("in_force", staff.id)
    with pytest.raises(AlreadyDecided):
        decide_measure(ref=ref, take=False, reason="x", actor=staff, now=EVENING)


def test_what_staff_decided_against_is_not_proposed_again_for_the_same_offence(proposed, staff, book):
    measure = proposed["予約の制限"]
    decide_measure(ref=measure.ref, take=False, reason="初めてのため", actor=staff, now=EVENING)
    follow_offence(offence_id=measure.offence_id, now=EVENING)
    assert states(name="予約の制限") == [("suspension", "dismissed", "予約の制限")]


def test_staff_end_a_suspension_early_and_it_stays_ended(strict, book, absent, staff):
    strict()
    absent(book(), EVENING)
    measure = Measure.objects.get()
    lift_measure(ref=measure.ref, reason="おわびがあった", actor=staff, now=EVENING)
    follow_offence(offence_id=measure.offence_id, now=EVENING)
    assert states() == [("suspension", "lifted", "1か月の利用停止")]
    book(day=WEDNESDAY + timedelta(days=1), now=EVENING)


def test_what_staff_imposed_ends_when_its_offence_is_withdrawn(proposed, staff):
    decide_measure(ref=proposed["予約の制限"].ref, take=True, reason="x", actor=staff, now=EVENING)
    for offence in Offence.objects.all():
        withdraw_offence(ref=offence.ref, reason="館のまちがい", actor=staff, now=EVENING)
    assert set(Measure.objects.values_list("state", flat=True)) == {"lifted"}


def test_bookings_go_with_a_deregistration_only_when_staff_say_so(proposed, book, staff):
    measure = proposed["登録の抹消"]
    coming = book(
        "10:00", "11:00", day=WEDNESDAY + timedelta(days=7), actor=staff, channel="desk",
        override_reason="前からの約束", now=EVENING,
    )  # fmt: skip
    assert bookings_hit(measure, now=EVENING) == []
    decided = decide_measure(ref=measure.ref, take=True, reason="規則による", actor=staff, now=EVENING)
    assert [row.pk for row in bookings_hit(decided, now=EVENING)] == [coming.pk]
    assert cancel_bookings(ref=measure.ref, actor=staff, now=EVENING).count == 1
    coming.refresh_from_db()
    assert coming.status == "cancelled"
    assert not Offence.objects.filter(reservation=coming).exists()


def test_a_suspension_of_applying_lets_earlier_bookings_be_used(strict, book, absent, staff):
    strict(PENALTIES.replace("suspends_months: 1,", "suspends_months: 1, suspends: applying,"))
    absent(book(), EVENING)
    with pytest.raises(OutsideRules):
        book(day=WEDNESDAY + timedelta(days=50), now=EVENING)


def test_a_group_that_is_struck_off_is_no_longer_registered(strict, book, absent, chorus, staff):
    strict(PENALTIES.replace("at_least: 4, name: 登録の抹消", "at_least: 2, name: 登録の抹消"))
    absent(book(group_id=chorus.pk), EVENING)
    measure = Measure.objects.get(kind="deregistration")
    assert chorus.registrations.get().state == "registered"
    decide_measure(ref=measure.ref, take=True, reason="規則による", actor=staff, now=EVENING)
    registration = chorus.registrations.get()
    assert (registration.state, registration.reason) == ("ended", "規則による")
    assert registration.deregistered_on == WEDNESDAY
