"""In which ways money can come in: what a hall allows, for whom, and whether its payee can take it that way now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from payments.gateways.base import Limits
from payments.models import HallTerms, Payee
from payments.models.payees import WAYS

# Ways that lead to a page of the provider, and what the provider calls each (its account's capability).
CAPABILITIES: Mapping[str, str] = {
    "card": "card_payments",
    "konbini": "konbini_payments",
    "paypay": "paypay_payments",
}
ONLINE = frozenset(CAPABILITIES)
# A hall without terms of its own takes cash at its desk.
USUAL = ("desk_cash",)
# What the provider takes of each way in one payment (Stripe, November 2026).
LIMITS: Mapping[str, Limits] = {
    "card": Limits(min_yen=50, max_yen=9_999_999),
    "konbini": Limits(min_yen=120, max_yen=300_000),
    "paypay": Limits(min_yen=50, max_yen=1_000_000),
}
_ANY = Limits()


@dataclass(frozen=True, slots=True)
class HallClass:
    """Who pays where: a hall, and the applicant class of the rules they pay as."""

    facility_id: int | None
    applicant_class: str = ""


def ways_for(
    *, facility_id: int | None, applicant_class: str = "", payee_id: int | None = None
) -> tuple[str, ...]:
    """Return the ways (of WAYS, in its order) in which this class can pay at this hall now.

    ``payee_id``: whose money it is, where a charge says so already; else that of the hall's item.
    """
    return ways_of([HallClass(facility_id, applicant_class)], payee_id=payee_id)


def ways_of(halls: Iterable[HallClass], *, payee_id: int | None = None) -> tuple[str, ...]:
    """Return the ways in which all these can be paid at once, to one payee; see ``ways_for``."""
    wanted = set(halls)
    terms = {
        one.facility_id: one
        for one in HallTerms.objects.select_related("item__payee").filter(
            facility__in={one.facility_id for one in wanted if one.facility_id}
        )
    }
    common = set(WAYS)
    for one in wanted:
        found = terms.get(one.facility_id or 0)
        common &= _allowed(found, one.applicant_class)
    if common & ONLINE:
        payee = _payee(payee_id, terms.values())
        common -= ONLINE - (online_ways(payee) if payee else frozenset())
    return tuple(way for way in WAYS if way in common)


def fitting(ways: Sequence[str], yen: int) -> tuple[str, ...]:
    """Return those of these ways that take ``yen`` in one payment."""
    return tuple(way for way in ways if LIMITS.get(way, _ANY).accept(yen))


def online_ways(payee: Payee) -> frozenset[str]:
    """Return the ways a payee's account at the provider takes now; ``stripe_state`` is the account as last read there
    (``charges_enabled`` and ``capabilities``)."""
    state = payee.stripe_state
    if not payee.stripe_account or not state.get("charges_enabled"):
        return frozenset()
    can = state.get("capabilities", {})
    return frozenset(way for way, name in CAPABILITIES.items() if can.get(name) == "active")


def _allowed(terms: HallTerms | None, applicant_class: str) -> set[str]:
    if terms is None:
        return set(USUAL)
    return set(terms.ways_by_class.get(applicant_class) or terms.ways or USUAL)


def _payee(payee_id: int | None, terms: Iterable[HallTerms]) -> Payee | None:
    """The one whose money it is; None where that is several: they are not paid at once."""
    if payee_id is not None:
        return Payee.objects.filter(pk=payee_id).first()
    payees = {one.item.payee_id: one.item.payee for one in terms}
    return next(iter(payees.values())) if len(payees) == 1 else None
