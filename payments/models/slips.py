"""Payment slips and the bank's lists of what was paid with them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payments.models.papers import Paper
from payments.models.payees import Payee

ENCODINGS = [("utf-8", "UTF-8"), ("cp932", "Shift_JIS")]


class SlipTerms(models.Model):
    """What the slips (納付書) of a payee say beside the charge: where they are paid (納入場所), and a note."""

    payee = models.OneToOneField(Payee, on_delete=models.PROTECT, related_name="slip_terms")
    pay_at = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"slip terms {self.payee_id}"


class PaidListFormat(models.Model):
    """How the list of one bank is written. ``columns``: the heading, or the number counted from 1, of each of
    ``number``, ``yen``, ``paid_on`` and (where there is one) ``reference``."""

    name = models.CharField(max_length=60, unique=True)
    encoding = models.CharField(max_length=8, choices=ENCODINGS, default="cp932")
    # Lines before the first one that is a payment; the last of them has the headings.
    heading_lines = models.PositiveSmallIntegerField(default=1)
    columns = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class SlipExportFormat(models.Model):
    """The file in which slips go to somebody else (eL-QR: the operator of the municipality's accounting system).

    ``columns``: title and source of each, in order (payments.slips.exporting).
    """

    name = models.CharField(max_length=60, unique=True)
    encoding = models.CharField(max_length=8, choices=ENCODINGS, default="utf-8")
    with_titles = models.BooleanField(default=True)
    columns = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class PaidList(models.Model):
    """A list of the bank (収納済みの一覧) as it was handed in: looked at first, then carried out once."""

    class State(models.TextChoices):
        READ = "read", "確認待ち"
        WANTED = "wanted", "処理中"
        DONE = "done", "処理済み"
        DROPPED = "dropped", "やめた"

    format = models.ForeignKey(PaidListFormat, on_delete=models.PROTECT, related_name="lists")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READ)
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paidlist_done_has_moment",
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"paid list {self.pk}"


class PaidLine(models.Model):
    """One payment on a bank's list. ``identity`` tells it from every other one, in whichever file it comes: it is
    booked once. A line that cannot be read has neither and is shown to people."""

    class Outcome(models.TextChoices):
        EXACT = "exact", "納付書のとおり"
        LESS = "less", "納付書より少ない"
        MORE = "more", "納付書より多い"
        UNKNOWN = "unknown", "納付書が見つからない"
        REPEATED = "repeated", "前に取り込んだ入金"
        UNREADABLE = "unreadable", "読めない行"

    paid_list = models.ForeignKey(PaidList, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    raw = models.JSONField(default=list)
    slip_number = models.CharField(max_length=40, blank=True)
    yen = models.PositiveIntegerField(null=True)
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=80, blank=True)
    identity = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    problem = models.CharField(max_length=100, blank=True)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="paid_lines")
    # When its money was taken over: into the ledger, or (no slip was found) into a clerk's queue.
    taken_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["paid_list", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paid_list", "number"], name="paidline_number_once"),
            models.UniqueConstraint(
                fields=["identity"], condition=Q(taken_at__isnull=False), name="paidline_taken_once"
            ),
            models.CheckConstraint(
                name="paidline_taken_is_readable",
                condition=Q(taken_at__isnull=True)
                | ~Q(identity="") & Q(yen__isnull=False, yen__gt=0, paid_on__isnull=False),
            ),
            models.CheckConstraint(
                name="paidline_booked_has_slip",
                condition=Q(booked_at__isnull=True) | Q(paper__isnull=False, taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"paid line {self.paid_list_id}/{self.number}"
