"""Last year's reservations under other rules: uses in, totals out. Pure: no database, no clock.

Every use is priced twice on one and the same day, under the rules it had and under those that are tried, so that the
difference is due to the rules alone. What cannot be compared is counted with its reason, never dropped.
"""

from __future__ import annotations

from booking.repricing.comparing import Comparison, Trial
from booking.repricing.results import Result
from booking.repricing.tallying import Tally
from booking.repricing.totals import Totals
from booking.repricing.uses import PastUse

__all__ = ["Comparison", "PastUse", "Result", "Tally", "Totals", "Trial"]
