"""Say in every log line where it happened: municipality (schema) and request id."""

from __future__ import annotations

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
municipality: ContextVar[str] = ContextVar("municipality", default="-")


class WhereFilter(logging.Filter):
    """Add ``municipality`` and ``request_id`` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Fill the two fields; never drops a record."""
        record.municipality = municipality.get()
        record.request_id = request_id.get()
        return True
