"""The page of a series, and what can be done with it: cancel, move, add a date, the same again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from booking.series.moving import ToMove, move_dates, move_terms
from booking.series.queries import DateView, SeriesView, series_view
from booking.standing import classes_of
from booking.wishes import Wish, foresee
from facilities.details import NO_DETAILS
from frontend.resident.submitting import submit_once
from frontend.several.some_form import MoveForm, SomeForm
from frontend.several.trying import attempt, status_of
from frontend.several.who import Who


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
    good = form.is_bound and form.is_valid()
    done = attempt(
        lambda: _once(request, who, ref, "cancel", now, lambda: _cancel(request, who, ref, form, now)),
        when=good and request.POST.get("step") == "do",
    )
    if isinstance(done, HttpResponse):
        return done
    terms = cancel_terms(ref=ref, some=form.some, actor=who.actor, now=now) if good else None
    facts = _about(who, view) | {"form": form, "terms": terms, "refusal": done}
    status = status_of(done, wrong=bool(form.errors))
    return render(request, "several/series_cancel.html", facts, status=status)


def move_page(request: HttpRequest, who: Who, ref: UUID, now: datetime) -> HttpResponse:
    """Which dates, to which time and room, what that means for each, then move them."""
    view = series_view(ref=ref, actor=who.actor, now=now)
    form = MoveForm(request.POST or None, view=view, initial=request.GET.dict())
    good = request.method == "POST" and form.is_valid()
    done = attempt(
        lambda: _once(request, who, ref, "move", now, lambda: _move(request, who, ref, form, now)),
        when=good and request.POST.get("step") == "do",
    )
    if isinstance(done, HttpResponse):
        return done
    rows = _terms(who, ref, form, now) if good else None
    facts = _about(who, view) | {"form": form, "rows": rows, "refusal": done}
    status = status_of(done, wrong=bool(form.errors))
    return render(request, "several/series_move.html", facts, status=status)


def date_page(request: HttpRequest, who: Who, ref: UUID, date_id: int, now: datetime) -> HttpResponse:
    """A date that was left out or could not be had: ask for it again, or for something else that day."""
    view = series_view(ref=ref, actor=who.actor, now=now)
    one = _date_of(view, date_id)
    wish = _wish_of(view, one)
    done = attempt(
        lambda: _once(request, who, ref, "date", now, lambda: _add(request, who, ref, one, wish, now)),
        when=request.method == "POST",
    )
    if isinstance(done, HttpResponse):
        return done
    party, channel = view.plan.party, who.channel
    looked = foresee([wish], party=party, channel=channel, now=now)
    others = who.offered(alternatives_to(looked, party=party, channel=channel, now=now)[0])
    facts = _about(who, view) | {"one": one, "looked": looked[0], "alternatives": others, "refusal": done}
    return render(request, "several/series_date.html", facts, status=status_of(done))


def _date_of(view: SeriesView, date_id: int) -> DateView:
    """One date of a series. Raises SeriesNotFound."""
    found = next((each for each in view.dates if each.id == date_id), None)
    if found is None:
        raise SeriesNotFound
    return found


def _terms(who: Who, ref: UUID, form: MoveForm, now: datetime) -> list[ToMove]:
    return move_terms(ref=ref, some=form.some, target=form.target, actor=who.actor, now=now)


def _once(
    request: HttpRequest, who: Who, ref: UUID, what: str, now: datetime, act: Callable[[], Done]
) -> HttpResponse:
    """Carry out what was sent, once, and lead back to the series."""
    submit_once(request, scope=f"series-{what}", now=now, act=act)
    return redirect(who.page("series", ref))


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
