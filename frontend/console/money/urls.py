"""Addresses below /console/money/."""

from __future__ import annotations

from django.urls import path

from frontend.console.money import menu, online, paid_lists, reconciliation, settings, slips, transfers

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
    path("paid-lists/", paid_lists.paid_lists, name="paid_lists"),
    path("paid-lists/<int:list_id>/", paid_lists.paid_list, name="paid_list"),
    path("paid-lists/lines/<int:line_id>/", paid_lists.match, name="paid_line"),
    path("paid-lists/formats/new/", paid_lists.list_format, name="new_list_format"),
    path("paid-lists/formats/<int:format_id>/", paid_lists.list_format, name="list_format"),
    path("slips/", slips.slips, name="slips"),
    path("slips/<int:payee_id>/", slips.slip_terms, name="slip_terms"),
    path("slips/export/", slips.export, name="slip_export"),
    path("slips/formats/new/", slips.export_format, name="new_export_format"),
    path("slips/formats/<int:export_format_id>/", slips.export_format, name="export_format"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/payees/<int:payee_id>/", transfers.new_list, name="transfer_new"),
    path("transfers/payees/<int:payee_id>/bank/", transfers.terms, name="transfer_terms"),
    path("transfers/<int:transfer_list_id>/", transfers.transfer_list, name="transfer_list"),
    path("transfers/<int:transfer_list_id>/list.csv", transfers.download, name="transfer_csv"),
    path("transfers/<int:transfer_list_id>/bank.txt", transfers.bank, name="transfer_bank"),
    path("transfers/<int:transfer_list_id>/finish/", transfers.finish, name="transfer_finish"),
    path(
        "transfers/<int:transfer_list_id>/returned/<uuid:refund>/",
        transfers.returned,
        name="transfer_returned",
    ),
    path("items/new/", settings.item, name="new_revenue_item"),
    path("items/<int:revenue_item_id>/", settings.item, name="revenue_item"),
    path("halls/", settings.halls, name="hall_money"),
    path("halls/<slug:facility_key>/", settings.hall, name="hall_money_terms"),
]
