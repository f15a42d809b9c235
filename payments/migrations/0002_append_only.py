"""The database refuses to change or delete ledger entries and receipts.

The function lives in the municipality's own schema: its name is written without one, and the search path is exactly
that schema while migrating.
"""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append only: add a correcting entry instead'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$
"""

TRIGGERS = [
    f"""
    CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change()
    """
    for name in ("ledgerentry", "receipt")
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION payments_refuse_change()"),
        migrations.RunSQL(
            TRIGGERS,
            [
                "DROP TRIGGER ledgerentry_append_only ON payments_ledgerentry",
                "DROP TRIGGER receipt_append_only ON payments_receipt",
            ],
        ),
    ]
