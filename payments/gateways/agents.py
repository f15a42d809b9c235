"""Room for a designated agent (指定納付受託者, 地方自治法231条の2の2 to 231条の2の5): GMO, SB and their like.

An agent is a gateway whose provider takes the money (``CheckoutGateway``) and that the head of a municipality has
designated for kinds of revenue, with a public notice. A new one is one file here and one line in the registry; what it
does beyond a provider is written in docs/money.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from payments.gateways.base import CheckoutGateway, GatewayMovement


@dataclass(frozen=True, slots=True)
class Designation:
    """That an agent may take money for a municipality: the number and day of the notice (告示), for which kinds of
    revenue (keys of revenue items), and from which to which day; ``valid_until`` None: until it is taken back."""

    number: str
    notified_on: date
    revenue: frozenset[str]
    valid_from: date
    valid_until: date | None = None

    def covers(self, item_code: str, day: date) -> bool:
        """Whether money of this revenue item may be entrusted to the agent on this day."""
        in_time = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return in_time and item_code in self.revenue


def paid_on(designation: Designation, *, item_code: str, entrusted_on: date, received_on: date) -> date:
    """Return the day on which money counts as paid: for what the designation covers, the day the payer entrusted it
    to the agent, however many days later the agent pays it over; else the day it was received."""
    return entrusted_on if designation.covers(item_code, entrusted_on) else received_on


@runtime_checkable
class DesignatedAgent(CheckoutGateway, Protocol):
    """A gateway whose provider is designated. What it does beyond a provider: it says as what it acts, on which day
    the payer entrusted the money, and what it has paid over to the municipality."""

    def designation(self, account: str, day: date) -> Designation | None:
        """Return the designation that holds for an account on a day; None: it may not take money then."""
        ...

    def entrusted_on(self, account: str, ref: str) -> date:
        """Return the local day on which the payer of a paid checkout entrusted the money."""
        ...

    def paid_over(self, account: str, day: date) -> Sequence[GatewayMovement]:
        """Return what the agent paid over to the municipality's bank on a day, each line with its payment."""
        ...
