"""Waiting: ask for a taken time, see one's waits, change or withdraw one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.calendar import RoomDay, room_day
from booking.waiting.asking import change_wait, wait_for_time, withdraw_wait
from booking.waiting.queries import WaitView, wait_of, waits_of
from facilities.errors import NoRulesYet
from facilities.periods import local, moment
from facilities.queries import RoomFacts, room_by_key, rooms_of
from facilities.waiting_rules import alike, waiting_words
from frontend.middleware import log_refusal
from frontend.resident.acting import acting_group_id
from frontend.resident.choices import read_clock, read_time
from frontend.resident.days import read_day
from frontend.resident.people import actor_of, asker_of, for_resident
from frontend.resident.submitting import submit_once
from frontend.waiting.forms import AskForm, WishForm
from tenants.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def ask(request: HttpRequest, facility_key: str, room_key: str, day: str) -> HttpResponse:
    """Ask for a taken time of a room: the address names it, the page asks what is wished."""
    room, now = room_by_key(facility_key, room_key), timezone.now()
    at = read_day(day, now)
    state = room_day(room=room, day=at, asker=asker_of(request, now))
    form = AskForm(
        request.POST or None, state=state, chosen=_chosen(request, state), alike=others_of(room, at)
    )
    answer = _ask(request, room, at, form, now) if form.is_valid() else None
    if isinstance(answer, HttpResponse):
        return answer
    context = {"room": room, "day": at, "form": form, "refusal": answer, "problem": answer, "section": "my"}
    context["terms"] = waiting_words(room, at, get_language() or "ja")
    return render(request, "waiting/ask.html", context, status=_status(form, answer))


def _chosen(request: HttpRequest, state: RoomDay) -> tuple[int, int] | None:
    """The time the address names; where it names only a beginning, as long as others have the room from then on."""
    starts = read_clock(request.GET.get("from", ""))
    if starts is None:
        return read_time(request.GET.get("time", ""))
    ends = starts
    for slot in state.slots:
        if slot.starts == ends and slot.state == "taken":
            ends = slot.ends
    return (starts, ends) if ends > starts else None


def _ask(
    request: HttpRequest, room: RoomFacts, day: date, form: AskForm, now: datetime
) -> HttpResponse | Refusal:
    resident = request.resident  # type: ignore[attr-defined]
    starts, ends = form.period()
    try:
        ref = submit_once(
            request,
            scope="wait",
            now=now,
            act=lambda: wait_for_time(
                room_id=room.id,
                starts_at=moment(day, starts, room.zone),
                ends_at=moment(day, ends, room.zone),
                wish=form.cleaned_data["wish"],
                any_alike=form.cleaned_data.get("any_alike", False),
                resident_id=resident.pk,
                group_id=acting_group_id(request),
                actor=actor_of(resident),
                now=now,
            ),
        )
    except Refusal as refusal:
        log_refusal(refusal)
        return refusal
    messages.success(request, _("空き待ちを受け付けました。"))
    return redirect("wait", ref)


@require_safe
@for_resident
def waits(request: HttpRequest) -> HttpResponse:
    """My waits and those of my groups: open ones, and what became of the others."""
    now = timezone.now()
    coming, past = waits_of(resident_id=request.resident.pk, now=now)  # type: ignore[attr-defined]
    context = {"coming": with_offers(coming, now), "past": past, "section": "my"}
    return render(request, "waiting/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def wait(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One wait: how it stands, what is wished, and its offers."""
    now = timezone.now()
    found = wait_of(resident_id=request.resident.pk, ref=ref, now=now)  # type: ignore[attr-defined]
    initial = {"wish": found.wish, "any_alike": bool(found.others)}
    form = WishForm(request.POST or None, alike=others_of(found.room, _day_of(found)), initial=initial)
    answer = _change(request, ref, form, now) if form.is_valid() else None
    if isinstance(answer, HttpResponse):
        return answer
    context = _about(found, now) | {"form": form, "refusal": answer}
    return render(request, "waiting/wait.html", context, status=_status(form, answer))


def _about(found: WaitView, now: datetime) -> dict[str, object]:
    return {
        "wait": found,
        "offer": found.open_offer(now),
        "is_open": found.status == "waiting" and now < found.starts_at,
        "terms": waiting_words(found.room, _day_of(found), get_language() or "ja"),
        "section": "my",
    }


def _day_of(found: WaitView) -> date:
    return local(found.starts_at, found.room.zone)[0]


def _change(request: HttpRequest, ref: UUID, form: WishForm, now: datetime) -> HttpResponse | Refusal:
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    said = form.cleaned_data
    try:
        change_wait(ref=ref, wish=said["wish"], any_alike=said.get("any_alike", False), actor=actor, now=now)
    except Refusal as refusal:
        log_refusal(refusal)
        return refusal
    messages.success(request, _("変更しました。"))
    return redirect("wait", ref)


@require_POST
@for_resident
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop waiting."""
    withdraw_wait(ref=ref, actor=actor_of(request.resident), now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("空き待ちをやめました。"))
    return redirect("waits")


def others_of(room: RoomFacts, day: date) -> list[RoomFacts]:
    """Return the other rooms of the kind in the hall."""
    try:
        return [one for one in alike(room, rooms_of(room.facility_id), day) if one.id != room.id]
    except NoRulesYet:
        return []


def with_offers(found: list[WaitView], now: datetime) -> list[tuple[WaitView, object]]:
    """Pair each wait with its open offer, those with one first."""
    pairs = [(one, one.open_offer(now)) for one in found]
    return sorted(pairs, key=lambda pair: pair[1] is None)


def _status(form: WishForm, refusal: Refusal | None) -> int:
    return refusal.status if refusal else 422 if form.errors else 200
