"""From what queries say of waits to what the API answers."""

from __future__ import annotations

from datetime import datetime

from booking.waiting.queries import OfferView, WaitView
from frontend.api.answers import local_moment
from frontend.api.waiting_outputs import Offer, Wait


def wait(view: WaitView) -> Wait:
    """A wait with its offers."""
    return Wait.model_validate(
        {
            "ref": view.ref,
            "status": str(view.status),
            "wish": str(view.wish),
            "group": view.group,
            "room": view.room.id,
            "others": [room.id for room in view.others],
            "starts_at": local_moment(view.starts_at),
            "ends_at": local_moment(view.ends_at),
            "created_at": local_moment(view.created_at),
            "told_at": _moment(view.told_at),
            "free_at": _moment(view.free_at),
            "ahead": view.ahead,
            "offers": [_offer(one) for one in view.offers],
        }
    )


def _offer(view: OfferView) -> Offer:
    return Offer.model_validate(
        {
            "ref": view.ref,
            "state": str(view.state),
            "room": view.room.id,
            "starts_at": local_moment(view.starts_at),
            "ends_at": local_moment(view.ends_at),
            "offered_at": local_moment(view.offered_at),
            "expires_at": local_moment(view.expires_at),
            "reservation": view.reservation_ref,
        }
    )


def _moment(moment: datetime | None) -> datetime | None:
    return local_moment(moment) if moment else None
