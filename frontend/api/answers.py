"""From what queries and services return to what the API answers: local times, the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from booking.applications import details_of
from booking.availability import DayFree
from booking.models import Reservation
from booking.queries import ReservationView
from facilities.details import Details
from facilities.models import Facility, RuleVersion
from facilities.ordinance import Reason
from facilities.ordinance.document.values import LATEST
from facilities.published import PublishedBook
from facilities.queries import RoomFacts
from frontend.api import outputs
from tenants.context import current_zone

# "00:00" … "72:00" by minute: a look-up is cheaper than writing it each time.
_CLOCK = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(LATEST + 1)]


def facility(row: Facility) -> dict[str, Any]:
    """A hall as everybody may see it."""
    return {
        "key": row.key,
        "name": row.name,
        "name_en": row.name_en,
        "address": row.address,
        "phone": row.phone,
        "notice": row.notice,
    }


def room(facts: RoomFacts) -> dict[str, Any]:
    """A room as everybody may see it."""
    return {
        "id": facts.id,
        "key": facts.key,
        "facility": facts.facility_key,
        "facility_name": facts.facility_name,
        "name": facts.name,
        "name_en": facts.name_en,
        "capacity": facts.capacity,
        "note": facts.note,
    }


def availability(rooms: list[tuple[RoomFacts, list[DayFree]]], zone: ZoneInfo) -> dict[str, Any]:
    """Many rooms over days, as plain lists: no model is built on this path."""
    return {
        "time_zone": zone.key,
        "rooms": [{"room": facts.id, "days": [_day(day) for day in days]} for facts, days in rooms],
    }


def _day(day: DayFree) -> dict[str, Any]:
    said: dict[str, Any] = {
        "date": day.day,
        "open": _opening(day.open),
        "free": [(_CLOCK[starts], _CLOCK[ends]) for starts, ends in day.free],
        "busy": [(_CLOCK[starts], _CLOCK[ends]) for starts, ends in day.busy],
    }
    if day.releasing:
        said["releasing"] = [
            {
                "span": (_CLOCK[starts], _CLOCK[ends]),
                "free_at": datetime.fromtimestamp(free * 60, current_zone()),
            }
            for starts, ends, free in day.releasing
        ]
    return said


@lru_cache(maxsize=1024)
def _opening(periods: tuple[tuple[int, int], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((_CLOCK[opens], _CLOCK[closes]) for opens, closes in periods)


def reservation(row: Reservation) -> outputs.Reservation:
    """A reservation that a service just wrote: no further query."""
    return outputs.Reservation(**_facts(row, row.room_id, row.quote, details_of(row)))


def detail(view: ReservationView, *, for_staff: bool) -> outputs.ReservationDetail:
    """A reservation with names and payment; the hirer only for staff."""
    person, payment = view.resident, view.payment
    return outputs.ReservationDetail(
        **_facts(view, view.room.id, view.quote.to_dict() if view.quote else None, view.details),
        room_name=view.room.name,
        facility=view.room.facility_key,
        facility_name=view.room.facility_name,
        payment=outputs.Payment(
            state=payment.state,
            assessed_yen=payment.assessed_yen,
            collected_yen=payment.collected_yen,
            refund_due_yen=payment.refund_due_yen,
        ),
        resident=outputs.Person(id=person.id, name=person.name, phone=person.phone, email=person.email)
        if for_staff
        else None,
    )


def clock(minute: int) -> str:
    """A minute of the day: ``09:00``; ``24:00`` ends it, later is the next one."""
    return _CLOCK[minute] if minute <= LATEST else f"{minute // 60:02}:{minute % 60:02}"


def local_moment(moment: datetime) -> datetime:
    """An instant in the municipality's zone: ``2026-12-02T09:00:00+09:00``."""
    return moment.astimezone(current_zone())


def _facts(
    row: Reservation | ReservationView, room_id: int, quote: Mapping[str, Any] | None, said: Details
) -> dict[str, Any]:
    zone = current_zone()
    return {
        "ref": row.ref,
        "number": row.number,
        "status": row.status,
        "group": outputs.GroupName(ref=row.group.ref, name=row.group.name) if row.group else None,
        "room": room_id,
        "starts_at": row.starts_at.astimezone(zone),
        "ends_at": row.ends_at.astimezone(zone),
        "purpose": row.purpose,
        "headcount": row.headcount,
        "details": _said(said),
        "channel": row.channel,
        "price": price_of(quote) if quote else None,
        "held_until": row.held_until.astimezone(zone) if row.held_until else None,
        "sequence": row.sequence,
        "created_at": row.created_at.astimezone(zone),
        "updated_at": row.updated_at.astimezone(zone),
    }


def _said(said: Details) -> outputs.Details:
    return outputs.Details(
        applicant_class=said.applicant_class,
        purpose=said.purpose,
        answers=dict(said.answers),
        extras=dict(said.extras),
        early_minutes=said.early_minutes,
        extension_minutes=said.extension_minutes,
    )


def price_of(quote: Mapping[str, Any]) -> outputs.Price:
    """A price with its lines in the caller's language, from a quote as it is kept."""
    language = get_language() or "ja"
    label = "label_ja" if language == "ja" else "label_en"
    lines = [
        outputs.PriceLine(
            label=line[label] or line["label_ja"],
            quantity=line["quantity"],
            unit_yen=line["unit_yen"],
            yen=line["yen"],
            reason=rule_reason(Reason.from_dict(line["reason"])),
        )
        for line in quote["lines"]
    ]
    before = quote.get("before_exemption_yen")
    return outputs.Price(total_yen=quote["total_yen"], before_exemption_yen=before, lines=lines)


def rule_reason(reason: Reason) -> outputs.RuleReason:
    """A rule with its sentence in the caller's language."""
    language = get_language() or "ja"
    return outputs.RuleReason(code=reason.code, detail=reason.sentence(language), article=reason.article)


def rule_book(one: PublishedBook) -> dict[str, Any]:
    """A rule book with its versions."""
    versions = [rule_version(version) for version in one.versions]
    return {"key": one.book.key, "name": one.book.name, "current": one.current, "versions": versions}


def rule_version(row: RuleVersion) -> dict[str, Any]:
    """A published version, without its document."""
    return {
        "book": row.rule_book.key,
        "number": row.number,
        "effective_from": row.effective_from.isoformat(),
        "published_at": local_moment(row.published_at).isoformat(),
    }
