"""Addresses of baskets and series at the desk."""

from __future__ import annotations

from django.urls import path

from frontend.desk import several

SEVERAL_PAGES = [
    path("customer/", several.customer, name="customer"),
    path("basket/", several.basket, name="basket"),
    path("basket/<int:item_id>/", several.basket_item, name="basket-item"),
    path("basket/use/", several.basket_use, name="basket-use"),
    path("basket/check/", several.basket_check, name="basket-check"),
    path("basket/done/<uuid:ref>/", several.basket_done, name="basket-done"),
    path("series/", several.series_list, name="series-list"),
    path("series/new/", several.series_new, name="series-new"),
    path("series/<uuid:ref>/", several.series, name="series"),
    path("series/<uuid:ref>/edit/", several.series_edit, name="series-edit"),
    path("series/<uuid:ref>/use/", several.series_use, name="series-use"),
    path("series/<uuid:ref>/dates/", several.series_dates, name="series-dates"),
    path("series/<uuid:ref>/cancel/", several.series_cancel, name="series-cancel"),
    path("series/<uuid:ref>/move/", several.series_move, name="series-move"),
    path("series/<uuid:ref>/date/<int:date_id>/", several.series_date, name="series-date"),
    path("series/<uuid:ref>/again/", several.series_again, name="series-again"),
]
