"""manage.py ordinance SUBCOMMAND: rules documents from the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser


class Subcommand(Protocol):
    """What a module of a `management/ordinance` folder holds."""

    HELP: str

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what is asked for on the command line."""

    def run(self, options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
        """Do it, write lines, and return whether all is well."""


def subcommands() -> dict[str, Subcommand]:
    """By name, the modules that installed apps keep in `management/ordinance`.

    Found rather than imported: `simulate` belongs to an app above this one.
    """
    return {
        module.name: cast(Subcommand, import_module(f"{app.name}.management.ordinance.{module.name}"))
        for app in apps.get_app_configs()
        for module in iter_modules([str(Path(app.path) / "management" / "ordinance")])
    }


class Command(BaseCommand):
    """Hands over to the subcommand; its exit status is 1 when not all is well."""

    help = "Rules documents: check them and more."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Every subcommand with its own arguments."""
        places = parser.add_subparsers(dest="subcommand", required=True)
        for name, subcommand in sorted(subcommands().items()):
            subcommand.add_arguments(places.add_parser(name, help=subcommand.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand that was named."""
        if not subcommands()[options["subcommand"]].run(options, self.stdout.write):
            sys.exit(1)
