"""Structured logs: one JSON object a line, with municipality and request id, never personal data."""

from __future__ import annotations

from typing import Any


def logging_settings(*, json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: JSON lines for machines, short lines for a person at a terminal."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"where": {"()": "tenants.logs.WhereFilter"}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(municipality)s %(request_id)s %(message)s",
            },
            "line": {"format": "{levelname} {name} [{municipality} {request_id}] {message}", "style": "{"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["where"],
                "formatter": "json" if json else "line",
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "procrastinate": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
        },
    }
