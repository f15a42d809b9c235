"""Whether a ground can reduce the fee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from facilities.ordinance.answers import Exempted, Exemption, Quote, Use
from facilities.ordinance.document.fee_clauses import ExemptionGround
from facilities.ordinance.document.values import say_share
from facilities.ordinance.facts import Given
from facilities.ordinance.pricing.fees import quote_uses
from facilities.ordinance.pricing.reducing import Grant, granted_share
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import Rules


def exemption(rules: Rules, *, facility: str, ground: str) -> Exemption:
    """Whether a ground (its key) can reduce the fee, and by how many percent; None when staff decide.

    Raises UnknownFacility.
    """
    found = rules.facility(facility).grounds.get(ground)
    if found is None:
        return Exemption(False, None, (Reason("exempt_unknown", {}),))
    return Exemption(True, found.percent, (_reason(found),))


def exempt(
    rules: Rules,
    *,
    facility: str,
    ground: str,
    uses: Sequence[Use],
    applicant_class: str,
    percent: int | None = None,
    yen: int | None = None,
    headcount: int | None = None,
    answers: Mapping[str, Given] | None = None,
    extras: Mapping[str, int] | None = None,
    booked_on: date | None = None,
    paid_on: date | None = None,
    channel: str | None = None,
    granted_before: int = 0,
) -> Exempted:
    """The price of uses under a ground of exemption (its key), with the price before it in the quote.

    `granted_before` is how often it was granted in the period in which the document counts.

    Not eligible where the document's conditions speak against it, or where `percent`, what staff decided,
    is more than the document allows them. Of `yen`, what staff decided instead, no more is taken off than the
    document allows. Raises UnknownFacility, UnknownRoom, NoPrice.
    """
    found = rules.facility(facility).grounds.get(ground)
    ask = partial(
        quote_uses,
        rules,
        facility=facility,
        uses=uses,
        applicant_class=applicant_class,
        headcount=headcount,
        answers=answers,
        extras=extras,
        booked_on=booked_on,
        paid_on=paid_on,
        channel=channel,
    )
    quoted = ask(grants=(Grant(ground, percent, yen, granted_before),))
    if found is None:
        return Exempted(False, None, quoted, (Reason("exempt_unknown", {}),))
    if found.at_most_times is not None and granted_before >= found.at_most_times:
        return _refused("exempt_used_up", found, quoted, number=found.at_most_times)
    share = granted_share(found, percent)
    # Where staff have still to decide, any percentage shows whether the ground's conditions hold.
    undecided = share is None and percent is None and yen is None and found.take_yen is None
    trial = ask(grants=(Grant(ground, 1, None, granted_before),)) if undecided else quoted
    return _answer(found, quoted, share, eligible=trial.before_exemption_yen is not None)


def _answer(found: ExemptionGround, quoted: Quote, share: Fraction | None, *, eligible: bool) -> Exempted:
    if not eligible:
        return _refused("exempt_not_here", found, quoted)
    whole = int(share * 100) if share is not None and (share * 100).denominator == 1 else None
    return Exempted(True, whole, quoted, (_reason(found),), share)


def _refused(code: str, found: ExemptionGround, quoted: Quote, **said: int) -> Exempted:
    name = found.name
    reason = reason_of(code, found, name=name, name_en=found.name_en or name, **said)
    return Exempted(False, None, quoted, (reason,))


def _reason(found: ExemptionGround) -> Reason:
    english = found.name_en or found.name
    if found.percent is not None:
        return reason_of("exempt_percent", found, name=found.name, name_en=english, percent=found.percent)
    text = found.discretionary or ""
    if found.take_yen is not None:
        return reason_of("exempt_yen", found, name=found.name, name_en=english, yen=found.take_yen)
    if found.take is not None:
        share = say_share(found.take)
        return reason_of("exempt_share", found, name=found.name, name_en=english, share=share)
    if found.at_most_percent is not None:
        percent = found.at_most_percent
        return reason_of("exempt_at_most", found, name=found.name, name_en=english, percent=percent)
    return reason_of(
        "exempt_discretionary",
        found,
        name=found.name,
        name_en=english,
        text=text,
        text_en=found.discretionary_en or text,
    )
