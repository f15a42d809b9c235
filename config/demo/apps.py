"""The demo as an app of its own: only there when DEMO=1."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "config.demo"
    label = "demo"
