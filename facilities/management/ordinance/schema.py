"""`manage.py ordinance schema`: the JSON Schema of documents, as docs/ordinance.schema.json holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import CommandParser

from facilities.ordinance.reading.schema import document_schema

HELP = "Write the JSON Schema of a document, for editors."


def add_arguments(parser: CommandParser) -> None:
    """Nothing is asked for."""


def run(options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Write the schema."""
    write(json.dumps(document_schema(), ensure_ascii=False, indent=2))
    return True
