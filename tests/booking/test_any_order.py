"""Whatever is done in whatever order: no overlap, no limit exceeded, every transition legal, nothing lost.

``make test`` tries 500 examples of up to 50 steps; ``make explore`` many more (EXAMPLES=20000).
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, multiple, rule, run_state_machine_as_test

from accounts.actors import Actor
from booking.closing import close_rooms, lift_closure
from booking.displacing.acting import Choice, displace
from booking.displacing.looking import Taking
from booking.models import Reservation
from booking.reviewing.deciding import permit_applications, refuse_applications
from tests.booking.operations import AT_MOST, Operations, World, times

EXAMPLES = int(os.environ.get("EXAMPLES", "500"))
PHASES = [Phase.explicit, Phase.generate] if os.environ.get("NOSHRINK") else list(Phase)

APPLICATION = "applications:\n  open:\n"
RULES = (
    f"    limits: [{{key: weekly, name: 1週間の予約, at_most: {AT_MOST}, of: bookings, per: week}}]\n"
    "    reviews: [{name: 木曜の利用, when: {days: {weekdays: [thu]}}}]\n"
)


class AnyOrder(Operations):
    """What residents do, and what staff do beside it: closing, reviewing, official use."""

    closures = Bundle("closures")

    @rule(target=closures, time=times)
    def close(self, time):
        wish = self.wish("", time)
        room, starts_at, ends_at = self.world.time(time)
        closure = self.attempt(
            self.oracle.against_closing(wish),
            lambda: close_rooms(
                facility_id=room.facility_id,
                room_ids=[room.id],
                starts_at=starts_at,
                ends_at=ends_at,
                reason="保守",
                staff_id=self.world.staff_id,
                now=self.oracle.now,
            ),
        )
        return multiple() if closure is None else self.note_closure(closure, wish)

    @rule(closure=consumes(closures))
    def lift(self, closure):
        lift_closure(closure_id=closure, staff_id=self.world.staff_id, now=self.oracle.now)
        self.oracle.uses[f"closure {closure}"].status = "cancelled"

    @rule(ref=Operations.taken, yes=st.booleans())
    def decide(self, ref, yes):
        use, staff = self.oracle.uses[str(ref)], Actor("staff", self.world.staff_id)
        right = set() if use.status == "applied" else {"review_over"}
        if yes:
            act = lambda: permit_applications(refs=[ref], conditions="", actor=staff, now=self.oracle.now)  # noqa: E731
        else:
            act = lambda: refuse_applications(refs=[ref], reason="満室", actor=staff, now=self.oracle.now)  # noqa: E731
        if self.attempt(right, act) is not None:
            use.status = "confirmed" if yes else "refused"

    @rule(target=closures, time=times)
    def take_for_an_election(self, time):
        """Everybody in the way loses it; holds are given up; closed times stay closed."""
        wish = self.wish("", time)
        hit = {
            name: use
            for name, use in self.oracle.uses.items()
            if self.oracle.lives(use) and use.overlaps(wish)
        }
        if any(not use.owner for use in hit.values()):
            return multiple()
        rows = Reservation.objects.filter(ref__in=hit).exclude(status="hold")
        room, starts_at, ends_at = self.world.time(time)
        displacement = displace(
            taking=Taking(room.facility_id, (room.id,), starts_at, ends_at, "election", "投票所"),
            choices={row.ref: Choice("cancel") for row in rows},
            seen={row.ref: row.sequence for row in rows},
            appeal_notice="",
            answer_by=None,
            staff_id=self.world.staff_id,
            now=self.oracle.now,
        )
        for use in hit.values():
            use.status = "expired" if use.status == "hold" else "cancelled"
        return self.note_closure(displacement.closure, wish)

    def note_closure(self, closure, wish):
        self.oracle.uses[f"closure {closure.pk}"] = wish
        return closure.pk


@pytest.mark.timeout(3600)
def test_any_order_of_operations_agrees_with_the_oracle(city, now, publish):
    publish((APPLICATION, APPLICATION + RULES))
    AnyOrder.world = World(now)
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
