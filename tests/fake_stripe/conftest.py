"""An account that is ready."""

from __future__ import annotations

import pytest


@pytest.fixture
def account(fake_stripe):
    """A connected account that takes cards, konbini and PayPay."""
    return fake_stripe.ready_account()
