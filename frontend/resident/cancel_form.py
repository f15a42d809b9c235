"""What the rules ask somebody who cancels, because the refund depends on it: the weather, say."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField

from facilities.asking import Questions
from facilities.details import Answer
from frontend.forms import PlainForm
from frontend.resident.question_fields import answers_in, question_field
from frontend.templatetags.machinoma import unit_word


class CancelForm(PlainForm):
    """The questions of the rules; none for most halls. Then any submit of the page is valid."""

    def __init__(self, data: Any = None, *, questions: Questions) -> None:
        """Ask what only the applicant can know."""
        super().__init__(data)
        self.asked = tuple(one for one in questions.asked.when_cancelling if one.answered_by == "applicant")
        for one in self.asked:
            self.fields[f"q_{one.key}"] = question_field(one)

    @property
    def rows(self) -> list[tuple[BoundField, str]]:
        """The questions, each with the unit behind it."""
        return [
            (self[f"q_{one.key}"], unit_word(one.unit or "") if one.kind == "number" else "")
            for one in self.asked
        ]

    def answers(self) -> dict[str, Answer]:
        """Return what was answered and makes sense."""
        return answers_in(self.cleaned_data, self.asked) if self.is_bound else {}
