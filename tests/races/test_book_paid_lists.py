"""Two workers, two lists with the same payments: each is booked once, whoever comes first."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.actors import Actor
from payments.models import LedgerEntry, PaidLine, PaidListFormat, Paper, Payee, SlipTerms
from payments.papers.issuing import Kind, PaperWords, issue_paper
from payments.services import assess_charge
from payments.slips.issuing import issue_slips
from payments.slips.paid_lists import take_line, take_list
from tenants.context import inside
from tests import factories
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race
STAFF = Actor("staff", 1)


@pytest.fixture
def clerk(committed_city):
    with inside(committed_city):
        return factories.a_staff().pk


@pytest.fixture
def slips(committed_city, now):
    """Six slips of 800 yen."""
    with inside(committed_city):
        SlipTerms.objects.create(payee=Payee.objects.get(), pay_at="まち銀行", note="")
        made = []
        for _ in range(6):
            subject = uuid4()
            facts = {"title": "第1研修室", "payer": "佐藤 花子", "facility_id": None}
            assess_charge(subject=subject, yen=800, day=date(2027, 6, 9), actor=STAFF, now=now, **facts)
            made += issue_slips(subjects=[subject], actor=STAFF, now=now, due_on=date(2027, 6, 1))
        return made


def test_the_same_payments_of_two_lists_are_booked_once(race, committed_city, slips, clerk, now):
    with inside(committed_city):
        form = PaidListFormat.objects.create(
            name="x", encoding="utf-8", columns={"number": "1", "yen": "2", "paid_on": "3"}
        )
        data = "\n".join(["a,b,c", *(f"{slip.number},800,2027-05-09" for slip in slips)]).encode()
        for _ in range(3):
            take_list(data=data, name="x.csv", format_id=form.pk, staff_id=clerk, now=now)
        lines = list(PaidLine.objects.values_list("pk", flat=True))
    work = [lambda line=line: take_line(line_id=line, now=now) for line in lines for _ in range(2)]
    assert outcomes(race(work)) == {"won": len(work)}
    assert LedgerEntry.objects.filter(kind="collected").count() == 6
    assert PaidLine.objects.filter(booked_at__isnull=False).count() == 6


def test_numbers_of_papers_have_no_gap_and_an_occasion_has_one(race, committed_city, now):
    def letter(cause):
        words = PaperWords(lead="お知らせします。")
        return issue_paper(kind=Kind.DUNNING, cause=cause, to="佐藤", words=words, actor=STAFF, now=now)

    work = [lambda cause=cause: letter(f"c {cause}") for cause in range(8) for _ in range(3)]
    assert outcomes(race(work)) == {"won": 24}
    assert sorted(Paper.objects.values_list("serial", flat=True)) == list(range(1, 9))
