"""manage.py create_municipality: a new municipality from its code, name, host and rules file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenants.errors import Refusal
from tenants.services import create_municipality


class Command(BaseCommand):
    """The same service as the operator's page in the browser."""

    help = "Creates a municipality; it can be booked at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("--lg-code", required=True, help="団体コード, six digits, e.g. 132284")
        parser.add_argument("--name", required=True, help="e.g. あきる野市")
        parser.add_argument("--name-en", default="", help="e.g. Akiruno City")
        parser.add_argument("--host", required=True, help="e.g. akiruno.example.jp (no port)")
        parser.add_argument("--rules", required=True, type=Path, help="the rules document (YAML)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create it, or say in Japanese what is wrong."""
        try:
            text = options["rules"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The rules file cannot be read: {error}") from error
        try:
            municipality = create_municipality(
                lg_code=options["lg_code"],
                name=options["name"],
                name_en=options["name_en"],
                host=options["host"],
                rules_text=text,
                now=timezone.now(),
            )
        except Refusal as refusal:
            raise CommandError(_explained(refusal)) from refusal
        self.stdout.write(f"{municipality.name} ({municipality.lg_code}) が使えるようになりました。")


def _explained(refusal: Refusal) -> str:
    lines = [refusal.message]
    for fact in refusal.facts.values():
        if isinstance(fact, dict):
            lines += [f"  {field}: {sentence}" for field, sentence in fact.items()]
        elif isinstance(fact, (list, tuple)):
            lines += [f"  {one}" for one in fact]
    return "\n".join(lines)
