"""What a worked case gives, read into what the engine is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from facilities.ordinance.answers import Use
from facilities.ordinance.applying.counting import Held
from facilities.ordinance.applying.lotteries import Applicant
from facilities.ordinance.applying.penalties import Event
from facilities.ordinance.days.moments import moment
from facilities.ordinance.days.timetables import slots_of_day
from facilities.ordinance.document.values import read_span
from facilities.ordinance.holidays import DayBook
from facilities.ordinance.rules import RoomRules, Rules, slots

Given = Mapping[str, Any]
NOON = 720
KNOWN = frozenset(
    """
    facility room rooms uses date dow holiday time slots minutes hours days purpose
    applicant_class headcount answers extras early_minutes extension_minutes booked_on
    paid_on ground percent channel use apply_on apply_at counts run_days days_ahead
    granted_before cancel_at fee parts changes_before first_day new_day approved_on
    change_at action applicants event on paid cause cancel_on old_fee new_fee change_on events
    issued_on register_on deregistered_on role members counted booking_for with_rooms
    entry held run_day earlier kind
    """.split()  # noqa: SIM905 - one word per thing reads better than sixty lines
)


def refuse_unknown(rules: Rules, given: Given) -> None:
    """Raise ValueError for a word that no kind of case knows, or a class, purpose or question that the
    document does not: a slip must not pass unseen."""
    document = rules.document
    known = {
        "applicant_class": {one.key for one in document.applicant_classes},
        "purpose": {one.key for one in document.purposes}
        | {one.key for hall in document.facilities for one in hall.prohibited},
    }
    questions = {one.key for one in document.questions}
    numbers = {one.key for one in document.questions if one.unit}
    for one in (given, *given.get("uses", ())):
        unknown = set(one) - KNOWN
        unknown |= set(one.get("answers", {})) - questions
        unknown |= {str(one[key]) for key, keys in known.items() if key in one and one[key] not in keys}
        for key, answer in one.get("answers", {}).items():
            if key in numbers and (isinstance(answer, bool) or not isinstance(answer, int)):
                raise ValueError(f"{key} の答えは整数で書いてください ({answer} ではなく)。")
        if unknown:
            raise ValueError("この文書にないもの: " + "、".join(sorted(unknown)))


def facility_of(rules: Rules, given: Given) -> str:
    """The facility's key; the first one where none is given."""
    return str(given.get("facility", rules.document.facilities[0].key))


def room_of(rules: Rules, given: Given) -> str:
    """The room's key; the facility's first one where none is given."""
    return str(given.get("room") or next(iter(rules.facility(facility_of(rules, given)).rooms)))


def day_of(value: object) -> date:
    """A date, written or read. Raises ValueError."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"「{value}」という日付はありません (2027-04-01 の形で書きます)。") from None


def optional_day(given: Given, key: str) -> date | None:
    """The date given, or None."""
    return day_of(given[key]) if key in given else None


def asked(given: Given) -> dict[str, Any]:
    """What quotes and exemptions are asked with beside the uses."""
    return {
        "applicant_class": str(given.get("applicant_class", "")),
        "headcount": given.get("headcount"),
        "answers": dict(given.get("answers", {})),
        "booked_on": optional_day(given, "booked_on"),
        "paid_on": optional_day(given, "paid_on"),
        "channel": given.get("channel"),
    }


def uses_of(rules: Rules, given: Given) -> tuple[Use, ...]:
    """The uses of a case: one, or `uses`, `rooms` together, or `days` in a row. None without a room."""
    if "uses" in given:
        return tuple(use for one in given["uses"] for use in uses_of(rules, {**_shared(given), **one}))
    if "rooms" in given:
        shared = {key: value for key, value in given.items() if key != "rooms"}
        return tuple(use for room in given["rooms"] for use in uses_of(rules, {**shared, "room": room}))
    if given["room"] is None:
        return ()
    first = _use(rules, given)
    count = int(given.get("days", 1))
    return tuple(
        Use(first.room, first.day + timedelta(days=number), *_rest(first)) for number in range(count)
    )


def _shared(given: Given) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in ("uses", "extras", "answers")}


def _rest(use: Use) -> tuple[Any, ...]:
    return (
        use.starts,
        use.ends,
        use.purpose,
        use.early_minutes,
        use.extension_minutes,
        use.extras,
        use.answers,
    )


def _use(rules: Rules, given: Given) -> Use:
    facility, room = facility_of(rules, given), str(given["room"])
    room_rules = rules.room(facility, room)
    day = day_of(given.get("date", rules.effective_from))
    opens = rules.document.calendars[rules.facility(facility).facility.calendar].hours.usual[0][0]
    return Use(
        room,
        day,
        *time_of(room_rules, rules.book, day, given, opens),
        given.get("purpose"),
        int(given.get("early_minutes", 0)),
        int(given.get("extension_minutes", 0)),
        dict(given.get("extras", {})),
        dict(given.get("answers", {})),
    )


def time_of(room: RoomRules, book: DayBook, day: date, given: Given, opens: int) -> tuple[int, int]:
    """Start and end in minutes of the day, of `time`, `slots`, `minutes` or `hours`."""
    if "time" in given:
        return read_span(given["time"])
    if "slots" in given:
        today = (*slots_of_day(room.time, book, day), *room.time.slots)
        times: dict[str, tuple[int, int]] = {}
        for slot in today:
            times.setdefault(slot.key, slot.time)
        slots = given["slots"]
        wanted = (slots,) if isinstance(slots, str) else slots
        unknown = "、".join(str(key) for key in wanted if key not in times)
        if unknown:
            raise ValueError(
                f"区分 {unknown} はありません (あるもの: {'、'.join(sorted(times)) or 'なし'})。"
            )
        chosen = [times[key] for key in wanted]
        return min(start for start, _ in chosen), max(end for _, end in chosen)
    return opens, opens + int(given.get("minutes", int(given.get("hours", 1)) * 60))


def some_time(rules: Rules, given: Given, day: date) -> tuple[int, int]:
    """The time given, or one at which the room is lent."""
    room_rules = rules.room(facility_of(rules, given), room_of(rules, given))
    if "time" in given or "slots" in given:
        return time_of(room_rules, rules.book, day, given, 0)
    offered = slots(rules, facility=facility_of(rules, given), room=room_rules.room.key, day=day)
    if offered.slots:
        starts = offered.slots[0].starts
        least = offered.slots[0].ends if offered.kind == "slots" else starts + (offered.minimum or 60)
        return starts, least
    return room_rules.time.slots[0].time if room_rules.time.slots else (NOON, NOON + 60)


def applied_at(rules: Rules, given: Given, use: date, starts: int) -> datetime:
    """When somebody applies: at a moment, or at noon of a day (before the start on the day of use)."""
    if "apply_at" in given:
        return datetime.fromisoformat(str(given["apply_at"])).replace(tzinfo=rules.zone)
    day = day_of(given["apply_on"])
    return moment(day, min(NOON, starts - 1) if day == use else NOON, rules.zone)


def counts_of(given: Given) -> dict[str, int | Fraction]:
    """What there already is, by the key of a limit; hours may have a fraction."""
    return {str(key): Fraction(str(number)) for key, number in given.get("counts", {}).items()}


def held_of(rules: Rules, given: Given, booked: date) -> tuple[Held, ...]:
    """The uses there already are: `{room, date, time or slots, booked_on, applicant_class, …}`; what is
    not written is as in the case itself, booked the same day."""
    found = []
    for one in given.get("held", ()):
        refuse_unknown(rules, one)
        shared = ("facility", "room", "applicant_class", "purpose", "time", "slots", "answers", "channel")
        merged = {**{key: given[key] for key in shared if key in given}, **one}
        facility, room, day = facility_of(rules, merged), room_of(rules, merged), day_of(merged["date"])
        found.append(
            Held(
                facility,
                room,
                day,
                *some_time(rules, merged, day),
                optional_day(one, "booked_on") or booked,
                entry=bool(one.get("entry", False)),
                applicant_class=str(merged.get("applicant_class", "")),
                channel=str(merged.get("channel", "web")),
                purpose=merged.get("purpose"),
                headcount=merged.get("headcount"),
                answers={**rules.usual_answers, **dict(merged.get("answers", {}))},
                paid=bool(one.get("paid", False)),
            )
        )
    return tuple(found)


def starts_of(rules: Rules, given: Given, day: date) -> int:
    """When the use starts: the time given, or noon."""
    return some_time(rules, given, day)[0] if {"time", "slots"} & set(given) else NOON


def given_up_at(rules: Rules, given: Given, key: str, day: date) -> datetime:
    """When a booking is given up or changed: at a moment (`…_at`), or as a day (`…_on`) begins."""
    at = given.get(f"{key}_at")
    if at is not None:
        return datetime.fromisoformat(str(at)).replace(tzinfo=rules.zone)
    return moment(day_of(given.get(f"{key}_on", day)), 0, rules.zone)


def applicants_of(rules: Rules, given: Given, use: date) -> tuple[Applicant, ...]:
    """Who wants one time, with `name` and when they apply (at the lottery's opening where not given)."""
    found = []
    for one in given["applicants"]:
        merged = {**{key: given[key] for key in ("apply_on", "apply_at") if key in given}, **one}
        found.append(
            Applicant(
                str(one["name"]),
                applied_at(rules, merged, use, NOON),
                str(one.get("applicant_class", "")),
                one.get("purpose"),
                dict(one.get("answers", {})),
            )
        )
    return tuple(found)


def events_of(given: Given) -> tuple[Event, ...]:
    """Offences: keys, or `{offence: …, times: …, on: …, answers: …}`."""
    return tuple(
        Event(one)
        if isinstance(one, str)
        else Event(
            str(one["offence"]),
            optional_day(one, "on"),
            int(one.get("times", 1)),
            dict(one.get("answers", {})),
            one.get("days_ahead"),
            str(one.get("applicant_class", given.get("applicant_class", ""))),
            one.get("purpose", given.get("purpose")),
        )
        for one in given["events"]
    )
