"""Charges, ledger and gateways; knows an opaque subject, never a reservation."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
