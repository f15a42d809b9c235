"""Two clerks, one empty room: one offence and one suspension; an appeal is answered once."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.models import Appeal, Measure, Offence
from booking.penalties.appealing import decide_appeal, file_appeal
from booking.services import book_room, record_attendance
from facilities.details import Details
from facilities.models import RuleBook
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tests.booking.conftest import at, rules_text
from tests.booking.test_record_offences import EVENING, HALL, PENALTIES
from tests.factories import a_staff
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race


@pytest.fixture
def strict(committed_city, now):
    """A use on Wednesday under rules that count it when nobody comes, and a clerk."""
    with inside(committed_city):
        text = rules_text("akiruno").replace("\nrounding:\n", "\n" + PENALTIES, 1)
        text = text.replace(HALL, HALL + "    penalty: points\n")
        publish_rules(
            rule_book_id=RuleBook.objects.get().pk, text=text, effective_from=date(2026, 1, 1), now=now
        )
        resident, room = register_resident(name="佐藤 花子"), room_by_key("chuo-kominkan", "kenshu-1")
        use = book_room(
            room_id=room.id,
            starts_at=at("10:00"),
            ends_at=at("12:00"),
            resident_id=resident.pk,
            channel="web",
            purpose="練習",
            details=Details(headcount=5),
            actor=Actor("resident", resident.pk),
            now=now,
        )
        return use, Actor("staff", a_staff().pk)


def test_noted_by_many_clerks_at_once_it_is_one_offence_with_one_suspension(committed_city, race, strict):
    use, clerk = strict
    acts = [
        lambda: record_attendance(ref=use.ref, attendance="absent", actor=clerk, now=EVENING)
        for _ in range(8)
    ]
    assert outcomes(race(acts)) == {"won": 8}
    with inside(committed_city):
        assert (Offence.objects.count(), Measure.objects.count()) == (1, 1)


def test_noted_and_undone_at_once_record_and_suspension_agree(committed_city, race, strict):
    use, clerk = strict
    words = ["absent", "arrived"] * 6
    acts = [
        lambda word=word: record_attendance(ref=use.ref, attendance=word, actor=clerk, now=EVENING)
        for word in words
    ]
    assert outcomes(race(acts)) == {"won": 12}
    with inside(committed_city):
        use.refresh_from_db()
        counts = Offence.objects.filter(withdrawn_at=None).count()
        assert counts == (use.attendance == "absent")
        assert Measure.objects.filter(state="in_force").count() == counts


def test_an_appeal_is_answered_by_one_clerk_only(committed_city, race, strict):
    use, clerk = strict
    with inside(committed_city):
        record_attendance(ref=use.ref, attendance="absent", actor=clerk, now=EVENING)
        appeal = file_appeal(
            offence_ref=Offence.objects.get().ref,
            text="行きました。",
            resident_id=use.resident_id,
            now=EVENING,
        )
    acts = [
        lambda yes=yes: decide_appeal(ref=appeal.ref, accept=yes, reason="理由", actor=clerk, now=EVENING)
        for yes in [True, False] * 4
    ]
    assert outcomes(race(acts)) == {"won": 1, "AlreadyDecided": 7}
    with inside(committed_city):
        accepted = Appeal.objects.get().state == "accepted"
        assert (Offence.objects.get().withdrawn_at is not None) == accepted
