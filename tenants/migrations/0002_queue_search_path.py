"""procrastinate's queue function names its own schema, so that a tenant can call it without public in its path."""

from __future__ import annotations

from django.db import migrations

_FUNCTION = "public.procrastinate_defer_jobs_v1(public.procrastinate_job_to_defer_v1[])"


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {_FUNCTION} SET search_path = public",
            f"ALTER FUNCTION {_FUNCTION} RESET search_path",
        )
    ]
