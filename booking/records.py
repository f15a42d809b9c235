"""The statements that write reservations. Called by booking.services inside its transactions, by nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.db import connection
from django.db.models import F

from accounts.actors import SYSTEM, Actor
from booking.applications import Assessed, check_purpose
from booking.change_errors import ChangedMeanwhile
from booking.claiming import LOOK
from booking.errors import NotForGroup, ReservationNotFound, SlotTaken
from booking.exempting.closing import close_applications
from booking.models import Claim, Reservation, Transition
from booking.parties import ACTING_ROLES, Party, acts_for, theirs
from booking.reviewing.opening import close_papers
from facilities.ordinance import Quote


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: their class in the rules, and how many holds they have open; and a hint about the time they want.

    ``may_act``: they may act for the group they name (``group_name``), or they name none. ``finds_taken``: somebody
    has the time. ``finds_left_behind``: holds whose ten minutes are over are in the way.
    """

    applicant_class: str
    name: str
    group_name: str
    may_act: bool
    open_holds: int
    finds_taken: bool
    finds_left_behind: bool

    @property
    def payer(self) -> str:
        """The name a charge is made out to."""
        return self.group_name or self.name


@dataclass(frozen=True, slots=True)
class NewReservation:
    """What a reservation is beyond what was assessed. ``purpose`` is the applicant's own words."""

    party: Party
    status: str
    purpose: str = ""
    held_until: datetime | None = None
    reason: str = ""
    application_id: int | None = None


Status = Reservation.Status

# How a reservation ends: verb → (statuses before, status after). A hold given back was never a reservation.
ENDINGS: Mapping[str, tuple[frozenset[str], str]] = {
    "release": (frozenset({Status.HOLD}), Status.EXPIRED),
    "cancel": (frozenset({Status.CONFIRMED, Status.APPLIED}), Status.CANCELLED),
    "lapse": (frozenset({Status.APPLIED}), Status.EXPIRED),
    "refuse": (frozenset({Status.APPLIED}), Status.REFUSED),
    "displace": (frozenset({Status.CONFIRMED, Status.APPLIED}), Status.CANCELLED),
}

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_APPLICANT = f"""
SELECT p.applicant_class, p.name, coalesce(g.name, ''), %s::bigint IS NULL OR m.id IS NOT NULL,
       (SELECT count(*) FROM booking_reservation h
        WHERE h.resident_id = p.id AND h.status = 'hold' AND h.held_until > %s),
       coalesce(seen.taken, false), coalesce(seen.left_behind, false)
FROM accounts_resident p CROSS JOIN ({LOOK}) seen
LEFT JOIN accounts_group g ON g.id = %s AND g.ended_at IS NULL
LEFT JOIN accounts_membership m ON m.group_id = g.id AND m.resident_id = p.id AND m.ended_at IS NULL
     AND m.role = ANY(%s)
WHERE p.id = %s AND (g.id IS NOT NULL OR %s::bigint IS NULL)
"""  # noqa: S608 (the text of booking.claiming)

# One statement: the reservation, its claims (the exclusion constraint decides), and the first line of its history.
_INSERT = """
WITH r AS (
    INSERT INTO booking_reservation
        (ref, room_id, resident_id, group_id, application_id, starts_at, ends_at, status, channel,
         attendance, purpose, headcount, applicant_class, purpose_key, answers, extras,
         early_minutes, extension_minutes,
         price_yen, quote, rule_version_id, held_until, sequence, created_at, updated_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'unknown', %s, %s,
            %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s::jsonb, %s, %s, 0, %s, %s)
    RETURNING id
), c AS (
    INSERT INTO booking_claim (reservation_id, space_id, occupied, active, expires_at)
    SELECT r.id, s.id, tstzrange(%s, %s), true, %s FROM r, unnest(%s::bigint[]) s(id) ORDER BY s.id
    ON CONFLICT DO NOTHING RETURNING 1
), t AS (
    INSERT INTO booking_transition (reservation_id, verb, actor_kind, actor_id, at, reason)
    SELECT r.id, %s, %s, %s, %s, %s FROM r
)
SELECT (SELECT id FROM r), (SELECT count(*) FROM c)
"""

_SWEEP = """
WITH locked AS (
    SELECT id FROM booking_reservation WHERE status = 'hold' AND held_until <= %s
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
    UPDATE booking_reservation r SET status = 'expired', held_until = NULL, updated_at = %s
    FROM locked WHERE r.id = locked.id RETURNING r.id
), freed AS (
    UPDATE booking_claim c SET active = false FROM gone WHERE c.reservation_id = gone.id AND c.active
), noted AS (
    INSERT INTO booking_transition (reservation_id, verb, actor_kind, actor_id, at, reason)
    SELECT id, 'expire', %s, %s, %s, '' FROM gone
)
SELECT count(*) FROM gone
"""


def visible(ref: UUID, actor: Actor, *, lock: bool = False, act: bool = False) -> Reservation:
    """Return the reservation if the actor may see it: a resident their own and their groups'.

    ``act``: to do something with it; who only sees what a group has may not. Raises ReservationNotFound, NotForGroup.
    """
    rows = Reservation.objects.select_related("resident", "group").filter(ref=ref)
    if actor.kind == "resident":
        rows = rows.filter(theirs(actor.id))
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    reservation = rows.first()
    if reservation is None:
        raise ReservationNotFound
    group_id = reservation.group_id if act and actor.kind == "resident" else None
    if group_id is not None and not acts_for(resident_id=actor.id, group_id=group_id):
        raise NotForGroup
    return reservation


def applicant(
    *, party: Party, space_ids: Sequence[int], starts_at: datetime, ends_at: datetime, now: datetime
) -> Applicant:
    """Return who applies and how the time looks from outside. Raises ReservationNotFound for nobody."""
    group_id = party.group_id
    values = [group_id, now, now, now, list(space_ids), starts_at, ends_at]
    with connection.cursor() as cursor:
        cursor.execute(_APPLICANT, [*values, group_id, list(ACTING_ROLES), party.resident_id, group_id])
        row = cursor.fetchone()
    if row is None:
        raise ReservationNotFound
    return Applicant(*row)


def anybody(party: Party) -> Applicant:
    """Return who applies, without a look at any time. Raises ReservationNotFound for nobody."""
    return applicant(party=party, space_ids=(), starts_at=_LONG_AGO, ends_at=_LONG_AGO, now=_LONG_AGO)


def insert(cursor: Any, assessed: Assessed, new: NewReservation, actor: Actor, now: datetime) -> Reservation:
    """Write a reservation with its claims. Raises PurposeUnfit; SlotTaken when a space went to somebody else."""
    check_purpose(new.purpose)
    space_ids = list(assessed.room.space_ids)
    verb = "hold" if new.status == Reservation.Status.HOLD else "book"
    row = Reservation(
        ref=uuid4(),
        room_id=assessed.room.id,
        resident_id=new.party.resident_id,
        group_id=new.party.group_id,
        application_id=new.application_id,
        starts_at=assessed.starts_at,
        ends_at=assessed.ends_at,
        status=new.status,
        channel=assessed.asker.channel,
        purpose=new.purpose,
        **_said(assessed),
        rule_version_id=assessed.rule_version_id,
        held_until=new.held_until,
        created_at=now,
        updated_at=now,
    )
    cursor.execute(
        _INSERT,
        [
            *(row.ref, row.room_id, row.resident_id, row.group_id, row.application_id),
            *(row.starts_at, row.ends_at, row.status, row.channel),
            *(row.purpose, row.headcount, row.applicant_class, row.purpose_key),
            *(_json(row.answers), _json(row.extras), row.early_minutes, row.extension_minutes),
            *(row.price_yen, _json(row.quote), row.rule_version_id, row.held_until, now, now),
            *(row.starts_at, assessed.occupied_until, row.held_until, space_ids),
            *(verb, actor.kind, actor.id, now, new.reason[:200]),
        ],
    )
    row.pk, claimed = cursor.fetchone()
    if claimed != len(space_ids):
        raise SlotTaken
    return row


def confirm(
    reservation: Reservation, assessed: Assessed, *, status: Status, purpose: str, actor: Actor, now: datetime
) -> bool:
    """hold → ``status`` with what was said since, if its time is not over. Says whether this call did it.

    Raises PurposeUnfit.
    """
    check_purpose(purpose)
    changes = {
        "status": status,
        "held_until": None,
        "purpose": purpose,
        **_said(assessed),
    }
    moved = Reservation.objects.filter(
        pk=reservation.pk, status=Reservation.Status.HOLD, held_until__gt=now
    ).update(**changes, updated_at=now)
    if moved:
        Claim.objects.filter(reservation_id=reservation.pk, active=True).update(expires_at=None)
        note(reservation, "confirm", actor, "", now)
        _adopt(reservation, **changes, updated_at=now)
    return bool(moved)


def permit(reservation: Reservation, *, actor: Actor, reason: str, now: datetime) -> bool:
    """applied → confirmed. Says whether it was this call that did it."""
    moved = Reservation.objects.filter(pk=reservation.pk, status=Status.APPLIED).update(
        status=Status.CONFIRMED, sequence=F("sequence") + 1, updated_at=now
    )
    if moved:
        note(reservation, "permit", actor, reason, now)
        _adopt(reservation, status=Status.CONFIRMED, sequence=reservation.sequence + 1, updated_at=now)
    return bool(moved)


def set_price(
    reservation: Reservation, quote: Quote, *, actor: Actor, reason: str, now: datetime, verb: str = "price"
) -> None:
    """Replace the price of a reservation that stands; ``verb`` is what its history calls that."""
    changes = {"price_yen": quote.total_yen, "quote": quote.to_dict()}
    Reservation.objects.filter(pk=reservation.pk).update(**changes, updated_at=now)
    note(reservation, verb, actor, reason, now)
    _adopt(reservation, **changes, updated_at=now)


def lock_as_seen(seen: Reservation, now: datetime) -> Reservation:
    """Lock a reservation that is still as somebody saw it, count its change, and return it as it is now.

    Of two who saw the same, one gets it. Raises ChangedMeanwhile.
    """
    rows = Reservation.objects.filter(pk=seen.pk)
    as_seen = rows.filter(status=seen.status, sequence=seen.sequence)
    if not as_seen.update(sequence=F("sequence") + 1, updated_at=now):
        raise ChangedMeanwhile
    return rows.select_related("resident", "group").get()


def change(
    reservation: Reservation,
    assessed: Assessed,
    quote: Quote | None,
    *,
    status: Status,
    verb: str,
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    """Write the new room, time and what was said of it into a locked reservation. ``quote`` None: the price stays."""
    changes = {
        **_said(assessed),
        "room_id": assessed.room.id,
        "starts_at": assessed.starts_at,
        "ends_at": assessed.ends_at,
        "status": status,
        "rule_version_id": assessed.rule_version_id,
        "price_yen": quote.total_yen if quote else reservation.price_yen,
        "quote": quote.to_dict() if quote else reservation.quote,
    }
    Reservation.objects.filter(pk=reservation.pk).update(**changes, updated_at=now)
    note(reservation, verb, actor, reason, now)
    _adopt(reservation, **changes, updated_at=now)


def end(reservation: Reservation, *, verb: str, actor: Actor, reason: str, now: datetime) -> bool:
    """Follow the arrow ``verb`` (ENDINGS), and the spaces are free. Says whether it was this call that did it."""
    old, new = ENDINGS[verb]
    moved = Reservation.objects.filter(pk=reservation.pk, status__in=old).update(
        status=new, held_until=None, sequence=F("sequence") + 1, updated_at=now
    )
    if moved:
        Claim.objects.filter(reservation_id=reservation.pk, active=True).update(active=False)
        close_papers(reservation, verb=verb, now=now)
        close_applications(reservation.pk, now=now)
        note(reservation, verb, actor, reason, now)
        _adopt(
            reservation,
            status=new,
            held_until=None,
            sequence=reservation.sequence + 1,
            updated_at=now,
        )
    return bool(moved)


def attend(reservation: Reservation, *, attendance: str, actor: Actor, now: datetime) -> bool:
    """Note the attendance of a confirmed reservation."""
    moved = Reservation.objects.filter(pk=reservation.pk, status=Reservation.Status.CONFIRMED).update(
        attendance=Reservation.Attendance(attendance)
    )
    if moved:
        note(reservation, attendance, actor, "", now)
    return bool(moved)


def sweep_expired(*, now: datetime) -> int:
    """hold → expired for all whose time is over; rows somebody is working on are left for the next sweep."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [now, now, SYSTEM.kind, SYSTEM.id, now])
        return int(cursor.fetchone()[0])


def _said(assessed: Assessed) -> dict[str, Any]:
    """The columns that hold what the applicant said, and the price that follows from it."""
    details, quote = assessed.asker.details, assessed.quote
    return {
        "headcount": details.headcount,
        "applicant_class": assessed.applicant_class,
        "purpose_key": details.purpose,
        "answers": dict(details.answers),
        "extras": {key: number for key, number in details.extras.items() if number},
        "early_minutes": details.early_minutes,
        "extension_minutes": details.extension_minutes,
        "price_yen": quote.total_yen if quote else None,
        "quote": quote.to_dict() if quote else None,
    }


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def note(reservation: Reservation, verb: str, actor: Actor, reason: str, now: datetime) -> None:
    """Write one line into the history of a reservation."""
    Transition.objects.create(
        reservation_id=reservation.pk,
        verb=verb,
        actor_kind=actor.kind,
        actor_id=actor.id,
        at=now,
        reason=reason[:200],
    )


def _adopt(reservation: Reservation, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(reservation, name, value)
