"""Halls, rooms, spaces and the ordinance: rules as data."""

from __future__ import annotations

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "facilities"
