"""Addresses of waiting and of offers."""

from __future__ import annotations

from django.urls import path, re_path

from frontend.waiting import desk, offers, views

urlpatterns = [
    re_path(
        r"^h/(?P<facility_key>[-\w]+)/(?P<room_key>[-\w]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/wait/$",
        views.ask,
        name="wait-ask",
    ),
    re_path(
        r"^desk/(?P<facility_key>[-a-zA-Z0-9_]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/waiting/$",
        desk.waiting,
        name="desk-waiting",
    ),
    path("my/waits/", views.waits, name="waits"),
    path("my/waits/<uuid:ref>/", views.wait, name="wait"),
    path("my/waits/<uuid:ref>/withdraw/", views.withdraw, name="wait-withdraw"),
    path("my/offers/<uuid:ref>/", offers.offer, name="offer"),
    path("my/offers/<uuid:ref>/use/", offers.use, name="offer-use"),
    path("my/offers/<uuid:ref>/check/", offers.check, name="offer-check"),
    path("my/offers/<uuid:ref>/decline/", offers.decline, name="offer-decline"),
]
