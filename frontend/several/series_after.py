"""The page of a series, and what can be done with it: cancel, move, add a date, the same again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from booking.alternatives import alternatives_to, instead_of
from booking.models import Series
from booking.series.afterwards import add_date, cancel_dates, cancel_terms, renew_series
from booking.series.errors import SeriesNotFound
from booking.series.moving import move_dates, move_terms
from booking.series.queries import DateView, SeriesView, series_view
from booking.standing import classes_of
from booking.wishes import Wish, foresee
from facilities.details import NO_DETAILS
from frontend.middleware import log_refusal
from frontend.resident.submitting import submit_once
from frontend.several.some_form import MoveForm, SomeForm
from frontend.several.who import Who
from tenants.errors import Refusal


@dataclass(frozen=True, slots=True)
class Month:
    """The dates of one month of a series."""

    first: date
    dates: tuple[DateView, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What a submit of these pages leads on to: the series itself."""

    ref: UUID


def series_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """The series: what is coming month by month, what was not had and why, what can be done."""
    view = series_view(ref=ref, actor=who.actor, now=now)
    if view.series.state == Series.State.DRAFT:
        return redirect(who.page("series-dates", ref))
    coming = [one for one in view.dates if not one.is_over and one.state not in {"refused", "left_out"}]
    facts = _about(who, view) | {
        "months": _months(coming),
        "missing": [one for one in view.dates if one.state in {"refused", "left_out"}],
        "past": [one for one in view.dates if one.is_over and one.state not in {"refused", "left_out"}],
        "is_new": request.GET.get("done") == "1",
    }
    return render(request, "several/series.html", facts)


def cancel_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """Which dates, what the rules say about each, then cancel them."""
    view = series_view(ref=ref, actor=who.actor, now=now)
    form = SomeForm(request.POST or request.GET or None, view=view, with_reason=who.at_desk)
    terms = refusal = None
    if form.is_bound and form.is_valid():
        terms = cancel_terms(ref=ref, some=form.some, actor=who.actor, now=now)
    if request.method == "POST" and request.POST.get("step") == "do" and form.is_valid():
        try:
            submit_once(
                request, scope="series-cancel", now=now, act=lambda: _cancel(request, who, ref, form, now)
            )
            return redirect(who.page("series", ref))
        except Refusal as error:
            log_refusal(error)
            refusal = error
    facts = _about(who, view) | {"form": form, "terms": terms, "refusal": refusal}
    status = 422 if refusal or form.errors else 200
    return render(request, "several/series_cancel.html", facts, status=status)


def move_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """Which dates, to which time and room, what that means for each, then move them."""
    view = series_view(ref=ref, actor=who.actor, now=now)
    form = MoveForm(request.POST or None, view=view, initial=request.GET.dict())
    rows = refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            rows = move_terms(ref=ref, some=form.some, target=form.target, actor=who.actor, now=now)
            if request.POST.get("step") == "do":
                submit_once(
                    request, scope="series-move", now=now, act=lambda: _move(request, who, ref, form, now)
                )
                return redirect(who.page("series", ref))
        except Refusal as error:
            log_refusal(error)
            refusal = error
    facts = _about(who, view) | {"form": form, "rows": rows, "refusal": refusal}
    facts["can_move"] = [row for row in rows or () if row.allowed]
    status = 422 if refusal or form.errors else 200
    return render(request, "several/series_move.html", facts, status=status)


def date_page(request: HttpRequest, who: Who, ref: UUID, date_id: int, now: datetime) -> HttpResponse:
    """A date that was left out or could not be had: ask for it again, or for something else that day."""
    view = series_view(ref=ref, actor=who.actor, now=now)
    one = next((each for each in view.dates if each.id == date_id), None)
    if one is None:
        raise SeriesNotFound
    wish, refusal = _wish_of(view, one), None
    if request.method == "POST":
        try:
            submit_once(
                request, scope="series-date", now=now, act=lambda: _add(request, who, ref, one, wish, now)
            )
            return redirect(who.page("series", ref))
        except Refusal as error:
            log_refusal(error)
            refusal = error
    looked = foresee([wish], party=view.plan.party, channel=who.channel, now=now)
    others = alternatives_to(looked, party=view.plan.party, channel=who.channel, now=now)[0]
    facts = _about(who, view) | {"one": one, "looked": looked[0], "refusal": refusal}
    facts["alternatives"] = who.offered(others)
    return render(request, "several/series_date.html", facts, status=refusal.status if refusal else 200)


def renew(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """Begin the same again, and lead on to its dates."""
    done = submit_once(
        request,
        scope="series-again",
        now=now,
        act=lambda: renew_series(ref=ref, actor=who.actor, now=now),
    )
    return redirect(who.page("series-dates", UUID(done)))


def _about(who: Who, view: SeriesView) -> dict[str, Any]:
    names = ("cancel", "move", "again")
    return {
        "who": who,
        "base": who.base,
        "section": "my",
        "view": view,
        "series": view.series,
        "plan": view.plan,
        "pages": {name: who.page(f"series-{name}", view.series.ref) for name in names}
        | {"series": who.page("series", view.series.ref)},
    }


def _months(dates: Sequence[DateView]) -> list[Month]:
    in_order = sorted(dates, key=lambda one: (one.day, one.starts))
    months = groupby(in_order, key=lambda one: one.day.replace(day=1))
    return [Month(first, tuple(some)) for first, some in months]


def _cancel(request: HttpRequest, who: Who, ref: UUID, form: SomeForm, now: datetime) -> Done:
    reason = form.cleaned_data.get("reason", "")
    done = cancel_dates(ref=ref, some=form.some, actor=who.actor, reason=reason, now=now)
    words = _("{cancelled}件の予約と、{withdrawn}件の予約待ちを取り消しました。")
    messages.success(request, words.format(cancelled=done.cancelled, withdrawn=done.withdrawn))
    if done.kept:
        messages.warning(request, _("{kept}件は、取り消せないため残っています。").format(kept=len(done.kept)))
    return Done(ref)


def _move(request: HttpRequest, who: Who, ref: UUID, form: MoveForm, now: datetime) -> Done:
    done = move_dates(
        ref=ref,
        some=form.some,
        target=form.target,
        all_or_nothing=form.cleaned_data["which"] == "all",
        actor=who.actor,
        now=now,
    )
    messages.success(request, _("{moved}件の予約を変更しました。").format(moved=done.moved))
    if done.kept:
        messages.warning(request, _("{kept}件は、変更できないため元のままです。").format(kept=len(done.kept)))
    return Done(ref)


def _wish_of(view: SeriesView, one: DateView) -> Wish:
    said = view.plan.said.get(one.planned_room.id, NO_DETAILS)
    return Wish(one.planned_room, one.planned_day, one.planned_starts, one.planned_ends, said)


def _add(request: HttpRequest, who: Who, ref: UUID, one: DateView, wish: Wish, now: datetime) -> Done:
    instead = None
    chosen = request.POST.get("instead", "")
    if chosen:
        own_class = classes_of(who.party)(wish.room, wish.day)
        instead = instead_of(chosen, wish, who.rooms(), own_class=own_class)
    added = add_date(
        ref=ref,
        date_id=one.id,
        actor=who.actor,
        now=now,
        instead=instead,
        override_reason=request.POST.get("override_reason", "")[:200] if who.at_desk else "",
    )
    booked = added.state == added.State.BOOKED
    messages.success(
        request,
        _("予約しました。") if booked else _("予約待ちにしました。受付が始まったら、自動で申し込みます。"),
    )
    return Done(ref)
