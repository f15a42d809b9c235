"""Pages of exemption: apply while booking and afterwards, add files; the desk passes on; the municipality decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership
from booking.exempting.applying import apply_for_exemption
from booking.exempting.deciding import grant_exemption
from booking.models import Exemption, Reservation, StandingExemption
from booking.services import book_room, hold_room
from facilities.details import Details
from facilities.models import RuleBook
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tests.booking.conftest import TOKYO, rules_text
from tests.booking.exempting import RULES_WITH_GROUNDS
from tests.clients import HostClient
from tests.factories import a_group, a_resident, a_staff

PDF = b"%PDF-1.7 proof"


@pytest.fixture
def now():
    """Pages of residents read the clock."""
    return timezone.now()


@pytest.fixture
def town(city, now):
    """Akiruno's rules have grounds of exemption."""
    text = rules_text("akiruno")
    for old, new in RULES_WITH_GROUNDS:
        text = text.replace(old, new)
    book = RuleBook.objects.get()
    publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=now)
    return room_by_key("chuo-kominkan", "kenshu-1")


def at(clock, days=20):
    """An instant three weeks ahead; closed on the first and third Tuesday, so a Thursday is always open."""
    day = timezone.localdate() + timedelta(days=days)
    day += timedelta(days=(3 - day.weekday()) % 7)
    hours, minutes = clock.split(":")
    return moment(day, int(hours) * 60 + int(minutes), TOKYO)


@pytest.fixture
def booked(town, aiko, now):
    who = Actor("resident", aiko.resident.pk)
    return book_room(
        room_id=town.id, starts_at=at("10:00"), ends_at=at("12:00"), resident_id=aiko.resident.pk, channel="web",
        purpose="体操の会", details=Details(headcount=10), actor=who, now=now,
    )  # fmt: skip


@pytest.fixture
def applied(booked, aiko, now):
    who = Actor("resident", aiko.resident.pk)
    return apply_for_exemption(ref=booked.ref, ground="welfare", remark="車いすの会です", actor=who, now=now)


def page(client, name, *args, status=200):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def send(client, name, *args, status=302, **data):
    answer = client.post(reverse(name, args=args), data)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_the_booking_leads_to_applying_and_the_application_is_shown(booked, aiko):
    client = aiko.client()
    assert reverse("exempt", args=[booked.ref]) in page(client, "reservation", booked.ref)
    form = page(client, "exempt", booked.ref)
    assert "福祉団体" in form
    assert "50" in form
    send(client, "exempt", booked.ref, ground="welfare", remark="車いす", idempotency_key="k")
    found = Exemption.objects.get()
    assert (found.state, found.remark) == ("applied", "車いす")
    shown = page(client, "reservation", booked.ref)
    assert "審査待ち" in shown
    assert reverse("exempt", args=[booked.ref]) not in shown
    assert "車いす" in page(client, "my-exemption", found.ref)


def test_a_repeated_submit_applies_once(booked, aiko):
    client = aiko.client()
    for _ in range(2):
        client.post(
            reverse("exempt", args=[booked.ref]),
            {"ground": "welfare", "remark": "", "idempotency_key": "same"},
        )
    assert Exemption.objects.count() == 1


def test_nothing_chosen_or_unfit_is_said_in_words_and_nothing_is_lost(booked, aiko):
    client = aiko.client()
    assert "減免の理由を選んでください" in send(
        client, "exempt", booked.ref, status=422, remark="消えない言葉"
    )
    answer = send(client, "exempt", booked.ref, status=422, ground="circle", remark="消えない言葉")
    assert "条件に合いません" in answer
    assert "消えない言葉" in answer


def test_applying_while_booking(town, aiko, now):
    who = Actor("resident", aiko.resident.pk)
    held = hold_room(
        room_id=town.id, starts_at=at("10:00"), ends_at=at("12:00"), resident_id=aiko.resident.pk, channel="web",
        actor=who, now=now,
    )  # fmt: skip
    client = aiko.client()
    said = {"purpose": "体操", "headcount": "10", "q_admission": "no"}
    send(client, "hold", held.ref, **said)
    check = page(client, "check", held.ref)
    assert 'name="exemption"' in check
    assert "少人数" not in check
    answer = send(client, "check", held.ref, status=422, exemption="nothing", idempotency_key="a")
    assert "この減免の理由は、この部屋では選べません" in answer
    assert Reservation.objects.get().status == "hold"
    send(client, "check", held.ref, exemption="welfare", idempotency_key="b")
    assert (Reservation.objects.get().status, Exemption.objects.get().ground) == ("confirmed", "welfare")
    assert "審査待ち" in page(client, "done", held.ref)


def test_what_the_rules_grant_is_shown_before_booking(town, aiko, now):
    who = Actor("resident", aiko.resident.pk)
    held = hold_room(
        room_id=town.id, starts_at=at("10:00"), ends_at=at("12:00"), resident_id=aiko.resident.pk, channel="web",
        actor=who, now=now,
    )  # fmt: skip
    client = aiko.client()
    send(client, "hold", held.ref, purpose="体操", headcount="4", q_admission="no")
    check = page(client, "check", held.ref)
    assert "減免前 800円" in check
    assert "減免後 600円" in check
    send(client, "check", held.ref, idempotency_key="b")
    shown = page(client, "reservation", held.ref)
    assert "減免前 800円" in shown
    assert "減免後 600円" in shown


def test_files_are_added_saved_and_taken_away(applied, aiko):
    client = aiko.client()
    send(client, "my-exemption", applied.ref, file=SimpleUploadedFile("手帳.pdf", PDF))
    file = applied.evidence.get()
    got = client.get(reverse("my-exemption-file", args=[applied.ref, file.ref]))
    assert (got.content, got["Content-Disposition"][:10]) == (PDF, "attachment")
    assert "受け取れません" in send(
        client, "my-exemption", applied.ref, status=422, file=SimpleUploadedFile("x.exe", b"MZ")
    )
    assert "加える書類を選んでください" in send(client, "my-exemption", applied.ref, status=422, x="")
    send(client, "my-exemption", applied.ref, remove=str(file.ref))
    assert not applied.evidence.exists()
    assert client.post(reverse("my-exemption", args=[applied.ref]), {"remove": "x"}).status_code == 404


def test_it_is_taken_back(applied, aiko):
    send(aiko.client(), "my-exemption-withdraw", applied.ref)
    applied.refresh_from_db()
    assert applied.state == "withdrawn"


def test_nobody_else_sees_it(applied, aiko):
    stranger = a_resident("別の 人", email="betsu@example.jp", login=True)
    client = HostClient(aiko.municipality)
    client.force_login(stranger.user)
    for name in ("my-exemption", "my-exemption-withdraw"):
        answer = client.post(reverse(name, args=[applied.ref]), {})
        assert answer.status_code == 404, name


def test_the_hall_passes_on_and_cannot_decide(applied, dai, emi):
    desk = dai.client()
    assert "審査待ち" in page(desk, "desk:exemptions")
    form = page(desk, "desk:exemption", applied.ref)
    assert 'value="grant"' not in form
    assert "自治体の管理者が決めます" in form
    send(desk, "desk:exemption", applied.ref, decide="relay", opinion="よい会です")
    applied.refresh_from_db()
    assert (applied.state, applied.opinion) == ("relayed", "よい会です")
    assert "使用料の減免を決められるのは" in send(
        desk, "desk:exemption", applied.ref, status=422, decide="grant"
    )
    assert "よい会です" in page(emi.client(), "desk:exemption", applied.ref)


def test_the_municipality_sees_the_price_first_then_decides(applied, booked, emi, aiko):
    office = emi.client()
    looked = send(office, "desk:exemption", applied.ref, status=200, decide="look")
    assert "減免前 800円 → 減免後 400円" in looked
    applied.refresh_from_db()
    assert applied.state == "applied"
    send(office, "desk:exemption", applied.ref, decide="grant", reason="規則のとおり")
    decided = page(office, "desk:exemption", applied.ref)
    assert "減免を取り消す" in decided
    mine = page(aiko.client(), "my-exemption", applied.ref)
    assert "減免後 400円" in mine
    assert "審査請求" in mine
    assert reverse("my-paper", args=[booked.ref, Exemption.objects.get().ref])[:10] in mine


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(applied, emi):
    office = emi.client()
    assert "認めない理由を書いてください" in send(
        office, "desk:exemption", applied.ref, status=422, decide="refuse"
    )
    assert "ボタンで選んでください" in send(office, "desk:exemption", applied.ref, status=422, x="1")
    send(office, "desk:exemption", applied.ref, decide="refuse", reason="対象外のため")
    applied.refresh_from_db()
    assert (applied.state, applied.reason) == ("refused", "対象外のため")


def test_where_it_is_left_open_the_ceiling_stands_beside_the_field(booked, aiko, emi, now):
    who = Actor("resident", aiko.resident.pk)
    found = apply_for_exemption(ref=booked.ref, ground="special", remark="", actor=who, now=now)
    office = emi.client()
    assert "70%までです" in page(office, "desk:exemption", found.ref)
    assert "上限をこえています" in send(
        office, "desk:exemption", found.ref, status=422, decide="grant", percent="90"
    )
    assert "どちらか一つ" in send(office, "desk:exemption", found.ref, status=422, decide="grant")
    send(office, "desk:exemption", found.ref, decide="grant", percent="３０")
    booked.refresh_from_db()
    assert booked.price_yen == 560


def test_taking_back_needs_a_reason(applied, emi, now):
    grant_exemption(ref=applied.ref, actor=Actor("staff", emi.staff.pk), now=now)
    office = emi.client()
    send(office, "desk:exemption-revoke", applied.ref, status=422, x="1")
    send(office, "desk:exemption-revoke", applied.ref, reason="営利の会だった")
    applied.refresh_from_db()
    assert applied.state == "revoked"


def test_staff_apply_for_somebody_and_keep_what_they_brought(booked, dai):
    desk = dai.client()
    assert reverse("desk:exempt", args=[booked.ref]) in page(desk, "desk:reservation", booked.ref)
    send(desk, "desk:exempt", booked.ref, ground="welfare", remark="")
    found = Exemption.objects.get()
    send(desk, "desk:exemption-add-file", found.ref, file=SimpleUploadedFile("手帳.pdf", PDF))
    file = found.evidence.get()
    assert desk.get(reverse("desk:exemption-file", args=[found.ref, file.ref])).content == PDF
    assert "減免の書類を開いた" in page(desk, "desk:reservation", booked.ref)


def test_staff_of_other_halls_find_nothing(applied, aiko):
    stranger = a_staff("よその 人", "yoso@example.jp")
    client = HostClient(aiko.municipality)
    client.force_login(stranger.user)
    assert client.get(reverse("desk:exemption", args=[applied.ref])).status_code == 404
    assert "いま、決定を待つ申請はありません" in page(client, "desk:exemptions")


def test_a_group_applies_once_and_the_municipality_sets_the_term(town, aiko, dai, emi, now):
    group = a_group("みどりの会", now=now)
    Membership.objects.create(group=group, resident=aiko.resident, role="representative", since=now)
    client = aiko.client()
    assert reverse("group-exemptions", args=[group.ref]) in page(client, "group", group.ref)
    form = page(client, "group-exemptions", group.ref)
    assert "福祉団体" in form
    send(client, "group-exemptions", group.ref, ground="welfare", where=str(town.facility_id), remark="毎週")
    found = StandingExemption.objects.get()
    send(client, "group-exemption", found.ref, file=SimpleUploadedFile("会則.pdf", PDF))
    file = found.evidence.get()
    assert client.get(reverse("group-exemption-file", args=[found.ref, file.ref])).content == PDF
    send(dai.client(), "desk:standing", found.ref, decide="relay", opinion="よい会です")
    office = emi.client()
    assert "みどりの会" in page(office, "console:standing_exemptions")
    assert office.get(reverse("desk:standing-file", args=[found.ref, file.ref])).content == PDF
    wrong = {"decide": "grant", "valid_from": "2026-05-10", "valid_until": "2026-05-01"}
    assert "10年以内" in send(office, "desk:standing", found.ref, status=422, **wrong)
    send(office, "desk:standing", found.ref, **(wrong | {"valid_until": "2028-03-31"}))
    found.refresh_from_db()
    assert (found.state, found.valid_until) == ("granted", date(2028, 3, 31))
    assert "2028年3月31日" in page(client, "group-exemptions", group.ref)
    send(office, "desk:standing-revoke", found.ref, reason="活動をやめた")
    found.refresh_from_db()
    assert found.state == "revoked"


def test_who_only_books_for_the_group_sees_but_does_not_apply(town, aiko, now):
    group = a_group("みどりの会", now=now)
    Membership.objects.create(group=group, resident=aiko.resident, role="booker", since=now)
    client = aiko.client()
    assert (
        "申請する" not in page(client, "group-exemptions", group.ref).split("</nav>")[-1].split("<footer")[0]
    )
    send(client, "group-exemptions", group.ref, status=200, ground="welfare", where="all")
    assert not StandingExemption.objects.exists()


def test_staff_apply_for_a_group(town, dai, now):
    group = a_group("みどりの会", now=now)
    desk = dai.client()
    assert reverse("desk:group-exemptions", args=[group.ref]) in page(desk, "desk:group", group.ref)
    send(desk, "desk:group-exemptions", group.ref, ground="welfare", where=str(town.facility_id), remark="")
    assert StandingExemption.objects.get().entered_by_id == dai.staff.pk
