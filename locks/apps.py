"""Doors, credentials and vendor adapters; knows an opaque subject, never a reservation."""

from __future__ import annotations

from django.apps import AppConfig


class LocksConfig(AppConfig):
    name = "locks"
