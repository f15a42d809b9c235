"""The pages on the way to a series, for a resident and for staff who enter one for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from booking.alternatives import instead_of
from booking.models import Series
from booking.series.applying import Choices, Previewed, apply_for_series, preview_series
from booking.series.planning import Plan, plan_of, plan_series, say_of_series, visible_series
from booking.standing import classes_of
from booking.wishes import Wish
from facilities.details import NO_DETAILS
from facilities.queries import RoomFacts, room_by_key, rooms_of
from frontend.resident.choices import ChosenTime, read_chosen
from frontend.resident.days import read_day
from frontend.resident.submitting import submit_once
from frontend.several.rhythm_form import RhythmForm, initial_of
from frontend.several.trying import attempt, status_of
from frontend.several.use_form import SeveralForm, rooms_asked
from frontend.several.who import Who


@dataclass(frozen=True, slots=True)
class First:
    """The first room, day and time of a series, from which its rhythm follows."""

    room: RoomFacts
    day: date
    time: ChosenTime


@dataclass(frozen=True, slots=True)
class Row:
    """A date of the list, with what the applicant chose about it so far."""

    one: Previewed
    is_taken: bool
    instead: str


@dataclass(frozen=True, slots=True)
class Month:
    """The dates of one month."""

    first: date
    rows: tuple[Row, ...]


def new_page(
    request: HttpRequest, who: Who, first: First, now: datetime, draft: Series | None = None
) -> HttpResponse:
    """Ask how the first day comes back and until when; the POST keeps it as a draft."""
    rooms = rooms_of(first.room.facility_id)
    form = RhythmForm(request.POST or None, first=first.day, rooms=rooms, initial=_start(first, draft))
    done = attempt(
        lambda: redirect(who.page("series-use", _plan(who, first, form, now, draft).ref)),
        when=request.method == "POST" and form.is_valid(),
    )
    if isinstance(done, HttpResponse):
        return done
    facts = {"who": who, "base": who.base, "form": form, "first": first, "refusal": done}
    status = status_of(done, wrong=bool(form.errors))
    return render(request, "several/series_new.html", facts, status=status)


def _start(first: First, draft: Series | None) -> dict[str, Any]:
    """What the form starts from: every week in this room, or what the draft says."""
    if draft is None:
        return {"rhythm": "weeks-1", "ends": "until", "rooms": [first.room.id]}
    plan = plan_of(draft)
    return initial_of(plan.recurrence, first.day) | {"rooms": [room.id for room in plan.rooms]}


def first_of(given: QueryDict, now: datetime) -> First | None:
    """Return the first day an address names; None where it names none that can be had.

    Raises RoomNotFound, NoSuchDay, DayTooFar.
    """
    time = read_chosen(given.get("time", ""))
    if time is None or not given.get("room"):
        return None
    room = room_by_key(given.get("hall", ""), given.get("room", ""))
    return First(room, read_day(given.get("day", ""), now), time)


def edit_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """The rhythm of a draft, to be changed."""
    series = visible_series(ref, who.actor)
    if series.state == Series.State.OPEN:
        return redirect(who.page("series", ref))
    plan = plan_of(series)
    room = plan.rooms[0]
    said = plan.said.get(room.id, NO_DETAILS)
    early, later = said.early_minutes, said.extension_minutes
    time = ChosenTime(plan.starts + early, plan.ends - later, early, later)
    return new_page(request, who, First(room, series.first, time), now, draft=series)


def use_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """Ask once what the rooms are for, and what their rules ask."""
    series = visible_series(ref, who.actor)
    plan = plan_of(series)
    rooms = rooms_asked(plan.wishes, who, now)
    form = SeveralForm(
        request.POST or None, rooms=rooms, purpose=series.purpose, said=plan.said, by_staff=who.at_desk
    )
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        say_of_series(ref=ref, purpose=purpose, said=form.said(), actor=who.actor, now=now)
        return redirect(who.page("series-dates", ref))
    facts = _about(who, series, plan) | {"form": form, "back": who.page("series-edit", ref)}
    return render(request, "several/use.html", facts, status=422 if form.is_bound else 200)


def dates_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """Every date with its state, its reason and what could be had instead; the POST applies for those chosen."""
    series = visible_series(ref, who.actor)
    elsewhere = _elsewhere(who, series)
    if elsewhere:
        return redirect(elsewhere)
    done = attempt(lambda: _applied(request, who, ref, now), when=request.method == "POST")
    if isinstance(done, HttpResponse):
        return done
    plan, dates = preview_series(ref=ref, actor=who.actor, now=now)
    shown = _of_dates(_offered(dates, who), request.POST, with_force=who.at_desk)
    facts = _about(who, series, plan) | shown | {"refusal": done}
    facts["override_reason"] = request.POST.get("override_reason", "")
    return render(request, "several/series_dates.html", facts, status=status_of(done))


def _elsewhere(who: Who, series: Series) -> str:
    """Where to go when the dates are not what comes next; empty when they are."""
    if series.state == Series.State.OPEN:
        return who.page("series", series.ref)
    return "" if series.purpose else who.page("series-use", series.ref)


def _applied(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    done = submit_once(request, scope="series", now=now, act=lambda: _apply(request, who, ref, now))
    return redirect(f"{who.page('series', UUID(done))}?done=1")


def _plan(who: Who, first: First, form: RhythmForm, now: datetime, draft: Series | None) -> Series:
    starts, ends = first.time.whole
    return plan_series(
        room_ids=form.cleaned_data["rooms"],
        rule=form.recurrence.rule,
        first=first.day,
        starts=starts,
        ends=ends,
        early_minutes=first.time.early_minutes,
        extension_minutes=first.time.extension_minutes,
        resident_id=who.party.resident_id,
        group_id=who.party.group_id,
        channel=who.channel,
        actor=who.actor,
        now=now,
        ref=draft.ref if draft else None,
    )


def _about(who: Who, series: Series, plan: Plan) -> dict[str, Any]:
    names = ("use", "dates", "edit")
    return {
        "who": who,
        "base": who.base,
        "series": series,
        "plan": plan,
        "pages": {name: who.page(f"series-{name}", series.ref) for name in names},
    }


def _of_dates(dates: Sequence[Previewed], given: QueryDict, *, with_force: bool) -> dict[str, Any]:
    """The dates: first those that cannot be had as planned, then the others month by month.

    ``with_force``: staff may book any of them against the rules.
    """
    rows = [_row(one, given) for one in dates]
    good = [row for row in rows if row.one.state != "refused"]
    problems = [row for row in rows if row.one.state == "refused"]
    free = [row.one.foreseen for row in rows if row.one.state == "free"]
    prices = [one.price_yen for one in free]
    return {
        "problems": problems,
        "hopeless": [] if with_force else [row for row in problems if not row.one.alternatives],
        "months": list(_months(good)),
        "count_free": len(free),
        "count_later": len(good) - len(free),
        "total_yen": None if None in prices else sum(yen for yen in prices if yen is not None),
        "whole": given.get("which") == "all",
    }


def _offered(dates: Sequence[Previewed], who: Who) -> list[Previewed]:
    return [replace(one, alternatives=tuple(who.offered(one.alternatives))) for one in dates]


def _row(one: Previewed, given: QueryDict) -> Row:
    taken = one.key in given.getlist("take") if given else True
    return Row(one, taken, given.get(f"instead:{one.key}", ""))


def _months(rows: Iterable[Row]) -> Iterable[Month]:
    for first, some in groupby(rows, key=lambda row: row.one.wish.day.replace(day=1)):
        yield Month(first, tuple(some))


def _apply(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> Series:
    plan, dates = preview_series(ref=ref, actor=who.actor, now=now, alternatives=False)
    return apply_for_series(
        ref=ref,
        choices=_choices(request.POST, who, plan, dates),
        all_or_nothing=request.POST.get("which") == "all",
        actor=who.actor,
        now=now,
        override_reason=request.POST.get("override_reason", "")[:200] if who.at_desk else "",
    ).series


def _choices(given: QueryDict, who: Who, plan: Plan, dates: Sequence[Previewed]) -> Choices:
    """What was ticked and chosen; a date that became free meanwhile and was not offered is not taken by itself."""
    taken = set(given.getlist("take"))
    chosen = {one.key: given.get(f"instead:{one.key}", "") for one in dates}
    forced = {key for key, word in chosen.items() if word == "force" and who.at_desk}
    left = {one.key for one in dates if one.key not in taken and one.key not in forced}
    wishes = {one.key: one.wish for one in dates}
    instead = _instead({key: word for key, word in chosen.items() if word}, wishes, who)
    return Choices(left=left - instead.keys(), instead=instead, forced=forced)


def _instead(chosen: Mapping[str, str], wishes: Mapping[str, Wish], who: Who) -> dict[str, Wish]:
    if not chosen:
        return {}
    rooms, class_of = who.rooms(), classes_of(who.party)
    found = {}
    for key, word in chosen.items():
        wish = wishes[key]
        other = instead_of(word, wish, rooms, own_class=class_of(wish.room, wish.day))
        if other:
            found[key] = other
    return found
