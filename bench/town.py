"""The municipality everything is measured in: 10 halls of 30 rooms with real rules, and years of reservations."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.middleware.csrf import _get_new_csrf_string

from accounts.models import User
from accounts.services import register_resident
from facilities.models import Facility, Room
from facilities.queries import RoomFacts, open_rooms
from locks.services import add_door
from tenants.context import inside
from tenants.models import Municipality
from tenants.services import create_municipality

HALLS, ROOMS = 10, 30
TOKYO = ZoneInfo("Asia/Tokyo")
RESIDENTS = 64
# Which starts (hours) a day's reservations have; the whole hall and its halves are used at different times.
_MORNING, _AFTERNOON = (9, 10, 11), (14, 16, 18)


@dataclass(frozen=True)
class SignedIn:
    """A resident with a session, as a browser would send it."""

    resident_id: int
    cookie: str
    csrf: str


def rules_text(lg_code: str, name: str, *, halls: int = HALLS, rooms: int = ROOMS) -> str:
    """Return a rules document: hourly rooms, closed Tuesdays unless a holiday, three months ahead.

    In every hall the last room is a whole hall (two spaces) whose halves are the first two rooms.
    """
    document = {
        "format": 1,
        "municipality": {"name": name, "lg_code": lg_code},
        "effective_from": date(2000, 1, 1),
        "source": {"title": "bench", "urls": "https://example.jp/"},
        "applicant_classes": [{"key": "general", "name": "一般"}],
        "causes": [{"key": "own", "name": "利用者の都合"}],
        "calendars": {
            "usual": {
                "hours": {"usual": "09:00-22:00"},
                "closures": [
                    {
                        "key": "tuesday",
                        "name": "第{n}火曜日",
                        "days": {"weekdays": ["tue"], "nth": [1, 3, 5]},
                        "unless": {"holidays": ["any"]},
                    },
                    {"key": "new-year", "name": "年末年始", "days": {"dates": ["12-29..01-03"]}},
                ],
            }
        },
        "times": {"hourly": {"hours": {"step": 60}}},
        "applications": {
            "open": {
                "windows": [
                    {
                        "who": ["general"],
                        "opens": {"months_before": 3, "day": "same"},
                        "closes": {"minutes_before_start": 0},
                    }
                ]
            }
        },
        "cancellations": {
            "usual": {
                "deadline": {"days_before": 1},
                "refunds": [{"causes": ["own"], "percent": 100}],
            }
        },
        "rounding": {"unit": 10, "mode": "down"},
        "facilities": [_hall(number, rooms) for number in range(1, halls + 1)],
        "cases": [
            {
                "id": "B-1",
                "kind": "fee",
                "given": {"facility": "hall-1", "room": "room-3", "time": "09:00-11:00"},
                "expect": {"yen": 1000},
            }
        ],
    }
    # JSON is YAML.
    return json.dumps(document, ensure_ascii=False, default=date.isoformat, indent=1).replace(
        '"2000-01-01"', "2000-01-01"
    )


def _hall(number: int, rooms: int) -> dict[str, object]:
    listed = [
        {
            "key": f"room-{index}",
            "name": f"会議室{index}",
            "name_en": f"Room {index}",
            "capacity": 40,
            "fee": {"yen_per_hour": 500},
        }
        for index in range(1, rooms)
    ]
    whole = {
        "key": "whole",
        "name": "ホール（全面）",
        "name_en": "Whole hall",
        "capacity": 200,
        "spaces": ["room-1", "room-2"],
        "fee": {"yen_per_hour": 1000},
    }
    return {
        "key": f"hall-{number}",
        "name": f"第{number}公民館",
        "name_en": f"Hall {number}",
        "calendar": "usual",
        "time": "hourly",
        "application": "open",
        "cancellation": "usual",
        "rooms": [*listed, whole],
    }


def make_town(lg_code: str, host: str, *, reservations: int, now: datetime) -> Municipality:
    """Create a municipality of 300 rooms with this many reservations, the newest of them a month ahead."""
    town = create_municipality(
        lg_code=lg_code, name="計測市", host=host, rules_text=rules_text(lg_code, "計測市"), now=now
    )
    with inside(town):
        residents = [_resident(number) for number in range(RESIDENTS)]
        _doors(now)
        fill(reservations, residents, now)
    return town


def _doors(now: datetime) -> None:
    """Half of the rooms open with a code, half with a key from the desk."""
    for facility in Facility.objects.all():
        rooms = list(Room.objects.filter(facility=facility).values_list("pk", flat=True))
        for adapter, room_ids in (("local_hmac", rooms[::2]), ("physical_key", rooms[1::2])):
            add_door(
                facility_id=facility.pk,
                name="入口",
                adapter=adapter,
                room_ids=room_ids,
                note="入口です。",
                now=now,
            )


def _resident(number: int) -> int:
    email = f"resident{number}@example.jp"
    user = User.objects.create_user(email, None)
    return register_resident(user_id=user.pk, name=f"住民 {number}", email=email).pk


def today_of(now: datetime) -> date:
    """Return the town's day at ``now``."""
    return now.astimezone(TOKYO).date()


def fill(count: int, residents: list[int], now: datetime) -> None:
    """COPY ``count`` reservations with claims and history, from a month ahead of ``now`` back into the past."""
    rooms = open_rooms()
    version = rooms[0].versions[0][1]
    rows = _reservations(count, rooms, today_of(now) + timedelta(days=30))
    quote = json.dumps({"lines": [], "total_yen": 1000})
    made = datetime(2026, 1, 1, tzinfo=UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM booking_reservation")
        first = cursor.fetchone()[0] + 1
        numbered = [(first + index, *row) for index, row in enumerate(rows)]
        chance = random.Random(2)
        with cursor.copy(
            "COPY booking_reservation (id, ref, room_id, resident_id, starts_at, ends_at, status, channel, attendance,"
            " purpose, headcount, applicant_class, purpose_key, answers, extras, early_minutes, extension_minutes,"
            " price_yen, quote, rule_version_id, sequence, created_at, updated_at) FROM STDIN"
        ) as copy:
            for number, room, starts, ends in numbered:
                ref = uuid.UUID(int=chance.getrandbits(128), version=4)
                who = residents[number % len(residents)]
                copy.write_row(
                    (
                        *(number, ref, room.id, who, starts, ends, "confirmed", "web", "unknown"),
                        *("会議", 10, "general", "", "{}", "{}", 0, 0),
                        *(1000, quote, version, 0, made, made),
                    )
                )
        with cursor.copy(
            "COPY booking_claim (reservation_id, space_id, occupied, active) FROM STDIN"
        ) as copy:
            for number, room, starts, ends in numbered:
                for space_id in room.space_ids:
                    copy.write_row((number, space_id, f"[{starts},{ends})", True))
        with cursor.copy(
            "COPY booking_transition (reservation_id, verb, actor_kind, actor_id, at, reason) FROM STDIN"
        ) as copy:
            for number, *_ in numbered:
                copy.write_row((number, "book", "resident", residents[number % len(residents)], made, ""))
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('booking_reservation', 'id'), %s)", [first + count]
        )
    with connection.cursor() as cursor:
        for table in ("booking_reservation", "booking_claim", "booking_transition"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _reservations(
    count: int, rooms: list[RoomFacts], last: date
) -> Iterator[tuple[RoomFacts, datetime, datetime]]:
    """Two hours each, about one per room and open day, newest day first; the same in every run."""
    chance = random.Random(1)
    day = last
    while count:
        if day.weekday() != 1:
            midnight = datetime(day.year, day.month, day.day, tzinfo=TOKYO)
            for room in rooms:
                hours = _MORNING if len(room.space_ids) == 2 else _AFTERNOON
                if count and chance.random() < 0.98:
                    count -= 1
                    starts = midnight + timedelta(hours=chance.choice(hours))
                    yield room, starts, starts + timedelta(hours=2)
        day -= timedelta(days=1)


def sign_in_residents(town: Municipality) -> list[SignedIn]:
    """Give every resident of the bench a session."""
    signed = []
    with inside(town):
        for user in User.objects.filter(resident__isnull=False).select_related("resident").order_by("pk"):
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            csrf = _get_new_csrf_string()
            cookie = (
                f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={csrf}"
            )
            signed.append(SignedIn(user.resident.pk, cookie, csrf))
    return signed
