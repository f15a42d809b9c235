"""Addresses of the desk's pages about offences and households, below /desk/."""

from __future__ import annotations

from django.urls import path

from frontend.desk import households, penalties

PENALTY_PAGES = [
    path("penalties/", penalties.penalties, name="penalties"),
    path("penalties/<uuid:offence>/", penalties.offence, name="offence"),
    path("penalties/appeal/<uuid:appeal>/", penalties.appeal, name="appeal"),
    path("penalties/measure/<uuid:measure>/", penalties.measure, name="measure"),
    path("penalties/measure/<uuid:measure>/cancel/", penalties.measure_bookings, name="measure-bookings"),
    path("reservation/<uuid:ref>/absent/", penalties.absent, name="absent"),
    path("reservation/<uuid:ref>/offence/", penalties.new_offence, name="new-offence"),
    path("households/", households.households, name="households"),
    path("households/<int:resident_id>/", households.household, name="household"),
    path("households/<int:resident_id>/unlink/", households.unlink, name="household-unlink"),
]
