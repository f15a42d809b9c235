"""Exemption: staff are told what waits, applicants what was decided, why, and what they pay now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.actors import Actor
from accounts.models import Membership
from booking.changing import change_reservation
from booking.exempting.applying import apply_for_exemption
from booking.exempting.carrying import carry_standing
from booking.exempting.deciding import grant_exemption, refuse_exemption, relay_exemption, revoke_exemption
from booking.exempting.standing import apply_for_standing, grant_standing, refuse_standing, revoke_standing
from facilities.details import Details
from facilities.models import Facility
from tests.booking.conftest import WEDNESDAY, at, book, hanako, ichiro, publish, room  # noqa: F401
from tests.booking.exempting import RULES_WITH_GROUNDS
from tests.factories import a_group
from tests.queue import deliver_notices


@pytest.fixture(autouse=True)
def _grounds(publish):  # noqa: F811
    publish(*RULES_WITH_GROUNDS)


@pytest.fixture
def office(emi):
    return Actor("staff", emi.staff.pk)


@pytest.fixture
def applied(book, hanako, now):  # noqa: F811
    row = book()
    who = Actor("resident", hanako.pk)
    return apply_for_exemption(ref=row.ref, ground="welfare", remark="", actor=who, now=now)


def mails_to(address):
    """What somebody was sent since it was last asked, by subject."""
    deliver_notices()
    found = {one.subject: one.body for one in mail.outbox if address in one.to}
    mail.outbox.clear()
    return found


def test_the_hall_and_the_municipality_hear_of_an_application(applied, dai, emi, office, now):
    deliver_notices()
    told = {one.to[0]: one.body for one in mail.outbox if one.subject.startswith("減免の申請")}
    assert set(told) == {dai.email, emi.email}
    assert "減免の理由：福祉団体" in told[dai.email]
    assert f"/desk/exemptions/{applied.ref}/" in told[dai.email]
    mail.outbox.clear()
    relay_exemption(ref=applied.ref, opinion="", actor=Actor("staff", dai.staff.pk), now=now)
    assert any(subject.startswith("進達された減免の申請") for subject in mails_to(emi.email))


def test_granted_with_both_prices_and_the_reason(applied, hanako, office, now):  # noqa: F811
    mails_to(hanako.email)
    grant_exemption(ref=applied.ref, reason="規則のとおり", actor=office, now=now)
    ((subject, body),) = mails_to(hanako.email).items()
    assert subject.startswith("料金の減免が決まりました")
    for line in ("減免の理由：福祉団体", "減免前の料金：800円", "減免後の料金：400円", "理由：規則のとおり"):
        assert line in body


def test_refused_and_taken_back_with_the_reason(applied, hanako, office, book, now):  # noqa: F811
    mails_to(hanako.email)
    refuse_exemption(ref=applied.ref, reason="対象外のため", actor=office, now=now)
    ((subject, body),) = mails_to(hanako.email).items()
    assert subject.startswith("料金の減免が認められませんでした")
    assert "理由：対象外のため" in body
    row = book("13:00", "15:00")
    who = Actor("resident", hanako.pk)
    other = apply_for_exemption(ref=row.ref, ground="host", remark="", actor=who, now=now)
    grant_exemption(ref=other.ref, actor=office, now=now)
    mails_to(hanako.email)
    revoke_exemption(ref=other.ref, reason="営利だった", actor=office, now=now)
    told = mails_to(hanako.email)
    body = next(text for subject, text in told.items() if subject.startswith("料金の減免を取り消しました"))
    assert "理由：営利だった" in body
    assert "料金：800円" in body


def test_ended_by_a_change_says_why_in_the_readers_language(applied, hanako, office, now):  # noqa: F811
    hanako.language = "en"
    hanako.save()
    grant_exemption(ref=applied.ref, actor=office, now=now)
    mails_to(hanako.email)
    row = applied.reservation
    change_reservation(
        ref=row.ref, room_id=row.room_id, starts_at=at("10:00"), ends_at=at("12:00"),
        details=Details(headcount=10, answers={"admission": True}), actor=Actor("resident", hanako.pk), now=now,
    )  # fmt: skip
    told = mails_to(hanako.email)
    body = next(text for subject, text in told.items() if subject.startswith("Your exemption cannot go on"))
    assert "Ground: Welfare groups" in body
    assert "does not meet the conditions" in body


def test_a_group_is_told_and_what_gets_cheaper(room, hanako, emi, office, book, now):  # noqa: F811
    group = a_group("みどりの会", now=now)
    Membership.objects.create(group=group, resident=hanako, role="representative", since=now)
    book(group_id=group.pk)
    hall = Facility.objects.get(pk=room.facility_id)
    asked = {"group_id": group.pk, "facility": hall, "all_halls": False, "remark": "", "now": now}
    made = apply_for_standing(**asked, ground="welfare", actor=Actor("resident", hanako.pk), today=WEDNESDAY)
    told = mails_to(emi.email)
    body = next(text for subject, text in told.items() if subject.startswith("団体の減免の申請"))
    assert f"/desk/exemptions/group/{made.ref}/" in body
    assert "団体：みどりの会" in body
    term = {"valid_from": WEDNESDAY, "valid_until": WEDNESDAY + timedelta(days=30)}
    grant_standing(ref=made.ref, percent=None, yen=None, **term, reason="", actor=office, now=now)
    carry_standing(standing_id=made.pk, now=now)
    told = mails_to(hanako.email)
    body = next(text for subject, text in told.items() if subject.startswith("団体の減免が決まりました"))
    assert "期限：2027年7月9日（金）" in body
    cheaper = next(text for subject, text in told.items() if subject.startswith("団体の減免で、料金が安く"))
    assert "料金：400円" in cheaper
    revoke_standing(ref=made.ref, reason="活動をやめた", actor=office, now=now)
    body = next(
        text for subject, text in mails_to(hanako.email).items() if subject.startswith("団体の減免が終わ")
    )
    assert "理由：活動をやめた" in body
    again = apply_for_standing(**asked, ground="host", actor=office, today=WEDNESDAY)
    refuse_standing(ref=again.ref, reason="対象外", actor=office, now=now, today=WEDNESDAY)
    assert any(subject.startswith("団体の減免が認められませんでした") for subject in mails_to(hanako.email))
