"""Whatever happens to money in whatever order, and wherever the machine stops: three ledgers agree to the yen.

``make test`` tries 500 runs; ``make explore-money`` 5,000 (RUNS=5000).
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.money.staff_machine import StaffMachine
from tests.money.world import RULES, World, open_account

RUNS = int(os.environ.get("RUNS", "500"))
PHASES = [Phase.explicit, Phase.generate] if os.environ.get("NOSHRINK") else list(Phase)


@pytest.mark.timeout(3600 * 3)
@pytest.mark.parametrize("half", [1, 2])
def test_three_ledgers_agree_after_any_order_of_things(
    city, hokota, now, publish, fake_stripe, public_client, record_property, half
):
    """In two halves, for two cores."""
    publish(*RULES)
    StaffMachine.stripe, StaffMachine.browser = fake_stripe, public_client
    StaffMachine.account = open_account(fake_stripe, city, now)
    StaffMachine.stranger = open_account(fake_stripe, hokota, now)
    StaffMachine.world, StaffMachine.figures = World(now), Counter()
    run_state_machine_as_test(
        StaffMachine,
        settings=settings(
            max_examples=max(RUNS // 2, 1),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
    counted = ", ".join(f"{name} {number:,}" for name, number in sorted(StaffMachine.figures.items()))
    record_property("figures", f"Money in any order ({half} of 2): {counted}. No yen of difference.")
