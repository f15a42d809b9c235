"""A hall becomes a polling station: staff see who is hit and decide in one act; clubs answer on the phone."""

from __future__ import annotations

import pytest

from accounts.services import register_resident
from booking.models import Closure, Displaced, Reservation
from facilities.periods import local
from tenants.context import inside
from tests.booking.conftest import TOKYO
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET
from tests.journeys.test_book_as_resident import book_before
from tests.journeys.test_change_reservation import shot

pytestmark = pytest.mark.browser


class By:
    """A hirer without a log-in, as ``book_before`` wants one."""

    def __init__(self, municipality, name):
        self.municipality = municipality
        self.resident = register_resident(name=name, phone="042-555-0101")


def look_at_the_election(visitor, day, *, kind="election"):
    """Say that the whole hall is needed on a day, and why."""
    visitor.go(f"/desk/chuo-kominkan/official/?day={day.isoformat()}")
    visitor.page.check(f"[name=kind][value={kind}]")
    visitor.page.check("[name=whole]")
    shot(visitor, "official")
    visitor.press("当たる予約を見る")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(reason="市長選挙の投票所として使うため").press("当たる予約を見る")


@pytest.fixture
def two_bookings(akiruno, aiko):
    """Aiko's, and one of a club that has no mail; on the same day."""
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
        theirs = book_before(By(akiruno, "合唱の会"), "chuo-kominkan", "kenshu-3")
        assert local(mine.starts_at, TOKYO)[0] == local(theirs.starts_at, TOKYO)[0]
    return mine, theirs


@pytest.mark.parametrize("width", [LARGE_PHONE, TABLET])
def test_one_is_asked_one_is_cancelled_and_the_club_says_yes(visit, akiruno, aiko, dai, two_bookings, width):
    mine, theirs = two_bookings
    staff = visit(akiruno, width=width, person=dai)
    look_at_the_election(staff, local(mine.starts_at, TOKYO)[0])
    assert "当たる予約：2件" in staff.text
    assert "電話で知らせてください" in staff.text
    shot(staff, "official-decide")
    staff.page.select_option(f"[name=to_{theirs.ref}]", "cancel")
    staff.press("この内容で、いっぺんに行う")
    assert "返事を待っている予約：1件" in staff.text
    shot(staff, "displacement")
    with inside(akiruno):
        assert Reservation.objects.get(ref=theirs.ref).status == "cancelled"
        assert Closure.objects.get().kind == "election"
    club = visit(akiruno, width=PHONE, person=aiko).go(f"/my/r/{mine.ref}/")
    shot(club, "asked")
    club.follow("お願いを見て、返事をする")
    assert "市長選挙の投票所として使うため" in club.text
    shot(club, "answer")
    club.press("はい、この時間に変えます")
    with inside(akiruno):
        assert Displaced.objects.get(reservation__ref=mine.ref).outcome == "accepted"


def test_without_javascript_a_club_says_no(visit, akiruno, aiko, dai, two_bookings):
    mine, theirs = two_bookings
    staff = visit(akiruno, width=TABLET, person=dai, javascript=False)
    look_at_the_election(staff, local(mine.starts_at, TOKYO)[0])
    staff.press("この内容で、いっぺんに行う")
    club = visit(akiruno, width=PHONE, person=aiko, javascript=False).go(f"/my/r/{mine.ref}/answer/")
    club.press("いいえ、取り消します")
    assert "取消し" in club.text
    with inside(akiruno):
        assert Reservation.objects.get(ref=mine.ref).status == "cancelled"
        assert Reservation.objects.get(ref=theirs.ref).status == "confirmed"


def test_who_booked_meanwhile_is_shown_before_anything_happens(visit, akiruno, aiko, dai):
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
    staff = visit(akiruno, width=TABLET, person=dai)
    look_at_the_election(staff, local(mine.starts_at, TOKYO)[0])
    with inside(akiruno):
        late = book_before(By(akiruno, "体操の会"), "chuo-kominkan", "kenshu-5")
    staff.press("この内容で、いっぺんに行う")
    assert "予約が変わりました" in staff.text
    assert late.number in staff.text
    with inside(akiruno):
        assert not Closure.objects.exists()
    staff.press("この内容で、いっぺんに行う")
    assert "返事を待っている予約：2件" in staff.text


def test_a_typhoon_closes_the_hall_and_everybody_gets_everything_back(visit, akiruno, aiko, dai):
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
    staff = visit(akiruno, width=TABLET, person=dai)
    look_at_the_election(staff, local(mine.starts_at, TOKYO)[0], kind="weather")
    staff.press("この内容で、いっぺんに行う")
    with inside(akiruno):
        assert Reservation.objects.get(ref=mine.ref).status == "cancelled"
