"""For oneself or for a group: chosen once, always visible, and what is booked is the group's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.groups.services import GroupFacts, found_group
from accounts.models import Membership
from booking.models import Reservation
from facilities.groups.reviewing import end_registration
from tests import factories
from tests.facilities.clubs import a_town_of_clubs, registered


@pytest.fixture
def hall(city, tmp_path):
    return a_town_of_clubs(tmp_path)


@pytest.fixture
def clerk(city):
    return factories.a_staff()


@pytest.fixture
def club(hall, aiko, clerk):
    return registered(aiko.resident, timezone.now(), clerk)


@pytest.fixture
def client(aiko):
    return aiko.client()


def act_for(client, group):
    return client.post("/groups/act/", {"group": str(group.ref) if group else "", "next": "/h/sada/"})


def bar(client, path="/my/"):
    text = client.get(path).content.decode()
    return text.partition('<nav class="acting')[2].partition("</nav>")[0]


def test_who_belongs_to_no_group_is_asked_nothing(city, aiko, client):
    assert bar(client) == ""


def test_a_group_that_is_not_registered_yet_cannot_be_acted_for(hall, aiko, client, now):
    group = found_group(facts=GroupFacts("まだの会"), representative_id=aiko.resident.pk, now=now)
    assert bar(client) == ""
    act_for(client, group)
    assert bar(client) == ""


def test_for_whom_one_acts_is_always_visible(club, client):
    assert "<b>個人</b>として操作中" in bar(client)
    assert act_for(client, club.group).headers["Location"] == "/h/sada/"
    for path in ("/my/", "/", "/h/sada/", "/groups/"):
        assert "<b>さくらコーラス</b>として操作中" in bar(client, path)
    act_for(client, None)
    assert "<b>個人</b>として操作中" in bar(client)


def test_the_way_back_never_leads_to_another_site(club, client):
    answer = client.post("/groups/act/", {"group": "", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_the_group_of_others_cannot_be_acted_for(club, client_for, akiruno):
    other = factories.a_resident("他 人", "tanin@example.jp", login=True)
    stranger = client_for(akiruno)
    stranger.force_login(other.user)
    act_for(stranger, club.group)
    assert bar(stranger) == ""


def test_viewers_do_not_act(club, client_for, akiruno, now):
    viewer = factories.a_resident("見る 人", "miru@example.jp", login=True)
    Membership.objects.create(group=club.group, resident=viewer, role="viewer", since=now)
    client = client_for(akiruno)
    client.force_login(viewer.user)
    act_for(client, club.group)
    assert bar(client) == ""


def test_times_are_shown_and_held_in_the_class_of_the_group(club, client, aiko):
    day = timezone.localdate() + timedelta(days=8)
    page = f"/h/sada/hall/{day.isoformat()}/"
    assert 'name="time"' not in client.get(page).content.decode()
    act_for(client, club.group)
    assert 'name="time"' in client.get(page).content.decode()
    answer = client.post(page, {"time": "09:00-12:30", "idempotency_key": "one"})
    assert answer.status_code == 302
    held = Reservation.objects.get()
    assert (held.group, held.resident) == (club.group, aiko.resident)
    assert client.get(answer.headers["Location"]).status_code == 200


def test_when_the_registration_ends_one_acts_for_oneself_again(club, client, clerk):
    act_for(client, club.group)
    end_registration(ref=club.ref, staff_id=clerk.pk, reason="解散", now=timezone.now())
    assert bar(client) == ""
