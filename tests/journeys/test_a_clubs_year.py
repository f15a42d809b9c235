"""One club through everything: registered, half a year of Tuesdays, moved, cut short, gone on with, reviewed,
displaced by an election, suspended for not coming, and heard."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.groups.services import invitation_token
from accounts.models import Group, GroupInvitation, Staff
from accounts.services import appoint_staff
from booking.models import Displaced, Reservation, SeriesDate
from booking.services import book_room
from facilities.details import Details
from facilities.models import GroupRegistration, RuleBook
from facilities.periods import local, moment
from facilities.queries import room_by_key
from facilities.room_rules import Asker, open_on
from facilities.services import publish_rules
from tenants.context import inside
from tests import factories
from tests.booking.conftest import TOKYO, rules_text
from tests.booking.test_record_offences import HALL as CANCELLATION
from tests.booking.test_record_offences import PENALTIES
from tests.conftest import Person
from tests.facilities.clubs import REGISTRATIONS
from tests.journeys.conftest import LARGE_PHONE, TABLET
from tests.journeys.test_book_series import apply_for as apply_for_series
from tests.journeys.test_book_series import next_tuesday
from tests.journeys.test_change_reservation import shot
from tests.journeys.test_displace_for_election import look_at_the_election
from tests.journeys.test_register_group import NAMES, approve

pytestmark = pytest.mark.browser

CLUB = "さくらコーラス"
HALL = "chuo-kominkan"
REVIEWS = "reviews: [{name: 20人以上の利用, name_en: 20 people or more, when: {headcount: 20..}}]"
CLASSES = "  - {key: registered, name: 登録団体, name_en: Registered groups, granted: true}\n\ncauses:\n"
QUESTION = "questions: [{key: youth, name: 青少年の団体, usual: false}]\n\ncalendars:\n"


@pytest.fixture
def town(akiruno):
    """Akiruno, where clubs register, 20 people are reviewed, and not coming suspends for a month."""
    registrations = REGISTRATIONS.partition("penalties:")[0]
    text = rules_text("akiruno").replace("\ncauses:\n", CLASSES, 1).replace("calendars:\n", QUESTION, 1)
    text = text.replace("who: [general]", "who: [general, registered]")
    text = text.replace("とした。\n\ncancellations:", f"とした。\n    {REVIEWS}\n\ncancellations:")
    text = text.replace("\nrounding:\n", f"\n{registrations}{PENALTIES}", 1)
    text = text.replace(CANCELLATION, f"{CANCELLATION}    penalty: points\n    registration: club\n")
    with inside(akiruno):
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=timezone.now())
    return akiruno


@pytest.fixture
def friend(town):
    with inside(town):
        resident = factories.a_resident("井上 一郎", "inoue@example.jp", login=True, phone="042-000-0002")
        return Person("井上 一郎", resident.user, town, resident=resident)


@pytest.fixture
def admin(town):
    with inside(town):
        staff = appoint_staff(email="kacho@example.jp", name="課長 花", role=Staff.Role.ADMIN)
        return Person("課長 花", staff.user, town, staff=staff)


def register(representative, tmp_path):
    """What the club is, who belongs to it, its statutes; handed in."""
    representative.go("/my/").follow("団体").follow("団体を登録する")
    representative.fill(
        name=CLUB, name_kana="さくらこーらす", purpose="合唱の練習", phone="042-555-0100"
    ).press("つぎへ進む")
    representative.fill(names=NAMES).choose("input[name=all] >> nth=0").choose("input[name=all] >> nth=1")
    representative.press("名簿に加える")
    representative.tap(representative.page.locator(".roster__change").last).press("名簿から消す")
    representative.press("つぎへ進む")
    papers = tmp_path / "kiyaku.pdf"
    papers.write_bytes(b"%PDF-1.7 statutes")
    representative.page.set_input_files("input[name=file]", papers)
    representative.press("この書類を加える").choose("input[name=q_youth][value=no]").press("つぎへ進む")
    representative.press("この内容で申し込む")
    assert "審査を待っています" in representative.text


def join_as_booker(representative, booker, town):
    """The representative invites by mail; the booker joins and acts for the club from now on."""
    representative.go("/groups/").follow("この団体を見る").follow("人を招待する")
    representative.choose("input[name=role][value=booker]")
    representative.fill(email="inoue@example.jp").press("招待のメールを送る")
    with inside(town):
        token = invitation_token(GroupInvitation.objects.get())
    booker.go(f"/groups/join/{token}/").press("この団体に入る")
    booker.go("/my/").follow("切りかえる").choose("input[name=group] >> nth=1").press("これで使う")


def open_tuesday_after(day):
    """The next Tuesday but one on which the hall is open."""
    room, asker = room_by_key(HALL, "kenshu-1"), Asker("", "web", timezone.now())
    day += timedelta(weeks=2)
    while open_on(room, day, asker).closed:
        day += timedelta(weeks=1)
    return day


def take_a_tuesday(day):
    """Somebody else has 第1研修室 at the club's time."""
    book_room(
        room_id=room_by_key(HALL, "kenshu-1").id,
        starts_at=moment(day, 13 * 60, TOKYO),
        ends_at=moment(day, 15 * 60, TOKYO),
        resident_id=factories.a_resident("先に 来た人").pk,
        channel="desk",
        purpose="会議",
        details=Details(headcount=5),
        actor=Actor("staff", 1),
        now=timezone.now(),
    )


def book_tuesdays(booker, first, town):
    """Half a year in two rooms: every date with its reason beforehand, one left out, the far ones kept."""
    apply_for_series(booker, first, 26, rooms=["第2研修室"])
    assert CLUB in booker.text
    for words in ("火曜日のため休館です", "先に予約が入りました", "受付前", "かわり"):
        assert words in booker.text, words
    shot(booker, "year-dates")
    booker.page.locator("input[name=take]").first.uncheck()
    booker.press("この内容で予約する")
    assert "くり返しの予約を申し込みました" in booker.text
    with inside(town):
        states = list(SeriesDate.objects.values_list("state", flat=True))
        assert set(states) == {"booked", "intention", "refused", "left_out"}
        assert len(states) == 54
        assert {row.group.name for row in Reservation.objects.filter(series_date__isnull=False)} == {CLUB}
    return booker.page.url


def club_bookings(town):
    with inside(town):
        live = Reservation.objects.filter(group__name=CLUB, status="confirmed", starts_at__gt=timezone.now())
        return list(live.select_related("room").order_by("starts_at", "room_id"))


def move_one(booker, one, town):
    """One date moves to the evening; its place in the series stays."""
    booker.go(f"/my/r/{one.ref}/").follow("予約を変更する")
    booker.page.select_option("#id_starts", label="18:00")
    booker.page.select_option("#id_ends", label="20:00")
    booker.press("つぎへ進む").press("この内容に変更する")
    assert "予約を変更しました" in booker.text
    with inside(town):
        moved = Reservation.objects.get(ref=one.ref)
        assert local(moved.starts_at, TOKYO)[1] == 18 * 60
        assert SeriesDate.objects.get(reservation=moved).state == "booked"


def cancel_a_range_and_go_on(booker, address, bookings, town):
    """The last booked dates are given up, and the same is applied for once more, for the time after."""
    booker.go(address)
    assert "18:00" in booker.text
    booker.follow("いくつかの日を取り消す")
    since, until = (local(bookings[place].starts_at, TOKYO)[0] for place in (-4, -1))
    booker.fill(first=since.isoformat(), last=until.isoformat()).press("取り消す日を見る")
    assert "返すお金の合計" in booker.text
    booker.press("これらの日を取り消す")
    assert "取り消しました" in booker.text
    with inside(town):
        assert Reservation.objects.filter(series_date__isnull=False, status="cancelled").count() == 4
        assert SeriesDate.objects.filter(state="intention").exists()
    booker.press("このつづきを、同じ内容で申し込む")
    assert "日を確かめて、予約してください" in booker.text
    booker.press("この内容で予約する")
    assert "くり返しの予約を申し込みました" in booker.text


def be_reviewed(booker, staff, town):
    """25 people are reviewed: the club waits, staff see the club's name and permit."""
    booker.go(f"/h/{HALL}/kenshu-3/")
    booker.tap(booker.page.locator("a.day").nth(4)).tap(booker.page.locator("a.hour").first)
    booker.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    booker.fill(purpose="合唱の発表会", headcount="25").press("つぎへ進む").press("この内容で申し込む")
    assert "申し込みました（審査中）" in booker.text
    staff.go("/desk/").follow("申込みの審査").tap(staff.page.locator("th a.reach").first)
    assert CLUB in staff.text
    staff.press("許可する")
    with inside(town):
        assert Reservation.objects.get(purpose="合唱の発表会").status == "confirmed"


def be_displaced(booker, staff, bookings, town):
    """A hall becomes a polling station on a club's Tuesday: one room is offered anew, one cancelled."""
    days = [local(one.starts_at, TOKYO)[0] for one in bookings]
    day = next(one for one in days if days.count(one) == 2 and one.weekday() == 1)
    hit = [one for one, on in zip(bookings, days, strict=True) if on == day]
    look_at_the_election(staff, day)
    assert staff.text.count(CLUB) >= len(hit)
    staff.page.select_option(f"[name=to_{hit[0].ref}]", "cancel")
    staff.press("この内容で、いっぺんに行う")
    shot(staff, "year-displaced")
    booker.go("/my/")
    shot(booker, "year-asked")
    booker.follow("館からの、別の時間のお願い").press("はい、この時間に変えます")
    booker.go(f"/my/r/{hit[0].ref}/")
    assert "市長選挙の投票所として使うため" in booker.text
    with inside(town):
        outcomes = set(Displaced.objects.values_list("outcome", flat=True))
        assert outcomes == {"accepted", "cancelled"}
        assert Reservation.objects.get(ref=hit[0].ref).status == "cancelled"


def yesterdays_booking(town, friend):
    """The club had 第5研修室 yesterday; it was registered then already."""
    with inside(town):
        GroupRegistration.objects.update(valid_from=date(2026, 1, 1))
        day = local(timezone.now(), TOKYO)[0] - timedelta(days=1)
        return book_room(
            room_id=room_by_key(HALL, "kenshu-5").id,
            starts_at=moment(day, 600, TOKYO),
            ends_at=moment(day, 720, TOKYO),
            resident_id=friend.resident.pk,
            group_id=Group.objects.get().pk,
            channel="desk",
            purpose="コーラス",
            details=Details(headcount=5),
            actor=Actor("staff", factories.a_staff(email="uketsuke@example.jp").pk),
            override_reason="前からの約束",
            now=timezone.now() - timedelta(days=10),
        )


def try_to_book(booker):
    """Hold a free time of 第6研修室, as far as it goes."""
    booker.go(f"/h/{HALL}/kenshu-6/")
    booker.tap(booker.page.locator("a.day").nth(5)).tap(booker.page.locator("a.hour").first)
    booker.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    if booker.page.locator("[name=purpose]").count():
        booker.fill(purpose="練習", headcount="8").press("つぎへ進む").press("この内容で予約する")


def be_suspended_and_heard(booker, staff, missed):
    """Nobody came: suspended, no booking; the club objects, staff accept, the club books again."""
    staff.go(f"/desk/reservation/{missed.ref}/").follow("来なかった").press("「来なかった」と記録する")
    booker.go("/my/").follow("違反の記録と利用停止を見る")
    assert "1か月の利用停止" in booker.text
    assert CLUB in booker.text
    shot(booker, "year-suspended")
    try_to_book(booker)
    assert "利用停止" in booker.text
    shot(booker, "year-refused")
    booker.go("/my/penalties/").follow("まちがいだと申し出る")
    booker.fill(text="11時まで使いました。").press("申出を送る")
    staff.go("/desk/").follow("違反").follow(CLUB)
    assert "11時まで使いました。" in staff.text
    staff.choose("[name=decision][value=yes]").fill(reason="鍵の記録で、来たことがわかりました。")
    staff.press("答えを送る")
    booker.go("/my/penalties/")
    assert "異議申出が認められました" in booker.text
    try_to_book(booker)
    assert "予約できました" in booker.text or "予約しました" in booker.text


def test_a_club_through_everything(visit, town, aiko, friend, admin, dai, tmp_path):
    representative = visit(town, person=aiko, width=LARGE_PHONE)
    register(representative, tmp_path)
    approve(visit(town, person=admin, width=TABLET))
    booker = visit(town, person=friend, width=LARGE_PHONE)
    join_as_booker(representative, booker, town)
    assert f"{CLUB}として操作中" in booker.page.locator(".acting").inner_text()

    first = next_tuesday(town)
    with inside(town):
        take_a_tuesday(open_tuesday_after(first))
    address = book_tuesdays(booker, first, town)
    bookings = club_bookings(town)
    move_one(booker, bookings[0], town)
    cancel_a_range_and_go_on(booker, address, bookings, town)

    staff = visit(town, person=dai, width=TABLET)
    be_reviewed(booker, staff, town)
    be_displaced(booker, staff, club_bookings(town), town)
    be_suspended_and_heard(booker, staff, yesterdays_booking(town, friend))
    booker.go("/my/")
    shot(booker, "year-my")
    representative.go("/my/").go("/series/")
    assert CLUB in representative.text
