"""Addresses on a municipality's host."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("frontend.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.urls")),
    # Before desk/: /desk/calendar/ would be a hall there.
    path("", include("frontend.calendar_urls")),
    path("desk/", include("frontend.desk.urls")),
    path("console/", include("frontend.console.urls")),
    path("opendata/", include("frontend.opendata.urls")),
    path("", include("frontend.waiting.urls")),
    path("", include("frontend.documents.urls")),
    path("", include("frontend.resident.urls")),
]
handler400 = "frontend.views.errors.bad_request"
handler404 = "frontend.views.errors.not_found"
handler500 = "frontend.views.errors.server_error"
