"""Addresses of calendars on a municipality's host."""

from __future__ import annotations

from django.urls import path

from frontend.views import calendars

urlpatterns = [
    path("calendar/<str:token>.ics", calendars.feed, name="calendar-feed"),
    path("my/calendar/", calendars.my_calendar, name="my-calendar"),
    path("my/<uuid:ref>/yoyaku.ics", calendars.reservation_ics, name="reservation-ics"),
    path("desk/calendar/", calendars.desk_calendar, name="desk-calendar"),
]
