"""Series: planned, looked at, applied for; afterwards some of their dates cancelled, moved or added."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from booking.idempotency import Answer
from booking.series.afterwards import cancel_dates, cancel_terms, renew_series
from booking.series.applying import apply_for_series, preview_series
from booking.series.moving import Target, move_dates, move_terms
from booking.series.queries import series_at, series_of, series_view
from frontend.api import choosing, series_answers, series_outputs
from frontend.api.applying import check_hirer, check_rooms, halls_of, refuse_for_residents
from frontend.api.documenting import reads, writes
from frontend.api.inputs import NoQuery
from frontend.api.routes import Route, answer, as_answer
from frontend.api.sentences import read_body, read_query
from frontend.api.several_inputs import (
    AddDate,
    CancelDates,
    MoveDates,
    MoveLook,
    SeriesChoices,
    SeriesInput,
    SomeDates,
)
from frontend.api.views.facilities import rooms_with


class SeriesList(Route):
    """Series."""

    @reads(
        "listSeries",
        "Own series and one's groups'; for staff, those at their halls",
        series_outputs.SeriesList,
    )
    def get(self, request: Request) -> HttpResponse:
        """What was applied for, the latest first, at most 100."""
        read_query(NoQuery, request.query_params)
        caller, _actor = self.caller, self.actor
        found = (
            series_at(facility_ids=halls_of(caller))
            if caller.staff
            else series_of(resident_id=caller.resident_id or 0)
        )
        return answer(request, series_answers.series_list(found))

    @writes(
        "planSeries",
        "Keep a series as a draft; nothing is booked, and after a week it is forgotten",
        201,
        body=SeriesInput,
        output=series_outputs.Series,
        problems=(404,),
    )
    def post(self, request: Request) -> HttpResponse:
        """Then look at its preview and apply for it."""
        sent, _actor = read_body(SeriesInput, request.data), self.actor
        rooms_with(sent.rooms)
        check_hirer(self.caller, sent, sent.rooms)

        def act() -> Answer:
            return as_answer(201, series_answers.series(choosing.plan(self, sent)))

        return self.once(act, at="series")


class SeriesOne(Route):
    """A series."""

    @reads("getSeries", "A series with what became of every date", series_outputs.Series, problems=(404,))
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """Own or one's groups'; for staff, one whose rooms are all at their halls."""
        read_query(NoQuery, request.query_params)
        return answer(request, series_answers.series(choosing.series_seen(self, ref)))


class SeriesPreview(Route):
    """Looking."""

    @reads(
        "previewSeries",
        "Every date of a planned series: free, later or refused and why, with alternatives and prices",
        series_outputs.SeriesPreview,
        problems=(404, 409),
    )
    def get(self, request: Request, ref: UUID) -> HttpResponse:
        """Nothing is written."""
        read_query(NoQuery, request.query_params)
        choosing.check_series(self.caller, self.actor, ref)
        _plan, dates = preview_series(ref=ref, actor=self.actor, now=self.now)
        return answer(request, series_answers.preview(dates))


class SeriesApply(Route):
    """Applying."""

    @writes(
        "applyForSeries",
        "Book a planned series: what is free now, and later what opens later",
        200,
        body=SeriesChoices,
        output=series_outputs.AppliedSeries,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """With ``all_or_nothing``, ``series_not_whole`` says by key what cannot be had."""
        sent, actor = read_body(SeriesChoices, request.data), self.actor
        choosing.check_series(self.caller, actor, ref)

        def act() -> Answer:
            facts = sent.model_dump(include={"all_or_nothing", "override_reason"})
            choices = choosing.choices_of(self, ref, sent)
            done = apply_for_series(ref=ref, choices=choices, **facts, actor=actor, now=self.now)
            view = series_view(ref=ref, actor=actor, now=self.now)
            return as_answer(200, series_answers.applied(done, view))

        return self.once(act)


class SeriesCancelLook(Route):
    """Looking."""

    @reads(
        "lookAtSeriesCancel",
        "What cancelling some dates would mean; nothing is written",
        series_outputs.CancelTerms,
        body=SomeDates,
        problems=(404,),
        cached=False,
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """One date, a range, from one on, or all."""
        sent, actor = read_body(SomeDates, request.data), self.actor
        choosing.check_series(self.caller, actor, ref)
        terms = cancel_terms(ref=ref, some=choosing.some_of(sent), actor=actor, now=self.now)
        return answer(request, series_answers.cancel_terms(terms))


class SeriesCancel(Route):
    """Cancelling."""

    @writes(
        "cancelSeriesDates",
        "Cancel some dates of a series, or all; what may not be cancelled any more stays",
        200,
        body=CancelDates,
        output=series_outputs.DatesCancelled,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """One transaction, one notice."""
        sent, actor = read_body(CancelDates, request.data), self.actor
        choosing.check_series(self.caller, actor, ref)

        def act() -> Answer:
            some = choosing.some_of(sent)
            done = cancel_dates(ref=ref, some=some, reason=sent.reason, actor=actor, now=self.now)
            return as_answer(200, series_answers.cancelled(done))

        return self.once(act)


class SeriesMoveLook(Route):
    """Looking."""

    @reads(
        "lookAtSeriesMove",
        "What moving some dates would mean, each for itself; nothing is written",
        series_outputs.MoveTerms,
        body=MoveLook,
        problems=(404,),
        cached=False,
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """To another time of day, or another room."""
        sent, actor = read_body(MoveLook, request.data), self.actor
        target = _target(self, ref, sent)
        terms = move_terms(ref=ref, some=choosing.some_of(sent), target=target, actor=actor, now=self.now)
        return answer(request, series_answers.move_terms(terms))


class SeriesMove(Route):
    """Moving."""

    @writes(
        "moveSeriesDates",
        "Move some dates of a series, or all, to another time of day or room",
        200,
        body=MoveDates,
        output=series_outputs.DatesMoved,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """No booking is lost on the way."""
        sent, actor = read_body(MoveDates, request.data), self.actor
        refuse_for_residents(self.caller, override_reason=sent.override_reason)
        facts = sent.model_dump(include={"all_or_nothing", "override_reason"})
        facts |= {"some": choosing.some_of(sent), "target": _target(self, ref, sent)}

        def act() -> Answer:
            done = move_dates(ref=ref, **facts, actor=actor, now=self.now)
            return as_answer(200, series_answers.moved(done))

        return self.once(act)


class SeriesDateAdd(Route):
    """Adding a date."""

    @writes(
        "addSeriesDate",
        "Book a date of a series that was left out, refused or cancelled",
        200,
        body=AddDate,
        output=series_outputs.Series,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID, date_id: int) -> HttpResponse:
        """One whose window is not open yet is kept until then."""
        sent, actor = read_body(AddDate, request.data), self.actor
        refuse_for_residents(self.caller, override_reason=sent.override_reason)
        choosing.check_series(self.caller, actor, ref)
        return self.once(lambda: choosing.add(self, ref, date_id, sent))


class SeriesRenew(Route):
    """Again."""

    @writes(
        "renewSeries",
        "Begin a draft that goes on where a series ends",
        201,
        output=series_outputs.Series,
        problems=(404,),
    )
    def post(self, request: Request, ref: UUID) -> HttpResponse:
        """Same rooms, rhythm and time, as many days again."""
        actor = self.actor
        choosing.check_series(self.caller, actor, ref)

        def act() -> Answer:
            draft = renew_series(ref=ref, actor=actor, now=self.now)
            view = series_view(ref=draft.ref, actor=actor, now=self.now)
            return as_answer(201, series_answers.series(view))

        return self.once(act, at="series")


def _target(route: Route, ref: UUID, sent: MoveLook) -> Target:
    """Where dates are moved to. Raises SeriesNotFound, RoomNotFound, OtherHall."""
    choosing.check_series(route.caller, route.actor, ref)
    if sent.room:
        rooms_with([sent.room])
        check_rooms(route.caller, [sent.room])
    return Target(sent.starts, sent.ends, sent.room)
