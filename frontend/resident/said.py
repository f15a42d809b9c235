"""What was said of a use, in words: for the page to check it, and for the booking later on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.queries import ReservationView, class_of_hirer
from facilities.asking import Questions, questions_for
from facilities.details import Details
from facilities.periods import local
from frontend.resident.question_fields import answer_text
from frontend.templatetags.machinoma import duration, name_of, with_unit


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said: what it is, the words, and the field where it can be changed (none: not on that page)."""

    label: str
    text: str
    field: str


def questions_of(view: ReservationView) -> Questions:
    """Return what the rules of a reservation ask its hirer."""
    day = local(view.starts_at, view.room.zone)[0]
    return questions_for(view.agreed_room, day, own_class=class_of_hirer(view))


def said_of(questions: Questions, details: Details) -> list[Said]:
    """Return what was said, in the order it was asked; extras only those that were chosen."""
    return list(_said(questions, details))


def _said(questions: Questions, details: Details) -> Iterator[Said]:
    asked = questions.asked
    for one in questions.classes:
        if one.key == details.applicant_class:
            yield Said(_("申し込む人"), name_of(one), "id_who_0")
    for purpose in asked.purposes:
        if purpose.key == details.purpose:
            yield Said(_("利用の目的"), name_of(purpose), "id_use_0")
    for question in asked.questions:
        if question.key in details.answers:
            field = f"id_q_{question.key}" + ("" if question.kind == "number" else "_0")
            yield Said(name_of(question), answer_text(question, details.answers[question.key]), field)
    for extra in asked.extras:
        if details.extras.get(extra.key):
            yield Said(
                name_of(extra), with_unit(details.extras[extra.key], extra.unit or ""), f"id_x_{extra.key}"
            )
    if details.early_minutes:
        yield Said(_("始まりを早める"), duration(details.early_minutes), "")
    if details.extension_minutes:
        yield Said(_("終わりをのばす"), duration(details.extension_minutes), "")
