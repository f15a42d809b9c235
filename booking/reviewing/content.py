"""What a permit says: gathered when its number is given, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.models import Reservation, Review
from booking.reviewing.deciding import appeal_against
from facilities.ordinance import Rules
from facilities.periods import local
from facilities.queries import RoomFacts
from facilities.room_rules import permit_on


def content_of(reservation: Reservation, room: RoomFacts, review: Review | None) -> dict[str, Any]:
    """Return everything the permit of a reservation says, as JSON can hold it; moments with their offset."""
    day, _ = local(reservation.starts_at, room.zone)
    rules, terms = room.rules_on(day), permit_on(room, day)
    municipality = rules.document.municipality.name
    own = [line for line in (review.conditions.splitlines() if review else []) if line.strip()]
    return {
        "title": terms.title,
        "issuer": terms.issuer or municipality,
        "municipality": municipality,
        "reservation": reservation.number,
        "name": reservation.resident.name,
        "group": reservation.group.name if reservation.group else "",
        "room_id": reservation.room_id,
        "hall": room.facility_name,
        "room": room.name,
        "starts_at": reservation.starts_at.astimezone(room.zone).isoformat(),
        "ends_at": reservation.ends_at.astimezone(room.zone).isoformat(),
        "purpose": reservation.purpose,
        "kind": _purpose_name(rules, reservation.purpose_key),
        "headcount": reservation.headcount,
        "extras": _extras(rules, room, reservation.extras),
        "said": _said(reservation),
        "price_yen": reservation.price_yen,
        "conditions": [*(one.name for one in terms.conditions), *own],
        "instruction": list(appeal_against(reservation)),
    }


def same_use(content: Mapping[str, Any], reservation: Reservation) -> bool:
    """Whether a permit still speaks of the room, the time and the use that a reservation is for."""
    moments = (datetime.fromisoformat(content[key]) for key in ("starts_at", "ends_at"))
    written = (content["room_id"], *moments, content["said"])
    return written == (
        reservation.room_id,
        reservation.starts_at,
        reservation.ends_at,
        _said(reservation),
    )


def _said(reservation: Reservation) -> dict[str, Any]:
    """What was said of the use, as the permit puts it into words."""
    extras = {key: number for key, number in reservation.extras.items() if number}
    return {"purpose": reservation.purpose_key, "headcount": reservation.headcount, "extras": extras}


def _purpose_name(rules: Rules, key: str) -> str:
    return next((one.name for one in rules.document.purposes if one.key == key), "")


def _extras(rules: Rules, room: RoomFacts, extras: Mapping[str, int]) -> list[str]:
    known = rules.facility(room.facility_key).extras
    named = ((known[key].name if key in known else key, number) for key, number in extras.items() if number)
    return [name if number == 1 else f"{name} × {number}" for name, number in named]
