"""Receipts handed out so far become papers with their numbers; what they said is kept word for word."""

from __future__ import annotations

from django.db import migrations

PAPERS = """
INSERT INTO payments_paper (kind, fiscal_year, serial, token, cause, payee_id, "to", yen, content, entry_id, issued_at,
                            actor_kind, actor_id)
SELECT 'receipt', r.fiscal_year, r.serial, replace(gen_random_uuid()::text, '-', ''), 'entry ' || r.entry_id,
       i.payee_id, r.payer, r.yen,
       jsonb_build_object(
           'title', '領収書', 'municipality', m.name, 'issuer', m.name, 'issuer_name', m.name, 'issuer_address', '',
           'issuer_phone', '', 'invoice_number', '', 'lead', 'つぎのとおり領収しました。',
           'rows', jsonb_build_array(
               jsonb_build_array('領収した日', jsonb_build_object('day', (e.at AT TIME ZONE m.time_zone)::date::text)),
               jsonb_build_array('支払いの方法', '現金（窓口）')),
           'lines', jsonb_build_array(jsonb_build_object(
               'words', r.title, 'yen', r.yen, 'tax', i.tax, 'facts', '[]'::jsonb)),
           'taxes', '[]'::jsonb, 'notes', '[]'::jsonb, 'instruction', '[]'::jsonb, 'handed_over', true,
           'stamp', false),
       r.entry_id, r.issued_at, 'staff', r.issued_by_id
FROM payments_receipt r
JOIN payments_ledgerentry e ON e.id = r.entry_id
JOIN payments_revenueitem i ON i.id = e.item_id
JOIN public.tenants_municipality m ON m.schema_name = current_schema()
ORDER BY r.id;
INSERT INTO payments_papercharge (paper_id, charge_id, yen)
SELECT p.id, e.charge_id, p.yen FROM payments_paper p JOIN payments_ledgerentry e ON e.id = p.entry_id
ORDER BY p.id;
INSERT INTO payments_papercounter (kind, fiscal_year, last)
SELECT 'receipt', fiscal_year, last FROM payments_receiptcounter;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_provider")]

    operations = [
        migrations.RunSQL(PAPERS, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Receipt"),
        migrations.DeleteModel(name="ReceiptCounter"),
    ]
