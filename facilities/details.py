"""What an applicant says of a use beyond room and time, and whether it is what the rules ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from facilities.ordinance import Asked, AskedQuestion, Rules

Answer = str | bool | int
MOST_OF_AN_EXTRA = 10_000
MOST_OF_A_NUMBER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Details:
    """What an applicant says of a use, as far as the rules ask for it.

    ``purpose`` is a key of the rules' purposes, ``answers`` those to their questions, ``extras`` how many of each.
    ``early_minutes`` and ``extension_minutes`` are the parts at both ends that lengthen the time that is rented.
    ``applicant_class`` is said for this use alone; empty: the applicant's own.
    """

    purpose: str = ""
    headcount: int | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    extras: Mapping[str, int] = field(default_factory=dict)
    early_minutes: int = 0
    extension_minutes: int = 0
    applicant_class: str = ""


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Unfit:
    """One thing said that the rules do not ask for like this. ``part`` and ``key`` say where it stands."""

    part: Literal["applicant_class", "purpose", "answers", "extras"]
    key: str
    reason: Literal["unknown", "no_choice", "no_number", "no_yes_no", "too_many"]


def unfit_details(
    rules: Rules, asked: Asked, details: Details, *, own_class: str, by_staff: bool
) -> tuple[Unfit, ...]:
    """Return what does not fit the rules: keys they do not know, answers of another kind, classes staff must grant.

    ``own_class`` is the one the applicant has already. What is left out is never unfit (``missing_details``).
    """
    return tuple(_unfit(rules, asked, details, own_class, by_staff))


def missing_details(asked: Asked, details: Details) -> tuple[str, ...]:
    """Return what the rules need to know and was not said: ``purpose``, ``headcount``."""
    missing = []
    if asked.purposes and not details.purpose:
        missing.append("purpose")
    if asked.headcount and details.headcount is None:
        missing.append("headcount")
    return tuple(missing)


def unfit_answers(
    questions: Sequence[AskedQuestion], answers: Mapping[str, Answer], *, by_staff: bool
) -> tuple[Unfit, ...]:
    """Return the answers that do not fit the questions; applicants answer only those that are put to them."""
    known = {one.key: one for one in questions if by_staff or one.answered_by == "applicant"}
    wrong = ((key, _unfit_answer(known.get(key), answer)) for key, answer in answers.items())
    return tuple(Unfit("answers", key, reason) for key, reason in wrong if reason)


def _unfit(rules: Rules, asked: Asked, details: Details, own_class: str, by_staff: bool) -> Iterator[Unfit]:
    said = details.applicant_class
    granted = by_staff or said == own_class or (said in rules.classes and not rules.classes[said].granted)
    if said and (said not in rules.classes or not granted):
        yield Unfit("applicant_class", said, "unknown")
    if details.purpose and details.purpose not in {one.key for one in asked.purposes}:
        yield Unfit("purpose", details.purpose, "unknown")
    yield from unfit_answers(asked.questions, details.answers, by_staff=by_staff)
    stocks = {one.key: one.stock for one in asked.extras}
    for key, quantity in details.extras.items():
        if key not in stocks:
            yield Unfit("extras", key, "unknown")
        elif isinstance(quantity, bool) or not 0 <= quantity <= MOST_OF_AN_EXTRA:
            yield Unfit("extras", key, "no_number")
        elif quantity > (stocks[key] or quantity):
            yield Unfit("extras", key, "too_many")


def _unfit_answer(
    question: AskedQuestion | None, answer: Answer
) -> Literal["unknown", "no_choice", "no_number", "no_yes_no"] | None:
    if question is None:
        return "unknown"
    if question.kind == "choice":
        return None if answer in {one.key for one in question.choices} else "no_choice"
    if question.kind == "yes_no":
        return None if isinstance(answer, bool) else "no_yes_no"
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer <= MOST_OF_A_NUMBER:
        return "no_number"
    return None
