"""Refusals in the caller's language: as a problem says them, and beside one of several things asked for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking.errors import DetailsMissing, DetailsUnfit
from booking.whys import Why
from frontend.api import outputs
from frontend.api.answers import rule_reason
from frontend.api.asking import mistakes_of
from tenants.errors import Refusal


def sentence_of(refusal: Refusal) -> str:
    """Return what a refusal tells people: the sentences of the rules where they speak, else its own."""
    reasons = refusal.facts.get("reasons") or ()
    if not reasons:
        return _(refusal.message)
    language = get_language() or "ja"
    return ("" if language == "ja" else " ").join(reason.sentence(language) for reason in reasons)


def why_not(refusal: Refusal, *, within: str = "") -> outputs.WhyNot:
    """Return why one of several things was refused. ``within``: where it stands in what was sent (JSON pointer)."""
    unfit = mistakes_of(refusal) if isinstance(refusal, DetailsUnfit | DetailsMissing) else []
    return outputs.WhyNot(
        code=refusal.code,
        detail=sentence_of(refusal),
        reasons=[rule_reason(one) for one in refusal.facts.get("reasons") or ()],
        errors=[outputs.Mistake(pointer=f"{within}{one['pointer']}", detail=one["detail"]) for one in unfit],
    )


def kept_why(why: Why) -> outputs.RuleReason:
    """Return a reason as it was kept: of the rules, or the sentence of another refusal."""
    if isinstance(why, str):
        return outputs.RuleReason(code="refused", detail=_(why), article=None)
    return rule_reason(why)


def several(refused: Any) -> dict[str, Any]:
    """Return the refusals of several things, by what names each of them, as a problem carries them."""
    return {str(key): why_not(one).model_dump(mode="json") for key, one in refused.items()}
