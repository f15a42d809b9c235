"""What a document must keep beyond types: keys are unique, references exist, prices are complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from facilities.ordinance.document import (
    AnyDays,
    Application,
    Calendar,
    CancellationTerms,
    ExemptionGround,
    Facility,
    Fee,
    Ordinance,
    Room,
    Rule,
    TimeToRent,
    Until,
)
from facilities.ordinance.problems import Path

Mistake = tuple[Path, str, str]


def check(document: Ordinance) -> Iterator[Mistake]:
    """Every mistake of meaning: where, in Japanese, in English."""
    yield from _assumptions(document, ())
    yield from _zone(document)
    if not document.facilities:
        yield ("facilities",), "施設を少なくとも一つ書いてください。", "Write at least one facility."
    for field in ("applicant_classes", "causes", "facilities"):
        yield from _unique((one.key for one in getattr(document, field)), (field,))
    yield from _unique((case.id for case in document.cases), ("cases",), last="id")
    for name, calendar in document.calendars.items():
        yield from _calendar(calendar, ("calendars", name))
    for name, time in document.times.items():
        yield from _time(time, ("times", name))
    for name, application in document.applications.items():
        yield from _application(application, document, ("applications", name))
    for name, terms in document.cancellations.items():
        yield from _cancellation(terms, document, ("cancellations", name))
    for name, grounds in document.exemptions.items():
        yield from _exemption(grounds, ("exemptions", name))
    for index, facility in enumerate(document.facilities):
        yield from _facility(facility, document, ("facilities", index))


def _assumptions(part: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(part, Rule) and part.assumed and (part.article or not part.note):
        yield (
            (*path, "assumed"),
            "assumed: true のときは article を書かず、note に理由を書いてください。",
            "With assumed: true leave out article and say why in note.",
        )
    if isinstance(part, tuple):
        for index, one in enumerate(part):
            yield from _assumptions(one, (*path, index))
    elif isinstance(part, dict):
        for key, one in part.items():
            yield from _assumptions(one, (*path, key))
    elif hasattr(type(part), "model_fields"):
        for key in type(part).model_fields:
            yield from _assumptions(getattr(part, key), (*path, key))


def _zone(document: Ordinance) -> Iterator[Mistake]:
    try:
        ZoneInfo(document.timezone)
    except (LookupError, ValueError, OSError):
        yield (
            ("timezone",),
            "この時間帯の名前はありません (例: Asia/Tokyo)。",
            "There is no such time zone.",
        )


def _unique(keys: Iterable[str], path: Path, last: str = "key") -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            yield (*path, index, last), f"「{key}」が二度使われています。", f"“{key}” is used twice."
        seen.add(key)


def _refers(key: str | None, known: Iterable[str], path: Path) -> Iterator[Mistake]:
    known = tuple(known)
    if key is not None and key not in known:
        listed = "、".join(known) or "なし"
        yield (
            path,
            f"「{key}」はこの文書にありません (あるもの: {listed})。",
            f"“{key}” is not in this document (there is: {', '.join(known) or 'none'}).",
        )


def _days(days: AnyDays, path: Path) -> Iterator[Mistake]:
    for index, one in enumerate(days):
        here = (*path, index)
        if not one.model_fields_set:
            yield here, "どの日かを書いてください (weekdays、holidays など)。", "Say which days."
        if one.nth and not one.weekdays:
            yield (*here, "nth"), "nth は weekdays と一緒に書いてください。", "nth needs weekdays."
        if 0 in one.nth or 0 in one.month_days:
            yield here, "0 番目の日はありません (月末は -1)。", "There is no 0th day (the last is -1)."


def _calendar(calendar: Calendar, path: Path) -> Iterator[Mistake]:
    hours = (*path, "hours")
    yield from _spans(calendar.hours.usual, (*hours, "usual"))
    for index, exception in enumerate(calendar.hours.exceptions):
        yield from _days(exception.days, (*hours, "exceptions", index, "days"))
        yield from _spans(exception.open, (*hours, "exceptions", index, "open"))
    before: list[str] = []
    for index, closure in enumerate(calendar.closures):
        here = (*path, "closures", index)
        if closure.key in before:
            yield (
                (*here, "key"),
                f"「{closure.key}」が二度使われています。",
                f"“{closure.key}” is used twice.",
            )
        yield from _days(closure.days, (*here, "days"))
        yield from _days(closure.unless, (*here, "unless"))
        if closure.moves:
            yield from _days(closure.moves.when, (*here, "moves", "when"))
            yield from _days(closure.moves.skip, (*here, "moves", "skip"))
            if closure.moves.by_days == 0:
                yield (*here, "moves", "by_days"), "0 日は移りません。", "0 days is no move."
            for key in closure.moves.skip_closures:
                yield from _refers(key, before, (*here, "moves", "skip_closures"))
        before += [closure.key] if closure.key else []


def _spans(spans: tuple[tuple[int, int], ...], path: Path) -> Iterator[Mistake]:
    for index in range(1, len(spans)):
        if spans[index][0] < spans[index - 1][1]:
            yield (
                (*path, index),
                "時間帯が前と重なっています。早い順に書いてください。",
                "Spans overlap or are out of order.",
            )


def _time(time: TimeToRent, path: Path) -> Iterator[Mistake]:
    if bool(time.slots) == (time.hours is not None):
        yield path, "slots か hours のどちらか一つを書いてください。", "Write either slots or hours."
    if time.hours:
        smallest = time.hours.minimum or time.hours.step
        if smallest % time.hours.step:
            yield (*path, "hours", "minimum"), "step の倍数にしてください。", "Use a multiple of step."
        if time.hours.maximum is not None and time.hours.maximum < smallest:
            yield (*path, "hours", "maximum"), "minimum より短くできません。", "This is shorter than minimum."
    yield from _unique((slot.key for slot in time.slots), (*path, "slots"))
    single = [slot for slot in time.slots if not slot.combines]
    for index, slot in enumerate(time.slots):
        here = (*path, "slots", index)
        yield from _days(slot.days, (*here, "days"))
        if slot.combines:
            yield from _combination(slot.combines, slot.time, {one.key: one.time for one in single}, here)
            continue
        for other in single:
            clash = (
                slot.time[0] < other.time[1]
                and other.time[0] < slot.time[1]
                and (slot.days == other.days or not slot.days or not other.days)
            )
            if other is not slot and clash and single.index(other) < single.index(slot):
                yield (
                    (*here, "time"),
                    f"「{other.name}」と時間が重なっています。通しの区分なら combines を書いてください。",
                    f"This overlaps “{other.key}”. For several slots as one, write combines.",
                )


def _combination(
    combines: tuple[str, ...], time: tuple[int, int], single: Mapping[str, tuple[int, int]], path: Path
) -> Iterator[Mistake]:
    missing = [key for key in combines if key not in single]
    for key in missing:
        yield from _refers(key, single, (*path, "combines"))
    if missing:
        return
    if len(combines) < 2:
        yield (*path, "combines"), "二つ以上の区分を書いてください。", "Name two slots or more."
    elif (single[combines[0]][0], single[combines[-1]][1]) != time:
        yield (
            (*path, "time"),
            "combines の最初から最後までの時間と合いません。",
            "This is not the time of the slots combined.",
        )


def _application(application: Application, document: Ordinance, path: Path) -> Iterator[Mistake]:
    classes = [one.key for one in document.applicant_classes]
    for index, window in enumerate(application.windows):
        here = (*path, "windows", index)
        for key in window.who:
            yield from _refers(key, classes, (*here, "who"))
        if (window.opens.months_before is None) == (window.opens.days_before is None):
            yield (
                (*here, "opens"),
                "months_before か days_before のどちらか一つを書いてください。",
                "Write either months_before or days_before.",
            )
        yield from _until(window.closes, (*here, "closes"))


def _until(until: Until, path: Path) -> Iterator[Mistake]:
    if (until.days_before is None) == (until.minutes_before_start is None):
        yield (
            path,
            "days_before か minutes_before_start のどちらか一つを書いてください。",
            "Write either days_before or minutes_before_start.",
        )


def _cancellation(terms: CancellationTerms, document: Ordinance, path: Path) -> Iterator[Mistake]:
    yield from _until(terms.deadline, (*path, "deadline"))
    for index, refund in enumerate(terms.refunds):
        here = (*path, "refunds", index)
        for key in refund.causes:
            yield from _refers(key, (cause.key for cause in document.causes), (*here, "causes"))
        if (refund.percent is None) == (refund.discretionary is None):
            yield (
                here,
                "percent か discretionary のどちらか一つを書いてください。",
                "Write either percent or discretionary.",
            )


def _exemption(grounds: tuple[ExemptionGround, ...], path: Path) -> Iterator[Mistake]:
    yield from _unique((ground.key for ground in grounds), path)
    for index, ground in enumerate(grounds):
        if (ground.percent is None) == (ground.discretionary is None):
            yield (
                (*path, index),
                "percent か discretionary のどちらか一つを書いてください。",
                "Write either percent or discretionary.",
            )


def _facility(facility: Facility, document: Ordinance, path: Path) -> Iterator[Mistake]:
    yield from _refers(facility.calendar, document.calendars, (*path, "calendar"))
    yield from _refers(facility.time, document.times, (*path, "time"))
    yield from _refers(facility.application, document.applications, (*path, "application"))
    yield from _refers(facility.cancellation, document.cancellations, (*path, "cancellation"))
    yield from _refers(facility.exemption, document.exemptions, (*path, "exemption"))
    yield from _unique((room.key for room in facility.rooms), (*path, "rooms"))
    yield from _unique((space.key for space in facility.spaces), (*path, "spaces"))
    yield from _unique((one.key for one in facility.prohibited), (*path, "prohibited"))
    for index, room in enumerate(facility.rooms):
        yield from _room(room, facility, document, (*path, "rooms", index))


def _room(room: Room, facility: Facility, document: Ordinance, path: Path) -> Iterator[Mistake]:
    yield from _refers(room.time, document.times, (*path, "time"))
    yield from _refers(room.application, document.applications, (*path, "application"))
    if len(set(room.occupies)) < len(room.occupies):
        yield (*path, "spaces"), "同じスペースが二度書かれています。", "A space is written twice."
    for field, japanese in (("time", "借りる時間の区切り"), ("application", "申込みの決まり")):
        if getattr(room, field) is None and getattr(facility, field) is None:
            yield (
                path,
                f"{japanese} ({field}) を部屋か施設に書いてください。",
                f"Write {field} for the room or its facility.",
            )
    time = document.times.get(room.time or facility.time or "")
    yield from _fee(room.fee, time, room, facility, (*path, "fee"))


def _fee(fee: Fee, time: TimeToRent | None, room: Room, facility: Facility, path: Path) -> Iterator[Mistake]:
    kinds = [fee.yen_per_hour is not None, fee.yen_per_slot is not None, fee.percent is not None]
    if sum(kinds) != 1 or (fee.percent is None) != (fee.of is None):
        yield (
            path,
            "yen_per_hour、yen_per_slot、percent と of のどれか一つを書いてください。",
            "Write one of yen_per_hour, yen_per_slot, or percent with of.",
        )
        return
    if fee.of is not None:
        yield from _share(fee.of, room, facility, (*path, "of"))
    counts_as = time.hours.counts_as if time and time.hours else 60
    if fee.yen_per_hour is not None and fee.yen_per_hour * counts_as % 60:
        yield (
            (*path, "yen_per_hour"),
            f"{counts_as}分 (counts_as) の額が整数になりません。",
            f"The price of {counts_as} minutes (counts_as) is not a whole number.",
        )
    if fee.yen_per_slot is None or time is None:
        return
    slots = {slot.key: slot.name for slot in time.slots}
    for key in fee.yen_per_slot:
        yield from _refers(key, slots, (*path, "yen_per_slot", key))
    for key, name in slots.items():
        if key not in fee.yen_per_slot:
            yield (
                (*path, "yen_per_slot"),
                f"区分「{name}」({key}) の額がありません。",
                f"The price of slot “{key}” is missing.",
            )


def _share(of: str, room: Room, facility: Facility, path: Path) -> Iterator[Mistake]:
    others = {one.key: one for one in facility.rooms if one.key != room.key}
    yield from _refers(of, others, path)
    if of not in others:
        return
    if others[of].fee.percent is not None:
        yield path, "自分の額を持つ部屋を書いてください。", "Name a room that has its own price."
    elif (others[of].time or facility.time) != (room.time or facility.time):
        yield (
            path,
            "借りる時間の区切りが同じ部屋を書いてください。",
            "Name a room with the same time to rent.",
        )
