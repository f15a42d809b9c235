"""Papers are numbered without gaps, frozen, issued once for an occasion, and tell the truth about themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.actors import Actor
from payments.errors import NoPaperYet, NotOnOnePaper, NotRegisteredForInvoices, PaperNotFound
from payments.ledger import Kind as EntryKind
from payments.ledger import enter, lock_subject
from payments.models import LedgerEntry, Paper, Payee, Refund, RevenueItem
from payments.papers.about_refunds import issue_refund_papers, refunds_without_papers
from payments.papers.issuing import (
    Kind,
    PaperWords,
    cancel_paper,
    issue_paper,
    paper_of_token,
    papers_about,
    reissue_paper,
    truth_of,
)
from payments.papers.receipts import issue_invoice, issue_receipt, issue_receipts, receipts_to_issue
from payments.services import change_charge, collect_cash, collect_through, reduce_charge, refund_cash

CLERK = Actor("staff", 1)
NUMBER = "T7000012050002"


@pytest.fixture
def registered(city):
    """The payee may issue qualified invoices."""
    Payee.objects.update(
        invoice_number=NUMBER, signed_by="あきる野市長 山田 一郎", address="東京都あきる野市二宮350"
    )


def letter(now, cause="a", **more):
    words = PaperWords(lead="お知らせします。", rows=[("件名", "督促")])
    return issue_paper(
        kind=Kind.DUNNING, cause=cause, to="佐藤 花子", words=words, actor=CLERK, now=now, **more
    )


def test_each_kind_counts_by_itself_within_a_fiscal_year(city, charge, clerk, now):
    assert [letter(now, cause).number for cause in "abc"] == ["2027-000001", "2027-000002", "2027-000003"]
    assert collect_cash(subject=charge(), yen=800, staff_id=clerk.pk, now=now).number == "2027-000001"
    assert letter(now - timedelta(days=365), "d").number == "2026-000001"


def test_a_paper_that_is_rolled_back_gives_its_number_back(city, now):
    with transaction.atomic():
        letter(now)
        transaction.set_rollback(True)
    assert letter(now, "b").number == "2027-000001"


def test_the_same_occasion_has_one_paper(city, now):
    assert letter(now).pk == letter(now + timedelta(hours=1)).pk
    assert Paper.objects.count() == 1


def test_what_a_paper_says_is_frozen(charge, clerk, now, registered):
    subject = charge(800)
    receipt = collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    Payee.objects.update(signed_by="別の市長", invoice_number="")
    kept = paper_of_token(receipt.token).content
    assert (kept["issuer"], kept["issuer_name"]) == ("あきる野市長 山田 一郎", "あきる野市")
    assert kept["invoice_number"] == NUMBER
    assert kept["taxes"] == [{"tax": "standard", "percent": 10, "total_yen": 800, "tax_yen": 72}]


def test_money_that_came_by_the_bank_is_proved_and_not_receipted(charge, now):
    subject = charge(800)
    charge_id = lock_subject(subject).id
    collect_through(charge_id=charge_id, yen=800, gateway_key="bank_slip", actor=CLERK, now=now)
    (paper,) = issue_receipts(subject=subject, actor=CLERK, now=now)
    assert (paper.kind, paper.content["title"], paper.yen) == ("proof", "支払済証明書", 800)
    assert receipts_to_issue(subject) == []
    with pytest.raises(NoPaperYet):
        issue_receipts(subject=subject, actor=CLERK, now=now)
    assert [one.pk for one in papers_about([subject])] == [paper.pk]


def test_a_reissue_keeps_number_and_words_and_is_told(charge, clerk, now):
    receipt = collect_cash(subject=charge(), yen=800, staff_id=clerk.pk, now=now)
    before = (receipt.number, receipt.content)
    for days in (1, 2):
        when = now + timedelta(days=days)
        reissue_paper(token=receipt.token, reason="なくした", actor=CLERK, now=when)
    again = paper_of_token(receipt.token)
    assert (again.number, again.content) == before
    truth = truth_of(again)
    assert (truth.state, truth.reissues, truth.reissued_at) == ("valid", 2, now + timedelta(days=2))


def test_a_cancelled_paper_says_so_and_is_not_issued_again(city, now):
    paper = letter(now)
    for _ in range(2):
        cancel_paper(paper_id=paper.pk, reason="まちがい", actor=CLERK, now=now)
    truth = truth_of(paper_of_token(paper.token))
    assert (truth.state, truth.cancelled_why, truth.cancelled_at) == ("cancelled", "まちがい", now)
    with pytest.raises(PaperNotFound):
        reissue_paper(token=paper.token, reason="", actor=CLERK, now=now)


def test_a_receipt_tells_what_was_given_back_of_its_money(charge, clerk, now):
    subject = charge(800)
    receipt = collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    reduce_charge(subject=subject, to_yen=300, reason="取消し", actor=CLERK, now=now)
    assert truth_of(paper_of_token(receipt.token)).returned_yen == 500


def test_a_receipt_of_money_that_was_taken_back_holds_no_more(charge, clerk, now):
    subject = charge(800)
    receipt = collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    enter(
        lock_subject(subject),
        EntryKind.REVERSED,
        800,
        CLERK,
        now,
        gateway="desk_cash",
        memo="打ちまちがい",
        corrects_id=receipt.entry_id,
    )
    assert truth_of(paper_of_token(receipt.token)).state == "cancelled"
    assert receipts_to_issue(subject) == []


def test_an_unknown_token_opens_nothing(city):
    with pytest.raises(PaperNotFound):
        paper_of_token("0" * 32)


def test_an_invoice_needs_a_registered_payee(charge, now):
    with pytest.raises(NotRegisteredForInvoices):
        issue_invoice(subjects=[charge(800)], actor=CLERK, now=now)


def test_an_invoice_takes_tax_once_for_all_its_charges(charge, now, registered):
    paper = issue_invoice(subjects=[charge(109) for _ in range(3)], actor=CLERK, now=now)
    assert paper.yen == 327
    assert paper.content["taxes"] == [{"tax": "standard", "percent": 10, "total_yen": 327, "tax_yen": 29}]


def test_an_invoice_of_another_amount_takes_the_place_of_the_old_one(charge, now, registered):
    subject = charge(1000)
    first = issue_invoice(subjects=[subject], actor=CLERK, now=now)
    assert issue_invoice(subjects=[subject], actor=CLERK, now=now).pk == first.pk
    change_charge(subject=subject, to_yen=700, reason="変更", actor=CLERK, now=now)
    second = issue_invoice(subjects=[subject], actor=CLERK, now=now)
    assert (second.yen, truth_of(paper_of_token(first.token)).state) == (700, "cancelled")
    change_charge(subject=subject, to_yen=1000, reason="もどす", actor=CLERK, now=now)
    third = issue_invoice(subjects=[subject], actor=CLERK, now=now)
    assert third.pk not in {first.pk, second.pk}
    assert truth_of(paper_of_token(third.token)).state == "valid"
    assert truth_of(paper_of_token(second.token)).state == "cancelled"


def test_two_payers_do_not_share_an_invoice(charge, now, registered):
    with pytest.raises(NotOnOnePaper):
        issue_invoice(subjects=[charge(100), charge(100, payer="田中 一郎")], actor=CLERK, now=now)


def test_a_manager_stamps_large_receipts_on_paper(charge, clerk, now):
    Payee.objects.update(kind="manager", name="まちの会社")
    large = collect_cash(subject=charge(50_000), yen=50_000, staff_id=clerk.pk, now=now)
    small = collect_cash(subject=charge(49_999), yen=49_999, staff_id=clerk.pk, now=now)
    assert (large.content["stamp"], small.content["stamp"]) == (True, False)


def refund(charge, clerk, now, yen=20_000, to_yen=5_000):
    subject = charge(yen)
    collect_cash(subject=subject, yen=yen, staff_id=clerk.pk, now=now)
    decision = reduce_charge(
        subject=subject, to_yen=to_yen, reason="取消し", actor=CLERK, now=now, article="第9条"
    )
    return subject, decision.refunds[0]


def test_a_refund_is_decided_in_writing_and_returned_with_an_invoice(charge, clerk, now, registered):
    subject, made = refund(charge, clerk, now)
    assert refunds_without_papers(now=now) == [made.pk]
    (paper,) = issue_refund_papers(refund_id=made.pk, now=now)
    rows = dict(map(tuple, paper.content["rows"]))
    assert (paper.kind, paper.yen, rows["納めた金額"], rows["根拠"]) == (
        "refund_decision",
        15_000,
        {"yen": 20_000},
        "第9条",
    )
    assert refunds_without_papers(now=now) == []
    refund_cash(subject=subject, staff_id=clerk.pk, now=now)
    assert refunds_without_papers(now=now) == [made.pk]
    _, invoice = issue_refund_papers(refund_id=made.pk, now=now)
    assert (invoice.kind, invoice.yen) == ("return_invoice", 15_000)
    assert invoice.content["taxes"][0]["tax_yen"] == 1363
    assert issue_refund_papers(refund_id=made.pk, now=now) == [paper, invoice]
    assert refunds_without_papers(now=now) == []


def test_a_small_return_needs_no_invoice(charge, clerk, now, registered):
    subject, made = refund(charge, clerk, now, yen=10_000, to_yen=1)
    refund_cash(subject=subject, staff_id=clerk.pk, now=now)
    assert [one.kind for one in issue_refund_papers(refund_id=made.pk, now=now)] == ["refund_decision"]


def test_a_decision_that_waits_for_a_second_person_is_not_told(charge, clerk, now):
    Payee.objects.update(four_eyes_from_yen=10_000)
    _, made = refund(charge, clerk, now)
    assert issue_refund_papers(refund_id=made.pk, now=now) == []
    assert refunds_without_papers(now=now) == []
    Refund.objects.update(state=Refund.State.READY)
    assert refunds_without_papers(now=now) == [made.pk]


def test_a_decision_that_was_taken_back_is_told_no_more(charge, clerk, now):
    _, made = refund(charge, clerk, now)
    (paper,) = issue_refund_papers(refund_id=made.pk, now=now)
    Refund.objects.update(state=Refund.State.WITHDRAWN)
    assert refunds_without_papers(now=now) == [made.pk]
    assert issue_refund_papers(refund_id=made.pk, now=now) == []
    assert truth_of(paper_of_token(paper.token)).state == "cancelled"
    assert refunds_without_papers(now=now) == []


def test_a_managers_money_goes_back_without_a_decision_of_authority(charge, clerk, now):
    Payee.objects.update(kind="manager", name="まちの会社")
    _, made = refund(charge, clerk, now)
    (paper,) = issue_refund_papers(refund_id=made.pk, now=now)
    assert (paper.content["title"], paper.content["instruction"]) == ("返金のお知らせ", [])


def test_untaxed_items_have_no_tax(charge, clerk, now, registered):
    RevenueItem.objects.update(tax="exempt")
    entry_paper = collect_cash(subject=charge(800), yen=800, staff_id=clerk.pk, now=now)
    assert entry_paper.content["taxes"] == [{"tax": "exempt", "percent": 0, "total_yen": 800, "tax_yen": 0}]
    entry = LedgerEntry.objects.get(kind="collected")
    assert issue_receipt(entry=entry, actor=CLERK, now=now).pk == entry_paper.pk
