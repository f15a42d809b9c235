"""Refusals of the open data."""

from __future__ import annotations

from tenants.errors import Refusal


class TooManyReads(Refusal):
    """短い間に、何度も読まれました。1分待ってから、もう一度お試しください。"""

    code = "too_many_reads"
    status = 429
