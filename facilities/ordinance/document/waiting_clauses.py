"""What a document says about cancelled times for which others wait."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.document.clauses import Rule
from facilities.ordinance.document.values import Clock

DAYS_LATER = 3


class Waiting(Rule):
    """What becomes of a cancelled time for which others wait. Nothing written: as the defaults say.

    It is free `after_minutes`, or `days_later` days later (nothing written: 3) `at` an hour, and at the latest
    `latest_minutes_before_start` of the use. Until then it is offered to one after the other, each for
    `accept_within_minutes`: in an `order` drawn by lot, or `first` who asked first. Where there is no time for one
    offer, it is free at once.
    """

    after_minutes: Annotated[int, Field(ge=1, le=44_640)] | None = None
    days_later: Annotated[int, Field(ge=0, le=31)] | None = None
    at: Clock = 540
    accept_within_minutes: Annotated[int, Field(ge=5, le=20_160)] = 1440
    order: Literal["random", "first"] = "random"
    latest_minutes_before_start: Annotated[int, Field(ge=0, le=44_640)] = 1440
