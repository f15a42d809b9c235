"""Work of the worker on refunds, beside sending them: what was not claimed in time, and accounts to be forgotten."""

from __future__ import annotations

from django.utils.timezone import now as clock_now

from payments.refunds.claims import note_unclaimed
from payments.refunds.rerouting import forget_accounts
from tenants.jobs import periodic


@periodic("payments.look_after_claims", cron="35 17 * * *")
def look_after_claims() -> None:
    """Once a night (02:35 in Tokyo): tell a clerk of what nobody claimed; delete accounts that are not needed more."""
    note_unclaimed(now=clock_now())
    forget_accounts(now=clock_now())
