"""Official use (公用・選挙・災害) of rooms that were booked: see who is hit, propose, act once, hear the answers."""

from __future__ import annotations

from booking.displaced import open_offer
from booking.displacing.acting import Choice, displace
from booking.displacing.answering import accept_offer, decline_offer, lapse_offers
from booking.displacing.looking import Foreseen, Hit, Taking, foresee
from booking.displacing.proposing import Alternative

__all__ = [
    "Alternative",
    "Choice",
    "Foreseen",
    "Hit",
    "Taking",
    "accept_offer",
    "decline_offer",
    "displace",
    "foresee",
    "lapse_offers",
    "open_offer",
]
