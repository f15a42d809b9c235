"""Dates of series that cannot be booked yet: kept, and tried in a fair order at the instant their window opens."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.actors import Actor
from booking.bulk import Together, book_together
from booking.models import Application, Reservation, Series, SeriesDate
from booking.parties import acts_for, representative_of
from booking.series.planning import Plan, plan_of
from booking.telling import tell
from booking.transactions import one_transaction
from booking.whys import whys_of, write_whys
from booking.wishes import Wish, foresee, opening_of
from tenants.errors import Refusal
from tenants.jobs import enqueue

JOB = "booking.try_intentions"
State = SeriesDate.State


def call_at(moments: Collection[datetime]) -> None:
    """Have the worker try, at each of these instants, what opens then."""
    for moment in sorted(moments):
        enqueue(JOB, at=moment)


def try_intentions(*, now: datetime) -> int:
    """Try every kept date whose window is open. Returns how many dates were decided.

    Who comes first is drawn anew for each opening, one ticket for each applicant however many series they have; so
    nobody gains by having asked earlier or twice. Each applicant's dates of one opening are one transaction: run
    again, or at the same time, it finds what is decided already and goes on.
    """
    return sum(_try(opens_at, series_id, now) for opens_at, series_id in _due(now))


def renew_openings(*, now: datetime) -> int:
    """Work out anew when the windows of all kept dates open, by the rules of today. Returns how many moved.

    Rules published meanwhile may open earlier or later: what is open is tried at once. What they refuse by now keeps
    its moment and gets its answer then.
    """
    moved = 0
    for series in Series.objects.filter(dates__state=State.INTENTION).distinct():
        with one_transaction():
            rows = _lock(series, SeriesDate.objects.filter(state=State.INTENTION))
            moved += _renew(series, rows, now)
    return moved


def _due(now: datetime) -> list[tuple[datetime, int]]:
    """Openings with their series: the earliest opening first, then as drawn."""
    rows = SeriesDate.objects.filter(state=State.INTENTION, opens_at__lte=now)
    found = rows.values_list("opens_at", "series_id", "series__resident_id", "series__group_id").distinct()
    drawn = sorted((at, _ticket(at, *who), series) for at, series, *who in found if at is not None)
    return [(opens_at, series) for opens_at, _, series in drawn]


def _ticket(opens_at: datetime, resident_id: int, group_id: int | None) -> str:
    """What an applicant draws for an opening: nobody outside can foresee it, and drawing again changes nothing."""
    who = f"group {group_id}" if group_id else f"resident {resident_id}"
    text = f"{connection.schema_name}|{opens_at.isoformat()}|{who}"  # type: ignore[attr-defined]
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _try(opens_at: datetime, series_id: int, now: datetime) -> int:
    with one_transaction():
        series = Series.objects.select_related("resident", "group").get(pk=series_id)
        rows = _lock(series, SeriesDate.objects.filter(state=State.INTENTION, opens_at=opens_at))
        if rows:
            _decide(series, rows, now)
    return len(rows)


def _lock(series: Series, rows: QuerySet[SeriesDate]) -> list[SeriesDate]:
    """The series first, then its dates: the order of everybody who changes a series."""
    Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    return list(rows.filter(series=series).order_by("day", "room_id"))


def _decide(series: Series, rows: Sequence[SeriesDate], now: datetime) -> None:
    """Book these dates for whom the series is; write down and tell what became of each."""
    plan = plan_of(series)
    try:
        together = book_wishes(
            series,
            [wish_again(row, plan) for row in rows],
            all_or_nothing=False,
            actor=Actor("resident", _applicant_of(series)),
            now=now,
        )
        booked, refused, application = together.booked, together.refused, together.application
    except Refusal as refusal:
        # Nobody may act for the group, or it is over: its dates are refused, and everybody else's are tried.
        booked, refused, application = {}, dict.fromkeys(range(len(rows)), refusal), None
    waiting = 0
    for place, row in enumerate(rows):
        if place in booked:
            become_booked(row, booked[place])
            continue
        row.opens_at = opening_of(refused[place], now)
        row.state = State.INTENTION if row.opens_at else State.REFUSED
        row.reasons = write_whys(whys_of(refused[place]))
        row.save(update_fields=["state", "opens_at", "reasons"])
        waiting += bool(row.opens_at)
    call_at({row.opens_at for row in rows if row.opens_at})
    _tell(series, len(booked), len(rows) - len(booked) - waiting, application, now)


def become_booked(row: SeriesDate, reservation: Reservation) -> None:
    """Write down that a date has its reservation."""
    row.state, row.reservation, row.opens_at, row.reasons = State.BOOKED, reservation, None, []
    row.save(update_fields=["state", "reservation", "opens_at", "reasons"])


def wish_again(row: SeriesDate, plan: Plan) -> Wish:
    """Return the wish a date of a series stands for, at the time that is wished for it now."""
    room = next(room for room in plan.rooms if room.id == row.room_id)
    return replace(plan.wish(room, row.day), starts=row.starts, ends=row.ends)


def book_wishes(
    series: Series,
    wishes: Sequence[Wish],
    *,
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
    confirmed_kind: str = "",
) -> Together:
    """Book wishes of a series together, for whom the series is: a group's by whoever acts for it now.

    ``confirmed_kind``: the notice that tells of them; empty: the caller does. Raises NotForGroup.
    """
    return book_together(
        items=[wish.item for wish in wishes],
        resident_id=actor.id if actor.kind == "resident" else _applicant_of(series),
        group_id=series.group_id,
        channel=series.channel,
        purpose=series.purpose,
        all_or_nothing=all_or_nothing,
        actor=actor,
        now=now,
        override_reason=override_reason,
        confirmed_kind=confirmed_kind,
    )


def _applicant_of(series: Series) -> int:
    """Who applies for it: a group's series stays the group's when who planned it leaves, and its representative's."""
    group_id = series.group_id
    if group_id is None or acts_for(resident_id=series.resident_id, group_id=group_id):
        return series.resident_id
    return representative_of(group_id) or series.resident_id


def _tell(series: Series, booked: int, failed: int, application: Application | None, now: datetime) -> None:
    path = f"/series/{series.ref}/"
    outcomes = (
        ("series_intention_booked", booked, application.ref if application else None),
        ("series_intention_failed", failed, None),
    )
    for kind, count, application_ref in outcomes:
        if count:
            facts = {"path": path, "count": str(count)}
            tell(kind, now=now, series_ref=series.ref, application_ref=application_ref, facts=facts)


def _renew(series: Series, rows: Sequence[SeriesDate], now: datetime) -> int:
    plan = plan_of(series)
    wishes = [wish_again(row, plan) for row in rows]
    try:
        looked = foresee(wishes, party=plan.party, channel=plan.channel, now=now)
    except Refusal:
        # A group that is over, say: it gets its answer when the window opens.
        return 0
    moved = []
    for row, one in zip(rows, looked, strict=True):
        opens_at = {"later": one.opens_at, "free": now}.get(one.state, row.opens_at)
        if opens_at and opens_at != row.opens_at:
            row.opens_at = opens_at
            row.save(update_fields=["opens_at"])
            moved.append(opens_at)
    call_at(set(moved))
    return len(moved)
