"""Offence, suspension, appeal: who is told, why, and where to object."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actors import Actor
from accounts.models import Resident
from booking.models import Offence
from booking.penalties.appealing import decide_appeal, file_appeal
from booking.services import record_attendance
from tests.booking.conftest import book, hanako, ichiro, publish, room  # noqa: F401
from tests.booking.test_record_offences import EVENING, chorus, strict  # noqa: F401
from tests.factories import a_staff
from tests.queue import deliver_notices


@pytest.fixture
def clerk(city):
    return Actor("staff", a_staff().pk)


def bodies():
    deliver_notices()
    told = {one.subject: one for one in mail.outbox}
    mail.outbox.clear()
    return told


def test_the_resident_is_told_why_until_when_and_where_to_object(strict, book, clerk):  # noqa: F811
    strict()
    use = book()
    bodies()
    record_attendance(ref=use.ref, attendance="absent", actor=clerk, now=EVENING)
    told = bodies()
    offence = next(one for subject, one in told.items() if subject.startswith("ご利用についてのお知らせ"))
    assert "内容：無断の不使用（規則第12条）" in offence.body
    assert "点数：2点" in offence.body
    assert "/my/penalties/" in offence.body
    suspended = told["利用停止のお知らせ"]
    assert "理由：1か月の利用停止" in suspended.body
    assert "いつまで：2027年7月8日（木）" in suspended.body


def test_exempt_from_counting_nobody_is_told_of_an_offence(strict, book, clerk):  # noqa: F811
    strict()
    use = book()
    bodies()
    record_attendance(ref=use.ref, attendance="absent", exempt="weather", actor=clerk, now=EVENING)
    assert bodies() == {}


def test_the_answer_to_an_appeal_comes_with_its_reason(strict, book, hanako, clerk):  # noqa: F811
    strict()
    record_attendance(ref=book().ref, attendance="absent", actor=clerk, now=EVENING)
    appeal = file_appeal(
        offence_ref=Offence.objects.get().ref, text="行きました。", resident_id=hanako.pk, now=EVENING
    )
    bodies()
    decide_appeal(ref=appeal.ref, accept=True, reason="館の記録ちがい", actor=clerk, now=EVENING)
    answer = bodies()["異議申出の結果"]
    assert "結果：認めました" in answer.body
    assert "理由：館の記録ちがい" in answer.body


def test_of_a_groups_suspension_its_representative_is_told(strict, book, chorus, ichiro, clerk):  # noqa: F811
    strict()
    Resident.objects.filter(pk=ichiro.pk).update(email="ichiro@example.jp")
    use = book(resident=ichiro, group_id=chorus.pk)
    bodies()
    record_attendance(ref=use.ref, attendance="absent", actor=clerk, now=EVENING)
    assert "hanako@example.jp" in bodies()["利用停止のお知らせ"].to
