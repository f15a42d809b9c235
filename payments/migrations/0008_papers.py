"""Numbered papers, payment slips and the bank's lists. Papers and what happened to them are append-only (0002)."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import payments.models.papers

TRIGGERS = [
    f"""
    CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change()
    """
    for name in ("paper", "papercharge", "paperevent")
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_struck_from_rosters"), ("payments", "0007_treasury_guards")]
    operations = [
        migrations.CreateModel(
            name="PaidListFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                (
                    "encoding",
                    models.CharField(
                        choices=[("utf-8", "UTF-8"), ("cp932", "Shift_JIS")], default="cp932", max_length=8
                    ),
                ),
                ("heading_lines", models.PositiveSmallIntegerField(default=1)),
                ("columns", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="SlipExportFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                (
                    "encoding",
                    models.CharField(
                        choices=[("utf-8", "UTF-8"), ("cp932", "Shift_JIS")], default="utf-8", max_length=8
                    ),
                ),
                ("with_titles", models.BooleanField(default=True)),
                ("columns", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="PaidList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("read", "確認待ち"),
                            ("wanted", "処理中"),
                            ("done", "処理済み"),
                            ("dropped", "やめた"),
                        ],
                        default="read",
                        max_length=8,
                    ),
                ),
                ("handed_in_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.staff"
                    ),
                ),
                (
                    "format",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lists",
                        to="payments.paidlistformat",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "領収書"),
                            ("proof", "支払済証明書"),
                            ("invoice", "適格請求書"),
                            ("return_invoice", "適格返還請求書"),
                            ("slip", "納付書"),
                            ("refund_decision", "還付決定通知書"),
                            ("exemption_decision", "減免決定通知書"),
                            ("dunning", "督促状"),
                        ],
                        max_length=20,
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                (
                    "token",
                    models.CharField(
                        default=payments.models.papers.new_token, editable=False, max_length=32, unique=True
                    ),
                ),
                ("cause", models.CharField(max_length=120)),
                ("to", models.CharField(max_length=200)),
                ("yen", models.PositiveIntegerField(null=True)),
                ("content", models.JSONField(default=dict)),
                ("issued_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="payments.ledgerentry",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="payments.payee",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="payments.refund",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaidLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("raw", models.JSONField(default=list)),
                ("slip_number", models.CharField(blank=True, max_length=40)),
                ("yen", models.PositiveIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("identity", models.CharField(blank=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("exact", "納付書のとおり"),
                            ("less", "納付書より少ない"),
                            ("more", "納付書より多い"),
                            ("unknown", "納付書が見つからない"),
                            ("repeated", "前に取り込んだ入金"),
                            ("unreadable", "読めない行"),
                        ],
                        max_length=10,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=100)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("booked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "paid_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.paidlist",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paid_lines",
                        to="payments.paper",
                    ),
                ),
            ],
            options={"ordering": ["paid_list", "number"]},
        ),
        migrations.CreateModel(
            name="PaperCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("yen", models.PositiveIntegerField()),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_parts",
                        to="payments.charge",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="payments.paper"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="PaperCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "fiscal_year"), name="papercounter_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="PaperEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("reissued", "再発行"), ("cancelled", "取消し")], max_length=10
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField()),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="payments.paper",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="SlipTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pay_at", models.CharField(max_length=300)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "payee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slip_terms",
                        to="payments.payee",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="paidlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                    _connector="OR",
                ),
                name="paidlist_done_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("kind", "fiscal_year", "serial"), name="paper_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(fields=("kind", "cause"), name="paper_cause_once"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("content", {}), _negated=True), name="paper_has_content"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["receipt", "proof"]), _negated=True),
                    models.Q(("entry__isnull", False), ("yen__gt", 0)),
                    _connector="OR",
                ),
                name="paper_receipt_has_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="paidline",
            constraint=models.UniqueConstraint(fields=("paid_list", "number"), name="paidline_number_once"),
        ),
        migrations.AddConstraint(
            model_name="paidline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_at__isnull", False)),
                fields=("identity",),
                name="paidline_taken_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="paidline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_at__isnull", True),
                    models.Q(
                        models.Q(("identity", ""), _negated=True), ("paid_on__isnull", False), ("yen__gt", 0)
                    ),
                    _connector="OR",
                ),
                name="paidline_taken_is_readable",
            ),
        ),
        migrations.AddConstraint(
            model_name="paidline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("booked_at__isnull", True),
                    models.Q(("paper__isnull", False), ("taken_at__isnull", False)),
                    _connector="OR",
                ),
                name="paidline_booked_has_slip",
            ),
        ),
        migrations.AddConstraint(
            model_name="papercharge",
            constraint=models.UniqueConstraint(fields=("paper", "charge"), name="papercharge_once"),
        ),
        migrations.AddConstraint(
            model_name="paperevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "cancelled")), fields=("paper",), name="paperevent_cancelled_once"
            ),
        ),
        migrations.RunSQL(
            TRIGGERS,
            [
                f"DROP TRIGGER {name}_append_only ON payments_{name}"
                for name in ("paper", "papercharge", "paperevent")
            ],
        ),
    ]
