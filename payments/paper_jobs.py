"""Work of the worker on papers: what was decided about refunds is said in writing; the bank's lists are carried out."""

from __future__ import annotations

from django.utils.timezone import now as clock_now

from payments.refund_papers import issue_refund_papers, refunds_without_papers
from payments.refunding import PAPERS_JOB
from tenants.jobs import job, periodic


@job(PAPERS_JOB)
def issue(refund_id: int) -> None:
    """Issue the papers of one decision."""
    issue_refund_papers(refund_id=refund_id, now=clock_now())


@periodic("payments.issue_missing_papers", cron="*/5 * * * *")
def issue_missing() -> None:
    """Issue what was missed: a second person agreed, or the money arrived, after the first look."""
    for refund_id in refunds_without_papers(now=clock_now()):
        issue_refund_papers(refund_id=refund_id, now=clock_now())
