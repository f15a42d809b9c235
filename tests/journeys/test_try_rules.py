"""An admin tries a dearer document on the last months, at every width, without JavaScript and in English."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.models import RuleTrial
from booking.services import book_room
from booking.trials import run_trial
from facilities.models import RuleVersion
from facilities.ordinance import slots
from facilities.periods import local, moment
from facilities.queries import rooms_at
from tests import factories
from tests.journeys.conftest import TABLET, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def used(committed_city):
    """Some reservations of the last months, in several rooms."""
    resident = factories.a_resident("佐藤 花子")
    today = local(timezone.now(), rooms_at("chuo-kominkan")[0].zone)[0]
    before = today.replace(day=1)
    for room in rooms_at("chuo-kominkan")[:4]:
        for days in range(3, 60, 5):
            day = before - timedelta(days=days)
            if not slots(room.rules_on(day), facility=room.facility_key, room=room.key, day=day).slots:
                continue
            book_room(
                room_id=room.id,
                starts_at=moment(day, 600, room.zone),
                ends_at=moment(day, 720, room.zone),
                resident_id=resident.pk,
                channel="desk",
                purpose="会議",
                actor=Actor("staff", 1),
                now=moment(day - timedelta(days=10), 600, room.zone),
            )


@pytest.fixture
def dearer(committed_city, tmp_path):
    """The rules with dearer hours, without a room that is used, and with shorter days."""
    text = RuleVersion.objects.get().text
    for old, new in (("yen_per_hour: 400", "yen_per_hour: 460"), ("key: kenshu-2,", "key: kenshu-92,")):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "new.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def work():
    run_trial(trial_id=RuleTrial.objects.latest("pk").pk, now=timezone.now)


def ask(visitor, dearer):
    visitor.go("/console/rules/").page.goto("/console/rules/1/trials/")
    visitor.inspect()
    visitor.choose("[name=document][value=file]")
    visitor.page.set_input_files("[name=file]", dearer)
    visitor.press("計算をはじめる")
    assert "順番を待っています" in visitor.text


@pytest.mark.parametrize("width", WIDTHS)
def test_admin_tries_rules_and_reads_who_pays_more(visit, committed_city, emi, used, dearer, width):
    visitor = visit(committed_city, person=emi, width=width)
    ask(visitor, dearer)
    work()
    visitor.page.get_by_role("heading", name="利用者区分ごと").wait_for()
    visitor.inspect()
    assert "使用料の合計は" in visitor.text
    assert "新しい規則では貸せなくなる予約" in visitor.text
    for picture in visitor.page.locator("svg.picture").all():
        box = picture.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    words = visitor.page.evaluate(
        "() => [...document.querySelectorAll('svg.picture text')].map((e) => e.getBoundingClientRect())"
        ".filter((box) => box.left < 0 || box.right > document.documentElement.clientWidth).length"
    )
    assert words == 0
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="CSV に書き出す").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_without_javascript_the_page_leads_on_by_a_link(visit, committed_city, emi, used, dearer):
    visitor = visit(committed_city, person=emi, javascript=False)
    ask(visitor, dearer)
    visitor.follow("いまの様子を見る")
    work()
    visitor.follow("いまの様子を見る")
    assert "使用料の合計は" in visitor.text


def test_in_english_nothing_japanese_is_left(visit, committed_city, emi, used, dearer):
    visitor = visit(committed_city, person=emi, language="en-GB", width=TABLET)
    visitor.go("/console/rules/1/trials/")
    visitor.choose("[name=document][value=file]")
    visitor.page.set_input_files("[name=file]", dearer)
    visitor.press("Start")
    work()
    visitor.page.get_by_role("heading", name="By applicant class").wait_for()
    visitor.inspect()
    assert "General public" in visitor.text
    assert "Seminar Room 1" in visitor.text
