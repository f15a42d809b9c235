"""From looking at several rooms and dates, and from changes, to what the API answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from booking.alternatives import Alternative
from booking.basket.queries import ApplicationView
from booking.change_terms import ChangeTerms
from booking.wishes import Foreseen
from frontend.api import outputs, several_outputs
from frontend.api.answers import clock, local_moment, price_of, reservation, rule_reason
from frontend.api.refusals import why_not
from tenants.errors import Refusal


def alternative(one: Alternative) -> several_outputs.Alternative:
    """Something that could be had instead."""
    wish = one.wish
    return several_outputs.Alternative(
        key=one.key,
        kind=one.kind,
        room=wish.room.id,
        date=wish.day,
        starts=clock(wish.starts),
        ends=clock(wish.ends),
        price_yen=one.price_yen,
    )


def looked_item(place: int, one: Foreseen, others: Sequence[Alternative]) -> several_outputs.LookedItem:
    """How one item looks now."""
    quote = one.assessed.quote if one.assessed else None
    return several_outputs.LookedItem(
        place=place,
        state=one.state,
        price=price_of(quote.to_dict()) if quote else None,
        opens_at=local_moment(one.opens_at) if one.opens_at else None,
        refused=why_not(one.refusal, within=f"/items/{place}") if one.refusal else None,
        alternatives=[alternative(other) for other in others],
    )


def never_looked_at(place: int, refusal: Refusal) -> several_outputs.LookedItem:
    """An item that is no time to rent."""
    why = why_not(refusal, within=f"/items/{place}")
    return several_outputs.LookedItem(
        place=place, state="refused", price=None, opens_at=None, refused=why, alternatives=[]
    )


def application(view: ApplicationView) -> several_outputs.Application:
    """What was applied for at once."""
    row = view.application
    return several_outputs.Application(
        ref=row.ref,
        number=row.number,
        group=outputs.GroupName(ref=row.group.ref, name=row.group.name) if row.group else None,
        purpose=row.purpose,
        created_at=local_moment(row.created_at),
        price_yen=view.price_yen,
        reservations=[reservation(part.reservation) for part in view.parts],
    )


def application_result(
    view: ApplicationView, refused: Mapping[int, Refusal]
) -> several_outputs.ApplicationResult:
    """What was applied for at once, and what of it could not be had."""
    items = [
        several_outputs.RefusedItem(place=place, **why_not(one, within=f"/items/{place}").model_dump())
        for place, one in sorted(refused.items())
    ]
    return several_outputs.ApplicationResult(**application(view).model_dump(), refused=items)


def change_terms(terms: ChangeTerms) -> several_outputs.ChangeTerms:
    """What a change would mean."""
    return several_outputs.ChangeTerms(
        allowed=terms.allowed,
        reasons=[rule_reason(one) for one in terms.reasons],
        status="applied" if terms.status == terms.status.APPLIED else "confirmed",
        before_yen=terms.before_yen,
        after_yen=terms.after_yen,
        fee_yen=terms.fee_yen,
        pay_yen=terms.pay_yen,
        refund_yen=terms.refund_yen,
        price=price_of(terms.quote.to_dict()) if terms.quote else None,
    )
