"""What a document must keep beyond types: keys are unique, references exist, prices are complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from facilities.ordinance.document.application_clauses import Application, Registration
from facilities.ordinance.document.calendar_clauses import Calendar, HourTime, SlotTime, TimeToRent
from facilities.ordinance.document.cancellation_clauses import CancellationTerms, Instalment, Payment
from facilities.ordinance.document.clauses import Rule
from facilities.ordinance.document.ordinance import Facility, Ordinance, Room
from facilities.ordinance.reading.checking_conditions import (
    check_applying,
    check_conditions,
    check_days,
    check_known,
    check_moments,
)
from facilities.ordinance.reading.checking_fees import (
    check_adjustment,
    check_exemption,
    check_fee,
    check_totals,
    kinds_of,
)
from facilities.ordinance.reading.checking_hours import check_hours
from facilities.ordinance.reading.mistakes import Mistake, days_mistakes, refers, unique, walk
from facilities.ordinance.reading.problems import Path


def check(document: Ordinance) -> Iterator[Mistake]:
    """Every mistake of meaning: where, in Japanese, in English."""
    yield from _assumptions(document)
    yield from check_conditions(document)
    yield from check_days(document)
    yield from check_applying(document)
    yield from check_known(document)
    yield from check_moments(document)
    yield from check_hours(document)
    yield from _zone(document)
    if not document.facilities:
        yield ("facilities",), "施設を少なくとも一つ書いてください。", "Write at least one facility."
    for field in ("applicant_classes", "purposes", "questions", "causes", "facilities"):
        yield from unique((one.key for one in getattr(document, field)), (field,))
    yield from unique((case.id for case in document.cases), ("cases",), last="id")
    yield from _named_sets(document)
    yield from _money(document)
    for index, facility in enumerate(document.facilities):
        yield from _facility(facility, document, ("facilities", index))


def _named_sets(document: Ordinance) -> Iterator[Mistake]:
    for name, calendar in document.calendars.items():
        yield from _calendar(calendar, ("calendars", name))
    for name, time in document.times.items():
        yield from _time(time, ("times", name))
    for name, application in document.applications.items():
        yield from _application(application, document, ("applications", name))
    for name, registration in document.registrations.items():
        yield from _registration(registration, ("registrations", name))
    for name, terms in document.cancellations.items():
        yield from _cancellation(terms, document, ("cancellations", name))


def _money(document: Ordinance) -> Iterator[Mistake]:
    yield from check_totals(document)
    for name, grounds in document.exemptions.items():
        yield from check_exemption(grounds, document, ("exemptions", name))
    for name, adjustment in document.adjustments.items():
        yield from check_adjustment(adjustment, document, ("adjustments", name))
    for name, payment in document.payments.items():
        yield from _payment(payment, ("payments", name))
    for name, extras in document.extras.items():
        yield from unique((extra.key for extra in extras), ("extras", name))
        for index, extra in enumerate(extras):
            if extra.fee:
                yield from check_fee(extra.fee, None, None, None, document, ("extras", name, index, "fee"))


def _assumptions(document: Ordinance) -> Iterator[Mistake]:
    for part, path in walk(document):
        if isinstance(part, Rule) and part.assumed and (part.article or not part.note):
            yield (
                (*path, "assumed"),
                "assumed: true のときは article を書かず、note に理由を書いてください。",
                "With assumed: true leave out article and say why in note.",
            )


def _zone(document: Ordinance) -> Iterator[Mistake]:
    try:
        ZoneInfo(document.timezone)
    except (LookupError, ValueError, OSError):
        yield (
            ("timezone",),
            "この時間帯の名前はありません (例: Asia/Tokyo)。",
            "There is no such time zone.",
        )


def _calendar(calendar: Calendar, path: Path) -> Iterator[Mistake]:
    hours = (*path, "hours")
    yield from _spans(calendar.hours.usual, (*hours, "usual"))
    for index, exception in enumerate(calendar.hours.exceptions):
        here = (*hours, "exceptions", index)
        yield from days_mistakes(exception.days, (*here, "days"))
        if not exception.days and not exception.when:
            yield here, "days か when を書いてください。", "Write days or when."
        yield from _spans(exception.open, (*here, "open"))
    before: list[str] = []
    for index, closure in enumerate(calendar.closures):
        here = (*path, "closures", index)
        if closure.key in before:
            yield (
                (*here, "key"),
                f"「{closure.key}」が二度使われています。",
                f"“{closure.key}” is used twice.",
            )
        yield from days_mistakes(closure.days, (*here, "days"))
        yield from days_mistakes(closure.unless, (*here, "unless"))
        yield from _spans(closure.time, (*here, "time"))
        if closure.moves:
            yield from days_mistakes(closure.moves.when, (*here, "moves", "when"))
            yield from days_mistakes(closure.moves.skip, (*here, "moves", "skip"))
            if closure.moves.by_days == 0:
                yield (*here, "moves", "by_days"), "0 日は移りません。", "0 days is no move."
            for key in closure.moves.skip_closures:
                yield from refers(key, before, (*here, "moves", "skip_closures"))
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
    if not time.slots and not time.hours:
        yield path, "slots か hours を書いてください (両方でもよい)。", "Write slots or hours, or both."
    for index, hours in enumerate(time.hours):
        here = (*path, "hours", index) if len(time.hours) > 1 else (*path, "hours")
        yield from _hours(hours, here)
    always: set[str] = set()
    for index, slot in enumerate(time.slots):
        if slot.key in always:
            here = (*path, "slots", index, "key")
            yield here, f"「{slot.key}」が二度使われています。", f"“{slot.key}” is used twice."
        always |= {slot.key} if not (slot.days or slot.when or slot.unless) else set()
    if time.run and time.run.minimum and time.run.maximum and time.run.maximum < time.run.minimum:
        yield (*path, "run", "maximum"), "minimum より短くできません。", "This is shorter than minimum."
    yield from _slots(time.slots, path)


def _hours(hours: HourTime, path: Path) -> Iterator[Mistake]:
    smallest = hours.minimum or hours.step
    if smallest % hours.step:
        yield (*path, "minimum"), "step の倍数にしてください。", "Use a multiple of step."
    if hours.maximum is not None and hours.maximum < smallest:
        yield (*path, "maximum"), "minimum より短くできません。", "This is shorter than minimum."
    yield from days_mistakes(hours.days, (*path, "days"))
    yield from _spans(hours.time, (*path, "time"))


def _slots(slots: tuple[SlotTime, ...], path: Path) -> Iterator[Mistake]:
    single = [slot for slot in slots if not slot.combines]
    for index, slot in enumerate(slots):
        here = (*path, "slots", index)
        yield from days_mistakes(slot.days, (*here, "days"))
        if slot.combines:
            yield from _combination(slot, single, here)
            continue
        for other in single[: next(place for place, one in enumerate(single) if one is slot)]:
            if slot.key != other.key and _clash(slot, other):
                yield (
                    (*here, "time"),
                    f"「{other.name}」と時間が重なっています。通しの区分なら combines を書いてください。",
                    f"This overlaps “{other.key}”. For several slots as one, write combines.",
                )


def _clash(slot: SlotTime, other: SlotTime) -> bool:
    """Whether two slots overlap on the same days; slots for different days or cases do not."""
    if not (slot.time[0] < other.time[1] and other.time[0] < slot.time[1]):
        return False
    same_case = (slot.when, slot.unless) == (other.when, other.unless)
    return same_case and (slot.days == other.days or not slot.days or not other.days)


def _combination(slot: SlotTime, single: Sequence[SlotTime], path: Path) -> Iterator[Mistake]:
    known = {one.key for one in single}
    missing = [key for key in slot.combines if key not in known]
    for key in missing:
        yield from refers(key, known, (*path, "combines"))
    if missing:
        return
    if len(slot.combines) < 2:
        yield (*path, "combines"), "二つ以上の区分を書いてください。", "Name two slots or more."
        return
    begins = {one.time[0] for one in single if one.key == slot.combines[0]}
    ends = {one.time[1] for one in single if one.key == slot.combines[-1]}
    if slot.time[0] not in begins or slot.time[1] not in ends:
        yield (
            (*path, "time"),
            "combines の最初から最後までの時間と合いません。",
            "This is not the time of the slots combined.",
        )


def _application(application: Application, document: Ordinance, path: Path) -> Iterator[Mistake]:
    classes = [one.key for one in document.applicant_classes]
    for index, window in enumerate(application.windows):
        for key in window.who:
            yield from refers(key, classes, (*path, "windows", index, "who"))
    for index, lottery in enumerate(application.lottery):
        confirm = lottery.confirm
        if (
            confirm
            and confirm.closes is None
            and (confirm.days_after is None or not (lottery.draw or lottery.announced))
        ):
            yield (
                (*path, "lottery", index, "confirm"),
                "closes を書くか、days_after と draw (または announced) を書いてください。",
                "Write closes, or days_after with draw or announced.",
            )
    yield from unique((limit.key for limit in application.limits), (*path, "limits"))
    for index, limit in enumerate(application.limits):
        if (limit.per is None) == (limit.per_days is None):
            yield (
                (*path, "limits", index),
                "per か per_days のどちらか一つを書いてください。",
                "Write either per or per_days.",
            )
    for index, refusal in enumerate(application.refuses):
        if not refusal.when:
            yield (*path, "refuses", index), "when に、断る場合を書いてください。", "Say when, in `when`."
    waiting = application.waiting
    if waiting is not None and waiting.after_minutes is not None and waiting.days_later is not None:
        yield (
            (*path, "waiting"),
            "after_minutes か days_later のどちらか一つを書いてください。",
            "Write either after_minutes or days_later.",
        )


def _registration(registration: Registration, path: Path) -> Iterator[Mistake]:
    yield from unique((need.key for need in registration.needs), (*path, "needs"))
    for index, need in enumerate(registration.needs):
        if need.at_least is None and need.at_most is None and need.share is None:
            yield (
                (*path, "needs", index),
                "at_least、at_most、share のどれかを書いてください。",
                "Write at_least, at_most or share.",
            )
    valid = registration.valid
    if valid and not (valid.years or valid.months) and (valid.ends == "same_day" or valid.cycle_from):
        yield (*path, "valid"), "years か months を書いてください。", "Write years or months."
    if registration.renewal and not valid:
        yield (*path, "renewal"), "valid (有効期間) も書いてください。", "Write valid too."


def _cancellation(terms: CancellationTerms, document: Ordinance, path: Path) -> Iterator[Mistake]:
    for index, refund in enumerate(terms.refunds):
        here = (*path, "refunds", index)
        for key in refund.causes:
            yield from refers(key, (cause.key for cause in document.causes), (*here, "causes"))
        if sum(one is not None for one in (refund.percent, refund.share, refund.discretionary)) != 1:
            yield (
                here,
                "percent、share、discretionary のどれか一つを書いてください。",
                "Write one of percent, share, discretionary.",
            )
        for key in refund.covers:
            yield from refers(key, kinds_of(document), (*here, "covers"))
    for index, charge in enumerate(terms.charges):
        here = (*path, "charges", index)
        for key in charge.causes:
            yield from refers(key, (cause.key for cause in document.causes), (*here, "causes"))
        if sum(one is not None for one in (charge.percent, charge.share, charge.yen)) != 1:
            yield (
                here,
                "percent、share、yen のどれか一つを書いてください。",
                "Write one of percent, share, yen.",
            )


_DUE = (
    "days_after_booking",
    "open_days_after_booking",
    "days_after_approval",
    "months_after_booking",
    "days_after_use",
    "months_after_use",
    "closes",
)


def _payment(payment: Payment, path: Path) -> Iterator[Mistake]:
    for index, due in enumerate(payment.due):
        here = (*path, "due", index)
        dated = any(getattr(due, name) is not None for name in _DUE)
        if not dated and not due.deferred and not due.instalments:
            yield (
                here,
                "days_after_booking、open_days_after_booking、closes などの期限か、deferred を書いてください。",
                "Write when it is due: days_after_booking, closes, …, or deferred.",
            )
        if due.instalments and (dated or due.deferred):
            yield (
                here,
                "分けて納めるときは、期限は instalments の中に書いてください。",
                "With instalments write the dates in them.",
            )
        for number, part in enumerate(due.instalments):
            yield from _instalment(part, number == len(due.instalments) - 1, (*here, "instalments", number))


def _instalment(part: Instalment, last: bool, path: Path) -> Iterator[Mistake]:
    if all(getattr(part, name) is None for name in _DUE):
        yield path, "期限 (days_after_booking、closes など) を書いてください。", "Write when it is due."
    if part.share is not None and part.yen is not None:
        yield path, "share か yen のどちらか一つを書いてください。", "Write either share or yen."
    if (part.share is None and part.yen is None) != last:
        yield (
            path,
            "最後の回だけ、share も yen も書かず、残りの額とします。",
            "Only the last instalment has neither share nor yen: it is the rest.",
        )


def _facility(facility: Facility, document: Ordinance, path: Path) -> Iterator[Mistake]:
    yield from refers(facility.calendar, document.calendars, (*path, "calendar"))
    yield from refers(facility.time, document.times, (*path, "time"))
    yield from refers(facility.application, document.applications, (*path, "application"))
    yield from refers(facility.cancellation, document.cancellations, (*path, "cancellation"))
    for field, known in (
        ("exemption", document.exemptions),
        ("adjustment", document.adjustments),
        ("extras", document.extras),
        ("payment", document.payments),
        ("penalty", document.penalties),
    ):
        yield from refers(getattr(facility, field), known, (*path, field))
    for key in facility.registration:
        yield from refers(key, document.registrations, (*path, "registration"))
    yield from unique((room.key for room in facility.rooms), (*path, "rooms"))
    yield from unique((space.key for space in facility.spaces), (*path, "spaces"))
    yield from unique((one.key for one in facility.prohibited), (*path, "prohibited"))
    for index, room in enumerate(facility.rooms):
        yield from _room(room, facility, document, (*path, "rooms", index))


def _room(room: Room, facility: Facility, document: Ordinance, path: Path) -> Iterator[Mistake]:
    yield from refers(room.time, document.times, (*path, "time"))
    yield from refers(room.application, document.applications, (*path, "application"))
    yield from refers(room.calendar, document.calendars, (*path, "calendar"))
    yield from refers(room.cancellation, document.cancellations, (*path, "cancellation"))
    yield from refers(room.adjustment, document.adjustments, (*path, "adjustment"))
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
    yield from check_fee(room.fee, time, room, facility, document, (*path, "fee"))
    extras = {one.key: one for one in document.extras.get(facility.extras or "", ())}
    for key, fee in room.extras.items():
        yield from refers(key, extras, (*path, "extras", key))
        yield from check_fee(fee, time, room, facility, document, (*path, "extras", key))
