"""What time does: a registration is renewed in its season, people are reminded, it ends, its names are deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.groups.rosters import Line
from accounts.groups.services import GroupFacts
from accounts.models import RosterEntry
from facilities.errors import AlreadyRegistered, NotInThisState, RegistrationOpen, RenewalNotOpen
from facilities.group_rules import groups_sharing_members, standing_of
from facilities.groups.applying import (
    apply_for_registration,
    begin_group,
    begin_registration,
    begin_renewal,
    write_roster,
)
from facilities.groups.evidence import add_evidence
from facilities.groups.keeping import delete_what_is_over, end_expired, remind_of_ends
from facilities.groups.queries import find_groups, groups_alike, registrations_of
from facilities.groups.reviewing import approve_registration, end_registration, refuse_registration
from facilities.models import Evidence
from facilities.queries import room_by_key
from tests import factories
from tests.conftest import TOKYO
from tests.facilities.clubs import a_draft, a_town_of_clubs, applied, club_kind, of, people, registered

# The registration of May 2027 holds to 31 March 2029; renewal opens on 1 January.
SEASON = datetime(2029, 1, 1, tzinfo=TOKYO)
LAST_DAY = datetime(2029, 3, 31, 23, 59, tzinfo=TOKYO)


@pytest.fixture
def hall(city, tmp_path):
    return a_town_of_clubs(tmp_path)


@pytest.fixture
def haru(city):
    return factories.a_resident("春山 ハル", "haru@example.jp", login=True)


@pytest.fixture
def clerk(city):
    return factories.a_staff()


@pytest.fixture
def club(hall, haru, clerk, now):
    return registered(haru, now, clerk)


def told(kind="group_expiring"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.procrastinate_jobs WHERE args->>'kind' = %s", [kind])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (SEASON - timedelta(seconds=1), False),
        (SEASON, True),
        (LAST_DAY, True),
        (LAST_DAY + timedelta(minutes=1), False),
    ],
)
def test_renewal_opens_and_closes_by_the_rules(club, haru, moment, open_):
    if open_:
        assert begin_renewal(ref=club.ref, actor=of(haru), now=moment).renews == club
    else:
        with pytest.raises(RenewalNotOpen):
            begin_renewal(ref=club.ref, actor=of(haru), now=moment)


def test_a_renewed_registration_follows_without_a_gap(club, haru, clerk):
    renewal = begin_renewal(ref=club.ref, actor=of(haru), now=SEASON)
    with pytest.raises(RegistrationOpen):
        begin_renewal(ref=club.ref, actor=of(haru), now=SEASON)
    apply_for_registration(ref=renewal.ref, actor=of(haru), now=SEASON)
    approve_registration(ref=renewal.ref, staff_id=clerk.pk, applicant_class="registered", now=SEASON)
    renewal.refresh_from_db()
    assert (renewal.valid_from, renewal.valid_until) == (date(2029, 4, 1), date(2031, 3, 31))
    room = room_by_key("sada", "hall")
    for day in (date(2029, 3, 31), date(2029, 4, 1), date(2031, 3, 31)):
        assert standing_of(club.group_id, room, day).registered
    assert [one.state for one in registrations_of(club.group_id, SEASON)] == ["coming", "registered"]
    with pytest.raises(AlreadyRegistered):
        begin_renewal(ref=club.ref, actor=of(haru), now=SEASON)


def test_what_is_over_is_registered_anew_not_renewed(club, haru):
    later = LAST_DAY + timedelta(days=40)
    end_expired(now=later)
    with pytest.raises(NotInThisState):
        begin_renewal(ref=club.ref, actor=of(haru), now=later)
    assert begin_registration(group_id=club.group_id, kind=club_kind(later), actor=of(haru), now=later)


def test_people_are_reminded_when_renewal_opens_and_in_the_last_days(club):
    for moment, count in [
        (SEASON - timedelta(days=1), 0),
        (SEASON + timedelta(hours=8), 1),
        (SEASON + timedelta(days=1, hours=8), 1),
        (LAST_DAY - timedelta(days=14), 1),
        (LAST_DAY - timedelta(days=13), 2),
        (LAST_DAY, 2),
    ]:
        remind_of_ends(now=moment)
        assert told() == count


def test_who_handed_a_renewal_in_is_not_reminded(club, haru):
    renewal = begin_renewal(ref=club.ref, actor=of(haru), now=SEASON)
    apply_for_registration(ref=renewal.ref, actor=of(haru), now=SEASON)
    assert remind_of_ends(now=SEASON + timedelta(days=1)) == 0


def test_a_registration_ends_by_itself_after_its_last_day(club):
    assert end_expired(now=LAST_DAY) == 0
    assert end_expired(now=LAST_DAY + timedelta(minutes=1)) == 1
    club.refresh_from_db()
    assert club.state == "ended"


def roster_is_kept(group_id, now):
    delete_what_is_over(now=now)
    return RosterEntry.objects.filter(group_id=group_id).exists()


def test_the_roster_is_deleted_as_long_after_the_end_as_the_rules_say(club):
    end_expired(now=LAST_DAY + timedelta(days=1))
    assert roster_is_kept(club.group_id, datetime(2029, 9, 30, tzinfo=TOKYO))
    assert not roster_is_kept(club.group_id, datetime(2029, 10, 1, tzinfo=TOKYO))


def test_a_roster_in_use_is_kept_for_ever(club):
    assert roster_is_kept(club.group_id, LAST_DAY + timedelta(days=4000))


def test_refused_and_forgotten_applications_lose_roster_and_files(hall, haru, clerk, now):
    refused = a_draft(haru, now)
    content = b"%PDF-1.7"
    given = {"file_name": "kiyaku.pdf", "content": content, "actor": of(haru), "now": now}
    add_evidence(ref=refused.ref, **given)
    apply_for_registration(ref=refused.ref, actor=of(haru), now=now)
    refuse_registration(ref=refused.ref, staff_id=clerk.pk, reason="営利", now=now)
    forgotten = a_draft(haru, now, name="書きかけの会")
    assert roster_is_kept(refused.group_id, now + timedelta(days=183))
    assert not roster_is_kept(refused.group_id, now + timedelta(days=185))
    assert not roster_is_kept(forgotten.group_id, now + timedelta(days=185))
    assert not Evidence.objects.exists()


def test_a_struck_off_group_is_remembered_while_its_people_are_barred(club, clerk, now):
    end_registration(ref=club.ref, staff_id=clerk.pk, reason="違反", now=now, struck_off=True)
    assert roster_is_kept(club.group_id, datetime(2027, 11, 9, tzinfo=TOKYO))
    assert not roster_is_kept(club.group_id, datetime(2027, 11, 10, tzinfo=TOKYO))


def test_groups_with_half_of_the_people_count_as_one_by_these_rules(club, haru, now):
    lines = people(club_kind(now), 4, prefix=club.group.name)
    double = a_draft(haru, now, name="二つ目の会", lines=[*lines[:2], *people(club_kind(now), 2)])
    apply_for_registration(ref=double.ref, actor=of(haru), now=now)
    other = a_draft(haru, now, name="三つ目の会", lines=[*lines[:1], *people(club_kind(now), 3, prefix="別")])
    assert groups_sharing_members(club.group_id) == [double.group_id]
    assert groups_sharing_members(double.group_id) == [club.group_id]
    alike = {one.group.pk: (one.percent, one.same) for one in groups_alike(club.group_id)}
    assert alike == {double.group_id: (50, True), other.group_id: (25, False)}


def test_groups_are_found_by_a_part_of_the_name_or_their_number(club, haru, now, hall):
    applied(haru, now, name="ゆりの会")
    for text in ("さくら", "サクラこーらす", club.group.number, "ｻｸﾗ"):
        assert [one.name for one in find_groups(text=text, facility_ids=None)] == ["さくらコーラス"]
    assert len(find_groups(text="", facility_ids=[hall.pk])) == 2
    assert find_groups(text="", facility_ids=[]) == []


def test_staff_may_renew_for_somebody_at_the_desk(club, clerk):
    renewal = begin_renewal(ref=club.ref, actor=Actor("staff", clerk.pk), now=SEASON)
    assert renewal.entered_by == clerk


def test_a_kind_that_only_staff_decide_holds_until_the_day_they_name(city, haru, clerk, now):
    kind = club_kind(now, "")
    registration = begin_group(
        facts=GroupFacts("集い"), representative_id=haru.pk, kind=kind, actor=of(haru), now=now
    )
    write_roster(group_id=registration.group_id, lines=[Line("春山 ハル")], actor=of(haru))
    apply_for_registration(ref=registration.ref, actor=of(haru), now=now)
    until = date(2027, 12, 31)
    given = {"ref": registration.ref, "staff_id": clerk.pk, "applicant_class": "", "now": now}
    assert approve_registration(**given, valid_until=until) == until
    room = room_by_key("chuo-kominkan", "kenshu-1")
    assert standing_of(registration.group_id, room, until).registered
    assert not standing_of(registration.group_id, room, until + timedelta(days=1)).registered
