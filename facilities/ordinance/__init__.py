"""The ordinance as data: the document of a municipality's rules, and a pure engine that answers from it.

No Django, no database, no clock: `now` is an argument. Minutes are those of the municipality's local day.
"""

from __future__ import annotations

from facilities.ordinance.answers import (
    Asked,
    AskedExtra,
    AskedQuestion,
    Cancellation,
    CaseResult,
    ChangeAnswer,
    Choice,
    Contest,
    DaySlots,
    Decision,
    Due,
    DuePart,
    Exempted,
    Exemption,
    LotteryAnswer,
    OpenDay,
    PenaltyAnswer,
    Quote,
    QuoteLine,
    RefundAnswer,
    RegistrationAnswer,
    ReviewAnswer,
    Slot,
    StepAnswer,
    Use,
)
from facilities.ordinance.applying.counting import Held, Wanted, count_held, over_limits, period_of
from facilities.ordinance.applying.deciding import facts_of_application
from facilities.ordinance.applying.limits import limits_of
from facilities.ordinance.applying.lotteries import Applicant, contest, lottery
from facilities.ordinance.applying.penalties import (
    Event,
    Followed,
    barred_until,
    keeps_booking,
    offence_recorded,
    penalty,
    what_follows,
)
from facilities.ordinance.applying.registering import SHARE_OF, register
from facilities.ordinance.applying.reviewing import needs_review, permit_terms, reviews_of
from facilities.ordinance.applying.waiting import free_again, waiting_terms
from facilities.ordinance.applying.windows import bookable_days, may_apply
from facilities.ordinance.asking.questions import asked_of
from facilities.ordinance.cases.running import run_cases
from facilities.ordinance.document.ordinance import Facility, Ordinance, Room, Space
from facilities.ordinance.document.review_clauses import PermitDocument
from facilities.ordinance.document.waiting_clauses import Waiting
from facilities.ordinance.errors import (
    MissingAnswer,
    NoPrice,
    NotInStock,
    NotSettled,
    OrdinanceError,
    UnknownFacility,
    UnknownRoom,
)
from facilities.ordinance.paying.cancelling import cancellation, change, refund
from facilities.ordinance.paying.due_dates import payment_due
from facilities.ordinance.pricing.exempting import exempt, exemption
from facilities.ordinance.pricing.fees import quote, quote_uses
from facilities.ordinance.pricing.reducing import Grant
from facilities.ordinance.reading.parsing import parse, write
from facilities.ordinance.reading.problems import InvalidDocument, Problem
from facilities.ordinance.reasons import Reason, RegistrationCheck
from facilities.ordinance.rules import Rules, compile_rules, in_force, open_periods, slots

__all__ = [
    "SHARE_OF",
    "Applicant",
    "Asked",
    "AskedExtra",
    "AskedQuestion",
    "Cancellation",
    "CaseResult",
    "ChangeAnswer",
    "Choice",
    "Contest",
    "DaySlots",
    "Decision",
    "Due",
    "DuePart",
    "Event",
    "Exempted",
    "Exemption",
    "Facility",
    "Followed",
    "Grant",
    "Held",
    "InvalidDocument",
    "LotteryAnswer",
    "MissingAnswer",
    "NoPrice",
    "NotInStock",
    "NotSettled",
    "OpenDay",
    "Ordinance",
    "OrdinanceError",
    "PenaltyAnswer",
    "PermitDocument",
    "Problem",
    "Quote",
    "QuoteLine",
    "Reason",
    "RefundAnswer",
    "RegistrationAnswer",
    "RegistrationCheck",
    "ReviewAnswer",
    "Room",
    "Rules",
    "Slot",
    "Space",
    "StepAnswer",
    "UnknownFacility",
    "UnknownRoom",
    "Use",
    "Waiting",
    "Wanted",
    "asked_of",
    "barred_until",
    "bookable_days",
    "cancellation",
    "change",
    "compile_rules",
    "contest",
    "count_held",
    "exempt",
    "exemption",
    "facts_of_application",
    "free_again",
    "in_force",
    "keeps_booking",
    "limits_of",
    "lottery",
    "may_apply",
    "needs_review",
    "offence_recorded",
    "open_periods",
    "over_limits",
    "parse",
    "payment_due",
    "penalty",
    "period_of",
    "permit_terms",
    "quote",
    "quote_uses",
    "refund",
    "register",
    "reviews_of",
    "run_cases",
    "slots",
    "waiting_terms",
    "what_follows",
    "write",
]
