"""The values of the words in a notice's text (accounts.notices.placeholders), in the reader's language.

Called with that language active. Never a door code: a message says where it can be seen.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notices.kinds import Kind
from booking.displacing.queries import notice_of_appeal_for
from booking.queries import ReservationView
from booking.told import before_last_change, rooms_of_series
from facilities.errors import RoomNotFound
from facilities.models import Facility
from facilities.queries import RoomFacts, room_facts
from frontend.mails.exemptions import exemption_values
from frontend.mails.links import page_for
from frontend.mails.occasions import Occasion
from frontend.mails.penalties import penalty_values
from frontend.paying import pay_words_of
from frontend.refund_words import refund_words
from frontend.resident.said import questions_of, said_of
from frontend.templatetags.machinoma import (
    agreed_price,
    clock,
    day,
    hall_of,
    name_of,
    short_day,
    until_clock,
    yen,
)
from tenants.errors import Refusal
from tenants.models import Municipality

# A message is no ledger: what is beyond is on the page.
_MOST_LINES = 60
_MOST_HALLS = 5


def values_for(
    kind: Kind, occasion: Occasion, views: Sequence[ReservationView], *, municipality: Municipality, site: str
) -> dict[str, str]:
    """Return the values for one reader, but for their name and what the channel can carry.

    ``views``: the reservations this reader is told of.
    """
    values = {
        "municipality": name_of(municipality),
        "home": f"{site}/",
        "page": page_for(kind, occasion, views, site),
        "group": occasion.group.name if occasion.group else "",
        "reason": _reason(occasion),
    }
    values |= _facts(occasion)
    if views:
        values |= _several(views)
    if len(views) == 1:
        values |= _one(kind, occasion, views[0])
    elif not views:
        values |= _no_reservation(occasion)
    else:
        values |= _common(views)
    facts = occasion.event.facts
    return values | penalty_values(facts) | exemption_values(facts)


def when_words(starts_at: datetime, ends_at: datetime) -> str:
    """Return a time in full: 2027年6月9日（水） 10:00から12:00まで."""
    return _("{day} {start}から{end}まで").format(
        day=day(starts_at), start=clock(starts_at), end=until_clock(ends_at, starts_at)
    )


def _one(kind: Kind, occasion: Occasion, view: ReservationView) -> dict[str, str]:
    said = "\n".join(
        _("{label}：{text}").format(label=one.label, text=one.text)
        for one in said_of(questions_of(view), view.details)
    )
    refund = view.payment.refund_due_yen
    return {
        "number": view.number,
        **_place(view.room),
        **_time(view.starts_at, view.ends_at),
        "purpose": view.purpose,
        "headcount": _people(view.headcount),
        "said": said,
        "price": agreed_price(view.price_yen),
        "pay": pay_words_of(view, timezone.now()),
        "refund": yen(refund) if refund else "",
        "back": refund_words(view) if "back" in kind.placeholders else "",
        "before": _before(occasion, view) if "before" in kind.placeholders else "",
        "appeal": notice_of_appeal_for(view.id) if "appeal" in kind.placeholders else "",
        "who": view.resident.name,
        "phone": view.resident.phone,
    }


def _several(views: Sequence[ReservationView]) -> dict[str, str]:
    prices = [view.price_yen for view in views]
    return {
        "items": _lines(views),
        "count": _number(len(views)),
        "price": agreed_price(None if None in prices else sum(price or 0 for price in prices)),
        "purpose": views[0].purpose,
        "who": views[0].resident.name,
        "phone": views[0].resident.phone,
    }


def _common(views: Sequence[ReservationView]) -> dict[str, str]:
    """What several reservations have in common; the first day stands for the subject."""
    rooms = {view.room.id: view.room for view in views}
    halls = dict.fromkeys(hall_of(room) for room in rooms.values())
    return {
        "hall": _("、").join(halls),
        "room": _("、").join(name_of(room) for room in rooms.values()),
        "day": _("{day}ほか").format(day=short_day(views[0].starts_at)),
    }


def _no_reservation(occasion: Occasion) -> dict[str, str]:
    """A time that is nobody's reservation (one waited for), the rooms of a series, or a registration."""
    facts, values = occasion.event.facts, dict[str, str]()
    room = _room(facts.get("room_id", ""))
    if room is not None:
        values |= _place(room)
    elif occasion.event.series_ref:
        rooms = rooms_of_series(occasion.event.series_ref)
        values["room"] = _("、").join(name_of(one) for one in rooms)
        values["hall"] = _("、").join(dict.fromkeys(hall_of(one) for one in rooms))
    starts_at, ends_at = (parse_datetime(facts.get(key, "")) for key in ("starts_at", "ends_at"))
    if starts_at and ends_at:
        values |= _time(starts_at, ends_at)
    halls = _halls(occasion)
    if halls:
        values["hall"] = _("、").join(name_of(hall) for hall in halls)
    return values


def _halls(occasion: Occasion) -> list[Facility]:
    number = occasion.event.facts.get("facility_id", "")
    if occasion.registration is not None:
        return list(
            Facility.objects.filter(rule_book=occasion.registration.rule_book).order_by("id")[:_MOST_HALLS]
        )
    return list(Facility.objects.filter(pk=int(number))) if number.isdecimal() else []


def _facts(occasion: Occasion) -> dict[str, str]:
    facts = occasion.event.facts
    values = {}
    if facts.get("until"):
        values["until"] = _moment(facts["until"])
    elif occasion.registration is not None and occasion.registration.valid_until:
        values["until"] = day(occasion.registration.valid_until)
    if facts.get("yen", "").isdecimal():
        values["amount"] = yen(int(facts["yen"]))
    if facts.get("points", "").isdecimal():
        points = int(facts["points"])
        values["points"] = ngettext("{points}点", "{points}点", points).format(points=points)
    if facts.get("decision"):
        values["decision"] = _("認めました") if facts["decision"] == "granted" else _("認めませんでした")
    for key in ("count", "skipped"):
        if facts.get(key, "").isdecimal() and int(facts[key]):
            values[key] = _number(int(facts[key]))
    return values


def _reason(occasion: Occasion) -> str:
    code = occasion.event.facts.get("reason_code", "")
    if code:
        return _sentence_of(code)
    return occasion.reason


def _sentence_of(code: str) -> str:
    """The sentence of a refusal, by its code."""
    found = next((one for one in _refusals(Refusal) if one.code == code), None)
    return _(inspect.cleandoc(found.__doc__ or "")) if found else ""


def _refusals(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in parent.__subclasses__():
        yield one
        yield from _refusals(one)


def _before(occasion: Occasion, view: ReservationView) -> str:
    facts = occasion.event.facts
    room = _room(facts.get("before_room_id", ""))
    starts_at, ends_at = (
        parse_datetime(facts.get(key, "")) for key in ("before_starts_at", "before_ends_at")
    )
    if room is None or not starts_at or not ends_at:
        before = before_last_change(view.id)
        if before is None:
            return ""
        room, starts_at, ends_at = before.room, before.starts_at, before.ends_at
    return f"{when_words(starts_at, ends_at)} {hall_of(room)} {name_of(room)}"


def _lines(views: Sequence[ReservationView]) -> str:
    lines = [_line(view) for view in views[:_MOST_LINES]]
    more = len(views) - _MOST_LINES
    return "\n".join(lines + ([_("ほか{count}件").format(count=more)] if more > 0 else []))


def _line(view: ReservationView) -> str:
    words = _("{day} {start}から{end}まで").format(
        day=short_day(view.starts_at),
        start=clock(view.starts_at),
        end=until_clock(view.ends_at, view.starts_at),
    )
    return _("・{what}").format(what=f"{words} {hall_of(view.room)} {name_of(view.room)}（{view.number}）")


def _place(room: RoomFacts) -> dict[str, str]:
    return {"hall": hall_of(room), "room": name_of(room)}


def _time(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    return {"day": short_day(starts_at), "when": when_words(starts_at, ends_at)}


def _room(text: str) -> RoomFacts | None:
    if not text.isdecimal():
        return None
    try:
        return room_facts(int(text))
    except RoomNotFound:
        return None


def _moment(text: str) -> str:
    moment: Any = parse_datetime(text) if "T" in text else parse_date(text)
    if isinstance(moment, datetime):
        return f"{day(moment)} {clock(moment)}"
    return day(moment) if isinstance(moment, date) else ""


def _people(count: int | None) -> str:
    return ngettext("{count}人", "{count}人", count).format(count=count) if count else ""


def _number(count: int) -> str:
    return ngettext("{count}件", "{count}件", count).format(count=count)
