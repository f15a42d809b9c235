"""What the treasurer keeps beside the ledger: closed years, letters to those who owe, layouts of exports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payments.models.charges import Charge


class YearClosing(models.Model):
    """A fiscal year whose books are closed (出納閉鎖, 地方自治法235条の5). From then on the database refuses entries
    booked in it (migration 0007). ``sums`` are its entries added up when it was closed, by item, kind and budget.
    """

    fiscal_year = models.PositiveSmallIntegerField(primary_key=True)
    sums = models.JSONField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.fiscal_year)


class Dunning(models.Model):
    """A letter (督促状, 地方自治法231条の3) that names a new day for what is overdue. Never changed.

    The first one begins the five years anew, after which a claim lapses (236条).
    """

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="dunnings")
    number = models.PositiveSmallIntegerField()
    yen = models.PositiveIntegerField()
    # The last day to pay.
    due_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["charge", "number"]
        constraints = [
            models.UniqueConstraint(fields=["charge", "number"], name="dunning_number_once"),
            models.CheckConstraint(name="dunning_yen_positive", condition=Q(yen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"dunning {self.charge_id}/{self.number}"


class ExportLayout(models.Model):
    """A file for the accounting system as this municipality wants it: which rows, columns, headings, encoding.

    ``columns``: field, heading and, for the field ``fixed``, its value, in order (payments.treasury.exports.FIELDS).
    """

    class Rows(models.TextChoices):
        ENTRIES = "entries", "台帳の記録を1件ずつ"
        DAYS = "days", "日・科目・方法ごとの合計"
        MONTHS = "months", "月・科目・方法ごとの合計"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel（XLSX）"

    class Encoding(models.TextChoices):
        UTF8_BOM = "utf-8-sig", "UTF-8（BOM付き。Excel で開ける）"
        UTF8 = "utf-8", "UTF-8"
        CP932 = "cp932", "Shift_JIS（Windows の拡張つき）"

    class DateStyle(models.TextChoices):
        ISO = "iso", "2026-11-21"
        SLASH = "slash", "2026/11/21"
        PLAIN = "plain", "20261121"
        ERA = "era", "R08.11.21"

    name = models.CharField(max_length=60, unique=True)
    rows = models.CharField(max_length=8, choices=Rows.choices, default=Rows.ENTRIES)
    format = models.CharField(max_length=4, choices=Format.choices, default=Format.CSV)
    encoding = models.CharField(max_length=9, choices=Encoding.choices, default=Encoding.UTF8_BOM)
    date_style = models.CharField(max_length=5, choices=DateStyle.choices, default=DateStyle.ISO)
    with_heading = models.BooleanField(default=True)
    # Kinds of LedgerEntry; empty: all of them.
    kinds = models.JSONField(default=list, blank=True)
    columns = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
