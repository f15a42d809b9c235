"""What a room's rules ask, and what they answer to an application, as the API says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking.applications import Assessed
from booking.errors import DetailsMissing, DetailsUnfit
from facilities.details import Unfit
from facilities.ordinance import AskedExtra, AskedQuestion, Choice
from facilities.queries import RoomFacts
from facilities.room_rules import asked_for
from frontend.api import outputs
from frontend.api.answers import local_moment, price_of, rule_reason


def questions_of(room: RoomFacts, day: date) -> outputs.RoomQuestions:
    """What an application for a room is asked on a day. Raises NoRulesYet."""
    asked, rules = asked_for(room, day), room.rules_on(day)
    return outputs.RoomQuestions(
        applicant_classes=[
            outputs.ApplicantClass(
                key=one.key,
                name=_name(one.name, one.name_en or one.name),
                granted_by_staff=one.granted,
            )
            for one in rules.classes.values()
        ],
        usual_class=rules.usual_class,
        purposes=_choices(asked.purposes),
        headcount=asked.headcount,
        questions=[_question(one) for one in asked.questions if one.answered_by == "applicant"],
        extras=[_extra(one) for one in asked.extras],
    )


def use_quote(assessed: Assessed) -> outputs.UseQuote:
    """What the rules answer to an application."""
    decision, quote = assessed.decision, assessed.quote
    return outputs.UseQuote(
        allowed=decision.allowed,
        reasons=[rule_reason(one) for one in decision.reasons],
        opens_at=local_moment(decision.opens_at) if decision.opens_at else None,
        closes_at=local_moment(decision.closes_at) if decision.closes_at else None,
        price=price_of(quote.to_dict()) if quote else None,
    )


def mistakes_of(refusal: DetailsUnfit | DetailsMissing) -> list[dict[str, str]]:
    """Where in the body the details do not fit, or are missing, in words."""
    if isinstance(refusal, DetailsMissing):
        places = {"headcount": "/headcount", "purpose": "/details/purpose"}
        named: Sequence[str] = refusal.facts.get("missing", ())
        return [{"pointer": places[one], "detail": _("必ず送ってください。")} for one in named]
    unfit: Sequence[Unfit] = refusal.facts.get("unfit", ())
    return [{"pointer": _pointer(one), "detail": _sentence(one)} for one in unfit]


def _pointer(unfit: Unfit) -> str:
    within = f"/{unfit.key}" if unfit.part in ("answers", "extras") else ""
    return f"/details/{unfit.part}{within}"


def _sentence(unfit: Unfit) -> str:
    words = {
        "unknown": _("この部屋の規則に、この名前はありません。"),
        "no_choice": _("選べる答えのどれかにしてください。"),
        "no_number": _("0以上の整数で答えてください。"),
        "too_many": _("用意している数をこえています。"),
        "no_yes_no": _("true か false で答えてください。"),
    }
    return words[unfit.reason]


def _name(ja: str, en: str) -> str:
    return ja if (get_language() or "ja") == "ja" else en


def _choices(choices: Sequence[Choice]) -> list[outputs.Choice]:
    return [outputs.Choice(key=one.key, name=_name(one.name_ja, one.name_en)) for one in choices]


def _question(one: AskedQuestion) -> outputs.Question:
    return outputs.Question(
        key=one.key,
        name=_name(one.name_ja, one.name_en),
        kind=one.kind,
        unit=one.unit,
        choices=_choices(one.choices),
        usual=one.usual,
    )


def _extra(one: AskedExtra) -> outputs.Extra:
    name = _name(one.name_ja, one.name_en)
    return outputs.Extra(key=one.key, name=name, unit=one.unit, stock=one.stock)
