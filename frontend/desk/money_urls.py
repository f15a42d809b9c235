"""Addresses of the money pages of the desk, below /desk/money/."""

from __future__ import annotations

from django.urls import path

from frontend.desk import money

MONEY_PAGES = [
    path("money/", money.menu, name="money"),
]
