"""What a room is for, how many come, and what else its rules ask: the step between a held time and the check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.errors import DetailsMissing, DetailsUnfit, TooManyPeople
from booking.queries import ReservationView, class_of_hirer
from facilities.asking import Questions, prices_of_extras
from facilities.details import Details
from facilities.periods import local, local_end
from facilities.room_rules import Asker
from frontend.forms import PlainForm, WholeNumberField
from frontend.resident.forms import OneLineField
from frontend.resident.question_fields import (
    answers_in,
    class_field,
    extra_field,
    initial_of,
    purpose_field,
    question_field,
    usual_of,
)
from frontend.resident.said import questions_of
from frontend.templatetags.machinoma import unit_word, with_unit, yen
from tenants.errors import Refusal

EXTRAS_PER_GROUP = 10


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """An extra that can be asked for: its field, its unit, and what one costs (None: not known)."""

    field: BoundField
    unit: str
    yen: int | None
    stock: int | None

    @property
    def price(self) -> str:
        """What one of it costs, and how many there are, in words; empty when not known."""
        words = []
        if self.yen is not None:
            words.append(_("{one}につき {price}").format(one=with_unit(1, self.unit), price=yen(self.yen)))
        if self.stock is not None:
            words.append(_("{most}まで").format(most=with_unit(self.stock, self.unit)))
        return _("、").join(words)


@dataclass(frozen=True, slots=True)
class ExtraGroup:
    """Some extras that follow each other in the rules. It is open when something in it was chosen, or is wrong."""

    rows: tuple[ExtraRow, ...]
    is_open: bool
    is_only: bool

    @property
    def last(self) -> ExtraRow:
        """The last one: group and rows are named by the first and it."""
        return self.rows[-1]


def in_short_groups(rows: Sequence[ExtraRow]) -> list[ExtraGroup]:
    """Return the rows in groups short enough to be read."""
    parts = [rows[at : at + EXTRAS_PER_GROUP] for at in range(0, len(rows), EXTRAS_PER_GROUP)]
    return [
        ExtraGroup(
            tuple(part),
            any(row.field.value() or row.field.errors for row in part),
            is_only=len(parts) == 1,
        )
        for part in parts
    ]


class UseForm(PlainForm):
    """What the room is for and how many come, then exactly what the rules of the room ask."""

    purpose = OneLineField(
        label=gettext_lazy("何に使いますか"),
        help_text=gettext_lazy("例：体操の会、町内会の集まり"),
        max_length=200,
        error_messages={"required": gettext_lazy("何に使うかを書いてください。")},
    )
    headcount = WholeNumberField(
        label=gettext_lazy("何人で使いますか"),
        min_value=1,
        max_value=100_000,
        error_messages={
            "required": gettext_lazy("人数を書いてください。"),
            "invalid": gettext_lazy("人数は、数字で書いてください。"),
            "min_value": gettext_lazy("人数は、1人からです。"),
            "max_value": gettext_lazy("人数が多すぎます。"),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Questions,
        draft: Mapping[str, Any],
        capacity: int | None = None,
        prices: Mapping[str, int] | None = None,
    ) -> None:
        """``draft`` holds purpose, headcount and details to start from; ``prices`` are those of one of each extra."""
        details = draft.get("details") or Details()
        usual = Details(answers=usual_of(questions.asked.questions))
        own_words = {key: draft.get(key) for key in ("purpose", "headcount")}
        initial = initial_of(usual) | initial_of(details) | own_words
        super().__init__(data, initial=initial)
        self.questions, self.capacity, self.prices = questions, capacity, prices or {}
        if capacity:
            self.fields["headcount"].help_text = _("この部屋は{capacity}人までです。").format(
                capacity=capacity
            )
        self._ask(questions)

    def _ask(self, questions: Questions) -> None:
        if questions.classes:
            self.fields["who"] = class_field(questions.classes)
        if questions.asked.purposes:
            self.fields["use"] = purpose_field(questions.asked.purposes)
        for one in questions.asked.questions:
            self.fields[f"q_{one.key}"] = question_field(one)
        for extra in questions.asked.extras:
            self.fields[f"x_{extra.key}"] = extra_field(extra)

    def clean_headcount(self) -> int:
        """Return the number of people. Raises ValidationError beyond the room's capacity."""
        headcount: int = self.cleaned_data["headcount"]
        if self.capacity and headcount > self.capacity:
            raise forms.ValidationError(self._too_many(self.capacity), code="too_many_people")
        return headcount

    def details(self) -> Details:
        """Return what was said, once the form is valid."""
        said, asked = self.cleaned_data, self.questions.asked
        return Details(
            purpose=said.get("use", ""),
            headcount=said["headcount"],
            answers=answers_in(said, asked.questions),
            extras={one.key: said[f"x_{one.key}"] for one in asked.extras if said.get(f"x_{one.key}")},
            applicant_class=said.get("who", ""),
        )

    def rule_rows(self) -> list[tuple[BoundField, str]]:
        """The fields of the rules but the extras, each with the unit behind it."""
        asked = self.questions.asked
        rows = [(self[name], "") for name in ("who", "use") if name in self.fields]
        return rows + [
            (self[f"q_{one.key}"], unit_word(one.unit or "") if one.kind == "number" else "")
            for one in asked.questions
        ]

    def extra_groups(self) -> list[ExtraGroup]:
        """The extras in groups short enough to be read."""
        rows = [
            ExtraRow(self[f"x_{one.key}"], unit_word(one.unit or ""), self.prices.get(one.key), one.stock)
            for one in self.questions.asked.extras
        ]
        return in_short_groups(rows)

    def take_refusal(self, refusal: Refusal) -> bool:
        """Put what was refused beside the field it is about. Says whether every part of it found its field."""
        names = _fields_of(refusal)
        if not names or not names <= self.fields.keys():
            return False
        for name in names:
            field = self.fields[name]
            if isinstance(refusal, TooManyPeople):
                self.add_error(name, self._too_many(refusal.facts["capacity"]))
            else:
                self.add_error(
                    name, field.error_messages.get("invalid_choice") or field.error_messages["required"]
                )
        return True

    @staticmethod
    def _too_many(capacity: int) -> str:
        words = _("この部屋は{capacity}人までです。人数を直すか、大きい部屋を選んでください。")
        return words.format(capacity=capacity)


def use_form(held: ReservationView, draft: Mapping[str, Any], data: Any = None) -> UseForm:
    """Return the form for a held time, with what to start from and what each extra costs."""
    room, details = held.agreed_room, draft.get("details") or held.details
    day, starts = local(held.starts_at, room.zone)
    ends = local_end(held.ends_at, day, room.zone)
    said = replace(
        details,
        extras={},
        early_minutes=held.details.early_minutes,
        extension_minutes=held.details.extension_minutes,
    )
    asker = Asker(class_of_hirer(held), held.channel, held.created_at, said)
    return UseForm(
        data,
        questions=questions_of(held),
        draft=draft,
        capacity=room.capacity,
        prices=prices_of_extras(room, day, starts, ends, asker),
    )


def _fields_of(refusal: Refusal) -> set[str]:
    if isinstance(refusal, TooManyPeople):
        return {"headcount"}
    if isinstance(refusal, DetailsMissing):
        return {{"purpose": "use"}.get(key, key) for key in refusal.facts.get("missing", ())}
    if isinstance(refusal, DetailsUnfit):
        names = {"purpose": "use", "applicant_class": "who"}
        prefixes = {"answers": "q_", "extras": "x_"}
        return {names.get(one.part) or f"{prefixes[one.part]}{one.key}" for one in refusal.facts["unfit"]}
    return set()
