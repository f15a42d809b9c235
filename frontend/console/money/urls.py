"""Addresses below /console/money/."""

from __future__ import annotations

from django.urls import path

from frontend.console.money import menu

urlpatterns = [
    path("", menu.menu, name="money"),
]
