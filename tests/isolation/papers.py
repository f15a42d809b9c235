"""Akiruno's canaries of papers: a slip, a receipt issued again, a list of the bank, what was written down for both."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import Actor
from payments.models import Charge, PaidLine, PaidListFormat, Paper, Payee, SlipExportFormat, SlipTerms
from payments.papers.issuing import cancel_paper, reissue_paper
from payments.slips.issuing import issue_slips
from payments.slips.paid_lists import carry_out, take_line, take_list


def plant_papers(staff, now):
    """Issue a slip for what is due, and take a list of the bank in which a payment belongs nowhere.

    Returns the examples of addresses; ``paper`` is the token of a paper.
    """
    actor = Actor("staff", staff.pk)
    owed = Charge.objects.get(attempt_parts__attempt__account="acct_canary")
    SlipTerms.objects.create(payee=Payee.objects.order_by("pk")[0], pay_at="まち銀行", note="窓口だけ")
    until = now.date() + timedelta(days=30)
    first, second = (
        issue_slips(subjects=[owed.subject], actor=actor, now=now, due_on=until + timedelta(days=days))[0]
        for days in (0, 1)
    )
    cancel_paper(paper_id=first.pk, reason="まちがい", actor=actor, now=now)
    receipt = Paper.objects.filter(kind="receipt")[0]
    reissue_paper(token=receipt.token, reason="なくした", actor=actor, now=now)
    form = PaidListFormat.objects.create(
        name="まち銀行", encoding="utf-8", columns={"number": "1", "yen": "2", "paid_on": "3"}
    )
    data = f"番号,金額,日\n{second.number},{second.yen},2027-05-11\n2027-009999,500,2027-05-11\nx,y,z\n"
    taken = take_list(data=data.encode(), name="list.csv", format_id=form.pk, staff_id=staff.pk, now=now)
    carry_out(list_id=taken.pk, unreadable_seen=True, now=now)
    lost = PaidLine.objects.get(outcome="unknown")
    take_line(line_id=lost.pk, now=now)
    columns = [{"title": "番号", "source": "number", "fixed": ""}]
    export = SlipExportFormat.objects.create(name="eL-QR", columns=columns)
    return {
        "list_id": [str(taken.pk)],
        "line_id": [str(lost.pk)],
        "format_id": [str(form.pk)],
        "export_format_id": [str(export.pk)],
        "paper": [second.token, receipt.token],
    }
