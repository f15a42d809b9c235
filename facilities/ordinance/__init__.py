"""The ordinance as data: the document of a municipality's rules, and a pure engine that answers from it.

No Django, no database, no clock: `now` is an argument. Minutes are those of the municipality's local day.
"""

from __future__ import annotations

from facilities.ordinance.answers import (
    Cancellation,
    CaseResult,
    DaySlots,
    Decision,
    Exemption,
    OpenDay,
    Quote,
    QuoteLine,
    Slot,
)
from facilities.ordinance.cancelling import cancellation
from facilities.ordinance.cases import run_cases
from facilities.ordinance.document import Facility, Ordinance, Room, Space
from facilities.ordinance.errors import NoPrice, OrdinanceError, UnknownFacility, UnknownRoom
from facilities.ordinance.exempting import exemption
from facilities.ordinance.fees import quote
from facilities.ordinance.problems import InvalidDocument, Problem
from facilities.ordinance.reading import parse, write
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import Rules, compile_rules, in_force, open_periods, slots
from facilities.ordinance.windows import bookable_days, may_apply

__all__ = [
    "Cancellation",
    "CaseResult",
    "DaySlots",
    "Decision",
    "Exemption",
    "Facility",
    "InvalidDocument",
    "NoPrice",
    "OpenDay",
    "Ordinance",
    "OrdinanceError",
    "Problem",
    "Quote",
    "QuoteLine",
    "Reason",
    "Room",
    "Rules",
    "Slot",
    "Space",
    "UnknownFacility",
    "UnknownRoom",
    "bookable_days",
    "cancellation",
    "compile_rules",
    "exemption",
    "in_force",
    "may_apply",
    "open_periods",
    "parse",
    "quote",
    "run_cases",
    "slots",
    "write",
]
