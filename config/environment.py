"""Read settings from the environment, and fail with a sentence when one is missing or wrong."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no setting. Accepts 1/0, true/false, yes/no, on/off."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={text!r}: write 1 or 0.")


def number(name: str, *, default: int) -> int:
    """Return a whole-number setting."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        raise ImproperlyConfigured(f"{name}={text!r}: write a whole number.")
    return int(text)


def words(name: str) -> list[str]:
    """Return a comma-separated setting as a list without empty items."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def secret(name: str, *, fallback_file: Path | None = None) -> str:
    """Return a secret from ``NAME``, from the file named by ``NAME_FILE``, or from ``fallback_file``.

    Raises ImproperlyConfigured when none of them gives a value.
    """
    value = os.environ.get(name, "").strip()
    named_file = os.environ.get(f"{name}_FILE", "").strip()
    if not value and named_file:
        value = Path(named_file).read_text(encoding="utf-8").strip()
    if not value and fallback_file is not None and fallback_file.exists():
        value = fallback_file.read_text(encoding="utf-8").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name}, or {name}_FILE to a file that holds it.")
    return value


def database_url(data: Path) -> str:
    """Return ``DATABASE_URL``, or the address the embedded PostgreSQL left in the data folder."""
    return secret("DATABASE_URL", fallback_file=data / "database-url")
