"""Several rooms and dates applied for at once (予約かご, くり返しの予約): looked at together, booked together.

All items pass the same rules, the same count of limits and one sorted lock of all their spaces; what is booked is
booked in one transaction, as one application.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.admission import turned_away
from booking.applications import Assessed, assess, check_period, check_purpose
from booking.claiming import lock_spaces, look_at, take_over_expired
from booking.errors import NotForGroup, SlotTaken
from booking.exempting.granting import Exempter
from booking.models import Application, Reservation
from booking.parties import Party
from booking.promising import settle, settled_status
from booking.standing import classes_among
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.details import NO_DETAILS, Details
from facilities.periods import local
from facilities.queries import rooms_among
from facilities.room_rules import Asker
from tenants.errors import Refusal


@dataclass(frozen=True, slots=True)
class Item:
    """One of the rooms and times applied for at once."""

    room_id: int
    starts_at: datetime
    ends_at: datetime
    details: Details = NO_DETAILS


@dataclass(frozen=True, slots=True)
class Looked:
    """How several items look before anything is booked, by their place: what could be had, and why not the rest."""

    free: Mapping[int, Assessed] = field(default_factory=dict)
    refused: Mapping[int, Refusal] = field(default_factory=dict)

    @property
    def price_yen(self) -> int | None:
        """What the free ones cost together, in yen; None while the price of one of them is open."""
        quotes = [assessed.quote for assessed in self.free.values()]
        return None if None in quotes else sum(quote.total_yen for quote in quotes if quote)


@dataclass(frozen=True, slots=True)
class Together:
    """What became of several items, by their place. ``application`` is None where nothing was booked."""

    application: Application | None
    booked: Mapping[int, Reservation]
    refused: Mapping[int, Refusal]


def look_together(
    *,
    items: Sequence[Item],
    party: Party,
    channel: str,
    now: datetime,
    override: bool = False,
    complete: bool = True,
) -> Looked:
    """Tell of each item whether it could be booked now, without writing or locking anything that lasts.

    ``override`` and ``complete`` as in ``booking.applications.assess``. Raises RoomNotFound.
    """
    with one_transaction(), connection.cursor() as cursor:
        applicant = records.anybody(party)
        free, refused = _assess_all(items, party, applicant.applicant_class, channel, now, override, complete)
        _drop_taken(cursor, free, refused, now)
        if not override:
            _drop(free, refused, _turned_away(cursor, free, party, now, lock=False))
    return Looked(free, refused)


def book_together(
    *,
    items: Sequence[Item],
    resident_id: int,
    channel: str,
    purpose: str,
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
    group_id: int | None = None,
    override_reason: str = "",
    confirmed_kind: str = "application_confirmed",
) -> Together:
    """Book several rooms and times in one transaction, as one application.

    ``all_or_nothing``: when one item is refused, nothing is booked; else what is free is. Either way every refused
    item comes back with its reason. One notice tells of all that is confirmed: ``confirmed_kind`` (empty: the caller
    tells of it), and one of all that waits for its review.
    Raises PurposeUnfit, NotForGroup, ReservationNotFound (nobody), RoomNotFound.
    """
    check_purpose(purpose)
    party = Party(resident_id, group_id)
    reason = override_reason.strip() if actor.is_staff else ""
    with one_transaction(), connection.cursor() as cursor:
        applicant = records.anybody(party)
        if not (applicant.may_act or actor.is_staff):
            raise NotForGroup
        free, refused = _assess_all(items, party, applicant.applicant_class, channel, now, bool(reason))
        _drop_taken(cursor, free, refused, now)
        if not reason:
            _drop(free, refused, _turned_away(cursor, free, party, now))
        if not free or (refused and all_or_nothing):
            return Together(None, {}, refused)
        _take_spaces(cursor, free, refused, now)
        if not free or (refused and all_or_nothing):
            return Together(None, {}, refused)
        application = Application.objects.create(
            resident_id=resident_id, group_id=group_id, channel=channel, purpose=purpose, created_at=now
        )
        new = records.NewReservation(
            party=party, status="", purpose=purpose, reason=reason, application_id=application.pk
        )
        booked = {
            place: _write(cursor, assessed, new, applicant.payer, actor, now)
            for place, assessed in free.items()
        }
        _tell_of(application, booked.values(), confirmed_kind, now)
    return Together(application, booked, refused)


def _write(
    cursor: Any, assessed: Assessed, new: records.NewReservation, payer: str, actor: Actor, now: datetime
) -> Reservation:
    reservation = records.insert(cursor, assessed, replace(new, status=settled_status(assessed)), actor, now)
    settle(reservation, assessed, payer=payer, actor=actor, now=now, tell=False)
    return reservation


def _tell_of(
    application: Application, booked: Collection[Reservation], confirmed_kind: str, now: datetime
) -> None:
    """One notice for the whole application, and one for what of it waits for a review."""
    kinds = {
        Reservation.Status.CONFIRMED: confirmed_kind,
        Reservation.Status.APPLIED: "application_received",
    }
    for status, kind in kinds.items():
        if kind and any(one.status == status for one in booked):
            tell(kind, now=now, application_ref=application.ref)


def _assess_all(
    items: Sequence[Item],
    party: Party,
    own_class: str,
    channel: str,
    now: datetime,
    override: bool,
    complete: bool = True,
) -> tuple[dict[int, Assessed], dict[int, Refusal]]:
    """Ask the rules about each item."""
    rooms = rooms_among({item.room_id for item in items})
    free: dict[int, Assessed] = {}
    refused: dict[int, Refusal] = {}
    class_of, exempter = classes_among(party, own_class), Exempter(party)
    for place, item in enumerate(items):
        try:
            check_period(item.starts_at, item.ends_at)
            room = rooms[item.room_id]
            day, _ = local(item.starts_at, room.zone)
            asker = Asker(class_of(room, day), channel, now, item.details)
            assessed = assess(
                room=room,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                asker=asker,
                override=override,
                complete=complete,
                exempter=exempter,
            )
        except Refusal as refusal:
            refused[place] = refusal
            continue
        free[place] = assessed
    return free, refused


def _in_each_others_way(free: Mapping[int, Assessed]) -> list[int]:
    """The places of items that overlap an earlier one on a space they share."""
    held: dict[int, list[tuple[datetime, datetime]]] = {}
    found = []
    for place, one in free.items():
        period = (one.starts_at, one.occupied_until)
        spans = [span for space in one.room.space_ids for span in held.get(space, ())]
        if any(begins < period[1] and period[0] < ends for begins, ends in spans):
            found.append(place)
            continue
        for space in one.room.space_ids:
            held.setdefault(space, []).append(period)
    return found


def _drop_taken(cursor: Any, free: dict[int, Assessed], refused: dict[int, Refusal], now: datetime) -> None:
    """Drop what others have; of two items that overlap on a space, the first one counts."""
    seen = look_at(cursor, _wishes(free.items()), now)
    _drop(free, refused, {place: SlotTaken() for place, (taken, _) in seen.items() if taken})
    _drop(free, refused, {place: SlotTaken() for place in _in_each_others_way(free)})


def _take_spaces(cursor: Any, free: dict[int, Assessed], refused: dict[int, Refusal], now: datetime) -> None:
    """Lock all spaces in order, then look once more: what is free now stays free until the transaction ends."""
    lock_spaces(cursor, sorted({space for one in free.values() for space in one.room.space_ids}))
    seen = look_at(cursor, _wishes(free.items()), now)
    _drop(free, refused, {place: SlotTaken() for place, (taken, _) in seen.items() if taken})
    for place, one in free.items():
        if seen[place][1]:
            take_over_expired(cursor, one.room.space_ids, one.starts_at, one.occupied_until, now)


def _wishes(
    found: Iterable[tuple[int, Assessed]],
) -> list[tuple[int, Sequence[int], datetime, datetime]]:
    return [(place, one.room.space_ids, one.starts_at, one.occupied_until) for place, one in found]


def _turned_away(
    cursor: Any, free: Mapping[int, Assessed], party: Party, now: datetime, *, lock: bool = True
) -> dict[int, Refusal]:
    places = list(free)
    found = turned_away(cursor, list(free.values()), party, now=now, lock=lock)
    return {places[index]: refusal for index, refusal in found.items()}


def _drop(free: dict[int, Assessed], refused: dict[int, Refusal], found: Mapping[int, Refusal]) -> None:
    for place, refusal in found.items():
        free.pop(place, None)
        refused[place] = refusal
