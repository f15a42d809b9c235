"""A designated agent fits into the interface; money entrusted to it in time counts as paid on that day."""

from __future__ import annotations

from datetime import date

import pytest

from payments.gateways import gateway
from payments.gateways.agents import DesignatedAgent, Designation, paid_on
from payments.gateways.base import CheckoutGateway

HELD = Designation(
    number="告示第12号",
    notified_on=date(2027, 3, 1),
    revenue=frozenset({"01-14-01"}),
    valid_from=date(2027, 4, 1),
    valid_until=date(2028, 3, 31),
)


@pytest.mark.parametrize(
    ("item", "entrusted", "counts"),
    [
        ("01-14-01", date(2027, 5, 31), date(2027, 5, 31)),
        ("01-14-01", date(2027, 4, 1), date(2027, 4, 1)),
        ("01-14-01", date(2027, 3, 31), date(2027, 6, 10)),
        ("01-14-01", date(2028, 4, 1), date(2027, 6, 10)),
        ("99", date(2027, 5, 31), date(2027, 6, 10)),
    ],
)
def test_money_counts_from_the_day_it_was_entrusted(item, entrusted, counts):
    received = date(2027, 6, 10)
    assert paid_on(HELD, item_code=item, entrusted_on=entrusted, received_on=received) == counts


def test_a_provider_that_was_not_designated_is_no_agent():
    stripe = gateway("stripe")
    assert isinstance(stripe, CheckoutGateway)
    assert not isinstance(stripe, DesignatedAgent)


def test_what_an_agent_adds_makes_a_provider_one():
    added = {name: lambda self, *_given: None for name in ("designation", "entrusted_on", "paid_over")}
    agent = type("Agent", (type(gateway("stripe")),), added)()
    assert isinstance(agent, DesignatedAgent)
