"""Halls, their rooms and their spaces."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities.errors import NoRulesYet, RoomNotFound
from facilities.models import Facility
from facilities.queries import (
    RoomFacts,
    rule_books,
    spaces_of,
    staff_facilities,
    staff_facility,
    staff_rooms,
)
from facilities.registering import register, unregistered
from facilities.reviewing import halls_without_rules, standing_documents, unused_halls, unused_rooms
from facilities.services import add_facility, add_room, add_space, change_facility, change_room
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.forms import HallChangeForm, NewHallForm, NewRoomForm, RoomChangeForm, SpaceForm
from frontend.desk.tasks import tasks_of


@console_page
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Show what can be administered."""
    facts = {"halls": staff_facilities(None), "unregistered": unregistered(clock_now())}
    facts["tasks"] = tasks_of(request.staff)
    return render(request, "console/home.html", facts)


@console_page
@require_POST
def register_place(request: StaffRequest) -> HttpResponse:
    """Register a hall or a room that the rules know, as they describe it."""
    places = {"hall_key": request.POST.get("hall", ""), "room_key": request.POST.get("room", "")}
    facility = register(**places, now=clock_now())
    messages.success(request, _("登録しました。名前や定員などは、ここで直せます。"))
    return redirect("console:hall", facility_key=facility.key)


@console_page
@require_safe
def halls(request: StaffRequest) -> HttpResponse:
    """List the halls with their rooms."""
    rows = [(hall, staff_rooms(hall.pk)) for hall in staff_facilities(None)]
    return render(request, "console/halls.html", {"rows": rows, "ruleless": halls_without_rules(clock_now())})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_hall(request: StaffRequest) -> HttpResponse:
    """Add a hall the rules document knows."""
    books, keys = _halls_to_add()
    form = NewHallForm(request.POST or None, keys=keys)
    facts = {"form": form, "title": _("施設を加える")}

    def act() -> HttpResponse:
        hall = add_facility(rule_book_id=books[form.cleaned_data["key"]], **form.cleaned_data)
        messages.success(request, _("施設を加えました。次に、部屋を加えてください。"))
        return redirect("console:hall", facility_key=hall.key)

    return carry_out(request, form, act, "console/add_hall.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def hall(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Show and change a hall; its rooms and spaces are listed below."""
    facility = staff_facility(facility_key)
    initial = {name: getattr(facility, name) for name in HallChangeForm.base_fields}
    form = HallChangeForm(request.POST or None, initial=initial)
    rooms, spaces = staff_rooms(facility.pk), spaces_of(facility.pk)
    facts = {"form": form, "hall": facility, "rooms": rooms, "spaces": spaces}
    facts["ruleless"] = facility.pk in halls_without_rules(clock_now())

    def act() -> HttpResponse:
        change_facility(facility_id=facility.pk, **form.cleaned_data)
        messages.success(request, _("施設の内容を変えました。"))
        return redirect("console:hall", facility_key=facility.key)

    return carry_out(request, form, act, "console/hall.html", facts)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_space(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Add a space to a hall."""
    facility = staff_facility(facility_key)
    form = SpaceForm(request.POST or None)

    def act() -> HttpResponse:
        add_space(facility_id=facility.pk, key=_free_key(facility), name=form.cleaned_data["name"])
        messages.success(request, _("場所を加えました。"))
        return redirect("console:hall", facility_key=facility.key)

    return carry_out(request, form, act, "console/add_space.html", {"form": form, "hall": facility})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_room(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Add a room the rules document knows, on spaces of the hall."""
    facility = staff_facility(facility_key)
    form = NewRoomForm(request.POST or None, keys=_rooms_to_add(facility), spaces=spaces_of(facility.pk))

    def act() -> HttpResponse:
        given = dict(form.cleaned_data)
        add_room(facility_id=facility.pk, space_ids=given.pop("spaces"), **given)
        messages.success(request, _("部屋を加えました。"))
        return redirect("console:hall", facility_key=facility.key)

    return carry_out(request, form, act, "console/add_room.html", {"form": form, "hall": facility})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, facility_key: str, room_key: str) -> HttpResponse:
    """Show and change a room."""
    facility = staff_facility(facility_key)
    row, open_now = _room(facility, room_key)
    form = RoomChangeForm(
        request.POST or None, initial=_initial(row, open_now), spaces=spaces_of(facility.pk)
    )

    def act() -> HttpResponse:
        given = dict(form.cleaned_data)
        change_room(room_id=row.id, space_ids=given.pop("spaces"), **given)
        messages.success(request, _("部屋の内容を変えました。"))
        return redirect("console:hall", facility_key=facility.key)

    return carry_out(request, form, act, "console/room.html", {"form": form, "hall": facility, "room": row})


def _room(facility: Facility, room_key: str) -> tuple[RoomFacts, bool]:
    row = next((room for room in staff_rooms(facility.pk) if room.key == room_key), None)
    if row is None:
        raise RoomNotFound
    # RoomFacts.is_open is false for every room of a closed hall; the form is about the room alone.
    return row, bool(facility.rooms.filter(pk=row.id, is_open=True).exists())


def _initial(row: RoomFacts, open_now: bool) -> dict[str, Any]:
    return {
        "name": row.name,
        "capacity": row.capacity,
        "turnaround_minutes": row.turnaround_minutes,
        "note": row.note,
        "spaces": list(row.space_ids),
        "is_open": open_now,
    }


def _free_key(facility: Facility) -> str:
    used = {space.key for space in spaces_of(facility.pk)}
    return next(key for number in range(1, len(used) + 2) if (key := f"basho-{number}") not in used)


def _halls_to_add() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The rule book of every hall that can be added, by the hall's key; and the halls, with the book where several."""
    documents = standing_documents(clock_now())
    if not documents:
        raise NoRulesYet
    names = {book.pk: book.name for book in rule_books()}
    books: dict[str, int] = {}
    words: dict[str, str] = {}
    for book_id, document in documents:
        for key, name in unused_halls(document):
            books.setdefault(key, book_id)
            words.setdefault(key, f"{name}（{names[book_id]}）" if len(names) > 1 else name)
    return books, list(words.items())


def _rooms_to_add(facility: Facility) -> list[tuple[str, str]]:
    """The rooms that the rules of a hall know, today's and those to come, and nobody has added."""
    documents = [one for book_id, one in standing_documents(clock_now()) if book_id == facility.rule_book_id]
    if not documents:
        raise NoRulesYet
    return list(
        {key: name for one in reversed(documents) for key, name in unused_rooms(facility, one)}.items()
    )
