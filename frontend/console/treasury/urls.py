"""Addresses below /console/treasury/."""

from __future__ import annotations

from django.urls import path

from frontend.console.treasury import books, debts, layouts, overview

urlpatterns = [
    path("", overview.year, name="treasury"),
    path("year.csv", overview.year_file, {"file_format": "csv"}, name="treasury-csv"),
    path("year.xlsx", overview.year_file, {"file_format": "xlsx"}, name="treasury-xlsx"),
    path("unpaid/", debts.unpaid, name="treasury-unpaid"),
    path("unpaid/letters/", debts.letters, name="treasury-letters"),
    path("unpaid/letters/made/", debts.letters_made, name="treasury-letters-made"),
    path("unpaid/letters/<str:token>.pdf", debts.letter, name="treasury-letter"),
    path("unpaid/<int:charge_id>/write-off/", debts.give_up, name="treasury-write-off"),
    path("refunds/", overview.refunds, name="treasury-refunds"),
    path("exemptions/", overview.exemptions, name="treasury-exemptions"),
    path("cash/", overview.cash, name="treasury-cash"),
    path("cash/halls/", books.drawer_halls, name="treasury-drawers"),
    path("cash/<int:drawer_id>/close/", books.close_for, name="treasury-close-drawer"),
    path("years/", books.years, name="treasury-years"),
    path("check/", overview.check, name="treasury-check"),
    path("files/", layouts.layouts, name="treasury-layouts"),
    path("files/new/", layouts.layout, name="treasury-layout-new"),
    path("files/<int:layout_id>/", layouts.layout, name="treasury-layout"),
    path("files/<int:layout_id>/drop/", layouts.drop, name="treasury-layout-drop"),
    path("files/<int:layout_id>/download/", layouts.download, name="treasury-download"),
]
