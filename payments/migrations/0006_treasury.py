"""Drawers of cash, closed years, dunning letters, layouts of exports."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_struck_from_rosters'),
        ('facilities', '0005_registration_answers'),
        ('payments', '0005_money_required'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('rows', models.CharField(choices=[('entries', '台帳の記録を1件ずつ'), ('days', '日・科目・方法ごとの合計'), ('months', '月・科目・方法ごとの合計')], default='entries', max_length=8)),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel（XLSX）')], default='csv', max_length=4)),
                ('encoding', models.CharField(choices=[('utf-8-sig', 'UTF-8（BOM付き。Excel で開ける）'), ('utf-8', 'UTF-8'), ('cp932', 'Shift_JIS（Windows の拡張つき）')], default='utf-8-sig', max_length=9)),
                ('date_style', models.CharField(choices=[('iso', '2026-11-21'), ('slash', '2026/11/21'), ('plain', '20261121'), ('era', 'R08.11.21')], default='iso', max_length=5)),
                ('with_heading', models.BooleanField(default=True)),
                ('columns', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='hallterms',
            name='drawers_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='facility',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility'),
        ),
        migrations.CreateModel(
            name='Drawer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawers', to='facilities.facility')),
                ('keeper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drawers', to='accounts.staff')),
            ],
        ),
        migrations.CreateModel(
            name='CashMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('taken', '受け取り'), ('given_back', '返金'), ('taken_back', '受け取りの取消し'), ('moved', '移動'), ('stocked', 'つり銭の受け入れ'), ('deposited', '銀行への入金'), ('over', '多かった'), ('short', '足りなかった')], max_length=10)),
                ('yen', models.PositiveIntegerField()),
                ('memo', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cash_movement', to='payments.ledgerentry')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outgoing', to='payments.drawer')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incoming', to='payments.drawer')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CashCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pieces', models.JSONField()),
                ('counted_yen', models.PositiveIntegerField()),
                ('expected_yen', models.PositiveIntegerField()),
                ('explanation', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
                ('drawer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='payments.drawer')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Dunning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('yen', models.PositiveIntegerField()),
                ('due_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dunnings', to='payments.charge')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
            ],
            options={
                'ordering': ['charge', 'number'],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('yen', models.PositiveIntegerField()),
                ('memo', models.CharField(blank=True, max_length=200)),
                ('offered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('movement', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_over', to='payments.cashmovement')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='accounts.staff')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='payments.drawer')),
            ],
        ),
        migrations.CreateModel(
            name='YearClosing',
            fields=[
                ('fiscal_year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('sums', models.JSONField()),
                ('closed_at', models.DateTimeField()),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff')),
            ],
        ),
        migrations.AddIndex(
            model_name='drawer',
            index=models.Index(fields=['facility', 'opened_at'], name='drawer_of_hall'),
        ),
        migrations.AddConstraint(
            model_name='drawer',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('keeper',), name='drawer_open_once'),
        ),
        migrations.AddConstraint(
            model_name='drawer',
            constraint=models.UniqueConstraint(condition=models.Q(('keeper__isnull', True)), fields=('facility',), name='drawer_one_safe'),
        ),
        migrations.AddConstraint(
            model_name='drawer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('keeper__isnull', False)), _connector='OR'), name='drawer_closed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(('yen__gt', 0)), name='cashmovement_yen_positive'),
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['taken', 'stocked', 'over']), ('source__isnull', True), ('target__isnull', False)), models.Q(('kind__in', ['given_back', 'taken_back', 'deposited', 'short']), ('source__isnull', False), ('target__isnull', True)), models.Q(('kind', 'moved'), ('source__isnull', False), ('target__isnull', False)), _connector='OR'), name='cashmovement_has_ends'),
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(('source__isnull', True), ('target__isnull', True), models.Q(('source', models.F('target')), _negated=True), _connector='OR'), name='cashmovement_other_drawer'),
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('kind__in', ['taken', 'given_back', 'taken_back'])), models.Q(('entry__isnull', True), ('kind__in', ['moved', 'stocked', 'deposited', 'over', 'short'])), _connector='OR'), name='cashmovement_money_has_entry'),
        ),
        migrations.AddConstraint(
            model_name='cashmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['over', 'short']), _negated=True), models.Q(('memo', ''), _negated=True), _connector='OR'), name='cashmovement_difference_explained'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.CheckConstraint(condition=models.Q(('counted_yen', models.F('expected_yen')), models.Q(('explanation', ''), _negated=True), _connector='OR'), name='cashcount_difference_explained'),
        ),
        migrations.AddConstraint(
            model_name='dunning',
            constraint=models.UniqueConstraint(fields=('charge', 'number'), name='dunning_number_once'),
        ),
        migrations.AddConstraint(
            model_name='dunning',
            constraint=models.CheckConstraint(condition=models.Q(('yen__gt', 0)), name='dunning_yen_positive'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('yen__gt', 0)), name='handover_yen_positive'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('movement__isnull', True), ('withdrawn_at__isnull', True)), fields=('source',), name='handover_open_once'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('movement__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='handover_ends_once'),
        ),
    ]
