"""manage.py prepare_database: bring schema public, the template and every municipality up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.migrating import MigrationFailed, prepare_database


class Command(BaseCommand):
    """Safe to run at every start: it does only what is missing."""

    help = (
        "Migrates schema public, the template and every municipality. Run it before starting a new version."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, saying each step."""
        try:
            prepare_database(say=self.stdout.write)
        except MigrationFailed as failure:
            raise CommandError(
                f"Some municipalities are not up to date; run the command again. {failure}"
            ) from failure
