"""What a visitor says on a room's page before choosing a day, where the rules of the room need it for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.forms import BoundField
from django.utils.translation import gettext_lazy

from facilities.asking import Questions
from facilities.details import Details
from frontend.forms import PlainForm
from frontend.resident.question_fields import (
    AmountField,
    answers_in,
    class_field,
    purpose_field,
    question_field,
)


class EarlyForm(PlainForm):
    """The few questions that decide when a room can be had. Nothing must be answered; nonsense counts as nothing."""

    headcount = AmountField(
        label=gettext_lazy("何人で使いますか"), unit="人", required=False, min_value=1, max_value=100_000
    )

    def __init__(self, data: Mapping[str, Any], *, questions: Questions) -> None:
        """``data``: of the address (GET), or of the form the page sent."""
        asked = questions.asked
        super().__init__(data)
        self.questions = questions
        if not asked.headcount:
            del self.fields["headcount"]
        if questions.classes:
            self.fields["who"] = class_field(questions.classes, required=False)
        if asked.purposes:
            self.fields["use"] = purpose_field(asked.purposes, required=False)
        for one in asked.questions:
            self.fields[f"q_{one.key}"] = question_field(one, required=False)
        self.is_valid()

    @property
    def rows(self) -> list[BoundField]:
        """The fields, in the order they are asked."""
        return [self[name] for name in self.fields]

    @property
    def said(self) -> dict[str, str]:
        """What was said and makes sense, as an address carries it."""
        good = {name: self.data.get(name, "") for name in self.fields if name in self.cleaned_data}
        return {name: str(value)[:100] for name, value in good.items() if value}

    @property
    def query(self) -> str:
        """``use=concert``, or nothing."""
        return urlencode(self.said)

    def details(self) -> Details:
        """Return what was said as the services want it."""
        return Details(
            purpose=self.cleaned_data.get("use", ""),
            headcount=self.cleaned_data.get("headcount"),
            answers=answers_in(self.cleaned_data, self.questions.asked.questions),
            applicant_class=self.cleaned_data.get("who", ""),
        )
