"""Addresses below /console/money/."""

from __future__ import annotations

from django.urls import path

from frontend.console.money import menu, online, reconciliation, settings

urlpatterns = [
    path("", menu.menu, name="money"),
    path("payees/", settings.payee_list, name="payees"),
    path("payees/new/", settings.payee, name="new_payee"),
    path("payees/<int:payee_id>/", settings.payee, name="payee"),
    path("payees/<int:payee_id>/online/", online.account, name="payee_account"),
    path("payees/<int:payee_id>/online/connect/", online.connect, name="payee_connect"),
    path("payees/<int:payee_id>/online/look/", online.look, name="payee_look"),
    path("reconciliation/", reconciliation.overview, name="reconciliation"),
    path("reconciliation/<int:reconciliation_id>/", reconciliation.day, name="reconciliation_day"),
    path("reconciliation/<int:reconciliation_id>/again/", reconciliation.again, name="reconciliation_again"),
    path(
        "reconciliation/differences/<int:difference_id>/",
        reconciliation.explain_difference,
        name="reconciliation_explain",
    ),
    path("items/new/", settings.item, name="new_revenue_item"),
    path("items/<int:revenue_item_id>/", settings.item, name="revenue_item"),
    path("halls/", settings.halls, name="hall_money"),
    path("halls/<slug:facility_key>/", settings.hall, name="hall_money_terms"),
]
