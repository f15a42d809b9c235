"""The line for a released time, without a database: fair by a seed anybody can check, one offer at a time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from booking.waiting.fitting import parts_that_fit
from booking.waiting.lining import Place, drawn, next_step, whole_minute
from facilities.ordinance import DaySlots, Slot

START = datetime(2027, 6, 1, 3, 0, tzinfo=UTC)
IDS = st.lists(st.integers(1, 10_000), unique=True, max_size=8)


@given(ids=IDS, seed=st.text(max_size=32), data=st.data())
def test_the_order_depends_on_nothing_but_the_seed(ids, seed, data):
    mixed = data.draw(st.permutations(ids))
    assert drawn(ids, order="random", seed=seed) == drawn(mixed, order="random", seed=seed)
    assert sorted(drawn(ids, order="random", seed=seed)) == sorted(ids)
    assert drawn(mixed, order="first", seed=seed) == sorted(ids)


def test_everybody_is_first_equally_often():
    firsts = Counter(drawn([11, 12, 13], order="random", seed=f"seed-{n}")[0] for n in range(3000))
    assert all(900 < firsts[one] < 1100 for one in (11, 12, 13))


class OneAtATime(RuleBasedStateMachine):
    """People in a line for a released time, and an oracle that knows only who was asked when."""

    @initialize(people=st.integers(0, 5), accept=st.integers(5, 90), minutes=st.integers(1, 300))
    def begin(self, people, accept, minutes):
        self.now, self.accept = START, accept
        self.free_at = START + timedelta(minutes=minutes)
        self.line = {rank: ["queued", None] for rank in range(1, people + 1)}
        self.asked: dict[int, tuple[datetime, datetime]] = {}
        self.is_free = self.is_taken = False

    def step(self):
        places = [Place(rank, state, until) for rank, (state, until) in self.line.items()]
        return next_step(places, free_at=self.free_at, accept_minutes=self.accept, now=self.now)

    def work(self):
        """As the worker does: until there is nothing to do."""
        while not self.is_free and (step := self.step()).kind != "rest":
            if step.kind == "free":
                self.is_free = True
                assert self.now >= self.free_at
            elif step.kind == "expire":
                assert self.line[step.rank][1] <= self.now
                self.line[step.rank][0] = "expired"
            else:
                assert self.line[step.rank][0] == "queued"
                assert step.rank not in self.asked
                self.line[step.rank] = ["open", step.until]
                self.asked[step.rank] = (self.now, step.until)

    @rule(minutes=st.integers(0, 100), seconds=st.integers(0, 59))
    def wait(self, minutes, seconds):
        self.now += timedelta(minutes=minutes, seconds=seconds)

    @precondition(lambda self: not self.is_free)
    @rule()
    def run(self):
        self.work()

    @precondition(lambda self: not self.is_free)
    @rule()
    def somebody_comes_late(self):
        self.line[len(self.line) + 1] = ["queued", None]

    @precondition(lambda self: not self.is_free)
    @rule(answer=st.sampled_from(["declined", "accepted"]))
    def answer(self, answer):
        for place in self.line.values():
            if place[0] == "open" and self.now < place[1]:
                place[0] = answer
                self.is_taken = self.is_taken or answer == "accepted"

    @precondition(lambda self: not self.is_free)
    @rule()
    def leave(self):
        rank = next((rank for rank, (state, _) in self.line.items() if state == "queued"), None)
        if rank:
            self.line[rank][0] = "passed"

    @invariant()
    def at_most_one_is_open(self):
        assert sum(state == "open" for state, _ in self.line.values()) <= 1

    @invariant()
    def everybody_asked_had_the_whole_time_and_in_turn(self):
        for since, until in self.asked.values():
            assert timedelta(minutes=self.accept) <= until - since < timedelta(minutes=self.accept + 1)
            assert until <= self.free_at
        assert list(self.asked) == sorted(self.asked)

    @invariant()
    def it_is_free_when_everybody_was_told_it_would_be(self):
        if self.is_free:
            assert self.now >= self.free_at
        elif self.now >= self.free_at:
            self.work()
            assert self.is_free


TestOneAtATime = OneAtATime.TestCase
TestOneAtATime.settings = settings(max_examples=200, stateful_step_count=30)


def test_what_people_are_told_has_no_seconds():
    assert whole_minute(START) == START
    assert whole_minute(START + timedelta(seconds=1)) == START + timedelta(minutes=1)


SLOTS = DaySlots(
    "slots",
    (
        Slot("m", "午前", "Morning", 540, 720),
        Slot("a", "午後", "Afternoon", 780, 1020),
        Slot("n", "夜間", "Evening", 1080, 1320),
        Slot("all", "全日", "Day", 540, 1320, ("m", "a", "n")),
    ),
)
CELLS = tuple(Slot(str(at), "", "", at, at + 30) for at in range(540, 1320, 30))


def test_of_slots_whole_ones_are_offered_longest_first():
    parts = parts_that_fit(SLOTS, wanted=(540, 1320), busy=[], turnaround=0)
    assert parts[:3] == [(540, 1320), (780, 1320), (540, 1020)]
    assert parts_that_fit(SLOTS, wanted=(600, 1020), busy=[], turnaround=0) == [(780, 1020)]
    assert parts_that_fit(SLOTS, wanted=(540, 1020), busy=[(700, 800)], turnaround=0) == []


def test_the_pause_after_a_use_must_be_free_too():
    assert parts_that_fit(SLOTS, wanted=(540, 720), busy=[(720, 780)], turnaround=30) == []
    assert parts_that_fit(SLOTS, wanted=(540, 720), busy=[(750, 780)], turnaround=30) == [(540, 720)]


@given(
    wanted=st.tuples(st.integers(500, 1300), st.integers(500, 1340)).map(sorted).map(tuple),
    busy=st.lists(st.tuples(st.integers(540, 1300), st.integers(10, 200)), max_size=3),
    minimum=st.sampled_from([30, 60, 120]),
    maximum=st.sampled_from([None, 60, 180]),
    turnaround=st.sampled_from([0, 15]),
)
def test_hours_are_offered_in_steps_and_lengths_the_rules_allow(wanted, busy, minimum, maximum, turnaround):
    taken = sorted((at, at + length) for at, length in busy)
    joined = []
    for begins, ends in taken:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    times = DaySlots("hours", CELLS, 30, minimum, maximum)
    found = parts_that_fit(times, wanted=wanted, busy=joined, turnaround=turnaround)
    possible = {
        (begins, ends)
        for begins in range(540, 1320, 30)
        for ends in range(begins + 30, 1321, 30)
        if wanted[0] <= begins and ends <= wanted[1]
        and minimum <= ends - begins <= (maximum or 1440)
        and not any(begins < until and since < ends + turnaround for since, until in taken)
    }  # fmt: skip
    assert set(found) <= possible
    assert bool(found) == bool(possible)
    if found:
        longest = max(ends - begins for begins, ends in possible)
        assert found[0] == min(span for span in possible if span[1] - span[0] == longest)
