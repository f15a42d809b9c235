"""``manage.py seed_demo``: fill in the demo's municipalities, people and reservations."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.demo.seeding import seed_demo


class Command(BaseCommand):
    """Create what is missing of the demo; prints its log-ins."""

    help = "Fill in the demo's municipalities, people and reservations (only with DEMO=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer --json."""
        parser.add_argument("--json", action="store_true", help="Print the log-ins as one line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and print."""
        logins = seed_demo(now=timezone.now(), port=settings.PORT)
        if options["json"]:
            self.stdout.write(json.dumps(logins, ensure_ascii=False))
            return
        for login in logins:
            self.stdout.write(f"{login['role']}: {login['address']} {login['email']} {login['password']}")
