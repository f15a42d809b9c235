"""Documents from files, for the command line."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError

from facilities.ordinance import InvalidDocument, Ordinance, parse


def read_document(path: Path) -> Ordinance:
    """The document in a file. Raises CommandError with the mistakes, line by line."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CommandError(f"{path}: UTF-8 で保存してください。 Save the file as UTF-8.") from None
    except (InvalidDocument, OSError) as error:
        raise CommandError(f"{path}: {error}") from None
