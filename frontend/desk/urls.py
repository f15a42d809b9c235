"""Addresses of the hall manager's pages, below /desk/."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.desk import bookings, closures, money, reservations, sheets

app_name = "desk"
_HALL = r"^(?P<facility_key>[-a-zA-Z0-9_]+)/"
_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/"

urlpatterns = [
    path("", sheets.home, name="home"),
    path("reservation/<uuid:ref>/", reservations.reservation, name="reservation"),
    path("reservation/<uuid:ref>/attendance/", reservations.attendance, name="attendance"),
    path("reservation/<uuid:ref>/cancel/", reservations.cancel, name="cancel"),
    path("reservation/<uuid:ref>/key/", reservations.key, name="key"),
    path("reservation/<uuid:ref>/cash/", money.cash, name="cash"),
    path("reservation/<uuid:ref>/price/", money.price, name="price"),
    path("reservation/<uuid:ref>/receipt/", money.receipt, name="receipt"),
    path("reservation/<uuid:ref>/refund/", money.refund, name="refund"),
    path("closure/<int:closure_id>/", closures.closure, name="closure"),
    path("<slug:facility_key>/", sheets.hall, name="hall"),
    path("<slug:facility_key>/close/", closures.close, name="close"),
    re_path(f"{_HALL}{_DAY}$", sheets.sheet, name="sheet"),
    re_path(rf"{_HALL}(?P<room_key>[-a-zA-Z0-9_]+)/{_DAY}new/$", bookings.new, name="new"),
]
