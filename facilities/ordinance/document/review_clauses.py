"""What a document says about reviewing applications (審査), and about the permit that people are given (使用許可書)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.document.clauses import Conditional, Rule
from facilities.ordinance.document.values import Text, one_or_more

PERMIT_TITLE = "使用許可書"
PERMIT_TITLE_EN = "Permit of Use"


class Review(Conditional):
    """Applications that are reviewed before they are permitted. What fits none of them is permitted at once.

    A time of several slots is reviewed where any of its slots is. `decided_by` (who decides) and
    `decided_within_days` (how many days after the application) are told to the applicant and to staff.
    """

    name: Text
    name_en: Text | None = None
    decided_by: Text | None = None
    decided_by_en: Text | None = None
    decided_within_days: Annotated[int, Field(ge=0, le=366)] | None = None


class PermitCondition(Rule):
    """A condition that stands in every permit."""

    name: Text
    name_en: Text | None = None


class PermitDocument(Rule):
    """The permit that people are given: for `every` use, or only for what was `reviewed`.

    `issuer` gives it (the mayor; left out: the municipality). `appeal_to` is where an appeal goes (left out: the
    issuer), `appeal` the whole notice of appeal (教示) in the municipality's own words, instead of the usual one.
    """

    title: Text = PERMIT_TITLE
    title_en: Text = PERMIT_TITLE_EN
    issuer: Text | None = None
    issuer_en: Text | None = None
    given: Literal["every", "reviewed"] = "every"
    conditions: Annotated[tuple[PermitCondition, ...], one_or_more] = ()
    appeal_to: Text | None = None
    appeal_to_en: Text | None = None
    appeal: Text | None = None
    appeal_en: Text | None = None
