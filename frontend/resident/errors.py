"""Refusals of the resident pages."""

from __future__ import annotations

from tenants.errors import Refusal


class NoSuchDay(Refusal):
    """この日は、暦にありません。日にちを選び直してください。"""

    code = "no_such_day"
    status = 404


class DayTooFar(Refusal):
    """この日は、予約を受け付けていません。もっと近い日を選んでください。"""

    code = "day_too_far"
    status = 404
