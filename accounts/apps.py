"""Residents, staff and their log-ins (in each municipality's schema; the operator's log-ins in public)."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
