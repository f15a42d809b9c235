"""What a page of changing carries from step to step: room, day, time, and what is said of the use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from accounts.actors import Actor
from booking.change_terms import ChangeTerms
from booking.changing import Changed, change_reservation, change_terms
from booking.queries import ReservationView
from facilities.asking import Questions, fitting_details
from facilities.details import Details
from facilities.errors import NoRulesYet
from facilities.periods import local, moment
from facilities.queries import RoomFacts
from frontend.changing.times import chosen_time
from frontend.resident.choices import ChosenTime
from frontend.resident.use_form import UseForm

# What the address and the hidden fields of the last form carry of the choice itself.
_PLACE = ("room", "day", "time", "starts", "ends", "override")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A room, a day and a time that was chosen, as aware instants too."""

    room: RoomFacts
    day: date
    time: ChosenTime

    @property
    def starts_at(self) -> datetime:
        """When it would begin, what lengthens it included."""
        return moment(self.day, self.time.whole[0], self.room.zone)

    @property
    def ends_at(self) -> datetime:
        """When it would end, what lengthens it included."""
        return moment(self.day, self.time.whole[1], self.room.zone)


def room_in(query: Mapping[str, str], rooms: Sequence[RoomFacts], view: ReservationView) -> RoomFacts:
    """Return the room an address names, if it is one of these; else the booking's own."""
    wanted = query.get("room", "")
    return next((room for room in rooms if str(room.id) == wanted), view.room)


def own_day(view: ReservationView) -> date:
    """Return the local day of a booking."""
    return local(view.starts_at, view.room.zone)[0]


def chosen_in(query: Mapping[str, str], room: RoomFacts, day: date) -> Chosen | None:
    """Return what an address says was chosen; None while no time is."""
    time = chosen_time(query.get("time", ""), query.get("starts", ""), query.get("ends", ""))
    return Chosen(room, day, time) if time else None


def use_form(
    view: ReservationView, chosen: Chosen, questions: Questions, query: Mapping[str, Any]
) -> UseForm:
    """Return the questions of the room chosen: as answered on this page, else as answered for the booking."""
    details = _kept(view, chosen)
    draft = {"purpose": view.purpose, "headcount": view.headcount, "details": details}
    data = query if query.get("asked") else None
    return UseForm(data, questions=questions, draft=draft, capacity=chosen.room.capacity)


def details_of(view: ReservationView, chosen: Chosen, form: UseForm) -> Details:
    """Return what is said of the changed use."""
    said = form.details() if form.is_bound and form.is_valid() else _kept(view, chosen)
    return replace(
        said, early_minutes=chosen.time.early_minutes, extension_minutes=chosen.time.extension_minutes
    )


def look(
    view: ReservationView, chosen: Chosen, form: UseForm, *, actor: Actor, now: datetime, reason: str = ""
) -> ChangeTerms:
    """Return what the change would mean. Raises the refusals of ``change_terms``."""
    return change_terms(
        ref=view.ref,
        room_id=chosen.room.id,
        starts_at=chosen.starts_at,
        ends_at=chosen.ends_at,
        details=details_of(view, chosen, form),
        actor=actor,
        now=now,
        override_reason=reason,
    )


def carry_out_change(
    view: ReservationView,
    chosen: Chosen,
    form: UseForm,
    *,
    sequence: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Changed:
    """Change the booking as it was seen (``sequence``). Raises the refusals of ``change_reservation``."""
    return change_reservation(
        ref=view.ref,
        room_id=chosen.room.id,
        starts_at=chosen.starts_at,
        ends_at=chosen.ends_at,
        details=details_of(view, chosen, form),
        actor=actor,
        now=now,
        override_reason=reason,
        expected_sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 9 else -1,
    )


def carried(query: Mapping[str, str], *, but: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what a form must carry on in hidden fields: the place, and what was answered."""
    answered = [name for name in query if query.get("asked") and is_answer(name)]
    names = dict.fromkeys([*(name for name in _PLACE if query.get(name)), *answered])
    return [(name, query[name]) for name in names if name not in but]


def is_answer(name: str) -> bool:
    """Whether a field says something of the use, not of the place."""
    return name in {"asked", "purpose", "headcount", "who", "use"} or name.startswith(("q_", "x_"))


def _kept(view: ReservationView, chosen: Chosen) -> Details:
    own_class = view.details.applicant_class
    try:
        said = fitting_details(chosen.room, chosen.day, view.details, own_class=own_class)
    except NoRulesYet:
        said = view.details
    return replace(said, applicant_class="")
