"""The database refuses entries booked in a closed year, movements of a closed drawer, and changes of what is kept.

Entries so far were for the hall their charge is for.
"""

from __future__ import annotations

from django.db import migrations

HALLS = """
ALTER TABLE payments_ledgerentry DISABLE TRIGGER ledgerentry_append_only;
UPDATE payments_ledgerentry e SET facility_id = c.facility_id FROM payments_charge c WHERE c.id = e.charge_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE payments_ledgerentry ENABLE TRIGGER ledgerentry_append_only;
"""

CLOSED_YEAR = """
CREATE FUNCTION payments_refuse_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_yearclosing y WHERE y.fiscal_year = NEW.fiscal_year) THEN
        RAISE EXCEPTION 'the books of % are closed', NEW.fiscal_year
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$
"""

CLOSED_DRAWER = """
CREATE FUNCTION payments_refuse_closed_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_drawer d
               WHERE d.id IN (NEW.source_id, NEW.target_id) AND d.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the drawer is closed'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$
"""

ROWS = [
    """
    CREATE TRIGGER ledgerentry_year_open BEFORE INSERT ON payments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_closed_year()
    """,
    """
    CREATE TRIGGER cashmovement_drawer_open BEFORE INSERT ON payments_cashmovement
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_closed_drawer()
    """,
]

KEPT = ("cashmovement", "cashcount", "dunning", "yearclosing")

TRIGGERS = [
    f"""
    CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change()
    """
    for name in KEPT
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_treasury")]

    operations = [
        migrations.RunSQL(HALLS, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSED_YEAR, "DROP FUNCTION payments_refuse_closed_year()"),
        migrations.RunSQL(CLOSED_DRAWER, "DROP FUNCTION payments_refuse_closed_drawer()"),
        migrations.RunSQL(
            [*ROWS, *TRIGGERS],
            [
                "DROP TRIGGER ledgerentry_year_open ON payments_ledgerentry",
                "DROP TRIGGER cashmovement_drawer_open ON payments_cashmovement",
                *(f"DROP TRIGGER {name}_append_only ON payments_{name}" for name in KEPT),
            ],
        ),
    ]
