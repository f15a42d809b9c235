"""manage.py check_municipalities: is every municipality's schema as the template is?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.inspecting import faults


class Command(BaseCommand):
    """Reads only; run it after restoring a backup and after every update."""

    help = "Compares every municipality's schema with the template, and looks for strays in schema public."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report each difference; status 1 when there is one."""
        found = faults()
        for fault in found:
            self.stdout.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults.")
        self.stdout.write("Every municipality is as the template is.")
