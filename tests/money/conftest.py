"""The rules of booking's tests, for the town of ``tests.money.world``."""

from __future__ import annotations

from tests.booking.conftest import publish  # noqa: F401 (a fixture)
