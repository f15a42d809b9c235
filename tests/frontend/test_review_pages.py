"""Reviewers' pages: the queue of one's own halls, several items decided at once, the permit at the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.bulk import Item, book_together
from booking.changing import change_reservation
from booking.models import Permit, Reservation, Review
from booking.services import book_room
from facilities.details import Details
from facilities.models import FacilityStaff, RuleBook
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.services import publish_rules
from frontend.documents.jobs import settle
from tests.booking.conftest import TOKYO, rules_text
from tests.clients import HostClient
from tests.journeys.test_review_application import RULES


@pytest.fixture
def reviewed(city):
    """20 people or more are reviewed."""
    text = rules_text("akiruno").replace("とした。\n\ncancellations:", RULES)
    publish_rules(
        rule_book_id=RuleBook.objects.get().pk,
        text=text,
        effective_from=date(2026, 1, 1),
        now=timezone.now(),
    )


def day_ahead(days=20):
    day = timezone.localdate() + timedelta(days=days)
    # Closed on the first and third Tuesday: a Thursday is always open.
    return day + timedelta(days=(3 - day.weekday()) % 7)


@pytest.fixture
def apply_for(reviewed, aiko):
    """Aiko applies with 25 people."""

    def make(room="kenshu-1", hall="chuo-kominkan", hour=10, days=20):
        place = room_by_key(hall, room)
        at = moment(day_ahead(days), hour * 60, TOKYO)
        return book_room(
            room_id=place.id,
            starts_at=at,
            ends_at=at + timedelta(hours=2),
            resident_id=aiko.resident.pk,
            channel="web",
            purpose="合唱の発表会",
            details=Details(headcount=25),
            actor=Actor("resident", aiko.resident.pk),
            now=timezone.now(),
        )

    return make


def test_the_longest_wait_comes_first(apply_for, dai):
    first, second = apply_for(days=30), apply_for(days=14)
    Review.objects.filter(reservation=first).update(applied_at=timezone.now() - timedelta(days=4))
    text = dai.client().get("/desk/reviews/").content.decode()
    assert text.index(first.number) < text.index(second.number)
    assert "4日" in text


def test_a_manager_of_another_hall_sees_nothing_and_an_admin_all(apply_for, akiruno, dai, emi):
    ref = apply_for().ref
    assert "審査を待つ申込み（1件）" in dai.client().get("/desk/reviews/").content.decode()
    assert "審査を待つ申込み（1件）" in emi.client().get("/desk/reviews/").content.decode()
    FacilityStaff.objects.filter(staff=dai.staff).delete()
    assert "審査を待つ申込みはありません" in dai.client().get("/desk/reviews/").content.decode()
    for method, path in (("get", ""), ("post", "")):
        answer = getattr(dai.client(), method)(f"/desk/reviews/{ref}/{path}", {"decide": "permit"})
        assert answer.status_code == 404
    assert Reservation.objects.get().status == "applied"


def test_several_of_one_application_are_permitted_at_once(reviewed, aiko, dai):
    room = room_by_key("chuo-kominkan", "kenshu-1")
    items = [
        Item(room.id, at, at + timedelta(hours=1), Details(headcount=25))
        for at in (moment(day_ahead(), hour * 60, TOKYO) for hour in (9, 11, 13))
    ]
    actor = Actor("resident", aiko.resident.pk)
    booked = book_together(
        items=items,
        resident_id=aiko.resident.pk,
        channel="web",
        purpose="大会",
        all_or_nothing=True,
        actor=actor,
        now=timezone.now(),
    )
    refs = [str(one.ref) for one in booked.booked.values()]
    page = dai.client().get(f"/desk/reviews/{refs[0]}/").content.decode()
    assert all(ref in page for ref in refs)
    answer = dai.client().post(
        f"/desk/reviews/{refs[0]}/",
        {"decide": "permit", "items": refs[:2], "conditions": "", "opinion": "良い"},
    )
    assert answer.status_code == 302
    states = {str(one.ref): one.status for one in Reservation.objects.all()}
    assert [states[ref] for ref in refs] == ["confirmed", "confirmed", "applied"]
    assert Review.objects.filter(state="permitted", opinion="良い", reviewer=dai.staff).count() == 2


def test_a_refusal_without_reason_keeps_what_was_typed(apply_for, dai):
    ref = apply_for().ref
    answer = dai.client().post(f"/desk/reviews/{ref}/", {"decide": "refuse", "opinion": "ここは残る"})
    assert answer.status_code == 422
    assert "許可しない理由を書いてください。" in answer.content.decode()
    assert "ここは残る" in answer.content.decode()
    assert Reservation.objects.get().status == "applied"


@pytest.mark.parametrize("typed", [{}, {"decide": "burn"}, {"decide": ["permit"], "items": ["x"]}])
def test_strange_input_is_answered_and_never_an_error(apply_for, dai, typed):
    ref = apply_for().ref
    assert dai.client().post(f"/desk/reviews/{ref}/", typed).status_code in (200, 302, 422)


def test_what_was_decided_meanwhile_is_said(apply_for, dai, emi):
    ref = apply_for().ref
    emi.client().post(f"/desk/reviews/{ref}/", {"decide": "permit"})
    answer = dai.client().post(f"/desk/reviews/{ref}/", {"decide": "refuse", "reason": "だめ"})
    assert answer.status_code == 422
    assert "もう終わっています" in answer.content.decode()
    assert Reservation.objects.get().status == "confirmed"


def test_what_was_changed_meanwhile_is_shown_before_it_is_decided(apply_for, aiko, dai):
    reservation = apply_for()
    shown = dai.client().get(f"/desk/reviews/{reservation.ref}/").context["seen"]
    change_reservation(
        ref=reservation.ref,
        room_id=reservation.room_id,
        starts_at=reservation.starts_at + timedelta(hours=3),
        ends_at=reservation.ends_at + timedelta(hours=3),
        details=None,
        actor=Actor("resident", aiko.resident.pk),
        now=timezone.now(),
    )
    answer = dai.client().post(f"/desk/reviews/{reservation.ref}/", {"decide": "permit", "seen": shown})
    assert answer.status_code == 422
    assert Reservation.objects.get().status == "applied"
    again = {"decide": "permit", "seen": answer.context["seen"]}
    assert dai.client().post(f"/desk/reviews/{reservation.ref}/", again).status_code == 302
    assert Reservation.objects.get().status == "confirmed"


def test_residents_see_no_queue(apply_for, aiko):
    apply_for()
    assert aiko.client().get("/desk/reviews/").status_code == 404


def test_the_desk_prints_the_permit_and_others_cannot(apply_for, dai, aiko, client_of_nobody):
    reservation = apply_for()
    dai.client().post(f"/desk/reviews/{reservation.ref}/", {"decide": "permit"})
    settle(str(reservation.ref))
    paper = dai.client().get(f"/desk/reservation/{reservation.ref}/permit.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert Permit.objects.get().number in paper["Content-Disposition"]
    mine = aiko.client().get(f"/my/r/{reservation.ref}/permit.pdf")
    assert mine.content == paper.content
    assert client_of_nobody.get(f"/my/r/{reservation.ref}/permit.pdf").status_code == 302
    assert client_of_nobody.get(f"/desk/reservation/{reservation.ref}/permit.pdf").status_code == 302


@pytest.fixture
def client_of_nobody(city):
    return HostClient(city)


def test_before_the_permit_is_drawn_it_says_so(apply_for, dai):
    reservation = apply_for()
    assert dai.client().get(f"/desk/reservation/{reservation.ref}/permit.pdf").status_code == 404
    dai.client().post(f"/desk/reviews/{reservation.ref}/", {"decide": "permit"})
    settle(str(reservation.ref))
    dai.client().post(f"/desk/reservation/{reservation.ref}/permit/again/")
    answer = dai.client().get(f"/desk/reservation/{reservation.ref}/permit.pdf")
    assert answer.status_code == 409
    assert "許可書を作っています" in answer.content.decode()


def test_letters_no_font_has_are_told_before_deciding(apply_for, dai, aiko):
    aiko.resident.name = "青木😀"
    aiko.resident.save()
    text = dai.client().get(f"/desk/reviews/{apply_for().ref}/").content.decode()
    assert "許可書に書けない字があります" in text
