"""Addresses of the open data, below /opendata/."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.opendata import views

_CODE = r"(?P<lg_code>[0-9]{6})"

urlpatterns = [
    path("", views.index, name="opendata"),
    re_path(rf"^{_CODE}_public_facility\.csv$", views.halls, name="opendata-halls"),
    re_path(rf"^{_CODE}_facility_availability\.csv$", views.times_csv, name="opendata-times"),
    re_path(rf"^{_CODE}_facility_availability\.json$", views.times_json, name="opendata-times-json"),
]
