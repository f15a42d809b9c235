"""The machine stops: right before or after a commit, or right before or after a call to the provider.

What dies is raised as ``Crash``, which no ``except Exception`` catches. What was not committed is rolled back, as when
a process is killed; what was committed, or done at the provider, stays.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from django.db import connection
from django.db.transaction import Atomic


class Moment(enum.Enum):
    """Where it stops."""

    BEFORE_COMMIT = "before the commit"
    AFTER_COMMIT = "after the commit"
    BEFORE_CALL = "before the call to Stripe"
    AFTER_CALL = "after the call to Stripe"


class Crash(BaseException):
    """Nobody runs any more."""


class Crashes:
    """Waits for its moment, once, and then stops whatever runs. ``happened`` counts what it did."""

    def __init__(self) -> None:
        """Nothing is to happen yet."""
        self.moment: Moment | None = None
        self.left = 0
        self.floor = 0
        self.happened: Counter[Moment] = Counter()

    def arm(self, moment: Moment, left: int) -> None:
        """Stop at this moment, after it was passed ``left`` times."""
        self.moment, self.left = moment, left

    def disarm(self) -> None:
        """Nothing happens any more."""
        self.moment = None

    def strikes(self, moment: Moment) -> bool:
        """Whether it happens now, at this moment."""
        if self.moment is not moment:
            return False
        if self.left:
            self.left -= 1
            return False
        self.moment = None
        self.happened[moment] += 1
        return True

    def begin(self) -> None:
        """What is open now is not the product's: a commit is what ends the next level."""
        self.floor = len(connection.atomic_blocks)


@contextmanager
def crashing(crashes: Crashes) -> Iterator[None]:
    """Let ``crashes`` reach into every commit of this process and every call it makes to Stripe."""
    leave, call = Atomic.__exit__, stripe.HTTPClient.request_with_retries

    def leaving(atomic: Atomic, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None or len(connection.atomic_blocks) != crashes.floor + 1:
            return leave(atomic, kind, error, trace)
        if crashes.strikes(Moment.BEFORE_COMMIT):
            crash = Crash(Moment.BEFORE_COMMIT)
            leave(atomic, Crash, crash, None)
            raise crash
        leave(atomic, None, None, None)
        if crashes.strikes(Moment.AFTER_COMMIT):
            raise Crash(Moment.AFTER_COMMIT)
        return None

    def calling(client: Any, *arguments: Any, **named: Any) -> Any:
        if crashes.strikes(Moment.BEFORE_CALL):
            raise Crash(Moment.BEFORE_CALL)
        answer = call(client, *arguments, **named)
        if crashes.strikes(Moment.AFTER_CALL):
            raise Crash(Moment.AFTER_CALL)
        return answer

    Atomic.__exit__, stripe.HTTPClient.request_with_retries = leaving, calling  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Atomic.__exit__, stripe.HTTPClient.request_with_retries = leave, call  # type: ignore[method-assign]


def survives(act: Callable[[], Any]) -> tuple[bool, Any]:
    """Do it; return whether the machine was still running at the end, and what came out."""
    try:
        return True, act()
    except Crash:
        return False, None
