"""Work of the worker on papers: what was decided about refunds is said in writing; the bank's lists are carried out."""

from __future__ import annotations

from django.utils.timezone import now as clock_now

from payments.papers.about_refunds import issue_refund_papers, refunds_without_papers
from payments.refunds.deciding import PAPERS_JOB
from payments.slips.paid_lists import CARRY_OUT_JOB, book_list, lists_in_progress
from tenants.jobs import job, periodic


@job(PAPERS_JOB)
def issue(refund_id: int) -> None:
    """Issue the papers of one decision."""
    issue_refund_papers(refund_id=refund_id, now=clock_now())


@job(CARRY_OUT_JOB)
def carry_out(list_id: int) -> None:
    """Book what a bank's list says."""
    book_list(list_id=list_id, now=clock_now())


@periodic("payments.issue_missing_papers", cron="*/5 * * * *")
def issue_missing() -> None:
    """Issue what was missed: a second person agreed, or the money arrived, after the first look.

    Lists that a worker left behind are gone on with.
    """
    for refund_id in refunds_without_papers(now=clock_now()):
        issue_refund_papers(refund_id=refund_id, now=clock_now())
    for list_id in lists_in_progress():
        book_list(list_id=list_id, now=clock_now())
