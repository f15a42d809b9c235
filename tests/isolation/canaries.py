"""Akiruno filled with data whose every text says where it is from, and the addresses of all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Concat, Substr
from django_tenants.routers import TenantSyncRouter

from accounts.actors import Actor
from accounts.models import NoticeText, Staff
from accounts.notices.recording import NewNotice, record
from accounts.services import issue_token
from booking.cancelling import cancel_reservation
from booking.closing import close_rooms
from booking.feeds import create_feed
from booking.models import Offer
from booking.services import book_room, hold_room
from booking.trials import begin_trial, run_trial
from booking.waiting.asking import wait_for_time
from booking.waiting.offering import advance_all
from facilities.details import Details
from facilities.drafting import begin_draft
from facilities.models import Facility, RuleBook, RuleVersion
from facilities.periods import moment
from facilities.queries import room_by_key
from locks.services import add_door
from payments.services import collect_cash
from tenants.context import current_schema, inside
from tests import factories
from tests.booking.conftest import WEDNESDAY
from tests.isolation.clubs import plant_club
from tests.isolation.exemptions import plant_exemptions
from tests.isolation.money import plant_money, plant_payee
from tests.isolation.offences import plant_offences
from tests.isolation.official import ask_to_move
from tests.isolation.papers import plant_papers
from tests.isolation.provider import plant_provider
from tests.isolation.several import plant_several
from tests.isolation.treasury import plant_treasury

# Looked for without regard to case, because mail addresses are kept in lower case.
CANARY = "canary-a-"

# Text the program reads, not people: changing it would break what the visit is to show.
MACHINE_TEXT = {
    "password",
    "session_key",
    "session_data",
    "text",
    "rule",
    "verb",
    "actor_kind",
    "gateway",
    "scope",
    "key",
}
MACHINE_TEXT |= {"rows", "format", "encoding", "date_style"}  # of files for the accounting system
MACHINE_TEXT |= {
    "adapter",
    "kind",
    "device_id",
    "language",
    "codename",
    "app_label",
    "model",
    "app",
    "operation",
    "state",
    "way",
    "provider",
}


@dataclass
class Planted:
    """What was planted: an example for every kind of part an address can have, and a token of the API."""

    examples: dict[str, list[str]] = field(default_factory=dict)
    token: str = ""


def plant(aiko, dai, emi, now) -> Planted:
    """Fill Akiruno and return its addresses. Numbers are beyond any that Hokota has."""
    with inside(aiko.municipality):
        _count_from(9000)
        planted = Planted()
        room = room_by_key("chuo-kominkan", "kenshu-1")
        door = {"adapter": "physical_key", "room_ids": [room.id], "name": "扉", "note": "横の箱"}
        add_door(facility_id=room.facility_id, **door, now=now)
        booked, held, closure_id = _book(room, aiko.resident, emi.staff, now)
        asked = ask_to_move(room, aiko.resident, emi.staff, now)
        resident_feed = create_feed(
            kind="resident", subject_id=aiko.resident.pk, user_id=aiko.user.pk, now=now
        )[1]
        hall_feed = create_feed(kind="facility", subject_id=room.facility_id, user_id=dai.user.pk, now=now)[1]
        token, planted.token = issue_token(user_id=emi.user.pk, name="program", schema=current_schema())
        staff = factories.a_staff(
            "職員", "staff@example.jp", facilities=[Facility.objects.get(pk=room.facility_id)]
        )
        a_room = factories.a_room(Facility.objects.get(pk=room.facility_id))
        book = RuleBook.objects.create(key="other", name="規則")
        text = RuleVersion.objects.all()[0].text + f"\n# {CANARY}rules\n"
        RuleVersion.objects.create(
            rule_book=book, number=1, text=text, effective_from=WEDNESDAY, published_at=now
        )
        days = {"first": WEDNESDAY, "last": WEDNESDAY}
        trial = begin_trial(rule_book_id=book.pk, text=text, **days, staff_id=emi.staff.pk, now=now)
        run_trial(trial_id=trial.pk, now=lambda: now)
        begin_draft(rule_book_id=book.pk, staff_id=staff.pk, now=now)
        offences = plant_offences(booked, emi.staff, now)
        exemptions = plant_exemptions(booked, emi.staff, now)
        waited = _wait(room, aiko.resident, now)
        group_ref, invitation, club = plant_club(aiko.resident, emi.staff, now)
        several, several_refs = plant_several(room, aiko.resident, now)
        money_refs, money = plant_money(room, aiko.resident, emi.staff, now)
        treasury = plant_treasury(Facility.objects.get(pk=room.facility_id), emi.staff, now)
        provider = plant_provider(now)
        papers = plant_papers(emi.staff, now)
        _mark_all_text()
        planted.examples = {
            "ref": [str(booked.ref), str(held.ref), group_ref, *waited, *asked, *several_refs, *money_refs],
            "facility_key": [room.facility_key],
            "room_key": [room.key],
            "key": [room.facility_key],
            "day": [WEDNESDAY.isoformat()],
            "room_id": [str(a_room.pk)],
            "closure_id": [str(closure_id)],
            "staff_id": [str(staff.pk)],
            "token_id": [str(token.pk)],
            "book_id": [str(book.pk)],
            "number": ["1"],
            "book": ["other"],
            "hall": ["0"],
            "place": ["facilities/0", "facilities"],
            "case_number": ["0"],
            "chapter": ["calendars"],
            "lg_code": [aiko.municipality.lg_code],
            "trial_id": [str(trial.pk)],
            "kind": ["reservation_confirmed"],
            "language": ["ja"],
            "notice_id": [str(_notice(aiko.resident, booked, now))],
            "pk": ["9001"],
            **several,
            **provider,
            **plant_payee(),
            **treasury,
            **papers,
            **offences,
            **exemptions,
            **club,
            **money,
            "token": [resident_feed, hall_feed, invitation, *papers["paper"]],
        }
        return planted


def _notice(resident, booked, now):
    NoticeText.objects.create(
        kind="refused",
        language="ja",
        subject="件名",
        body="本文",
        written_by=Staff.objects.all()[0],
        written_at=now,
    )
    new = NewNotice(
        kind="reservation_confirmed",
        channel="mail",
        language="ja",
        subject="件名",
        body="本文",
        dedupe="d",
        about=booked.ref,
        resident_id=resident.pk,
    )
    return record([new], now=now)[0]


def _book(room, resident, staff, now):
    def at(hour):
        return moment(WEDNESDAY, hour * 60, room.zone)

    actor = Actor("resident", resident.pk)
    facts = {"room_id": room.id, "resident_id": resident.pk, "channel": "web", "actor": actor, "now": now}
    booked = book_room(
        **facts, starts_at=at(10), ends_at=at(12), purpose="会議", details=Details(headcount=5)
    )
    held = hold_room(**facts, starts_at=at(13), ends_at=at(14))
    collect_cash(subject=booked.ref, yen=booked.price_yen, staff_id=staff.pk, now=now)
    closure = close_rooms(
        facility_id=room.facility_id,
        room_ids=[room.id],
        starts_at=at(15),
        ends_at=at(16),
        reason="点検",
        staff_id=staff.pk,
        now=now + timedelta(minutes=1),
    )
    return booked, held, closure.pk


def _wait(room, resident, now):
    """Two wait for a time; it was cancelled and is offered to the resident. Returns the refs of wait and offer."""
    period = {
        "starts_at": moment(WEDNESDAY, 17 * 60, room.zone),
        "ends_at": moment(WEDNESDAY, 18 * 60, room.zone),
    }
    other, third = factories.a_resident("他の 人"), factories.a_resident("別の 人")
    booked = book_room(
        room_id=room.id, **period, resident_id=other.pk, channel="web", purpose="会議", now=now,
        details=Details(headcount=5), actor=Actor("resident", other.pk),
    )  # fmt: skip
    waits = [
        wait_for_time(
            room_id=room.id, **period, wish=wish, any_alike=False, resident_id=one.pk,
            actor=Actor("resident", one.pk), now=now,
        )
        for one, wish in ((resident, "offer"), (third, "tell"))
    ]  # fmt: skip
    cancel_reservation(ref=booked.ref, actor=Actor("resident", other.pk), reason="", now=now)
    advance_all(now=now)
    return [str(waits[0].ref), str(Offer.objects.get().ref)]


def _count_from(number):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(c.oid, greatest(%s, pg_sequence_last_value(c.oid))) FROM pg_class c "
            "WHERE c.relkind = 'S' AND c.relnamespace = %s::regnamespace",
            [number, current_schema()],
        )


def _mark_all_text():
    """Write a canary into every column of text that people read; the database may refuse some (a format, say)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = %s::regnamespace)",
            [current_schema()],
        )
        guarded = [row[0] for row in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    router = TenantSyncRouter()
    for model in apps.get_models(include_auto_created=True):
        if router.app_in_list(model._meta.app_label, settings.TENANT_APPS):
            for column in model._meta.concrete_fields:
                if _is_for_people(column):
                    _mark(model, column)
    with connection.cursor() as cursor:
        # The log-in page keeps both the same.
        cursor.execute(
            "UPDATE account_emailaddress e SET email = u.email FROM accounts_user u WHERE u.id = e.user_id"
        )
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _is_for_people(column):
    is_text = isinstance(column, models.CharField | models.TextField) and not isinstance(
        column, models.SlugField
    )
    return (
        is_text and not column.choices and column.name not in MACHINE_TEXT and (column.max_length or 99) >= 16
    )


def _mark(model, column):
    mark = f"{CANARY}{model._meta.model_name}-{column.name}-"
    end = "@example.jp" if isinstance(column, models.EmailField) else ""
    room = (column.max_length or 250) - len(end)
    text = Concat(models.Value(mark), models.functions.Cast("pk", models.CharField()))
    value = Concat(Substr(text, 1, room), models.Value(end), output_field=column.__class__())
    try:
        with transaction.atomic():
            model.objects.update(**{column.name: value})
    except IntegrityError:
        return
