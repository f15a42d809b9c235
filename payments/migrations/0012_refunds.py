
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_due_reminders'),
        ('facilities', '0005_registration_answers'),
        ('payments', '0011_paper_checks'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransferList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pay_on', models.DateField()),
                ('state', models.CharField(choices=[('open', '振込みの手続き中'), ('done', '振込み済み'), ('dropped', '取りやめ')], default='open', max_length=8)),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='TransferTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_code', models.CharField(max_length=10)),
                ('client_name', models.CharField(max_length=40)),
                ('bank_code', models.CharField(max_length=4)),
                ('bank_name', models.CharField(max_length=15)),
                ('branch_code', models.CharField(max_length=3)),
                ('branch_name', models.CharField(max_length=15)),
                ('account_kind', models.CharField(choices=[('1', '普通'), ('2', '当座')], default='1', max_length=1)),
                ('account_number', models.CharField(max_length=7)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledgerentry_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledgerentry_money_has_gateway',
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledgerentry_reversal_corrects',
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledgerentry_expenditure_is_refund',
        ),
        migrations.RemoveIndex(
            model_name='refund',
            name='refund_under_way',
        ),
        migrations.AddField(
            model_name='refund',
            name='claim_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('assessed', '調定'), ('reduced', '減額調定'), ('collected', '収納'), ('refund_decided', '還付決定'), ('refunded', '還付済'), ('written_off', '不納欠損'), ('reversed', '収納取消し'), ('refund_withdrawn', '還付取消し')], max_length=20),
        ),
        migrations.AlterField(
            model_name='refund',
            name='state',
            field=models.CharField(choices=[('awaiting_approval', '承認待ち'), ('awaiting_account', '振込先の入力待ち'), ('ready', '手続き待ち'), ('sending', '送っています'), ('pending', '手続き中'), ('payer_action', '本人の手続き待ち'), ('done', '返金済み'), ('withdrawn', '取りやめ')], max_length=20),
        ),
        migrations.AlterField(
            model_name='task',
            name='kind',
            field=models.CharField(choices=[('paid_too_late', '予約がなくなったあとの支払い'), ('refund_failed', '返金できなかった'), ('unmatched_payment', 'どの料金か分からない入金'), ('difference', '金額が合わない'), ('dispute', '支払いへの異議（チャージバック）'), ('overdue', '期限を過ぎた未払い'), ('account_trouble', '決済アカウントの問題'), ('refund_undecided', '返金するかどうかの判断'), ('refund_unclaimed', '請求の期限を過ぎた返金'), ('transfer_returned', '戻ってきた振込み')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['assessed', 'reduced', 'collected', 'refund_decided', 'refunded', 'written_off', 'reversed', 'refund_withdrawn'])), name='ledgerentry_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['collected', 'refunded', 'reversed']), models.Q(('gateway', ''), _negated=True)), models.Q(('gateway', ''), ('kind__in', ['assessed', 'reduced', 'refund_decided', 'refund_withdrawn', 'written_off'])), _connector='OR'), name='ledgerentry_money_has_gateway'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('kind__in', ['reversed', 'refund_withdrawn'])), models.Q(models.Q(('kind__in', ['reversed', 'refund_withdrawn']), _negated=True), ('corrects__isnull', True)), _connector='OR'), name='ledgerentry_reversal_corrects'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('budget', 'revenue'), models.Q(('budget', 'expenditure'), ('kind__in', ['refund_decided', 'refunded', 'refund_withdrawn'])), _connector='OR'), name='ledgerentry_expenditure_is_refund'),
        ),
        migrations.AddField(
            model_name='transferlist',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.staff'),
        ),
        migrations.AddField(
            model_name='transferlist',
            name='payee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfer_lists', to='payments.payee'),
        ),
        migrations.AddField(
            model_name='refund',
            name='transfer_list',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.transferlist'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('state__in', ['done', 'withdrawn']), _negated=True), fields=['updated_at'], name='refund_under_way'),
        ),
        migrations.AddField(
            model_name='transferterms',
            name='payee',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='transfer_terms', to='payments.payee'),
        ),
        migrations.AddConstraint(
            model_name='transferlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='transferlist_closed_has_moment'),
        ),
    ]
