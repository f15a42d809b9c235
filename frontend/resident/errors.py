"""Refusals of the resident pages."""

from __future__ import annotations

from tenants.errors import Refusal


class DayTooFar(Refusal):
    """この日は、予約を受け付けていません。もっと近い日を選んでください。"""

    code = "day_too_far"
    status = 404
