"""What several rooms are for: one purpose and each question once, then what each room asks by itself (extras)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from booking.standing import classes_of
from booking.wishes import Wish
from facilities.asking import Questions, prices_of_extras
from facilities.details import Details
from facilities.ordinance import Asked, AskedQuestion
from facilities.ordinance.answers import Choice
from facilities.ordinance.document.clauses import ApplicantClass
from facilities.queries import RoomFacts
from facilities.room_rules import Asker
from frontend.resident.question_fields import answers_in, class_field, extra_field
from frontend.resident.use_form import ExtraGroup, ExtraRow, UseForm, in_short_groups
from frontend.several.who import Who
from frontend.templatetags.machinoma import unit_word


@dataclass(frozen=True, slots=True)
class RoomAsked:
    """A room that is asked for, what its rules ask, and what one of each of its extras costs in yen."""

    room: RoomFacts
    questions: Questions
    prices: Mapping[str, int]
    own_class: str


def rooms_asked(wishes: Iterable[Wish], who: Who, now: datetime) -> list[RoomAsked]:
    """Return each room among the wishes once, with what it asks on the first of its days."""
    first: dict[int, Wish] = {}
    for wish in wishes:
        first.setdefault(wish.room.id, wish)
    class_of = classes_of(who.party)
    found = []
    for wish in first.values():
        own = class_of(wish.room, wish.day)
        asker = Asker(own, who.channel, now, replace(wish.details, extras={}))
        prices = prices_of_extras(wish.room, wish.day, wish.starts, wish.ends, asker)
        found.append(RoomAsked(wish.room, who.questions(wish.room, wish.day, own), prices, own))
    return found


class SeveralForm(UseForm):
    """One purpose, one number of people, each question of any of the rooms once; extras room by room."""

    def __init__(
        self,
        data: Any = None,
        *,
        rooms: Sequence[RoomAsked],
        purpose: str,
        said: Mapping[int, Details],
        by_staff: bool = False,
    ) -> None:
        """``said``: what was said before, by room; ``purpose``: the applicant's own words.

        ``by_staff``: the class need not be said; then it is the applicant's own.
        """
        before = list(said.values())
        draft = {
            "purpose": purpose,
            "headcount": next((one.headcount for one in before if one.headcount), None),
            "details": _together([*before, *(Details(applicant_class=one.own_class) for one in rooms)]),
        }
        capacity = rooms[0].room.capacity if len(rooms) == 1 else None
        super().__init__(data, questions=_merged(rooms), draft=draft, capacity=capacity)
        self.rooms = rooms
        if by_staff and "who" in self.fields:
            self.fields["who"] = class_field(self.questions.classes, required=False)
        for one in rooms:
            extras = said[one.room.id].extras if one.room.id in said else {}
            for extra in one.questions.asked.extras:
                name = _extra_name(one.room, extra.key)
                self.fields[name] = extra_field(extra)
                self.initial[name] = extras.get(extra.key)

    def said(self) -> dict[int, Details]:
        """Return what was said, by room: only what the rules of the room ask."""
        return {one.room.id: self._said_for(one) for one in self.rooms}

    def _said_for(self, one: RoomAsked) -> Details:
        given, asked = self.cleaned_data, one.questions.asked
        classes = {each.key for each in one.questions.classes}
        purposes = {each.key for each in asked.purposes}
        extras = {each.key: given.get(_extra_name(one.room, each.key)) for each in asked.extras}
        return Details(
            purpose=given["use"] if given.get("use") in purposes else "",
            headcount=given["headcount"],
            answers=answers_in(given, asked.questions),
            extras={key: number for key, number in extras.items() if number},
            applicant_class=given["who"] if given.get("who") in classes else "",
        )

    def extras_by_room(self) -> list[tuple[RoomFacts, list[ExtraGroup]]]:
        """The extras of each room that lends some, in groups short enough to be read."""
        return [(one.room, self._groups(one)) for one in self.rooms if one.questions.asked.extras]

    def _groups(self, one: RoomAsked) -> list[ExtraGroup]:
        rows = [
            ExtraRow(
                self[_extra_name(one.room, each.key)],
                unit_word(each.unit or ""),
                one.prices.get(each.key),
                each.stock,
            )
            for each in one.questions.asked.extras
        ]
        return in_short_groups(rows)


def _extra_name(room: RoomFacts, key: str) -> str:
    return f"x_{room.id}_{key}"


def _merged(rooms: Sequence[RoomAsked]) -> Questions:
    """Everything any of the rooms asks but extras, each key once."""
    classes: dict[str, ApplicantClass] = {}
    purposes: dict[str, Choice] = {}
    questions: dict[str, AskedQuestion] = {}
    for one in rooms:
        classes |= {each.key: each for each in one.questions.classes if each.key not in classes}
        purposes |= {each.key: each for each in one.questions.asked.purposes if each.key not in purposes}
        questions |= {each.key: each for each in one.questions.asked.questions if each.key not in questions}
    asked = Asked(tuple(questions.values()), tuple(purposes.values()), (), True)
    return Questions(asked, tuple(classes.values()))


def _together(said: Iterable[Details]) -> Details:
    """What was said for any of the rooms, to start from."""
    found = Details()
    for one in said:
        found = replace(
            found,
            purpose=found.purpose or one.purpose,
            answers={**one.answers, **found.answers},
            applicant_class=found.applicant_class or one.applicant_class,
        )
    return found
