"""A group is registered: applied for within the rules, reviewed by staff, told; under which class it books."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from accounts.errors import NotRepresentative
from accounts.groups.rosters import Line
from accounts.groups.services import GroupFacts
from facilities.errors import (
    AlreadyRegistered,
    ClassUnknown,
    ExceptionUnknown,
    NotInThisState,
    ReasonNeeded,
    RegistrationOpen,
    RequirementsNotMet,
    RosterNeeded,
    RosterUnderReview,
)
from facilities.group_rules import NOT_REGISTERED, Standing, standing_of
from facilities.groups.applying import (
    apply_for_registration,
    begin_group,
    begin_registration,
    drop_draft,
    save_answers,
    take_back,
    write_roster,
)
from facilities.groups.kinds import kinds_on
from facilities.groups.queries import waiting_registrations
from facilities.groups.reviewing import (
    AcceptedException,
    approve_registration,
    end_registration,
    refuse_registration,
    return_registration,
)
from facilities.models import GroupRegistration
from facilities.queries import room_by_key
from tests import factories
from tests.facilities.clubs import a_draft, a_town_of_clubs, applied, club_kind, of, people, registered


@pytest.fixture
def hall(city, tmp_path):
    return a_town_of_clubs(tmp_path)


@pytest.fixture
def haru(city):
    return factories.a_resident("春山 ハル", "haru@example.jp", login=True)


@pytest.fixture
def clerk(city):
    return factories.a_staff()


def jobs(kind):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.procrastinate_jobs WHERE args->>'kind' = %s", [kind])
        return cursor.fetchone()[0]


def test_the_roster_asks_only_what_the_rules_count(hall, now):
    kind = club_kind(now)
    assert [fact.name for fact in kind.asked] == ["市内在住の人", "18歳以上の人"]
    assert kind.posts == ("representative", "deputy")
    assert [one.key for one in kind.questions] == ["youth"]


def test_rules_that_say_nothing_of_groups_leave_it_to_staff(city, now):
    (kind,) = kinds_on(now.date())
    assert (kind.key, kind.asked, kind.questions) == ("", (), ())


def test_a_group_is_registered_to_the_end_of_the_next_fiscal_year(hall, haru, clerk, now):
    registration = registered(haru, now, clerk)
    assert registration.state == "registered"
    assert (registration.valid_from, registration.valid_until) == (date(2027, 5, 10), date(2029, 3, 31))
    assert registration.applicant_class == "registered"
    assert registration.decided_by == clerk
    assert [one["met"] for one in registration.findings] == [True, True, True, None]
    assert (jobs("group_applied"), jobs("group_registered")) == (1, 1)


def test_it_books_in_its_class_while_the_registration_holds(hall, haru, clerk, now):
    registration = registered(haru, now, clerk)
    room = room_by_key("sada", "hall")
    stands = Standing("registered", True, date(2029, 3, 31))
    assert standing_of(registration.group_id, room, date(2029, 3, 31)) == stands
    assert standing_of(registration.group_id, room, date(2029, 4, 1)) == NOT_REGISTERED
    assert standing_of(registration.group_id, room, date(2027, 5, 9)) == NOT_REGISTERED


def test_it_counts_only_in_the_halls_whose_rules_name_its_kind(hall, haru, clerk, now, city):
    registration = registered(haru, now, clerk)
    elsewhere = room_by_key("chuo-kominkan", "kenshu-1")
    assert standing_of(registration.group_id, elsewhere, date(2027, 6, 1)) == NOT_REGISTERED


def test_a_group_that_only_applied_has_no_class(hall, haru, now):
    registration = applied(haru, now)
    assert standing_of(registration.group_id, room_by_key("sada", "hall"), date(2027, 6, 1)) == NOT_REGISTERED


def test_what_the_rules_do_not_allow_is_handed_in_only_with_a_remark(hall, haru, now):
    registration = a_draft(haru, now, lines=people(club_kind(now), 4, living_here=1))
    with pytest.raises(ReasonNeeded):
        apply_for_registration(ref=registration.ref, actor=of(haru), now=now)
    save_answers(ref=registration.ref, answers={}, remark="市の文化祭に出ます", actor=of(haru), now=now)
    findings = apply_for_registration(ref=registration.ref, actor=of(haru), now=now)
    assert [one.code for one in findings.unmet] == ["too_few_of"]


def test_rules_without_exceptions_take_no_application_that_misses_them(city, haru, now):
    factories.halls_of(factories.EXAMPLES / "hirakata.yaml")
    kind = club_kind(now, "group")
    registration = begin_group(
        facts=GroupFacts("ひとり会"), representative_id=haru.pk, kind=kind, actor=of(haru), now=now
    )
    with pytest.raises(RosterNeeded):
        apply_for_registration(ref=registration.ref, actor=of(haru), now=now)
    write_roster(group_id=registration.group_id, lines=[Line("春山 ハル")], actor=of(haru))
    with pytest.raises(RequirementsNotMet) as refused:
        apply_for_registration(ref=registration.ref, actor=of(haru), now=now)
    assert [one.code for one in refused.value.facts["reasons"]] == ["too_few_members", "too_few_of"]


def test_an_answer_about_the_group_changes_what_is_needed(hall, haru, now):
    here, _adult = (fact.key for fact in club_kind(now).asked)
    registration = a_draft(haru, now, lines=[Line(f"子 {n}", facts=frozenset({here})) for n in range(4)])
    save_answers(ref=registration.ref, answers={"youth": True}, remark="", actor=of(haru), now=now)
    assert apply_for_registration(ref=registration.ref, actor=of(haru), now=now).allowed


def test_staff_accept_an_exception_of_the_rules_with_a_reason(hall, haru, clerk, now):
    registration = a_draft(haru, now, lines=people(club_kind(now), 2))
    save_answers(ref=registration.ref, answers={}, remark="始めたばかりです", actor=of(haru), now=now)
    apply_for_registration(ref=registration.ref, actor=of(haru), now=now)
    given = {"ref": registration.ref, "staff_id": clerk.pk, "applicant_class": "registered", "now": now}
    with pytest.raises(RequirementsNotMet):
        approve_registration(**given)
    with pytest.raises(ExceptionUnknown):
        approve_registration(**given, exceptions=[AcceptedException("顔なじみ", "よく知っている")])
    with pytest.raises(ReasonNeeded):
        approve_registration(**given, exceptions=[AcceptedException("市長が認める団体", " ")])
    approve_registration(**given, exceptions=[AcceptedException("市長が認める団体", "5月の決裁")])
    registration.refresh_from_db()
    assert registration.exceptions == [{"name": "市長が認める団体", "reason": "5月の決裁"}]
    assert [one["met"] for one in registration.findings] == [False, True, True, None]


def test_a_class_the_rules_do_not_know_is_not_granted(hall, haru, clerk, now):
    registration = applied(haru, now)
    with pytest.raises(ClassUnknown):
        approve_registration(ref=registration.ref, staff_id=clerk.pk, applicant_class="vip", now=now)


def test_a_returned_application_is_corrected_and_waits_anew(hall, haru, clerk, now):
    registration = applied(haru, now)
    return_registration(ref=registration.ref, staff_id=clerk.pk, reason="名簿の2行目", now=now)
    registration.refresh_from_db()
    assert (registration.state, registration.reason) == ("returned", "名簿の2行目")
    write_roster(group_id=registration.group_id, lines=[Line("五人目")], actor=of(haru))
    later = now + timedelta(days=3)
    apply_for_registration(ref=registration.ref, actor=of(haru), now=later)
    (waiting,) = waiting_registrations(facility_ids=None, now=later)
    assert waiting.registration.applied_at == later
    assert jobs("group_returned") == 1


def test_a_refusal_has_a_reason_and_is_final(hall, haru, clerk, now):
    registration = applied(haru, now)
    with pytest.raises(ReasonNeeded):
        refuse_registration(ref=registration.ref, staff_id=clerk.pk, reason=" ", now=now)
    refuse_registration(ref=registration.ref, staff_id=clerk.pk, reason="営利のため", now=now)
    with pytest.raises(NotInThisState):
        approve_registration(ref=registration.ref, staff_id=clerk.pk, applicant_class="", now=now)
    assert jobs("group_refused") == 1


def test_nobody_is_registered_twice_as_the_same_kind(hall, haru, clerk, now):
    registration = applied(haru, now)
    with pytest.raises(RegistrationOpen):
        begin_registration(group_id=registration.group_id, kind=club_kind(now), actor=of(haru), now=now)
    approve_registration(ref=registration.ref, staff_id=clerk.pk, applicant_class="", now=now)
    with pytest.raises(AlreadyRegistered):
        begin_registration(group_id=registration.group_id, kind=club_kind(now), actor=of(haru), now=now)


def test_the_roster_stands_still_while_it_is_reviewed(hall, haru, now):
    registration = applied(haru, now)
    with pytest.raises(RosterUnderReview):
        write_roster(group_id=registration.group_id, lines=[Line("後から")], actor=of(haru))
    take_back(ref=registration.ref, actor=of(haru))
    assert write_roster(group_id=registration.group_id, lines=[Line("後から")], actor=of(haru)) == 1


def test_only_the_representative_or_staff_apply(hall, haru, clerk, now):
    registration = a_draft(haru, now)
    other = factories.a_resident("他 人")
    with pytest.raises(NotRepresentative):
        apply_for_registration(ref=registration.ref, actor=of(other), now=now)
    apply_for_registration(ref=registration.ref, actor=Actor("staff", clerk.pk), now=now)
    registration.refresh_from_db()
    assert registration.entered_by == clerk


def test_a_draft_thrown_away_leaves_no_names_behind(hall, haru, now):
    registration = a_draft(haru, now)
    group = registration.group
    drop_draft(ref=registration.ref, actor=of(haru), now=now)
    group.refresh_from_db()
    assert group.ended_at == now
    assert not group.roster.exists()
    assert not GroupRegistration.objects.exists()


def test_what_waits_longest_comes_first(hall, haru, now):
    later = applied(haru, now + timedelta(hours=1), name="後の会")
    first = applied(haru, now, name="先の会")
    waiting = waiting_registrations(facility_ids=[hall.pk], now=now)
    assert [one.registration.pk for one in waiting] == [first.pk, later.pk]
    assert waiting_registrations(facility_ids=[], now=now) == []


def test_who_led_a_struck_off_group_waits_as_long_as_the_rules_say(hall, haru, clerk, now):
    old = registered(haru, now, clerk)
    end_registration(ref=old.ref, staff_id=clerk.pk, reason="無断", now=now, struck_off=True)
    new = a_draft(haru, now, name="名前をかえた会")
    save_answers(ref=new.ref, answers={}, remark="お願いします", actor=of(haru), now=now)
    findings = apply_for_registration(ref=new.ref, actor=of(haru), now=now)
    assert [(one.code, one.params["at"]) for one in findings.unmet] == [("barred", "2027-11-10")]
    other = factories.a_resident("夏川 ナツ")
    assert apply_for_registration(ref=a_draft(other, now, name="別").ref, actor=of(other), now=now).allowed
