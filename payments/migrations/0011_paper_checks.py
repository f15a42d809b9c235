"""A check that compares with nothing lets everything pass: that there is a value is checked too."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_receipts_are_papers")]

    operations = [
        migrations.RemoveConstraint(model_name="paidline", name="paidline_taken_is_readable"),
        migrations.RemoveConstraint(model_name="paper", name="paper_receipt_has_entry"),
        migrations.AddConstraint(
            model_name="paidline",
            constraint=models.CheckConstraint(
                name="paidline_taken_is_readable",
                condition=Q(taken_at__isnull=True)
                | ~Q(identity="") & Q(yen__isnull=False, yen__gt=0, paid_on__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                name="paper_receipt_has_entry",
                condition=~Q(kind__in=["receipt", "proof"])
                | Q(entry__isnull=False, yen__isnull=False, yen__gt=0),
            ),
        ),
    ]
