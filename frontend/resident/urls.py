"""Addresses of the resident's pages."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.resident.views import availability, booking, my

_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"

urlpatterns = [
    path("", availability.home, name="home"),
    path("h/<slug:facility_key>/", availability.hall, name="hall"),
    re_path(rf"^h/(?P<facility_key>[-\w]+)/{_DAY}/$", availability.hall_day, name="hall-day"),
    path("h/<slug:facility_key>/<slug:room_key>/", availability.room, name="room"),
    re_path(
        rf"^h/(?P<facility_key>[-\w]+)/(?P<room_key>[-\w]+)/{_DAY}/$", availability.room_day, name="room-day"
    ),
    path("rules/<slug:facility_key>/", availability.hall_rules_page, name="hall-rules"),
    path("book/<uuid:ref>/", booking.hold, name="hold"),
    path("book/<uuid:ref>/check/", booking.check, name="check"),
    path("book/<uuid:ref>/release/", booking.release, name="release"),
    path("again/", booking.again, name="again"),
    path("my/", my.my, name="my"),
    path("my/details/", my.details, name="my-details"),
    path("my/r/<uuid:ref>/", my.reservation, name="reservation"),
    path("my/r/<uuid:ref>/done/", my.done, name="done"),
    path("my/r/<uuid:ref>/cancel/", my.cancel, name="cancel"),
    path("my/r/<uuid:ref>/cancelled/", my.cancelled, name="cancelled"),
]
