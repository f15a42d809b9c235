"""From what queries and services say of series to what the API answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language

from accounts.models import Group
from booking.models import SeriesDate
from booking.series.afterwards import CancelledDates, CancelTerms, ToCancel
from booking.series.applying import Applied, Previewed
from booking.series.moving import Moved, ToMove
from booking.series.queries import DateView, SeriesLine, SeriesView
from booking.series.recurrence import read_rule
from frontend.api import outputs, series_outputs
from frontend.api.answers import clock, local_moment, rule_reason
from frontend.api.refusals import kept_why, why_not
from frontend.api.several_answers import alternative
from tenants.errors import Refusal


def group_name(group: Group | None) -> outputs.GroupName | None:
    """A group, by name."""
    return outputs.GroupName(ref=group.ref, name=group.name) if group else None


def series_list(lines: Iterable[SeriesLine]) -> series_outputs.SeriesList:
    """Series in a list."""
    return series_outputs.SeriesList(series=[_line(line) for line in lines])


def _line(line: SeriesLine) -> series_outputs.SeriesLine:
    row = line.series
    return series_outputs.SeriesLine(
        ref=row.ref,
        number=row.number,
        group=group_name(row.group),
        purpose=row.purpose,
        rule=row.rule,
        words=_words(row.rule),
        first=line.first,
        last=line.last,
        booked=line.booked,
        waiting=line.waiting,
    )


def _words(rule: str) -> str:
    return read_rule(rule).words(get_language() or "ja")


def series(view: SeriesView) -> series_outputs.Series:
    """A series with its dates."""
    row, plan = view.series, view.plan
    return series_outputs.Series(
        ref=row.ref,
        number=row.number,
        state="draft" if row.state == row.State.DRAFT else "open",
        group=group_name(row.group),
        purpose=row.purpose,
        rooms=[room.id for room in plan.rooms],
        rule=row.rule,
        words=_words(row.rule),
        first=row.first,
        starts=clock(row.starts),
        ends=clock(row.ends),
        dates=[_date(one) for one in view.dates],
    )


def _date(one: DateView) -> series_outputs.SeriesDate:
    facts = {"state": one.state, "opens_at": local_moment(one.opens_at) if one.opens_at else None}
    return series_outputs.SeriesDate.model_validate(
        facts
        | {
            "id": one.id,
            "room": one.room.id,
            "date": one.day,
            "starts": clock(one.starts),
            "ends": clock(one.ends),
            "reasons": [kept_why(why) for why in one.whys],
            "reservation": one.reservation.ref if one.reservation else None,
            "may_be_added": one.may_be_added,
        }
    )


def preview(dates: Sequence[Previewed]) -> series_outputs.SeriesPreview:
    """Every date of a planned series as it looks now."""
    prices = [one.foreseen.price_yen for one in dates if one.state == "free"]
    total = None if None in prices else sum(yen for yen in prices if yen)
    return series_outputs.SeriesPreview(dates=[_previewed(one) for one in dates], price_yen=total)


def _previewed(one: Previewed) -> series_outputs.PreviewedDate:
    wish, looked = one.wish, one.foreseen
    return series_outputs.PreviewedDate(
        key=one.key,
        room=wish.room.id,
        date=wish.day,
        starts=clock(wish.starts),
        ends=clock(wish.ends),
        state=looked.state,
        reasons=[kept_why(why) for why in looked.whys],
        opens_at=local_moment(looked.opens_at) if looked.opens_at else None,
        price_yen=looked.price_yen,
        alternatives=[alternative(other) for other in one.alternatives],
    )


def applied(done: Applied, view: SeriesView) -> series_outputs.AppliedSeries:
    """What became of a series' dates."""
    return series_outputs.AppliedSeries(
        booked=done.booked, waiting=done.waiting, refused=done.refused, series=series(view)
    )


def cancel_terms(terms: CancelTerms) -> series_outputs.CancelTerms:
    """What cancelling dates would mean."""
    return series_outputs.CancelTerms(
        dates=[_to_cancel(one) for one in terms.dates],
        waiting=terms.waiting,
        refund_yen=terms.refund_yen,
        charge_yen=terms.charge_yen,
    )


def _to_cancel(one: ToCancel) -> series_outputs.DateToCancel:
    terms = one.terms
    return series_outputs.DateToCancel(
        id=one.date.pk,
        date=one.date.day,
        room=one.reservation.room_id,
        reservation=one.reservation.ref,
        allowed=one.allowed,
        reasons=[rule_reason(reason) for reason in terms.reasons] if terms else [],
        paid_yen=one.paid_yen,
        refund_yen=(terms.refund_yen if one.paid_yen else 0) if terms else 0,
        charge_yen=terms.charge_yen if terms else 0,
    )


def cancelled(done: CancelledDates) -> series_outputs.DatesCancelled:
    """What became of cancelling dates."""
    return series_outputs.DatesCancelled(
        cancelled=done.cancelled, withdrawn=done.withdrawn, kept=_kept(done.kept)
    )


def move_terms(found: Iterable[ToMove]) -> series_outputs.MoveTerms:
    """What moving dates would mean."""
    return series_outputs.MoveTerms(dates=[_to_move(one) for one in found])


def _to_move(one: ToMove) -> series_outputs.DateToMove:
    return series_outputs.DateToMove(
        id=one.date.pk,
        date=one.date.day,
        room=one.reservation.room_id,
        reservation=one.reservation.ref,
        allowed=one.allowed,
        refused=why_not(one.refusal) if one.refusal else None,
        pay_yen=one.terms.pay_yen if one.terms else None,
        refund_yen=one.terms.refund_yen if one.terms else None,
    )


def moved(done: Moved) -> series_outputs.DatesMoved:
    """What became of moving dates."""
    return series_outputs.DatesMoved(moved=done.moved, waiting=done.waiting, kept=_kept(done.kept))


def _kept(found: Iterable[tuple[SeriesDate, Refusal]]) -> list[series_outputs.KeptDate]:
    return [
        series_outputs.KeptDate(id=row.pk, date=row.day, room=row.room_id, refused=why_not(refusal))
        for row, refusal in found
    ]
