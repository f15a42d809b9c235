"""The questions of a room's rules as form fields, and what was answered as the services want it.

Field names: ``who`` (applicant class), ``use`` (purpose of the rules), ``q_<key>`` (question), ``x_<key>`` (extra).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from facilities.details import MOST_OF_A_NUMBER, MOST_OF_AN_EXTRA, Answer, Details
from facilities.ordinance import AskedExtra, AskedQuestion
from facilities.ordinance.document.clauses import ApplicantClass
from frontend.forms import WholeNumberField
from frontend.templatetags.machinoma import name_of, unit_word, with_unit

_YES_NO = {"yes": True, "no": False}


class AmountField(WholeNumberField):
    """A whole number with or without its unit typed behind it: 3, ３台, 1,200円."""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        """``unit``: the word that may stand behind the number."""
        super().__init__(**kwargs)
        self.unit = unit
        self.widget.attrs["maxlength"] = "20"

    def to_python(self, value: Any) -> int | None:
        """Return the number."""
        text = str(value or "").strip()
        for unit in (self.unit, unit_word(self.unit)):
            text = text.removesuffix(unit).strip()
        return super().to_python(text)


def class_field(classes: Iterable[ApplicantClass], *, required: bool = True) -> forms.ChoiceField:
    """Who the applicant is, among the classes they may say."""
    return _one_of(
        _("申し込む人"),
        [(one.key, name_of(one)) for one in classes],
        required,
        help_text=_("料金や申し込める日が変わります。"),
    )


def purpose_field(purposes: Iterable[Any], *, required: bool = True) -> forms.ChoiceField:
    """The purpose, among those of the rules."""
    return _one_of(_("利用の目的"), [(one.key, name_of(one)) for one in purposes], required)


def question_field(question: AskedQuestion, *, required: bool = True) -> forms.Field:
    """One question of the rules."""
    label = name_of(question)
    if question.kind == "choice":
        return _one_of(label, [(one.key, name_of(one)) for one in question.choices], required)
    if question.kind == "yes_no":
        return _one_of(label, [("yes", _("はい")), ("no", _("いいえ"))], required)
    return _number(
        label, question.unit or "", MOST_OF_A_NUMBER, required, _("ないときは、0と書いてください。")
    )


def extra_field(extra: AskedExtra) -> AmountField:
    """How many of an extra; empty means none."""
    most = MOST_OF_AN_EXTRA if extra.stock is None else min(extra.stock, MOST_OF_AN_EXTRA)
    field = _number(name_of(extra), extra.unit or "", most, False, "")
    field.widget.attrs |= {"data-step": "1", "data-most": str(most)}
    return field


def answers_in(cleaned: Mapping[str, Any], questions: Iterable[AskedQuestion]) -> dict[str, Answer]:
    """Return the answers of a checked form by the keys of the questions; what is empty was not answered."""
    found: dict[str, Answer] = {}
    for one in questions:
        given = cleaned.get(f"q_{one.key}")
        if given not in (None, ""):
            found[one.key] = _YES_NO[given] if one.kind == "yes_no" else given
    return found


def initial_of(details: Details) -> dict[str, Any]:
    """Return what was said as start values of the fields."""
    initial: dict[str, Any] = {"use": details.purpose, "who": details.applicant_class}
    for key, answer in details.answers.items():
        initial[f"q_{key}"] = ("yes" if answer else "no") if isinstance(answer, bool) else answer
    return initial | {f"x_{key}": number for key, number in details.extras.items() if number}


def usual_of(questions: Iterable[AskedQuestion]) -> dict[str, Answer]:
    """Return the answers the rules take for granted."""
    return {one.key: one.usual for one in questions if one.usual is not None}


def answer_text(question: AskedQuestion, answer: Answer) -> str:
    """Return an answer in words: はい, 1,200円, the name of a choice."""
    if question.kind == "yes_no":
        return _("はい") if answer else _("いいえ")
    if question.kind == "number":
        return with_unit(int(answer), question.unit or "")
    return next((name_of(one) for one in question.choices if one.key == answer), str(answer))


def _one_of(
    label: str, choices: list[tuple[str, str]], required: bool, help_text: str = ""
) -> forms.ChoiceField:
    please = _("{label}を選んでください。").format(label=label)
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=choices if required else [("", _("選ばない")), *choices],
        required=required,
        widget=forms.RadioSelect if required else forms.Select,
        error_messages={"required": please, "invalid_choice": please},
    )


def _number(label: str, unit: str, most: int, required: bool, help_text: str) -> AmountField:
    return AmountField(
        label=label,
        unit=unit,
        help_text=help_text,
        required=required,
        min_value=0,
        max_value=most,
        error_messages={
            "required": _("{label}を書いてください。").format(label=label),
            "invalid": _("{label}は、数字で書いてください。").format(label=label),
            "min_value": _("{label}は、0からです。").format(label=label),
            "max_value": _("{label}は、{most}までです。").format(label=label, most=with_unit(most, unit)),
        },
    )
