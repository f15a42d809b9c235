"""What callers want of doors: rows, and a job where it is urgent. The worker speaks to the lock (locks.reconcile)."""

from __future__ import annotations

import secrets as random_source
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from facilities.models import Facility, Room
from locks.adapters import ADAPTERS
from locks.errors import InvalidDoor, KeyAlreadyOut, KeyNotOut, NoKeyToHandOver, UnknownAdapter
from locks.models import Credential, Door, DoorRoom, KeyHandover
from locks.secrets import encrypt
from tenants.jobs import enqueue

Desired = Credential.Desired
State = Credential.State

MOST_MARGIN_MINUTES = 240

# Who comes within a day may look at the code now: a job brings it about at once. All others have it within a minute
# (locks.heal), and the booking has one job less to write.
PROMPT = timedelta(hours=24)

# One statement, because this is written inside every booking. A door already wanted for the subject is left alone.
_WANT = """
INSERT INTO locks_credential
    (subject, door_id, generation, desired, label, starts_at, ends_at, valid_from, valid_until, state, kind,
     secret_enc, vendor_id, attempts, next_attempt_at, last_error)
SELECT %(subject)s, d.id,
       1 + coalesce((SELECT max(c.generation) FROM locks_credential c
                     WHERE c.subject = %(subject)s AND c.door_id = d.id), 0),
       'present', %(label)s, %(starts_at)s, %(ends_at)s,
       %(starts_at)s - d.lead_minutes * interval '1 minute', %(ends_at)s + d.lag_minutes * interval '1 minute',
       'pending', CASE WHEN d.adapter = 'physical_key' THEN 'physical' ELSE 'pin' END,
       ''::bytea, '', 0, %(now)s, ''
FROM locks_doorroom r JOIN locks_door d ON d.id = r.door_id WHERE r.room_id = %(room_id)s ORDER BY d.id
ON CONFLICT DO NOTHING
"""

# What is just being sent (unknown) keeps its time: the worker that sends it looks at ``desired`` when it is back.
_WITHDRAW = """
UPDATE locks_credential SET desired = 'absent', attempts = CASE WHEN state = 'unknown' THEN attempts ELSE 0 END,
       next_attempt_at = CASE WHEN state = 'unknown' THEN next_attempt_at
                              WHEN state IN ('revoked', 'expired', 'failed') THEN NULL ELSE %(now)s END
WHERE subject = %(subject)s AND desired = 'present'
"""


def want_access(
    *, subject: UUID, room_id: int, valid_from: datetime, valid_until: datetime, label: str, now: datetime
) -> None:
    """Want a way through every door of a room for ``[valid_from, valid_until)``; nothing if the room has no door.

    Each door adds its own lead and lag. ``label`` (a reservation number) is what a vendor sees; never a name.
    Wanting it again changes nothing. Call it in the transaction that makes the promise.
    """
    values: dict[str, Any] = {
        "subject": subject,
        "label": label,
        "starts_at": valid_from,
        "ends_at": valid_until,
        "room_id": room_id,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WANT, values)
        wanted = cursor.rowcount
    if wanted and valid_from - now < PROMPT:
        enqueue("locks.reconcile", subject=str(subject))


def withdraw_access(*, subject: UUID, now: datetime) -> None:
    """Want no way in any more for a subject. Withdrawing what was never wanted changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"subject": subject, "now": now})
        withdrawn = cursor.rowcount
    if withdrawn:
        enqueue("locks.reconcile", subject=str(subject))


@transaction.atomic
def move_access(
    *, subject: UUID, room_id: int, valid_from: datetime, valid_until: datetime, label: str, now: datetime
) -> None:
    """Want access at another time or room instead: the old credentials go, a new generation comes."""
    withdraw_access(subject=subject, now=now)
    want_access(
        subject=subject,
        room_id=room_id,
        valid_from=valid_from,
        valid_until=valid_until,
        label=label,
        now=now,
    )


@transaction.atomic
def add_door(
    *,
    facility_id: int,
    name: str,
    adapter: str,
    room_ids: Sequence[int],
    note: str,
    now: datetime,
    lead_minutes: int = 15,
    lag_minutes: int = 15,
) -> Door:
    """Add a door of a hall to its rooms, with a fresh secret for the device. Bookings made from now on get access.

    ``note`` tells people where keypad, key box or desk are. Raises UnknownAdapter, InvalidDoor.
    """
    if adapter not in ADAPTERS:
        raise UnknownAdapter
    name = name.strip()
    facility = Facility.objects.filter(pk=facility_id).first()
    rooms = set(room_ids)
    margins_fit = all(0 <= minutes <= MOST_MARGIN_MINUTES for minutes in (lead_minutes, lag_minutes))
    if not name or len(name) > 100 or facility is None or not margins_fit:
        raise InvalidDoor
    if Room.objects.filter(pk__in=rooms, facility=facility).count() != len(rooms):
        raise InvalidDoor
    device_id = f"{facility.key}-{random_source.token_hex(4)}"
    door = Door.objects.create(
        facility=facility,
        name=name,
        adapter=adapter,
        device_id=device_id,
        secret_enc=encrypt(random_source.token_bytes(32), table="door", row=device_id, field="secret"),
        lead_minutes=lead_minutes,
        lag_minutes=lag_minutes,
        note=note.strip(),
        created_at=now,
    )
    DoorRoom.objects.bulk_create(DoorRoom(door=door, room_id=room_id) for room_id in sorted(rooms))
    return door


@transaction.atomic
def hand_over_key(*, subject: UUID, given_to: str, staff_id: int, now: datetime) -> KeyHandover:
    """Note that the key was given to somebody; of several doors, the first whose key is still here.

    Raises NoKeyToHandOver, KeyAlreadyOut.
    """
    keys = list(_keys(subject).filter(desired=Desired.PRESENT, state__in=[State.ACCEPTED, State.ACTIVE]))
    if not keys:
        raise NoKeyToHandOver
    out = set(_out(keys).values_list("credential_id", flat=True))
    here = [key for key in keys if key.pk not in out]
    if not here:
        raise KeyAlreadyOut
    try:
        with transaction.atomic():
            return KeyHandover.objects.create(
                credential=here[0],
                given_to=given_to.replace("\0", "").strip()[:100],
                given_at=now,
                given_by_id=staff_id,
            )
    except IntegrityError as error:
        raise KeyAlreadyOut from error


@transaction.atomic
def take_back_key(*, subject: UUID, staff_id: int, now: datetime) -> KeyHandover:
    """Note that the key came back, also after the booking was cancelled or over. Raises KeyNotOut."""
    handover = _out(list(_keys(subject))).select_for_update(of=("self",)).first()
    if handover is None:
        raise KeyNotOut
    handover.returned_at, handover.returned_to_id = now, staff_id
    handover.save(update_fields=["returned_at", "returned_to"])
    return handover


def _keys(subject: UUID) -> QuerySet[Credential]:
    return Credential.objects.filter(subject=subject, kind=Credential.Kind.PHYSICAL).order_by("pk")


def _out(keys: Sequence[Credential]) -> QuerySet[KeyHandover]:
    return KeyHandover.objects.filter(credential__in=keys, returned_at__isnull=True).order_by("pk")
