"""Whose the money is that was charged before that was written down: the municipality's, under one item.

The template gets the same two rows, and so does every new municipality from it.
"""

from __future__ import annotations

from django.db import migrations

DEFAULTS = """
INSERT INTO payments_payee (kind, name, signed_by, address, phone, invoice_number, decided_by, online_paper,
                            stripe_account, stripe_state)
VALUES ('public', '', '', '', '', '', 'admin', 'proof', '', '{}');
INSERT INTO payments_revenueitem (payee_id, code, account, kan, kou, moku, setsu, tax, is_default)
SELECT max(id), '', '一般会計', '使用料及び手数料', '使用料', '', '', 'standard', true FROM payments_payee;
"""

BOOK_UNDER_THEM = """
UPDATE payments_charge SET item_id = (SELECT id FROM payments_revenueitem WHERE is_default);
ALTER TABLE payments_ledgerentry DISABLE TRIGGER ledgerentry_append_only;
UPDATE payments_ledgerentry e SET fiscal_year = c.fiscal_year, item_id = c.item_id
FROM payments_charge c WHERE c.id = e.charge_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE payments_ledgerentry ENABLE TRIGGER ledgerentry_append_only;
"""

# Until now every refund was given back in cash at the desk, all that was due at once.
REFUNDS = """
INSERT INTO payments_refund (ref, charge_id, decision_id, source_id, yen, route, state, reason, article,
    decided_by_kind, decided_by_id, provider_ref, tries, failure, created_at, updated_at, done_at)
SELECT gen_random_uuid(), d.charge_id, d.id, s.id, d.yen, 'desk_cash',
       CASE WHEN back.at IS NULL THEN 'ready' ELSE 'done' END, d.memo, '', d.actor_kind, d.actor_id, '', 0, '',
       d.at, coalesce(back.at, d.at), back.at
FROM payments_ledgerentry d
CROSS JOIN LATERAL (SELECT max(id) AS id FROM payments_ledgerentry c
                    WHERE c.charge_id = d.charge_id AND c.kind = 'collected' AND c.id < d.id) s
CROSS JOIN LATERAL (SELECT min(r.at) AS at FROM payments_ledgerentry r
                    WHERE r.charge_id = d.charge_id AND r.kind = 'refunded' AND r.id > d.id) back
WHERE d.kind = 'refund_decided';
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_money")]

    operations = [
        migrations.RunSQL([DEFAULTS, BOOK_UNDER_THEM, REFUNDS], migrations.RunSQL.noop),
    ]
