"""The page a message leads to: always one of this municipality's own."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.groups.services import invitation_token
from accounts.notices.kinds import Kind
from booking.queries import ReservationView
from frontend.mails.exemptions import staff_page
from frontend.mails.occasions import Occasion

_REVIEWS = frozenset({"review_waiting", "review_late"})


def page_for(kind: Kind, occasion: Occasion, views: Sequence[ReservationView], site: str) -> str:
    """Return the address where the reader of a message goes on. ``views``: the reservations they are told of."""
    path = occasion.event.facts.get("path", "")
    if occasion.invitation is not None:
        return site + reverse("group-join", args=[invitation_token(occasion.invitation)])
    # Only a path of our own: a message must not send people elsewhere.
    if path.startswith("/") and not path.startswith("//") and not kind.for_staff:
        return site + path
    return site + (_for_staff(kind, occasion, views) if kind.for_staff else _for_resident(occasion, views))


def _for_staff(kind: Kind, occasion: Occasion, views: Sequence[ReservationView]) -> str:
    exempting = staff_page(occasion.event.facts)
    if exempting:
        return exempting
    if kind.key in _REVIEWS:
        return reverse("desk:review", args=[views[0].ref]) if len(views) == 1 else reverse("desk:reviews")
    if occasion.registration is not None:
        return reverse("desk:registration", args=[occasion.registration.ref])
    return reverse("desk:reservation", args=[views[0].ref]) if len(views) == 1 else reverse("desk:home")


def _for_resident(occasion: Occasion, views: Sequence[ReservationView]) -> str:
    if len(views) == 1:
        return reverse("reservation", args=[views[0].ref])
    if occasion.event.group_ref and occasion.group is not None:
        return reverse("group", args=[occasion.group.ref])
    return reverse("my")
