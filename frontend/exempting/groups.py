"""Applying for a group: first under which rules, then the ground and the halls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from accounts.actors import Actor
from booking.exempting.standing import apply_for_standing, standing_grounds
from booking.models import StandingExemption
from facilities.models import Facility
from facilities.queries import open_facilities
from frontend.exempting.forms import ALL_HALLS, StandingForm
from frontend.resident.days import today


@dataclass(frozen=True, slots=True)
class StandingChoice:
    """The halls with grounds under one rule book, and the form to apply there. ``others``: the first hall of each other
    rule book that has grounds, to look at instead.
    """

    halls: Sequence[Facility]
    others: Sequence[Facility]
    form: StandingForm

    @classmethod
    def of(cls, request: HttpRequest, now: datetime) -> StandingChoice | None:
        """Return the choice for the hall named in the address, else the first; None where no rules have grounds."""
        day = today(now)
        with_grounds = [one for one in open_facilities() if standing_grounds(one, day=day)]
        books: dict[int, list[Facility]] = {}
        for hall in with_grounds:
            books.setdefault(hall.rule_book_id, []).append(hall)
        if not books:
            return None
        named = next((one for one in with_grounds if one.key == request.GET.get("hall")), with_grounds[0])
        halls = books[named.rule_book_id]
        grounds = {one.key: one for hall in halls for one in standing_grounds(hall, day=day)}
        others = [rest[0] for book, rest in books.items() if book != named.rule_book_id]
        form = StandingForm(request.POST or None, grounds=list(grounds.values()), halls=halls)
        return cls(halls, others, form)


def apply_for_group(choice: StandingChoice, group_id: int, actor: Actor, now: datetime) -> StandingExemption:
    """Apply with what was chosen. Raises what ``apply_for_standing`` raises."""
    given = choice.form.cleaned_data
    named = next((one for one in choice.halls if str(one.pk) == given["where"]), None)
    knowing = (
        one
        for one in choice.halls
        if any(ground.key == given["ground"] for ground in standing_grounds(one, day=today(now)))
    )
    return apply_for_standing(
        group_id=group_id,
        facility=named or next(knowing, choice.halls[0]),
        all_halls=given["where"] == ALL_HALLS,
        ground=given["ground"],
        remark=given["remark"],
        actor=actor,
        now=now,
        today=today(now),
    )
