"""Series that callers act on, and the alternatives they choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.callers import Caller
from booking.alternatives import instead_of
from booking.idempotency import Answer
from booking.models import SeriesDate
from booking.parties import Party
from booking.series.afterwards import Some, add_date
from booking.series.applying import Choices, preview_series
from booking.series.errors import SeriesNotFound
from booking.series.planning import plan_of, plan_series, say_of_series, visible_series
from booking.series.queries import SeriesView, halls_of, series_view
from booking.standing import classes_of
from booking.wishes import Wish
from facilities.details import NO_DETAILS
from facilities.queries import open_rooms
from frontend.api import series_answers
from frontend.api.applying import channel, check_rooms, group_id, hirer_id, refuse_for_residents
from frontend.api.errors import InvalidInput
from frontend.api.fields import BIGGEST_ID
from frontend.api.routes import Route, as_answer
from frontend.api.sentences import say
from frontend.api.several_inputs import AddDate, SeriesChoices, SeriesInput, SomeDates


def check_series(caller: Caller, actor: Actor, ref: UUID) -> None:
    """Let staff act only on series whose rooms are all at halls where they work. Raises SeriesNotFound."""
    found = visible_series(ref, actor)
    if caller.staff and not all(caller.staff.works_at(hall) for hall in halls_of(found)):
        raise SeriesNotFound


def series_seen(route: Route, ref: UUID) -> SeriesView:
    """Return a series: a resident's own or their groups'; for staff, at their halls. Raises SeriesNotFound."""
    actor = route.actor
    check_series(route.caller, actor, ref)
    return series_view(ref=ref, actor=actor, now=route.now)


def some_of(sent: SomeDates) -> Some:
    """Return which dates are meant."""
    return Some(sent.first, sent.last, sent.rooms)


def plan(route: Route, sent: SeriesInput) -> SeriesView:
    """Keep a series as a draft, with what is said of it. Raises what ``plan_series`` raises."""
    said, actor = sent.as_details, route.actor
    facts = sent.model_dump(include={"rule", "first", "starts", "ends"})
    draft = plan_series(
        **facts,
        room_ids=sent.rooms,
        resident_id=hirer_id(route.caller, sent),
        group_id=group_id(route.caller, sent),
        channel=channel(route.caller, sent),
        actor=actor,
        now=route.now,
        early_minutes=said.early_minutes,
        extension_minutes=said.extension_minutes,
    )
    by_room = dict.fromkeys(sent.rooms, said)
    say_of_series(ref=draft.ref, purpose=sent.purpose, said=by_room, actor=actor, now=route.now)
    return series_view(ref=draft.ref, actor=actor, now=route.now)


def choices_of(route: Route, ref: UUID, sent: SeriesChoices) -> Choices:
    """Return what is decided about the dates. Raises InvalidInput for keys that are none of the preview's."""
    refuse_for_residents(route.caller, force=sent.force, override_reason=sent.override_reason)
    planned, dates = preview_series(ref=ref, actor=route.actor, now=route.now, alternatives=False)
    wishes = {one.key: one.wish for one in dates}
    named = {"leave": sent.leave, "instead": sent.instead, "force": sent.force}
    unknown = [f"/{name}/{key}" for name, keys in named.items() for key in keys if key not in wishes]
    if unknown:
        raise InvalidInput([{"pointer": one, "detail": say("date_unknown")} for one in unknown])
    instead = _instead(route.caller, planned.party, wishes, sent.instead)
    return Choices(left=set(sent.leave) - instead.keys(), instead=instead, forced=set(sent.force))


def add(route: Route, ref: UUID, date_id: int, sent: AddDate) -> Answer:
    """Book a date that was left out, refused or cancelled. Raises what ``add_date`` raises."""
    actor = route.actor
    row = visible_series(ref, actor).dates.select_related("room").filter(pk=min(date_id, BIGGEST_ID)).first()
    if row is None:
        raise SeriesNotFound
    instead = _instead_of_date(route.caller, row, sent.instead) if sent.instead else None
    facts: dict[str, Any] = {"instead": instead, "override_reason": sent.override_reason}
    add_date(ref=ref, date_id=row.pk, actor=actor, now=route.now, **facts)
    return as_answer(200, series_answers.series(series_view(ref=ref, actor=actor, now=route.now)))


def _instead_of_date(caller: Caller, row: SeriesDate, key: str) -> Wish:
    planned = plan_of(row.series)
    room = next(room for room in planned.rooms if room.id == row.room_id)
    wish = Wish(room, row.day, row.starts, row.ends, planned.said.get(room.id, NO_DETAILS))
    return _instead(caller, planned.party, {"": wish}, {"": key})[""]


def _instead(
    caller: Caller, party: Party, wishes: Mapping[str, Wish], chosen: Mapping[str, str]
) -> dict[str, Wish]:
    """The wishes that were chosen in place of others. Raises InvalidInput, OtherHall."""
    if not chosen:
        return {}
    rooms, class_of = {room.id: room for room in open_rooms()}, classes_of(party)
    found = {}
    for key, word in chosen.items():
        wish = wishes[key]
        other = instead_of(word, wish, rooms, own_class=class_of(wish.room, wish.day))
        if other is None:
            place = f"/instead/{key}" if key else "/instead"
            raise InvalidInput([{"pointer": place, "detail": say("alternative_unknown")}])
        found[key] = other
    check_rooms(caller, [wish.room.id for wish in found.values()])
    return found
