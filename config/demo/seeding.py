"""Fill the demo: municipalities, log-ins, doors, and reservations around today. Doing it twice changes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.actors import Actor
from accounts.line.official_account import account_state, connect_account
from accounts.models import Resident, Staff, User
from accounts.services import appoint_staff, register_resident
from booking.models import Reservation
from booking.reviewing.deciding import permit_applications
from booking.services import book_room, record_attendance
from config.demo.clubs import seed_clubs
from config.demo.past_year import Hirer, fill_past_year, some_times
from config.demo.payees import seed_payees
from config.demo.stories import tell_stories
from config.demo.towns import CLUBS, PASSWORD, TOWNS, Town, line_token
from facilities.details import Details
from facilities.models import Facility, FacilityStaff, Room
from facilities.periods import local, moment
from facilities.queries import RoomFacts, rooms_of
from facilities.room_rules import asked_for
from locks.services import add_door
from payments.services import collect_cash
from tenants.context import current_schema, current_zone, inside, inside_public
from tenants.errors import Refusal
from tenants.models import Municipality
from tenants.services import create_municipality

Login = dict[str, str]

# What begins later still waits for its review.
_REVIEWED_DAYS_AHEAD = 6


def seed_demo(*, now: datetime, port: int) -> list[Login]:
    """Create what is missing of the demo and return its log-ins: role, address, email, password."""
    logins = [_operator(port)]
    for town in TOWNS:
        municipality = Municipality.objects.filter(lg_code=town.lg_code).first() or create_municipality(
            lg_code=town.lg_code,
            name=town.name,
            name_en=town.name_en,
            host=f"{town.slug}.localhost",
            rules_text=town.rules.read_text(encoding="utf-8"),
            now=now,
        )
        with inside(municipality):
            logins += _people(town, port)
            _clubs(town, now)
            seed_payees(town, now=now, port=port)
            if not Reservation.objects.exists():
                _doors(town, now)
                _reservations(town, now)
                _stories(town, now)
                _tell_nobody()
    return logins


def _operator(port: int) -> Login:
    with inside_public():
        email = "operator@example.jp"
        _log_in(email)
    return _login("Joint operator 共同調達の事務局", f"http://localhost:{port}/operator/", email)


def _log_in(email: str) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def _login(role: str, address: str, email: str) -> Login:
    return {"role": role, "address": address, "email": email, "password": PASSWORD}


def _people(town: Town, port: int) -> list[Login]:
    base = f"http://{town.slug}.localhost:{port}"
    resident = _log_in(f"resident@{town.slug}.example.jp")
    if not Resident.objects.filter(user=resident).exists():
        register_resident(
            user_id=resident.pk,
            name="青木 春子",
            name_kana="あおき はるこ",
            phone="042-555-0199",
            email=resident.email,
        )
    manager = _staff(f"manager@{town.slug}.example.jp", "会館 太郎", Staff.Role.MANAGER)
    hall = Facility.objects.get(key=town.manager_hall)
    FacilityStaff.objects.get_or_create(facility=hall, staff=manager)
    admin = _staff(f"admin@{town.slug}.example.jp", "担当 恵子", Staff.Role.ADMIN)
    if account_state() is None:
        token, secret = line_token(town)
        connect_account(token=token, secret=secret, staff_id=admin.pk, now=timezone.now())
    return [
        _login(f"Resident {town.name}の住民", f"{base}/", resident.email),
        _login(f"Hall manager {town.name} {hall.name}の管理人", f"{base}/desk/", manager.user.email),
        _login(f"Municipality admin {town.name}の担当課", f"{base}/console/", admin.user.email),
    ]


def _clubs(town: Town, now: datetime) -> None:
    resident = Resident.objects.get(user__email=f"resident@{town.slug}.example.jp")
    clerk = Staff.objects.get(user__email=f"manager@{town.slug}.example.jp")
    seed_clubs(representative=resident, clerk_id=clerk.pk, now=now)


def _stories(town: Town, now: datetime) -> None:
    resident = Resident.objects.get(user__email=f"resident@{town.slug}.example.jp")
    clerk = Staff.objects.get(user__email=f"manager@{town.slug}.example.jp")
    tell_stories(
        hall=Facility.objects.get(key=town.manager_hall), resident=resident, clerk_id=clerk.pk, now=now
    )


def _staff(email: str, name: str, role: str) -> Staff:
    _log_in(email)
    return Staff.objects.filter(user__email=email).first() or appoint_staff(email=email, name=name, role=role)


def _doors(town: Town, now: datetime) -> None:
    with_code = set(town.code_rooms)
    for hall in Facility.objects.all():
        rooms = {(hall.key, room.key): room.pk for room in Room.objects.filter(facility=hall)}
        for place, room_id in rooms.items():
            if place in with_code:
                add_door(
                    facility_id=hall.pk,
                    name="入口のテンキー",
                    adapter="local_hmac",
                    room_ids=[room_id],
                    note="部屋の入口のテンキーで番号を押してください。",
                    now=now,
                )
        by_key = [room_id for place, room_id in rooms.items() if place not in with_code]
        add_door(
            facility_id=hall.pk,
            name="窓口の鍵",
            adapter="physical_key",
            room_ids=by_key,
            note="1階の窓口で、予約番号を伝えて鍵を受け取ってください。",
            now=now,
        )


def _reservations(town: Town, now: datetime) -> None:
    """A past year, and about a third of the times of three weeks; the same in every run on the same day."""
    today, _ = local(now, current_zone())
    chance = random.Random(f"{town.slug}{today}")  # noqa: S311 (demo data, not a secret)
    residents = list(_hirers(today))
    clerk = Staff.objects.get(user__email=f"manager@{town.slug}.example.jp")
    fill_past_year(hirers=residents, clerk_id=clerk.pk, before=today - timedelta(days=4), chance=chance)
    for room, day in _places(today):
        for starts, ends in some_times(room, day, chance):
            resident, purpose, headcount = chance.choice(residents)
            _book(
                room,
                day,
                (starts, ends),
                resident,
                purpose,
                headcount,
                clerk,
                now,
                paid=chance.random() < 0.6,
            )


def _tell_nobody() -> None:
    """What the demo begins with was long known to everybody: no thousand messages about it."""
    schema = current_schema()
    # The queue's triggers find its other tables only from the public schema.
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM public.procrastinate_jobs "
            "WHERE task_name = %s AND status = 'todo' AND args ->> 'schema' = %s",
            [settings.NOTICE_JOB, schema],
        )


def _hirers(today: date) -> Iterator[Hirer]:
    """The clubs, in turn of each applicant class the rules know."""
    rooms = rooms_of(Facility.objects.all()[0].pk)
    classes = list(rooms[0].rules_on(today).classes)
    for number, (name, kana, phone, purpose, headcount) in enumerate(CLUBS):
        who = classes[number % len(classes)] if classes else ""
        yield (
            register_resident(name=name, name_kana=kana, phone=phone, applicant_class=who),
            purpose,
            headcount,
        )


def _places(today: date) -> Iterator[tuple[RoomFacts, date]]:
    for hall in Facility.objects.all():
        for room in rooms_of(hall.pk):
            for offset in range(-4, 17):
                yield room, today + timedelta(days=offset)


def _book(
    room: RoomFacts,
    day: date,
    minutes: tuple[int, int],
    resident: Resident,
    purpose: str,
    headcount: int,
    clerk: Staff,
    now: datetime,
    *,
    paid: bool,
) -> None:
    starts_at, ends_at = (moment(day, minute, room.zone) for minute in minutes)
    actor = Actor("staff", clerk.pk)
    booked = min(now, starts_at - timedelta(days=10))
    try:
        # Written as of ten days before the use (or now), when the rules took the application.
        reservation = book_room(
            room_id=room.id,
            starts_at=starts_at,
            ends_at=ends_at,
            resident_id=resident.pk,
            channel="web",
            purpose=purpose,
            details=Details(
                purpose=next((one.key for one in asked_for(room, day).purposes), ""),
                headcount=min(headcount, room.capacity or headcount),
            ),
            actor=actor,
            now=booked,
        )
        if reservation.status == Reservation.Status.APPLIED:
            if starts_at > now + timedelta(days=_REVIEWED_DAYS_AHEAD):
                return
            (reservation,) = permit_applications(
                refs=[reservation.ref], conditions="", actor=actor, now=booked
            )
    except Refusal:
        return
    if paid and reservation.price_yen and starts_at < now + timedelta(days=5):
        collect_cash(subject=reservation.ref, yen=reservation.price_yen, staff_id=clerk.pk, now=now)
    if ends_at < now:
        record_attendance(ref=reservation.ref, attendance="arrived", actor=actor, now=starts_at)
