from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_money_of_all_charges")]

    operations = [
        migrations.AlterField(
            model_name="charge",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="payments.revenueitem",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="item",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="payments.revenueitem",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="fiscal_year",
            field=models.PositiveSmallIntegerField(),
        ),
    ]
