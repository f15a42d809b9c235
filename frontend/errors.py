"""Refusals of all pages: addresses that name nothing."""

from __future__ import annotations

from tenants.errors import Refusal


class NoSuchDay(Refusal):
    """この日付は、ありません。日付を確かめてください。"""

    code = "no_such_day"
    status = 404
