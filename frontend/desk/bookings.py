"""A booking taken on the phone or at the desk, entered into a free gap: one form, a check page, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Resident
from accounts.queries import find_residents, resident_by_id
from accounts.services import register_resident
from booking.admission import foresee
from booking.applications import Assessed, assess
from booking.calendar import RoomDay, room_day
from booking.exempting.granting import Exempter
from booking.idempotency import request_hash, run_once
from booking.parties import Party
from booking.services import book_room
from facilities.asking import Questions, staff_questions_for
from facilities.details import Details
from facilities.periods import local, local_end
from facilities.room_rules import Asker
from frontend.access import StaffRequest, desk_page
from frontend.desk import several
from frontend.desk.forms import BookingForm
from frontend.desk.halls import my_room, read_day
from frontend.resident.choices import ChosenTime
from frontend.resident.said import said_of
from frontend.resident.use_form import UseForm
from tenants.errors import Refusal


class InvalidBookingForm(Refusal):
    """書いたものに、まちがいがあります。"""

    code = "invalid_booking_form"
    status = 422


Step = Callable[[StaffRequest, RoomDay], HttpResponse]


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, facility_key: str, room_key: str, day: str) -> HttpResponse:
    """Ask, find the person, show price and rules, book. Nothing typed is lost on the way."""
    room = my_room(request.staff, facility_key, room_key)
    channel = "desk" if request.POST.get("channel") == "desk" else "phone"
    times = room_day(room=room, day=read_day(day), asker=Asker("", channel, clock_now()))
    return _STEPS.get(request.POST.get("step", ""), _ask)(request, times)


def _ask(request: StaffRequest, times: RoomDay) -> HttpResponse:
    """Show the form as it was typed so far, unjudged; with the people found, if somebody was looked for."""
    typed = request.POST.dict()
    residents, searched = _candidates(typed), request.POST.get("step") == "find"
    if searched and len(residents) == 1:
        typed.setdefault("resident", str(residents[0].pk))
    form = BookingForm(
        initial={"channel": "phone", **typed},
        times=times,
        residents=residents,
        classes=_questions(times).classes,
        begin=_minutes(request.GET.get("from", "")),
        override=_overrides(request),
    )
    use = _use(times)
    use.initial = {**use.initial, **typed}
    return _page(request, form, use, searched=searched)


def _check(request: StaffRequest, times: RoomDay) -> HttpResponse:
    """Show what would be booked, with its price, before it is booked."""
    form, use = _sent(request, times), _use(times, request.POST)
    if not all([form.is_valid(), use.is_valid()]):
        return _page(request, form, use)
    try:
        resident = resident_by_id(form.resident_id) if form.resident_id else None
        assessed = _assess(form, use, resident)
        if resident and not form.cleaned_data.get("override_reason"):
            foresee(assessed, Party(resident.pk), now=clock_now())
    except Refusal as refusal:
        return _refused(request, form, use, refusal)
    facts = {
        "form": form,
        "use": use,
        "said": said_of(_questions(times), assessed.asker.details),
        "times": times,
        "assessed": assessed,
        "resident": resident,
        "override": _overrides(request),
    }
    return render(request, "desk/new_check.html", facts)


def _book(request: StaffRequest, times: RoomDay) -> HttpResponse:
    """Book once; a second tap of the same button is answered with the first one's reservation."""
    form, use = _sent(request, times), _use(times, request.POST)
    try:
        _status, answer, _replayed = run_once(
            scope=f"desk:{request.staff.id}",
            key=request.POST.get("idempotency_key", "")[:100],
            request_hash=request_hash(request.path.encode()),
            now=clock_now(),
            act=lambda: (201, {"ref": str(_enter(request, form, use))}),
        )
    except Refusal as refusal:
        return _refused(request, form, use, refusal)
    messages.success(request, _("予約を入れました。"))
    return redirect("desk:reservation", ref=answer["ref"])


def _collect(request: StaffRequest, times: RoomDay) -> HttpResponse:
    """Put the time into the person's basket, or go on to a series of it; what it is for is asked there, once."""
    form, use = _sent(request, times), _use(times)
    use.initial = {**use.initial, **request.POST.dict()}
    if not form.is_valid():
        return _page(request, form, use)
    now, day = clock_now(), times.day
    try:
        who = several.serve(request, _resident(form), form.cleaned_data["channel"])
        return several.collect(request, who, times.room, day, _chosen(form), now)
    except Refusal as refusal:
        return _page(request, form, use, problem=refusal)


_STEPS: dict[str, Step] = {
    "find": _ask,
    "edit": _ask,
    "check": _check,
    "book": _book,
    "basket": _collect,
    "series": _collect,
}


def _resident(form: BookingForm) -> Resident:
    """The person chosen; somebody new is registered."""
    if form.resident_id is not None:
        return resident_by_id(form.resident_id)
    given = form.cleaned_data
    return register_resident(name=given["name"], name_kana=given["name_kana"], phone=given["phone"])


def _chosen(form: BookingForm) -> ChosenTime:
    starts_at, ends_at = form.period
    (early, later), zone = form.longer, form.times.room.zone
    starts, ends = local(starts_at, zone)[1], local_end(ends_at, form.times.day, zone)
    return ChosenTime(starts + early, ends - later, early, later)


def _sent(request: StaffRequest, times: RoomDay) -> BookingForm:
    return BookingForm(
        request.POST,
        times=times,
        residents=_candidates(request.POST.dict()),
        classes=_questions(times).classes,
        override=_overrides(request),
    )


def _questions(times: RoomDay) -> Questions:
    return staff_questions_for(times.room, times.day)


def _use(times: RoomDay, data: Any = None) -> UseForm:
    """What the room is for, how many come, and what its rules ask; the class is asked beside the person."""
    questions = replace(_questions(times), classes=())
    return UseForm(data, questions=questions, draft={}, capacity=times.room.capacity)


def _details(form: BookingForm, use: UseForm) -> Details:
    early, later = form.longer
    return replace(
        use.details(),
        applicant_class=form.cleaned_data.get("who", ""),
        early_minutes=early,
        extension_minutes=later,
    )


def _overrides(request: StaffRequest) -> bool:
    """Whether staff asked to book a time the rules do not allow."""
    return (request.POST or request.GET).get("override") == "1"


def _candidates(typed: dict[str, str]) -> list[Resident]:
    """The residents found by the text, and the one already chosen."""
    found = find_residents(text=typed.get("text", "")[:100])
    chosen = typed.get("resident", "")
    if chosen.isdecimal() and len(chosen) < 18 and int(chosen) not in {one.pk for one in found}:
        found += Resident.objects.filter(pk=int(chosen))
    return found


def _assess(form: BookingForm, use: UseForm, resident: Resident | None) -> Assessed:
    starts_at, ends_at = form.period
    return assess(
        room=form.times.room,
        starts_at=starts_at,
        ends_at=ends_at,
        asker=Asker(
            resident.applicant_class if resident else "",
            form.cleaned_data["channel"],
            clock_now(),
            _details(form, use),
        ),
        override=bool(form.cleaned_data.get("override_reason")),
        exempter=Exempter(Party(resident.pk)) if resident else None,
    )


def _enter(request: StaffRequest, form: BookingForm, use: UseForm) -> UUID:
    if not all([form.is_valid(), use.is_valid()]):
        raise InvalidBookingForm
    given = form.cleaned_data
    starts_at, ends_at = form.period
    return book_room(
        room_id=form.times.room.id,
        starts_at=starts_at,
        ends_at=ends_at,
        resident_id=_resident(form).pk,
        channel=given["channel"],
        purpose=use.cleaned_data["purpose"],
        details=_details(form, use),
        actor=request.staff.actor,
        override_reason=given.get("override_reason", ""),
        now=clock_now(),
    ).ref


def _refused(request: StaffRequest, form: BookingForm, use: UseForm, refusal: Refusal) -> HttpResponse:
    """Show the form again with what was refused: beside its field where it has one."""
    mistyped = bool(form.errors or use.errors)
    beside = not mistyped and use.take_refusal(refusal)
    return _page(request, form, use, problem=None if mistyped or beside else refusal)


def _page(
    request: StaffRequest,
    form: BookingForm,
    use: UseForm,
    *,
    problem: Refusal | None = None,
    searched: bool = False,
) -> HttpResponse:
    facts: dict[str, Any] = {
        "form": form,
        "use": use,
        "times": form.times,
        "problem": problem,
        "searched": searched,
        "override": _overrides(request),
        "outside": [one for one in (*form.times.slots, *form.times.named) if one.state == "outside"],
    }
    return render(
        request, "desk/new.html", facts, status=422 if problem or form.errors or use.errors else 200
    )


def _minutes(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 4 else 0
